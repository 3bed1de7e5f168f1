"""Every resource type of the installed pulumi_aws: that it resolves, and that a sample of them lives its whole life."""

from __future__ import annotations

import pytest

from sandbox.provider import ProviderError
from sandbox.provider.derived import row
from sandbox.provider.derived.facts import FACTS
from tests.sandbox import minimal
from tests.sandbox.module_aws import module_aws_endpoint, module_boto, module_provider  # noqa: F401

TYPES = 1_748
ENDED = {
    "elastictranscoder": ["Pipeline", "Preset"],
    "evidently": ["Feature", "Launch", "Project", "Segment"],
    "finspace": [
        "KxCluster",
        "KxDatabase",
        "KxDataview",
        "KxEnvironment",
        "KxScalingGroup",
        "KxUser",
        "KxVolume",
    ],
    "qldb": ["Ledger", "Stream"],
}
"""Types of services that AWS has ended; botocore has no model of them any more."""
STRANGE = {
    "aws:ecs/accountSettingDefault:AccountSettingDefault",  # its name is one of AWS's words
    "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace",  # its name is a domain
    "aws:backup/framework:Framework",  # AWS refuses the dash of Pulumi's automatic name
    "aws:directoryservice/directory:Directory",  # the pattern of its password looks ahead
    "aws:kendra/experience:Experience",  # so does that of its index's id
}
"""Types whose least inputs can't be drawn from their model."""
TOKENS = minimal.tokens()
SAMPLE = [t for t in TOKENS[::12] if t not in STRANGE and t.split(":")[1].split("/")[0] not in ENDED]


def test_every_type_resolves_but_those_of_ended_services():
    assert len(TOKENS) == TYPES
    failed: dict[str, list[str]] = {}
    for token in TOKENS:
        try:
            found = row(token)
        except ProviderError as error:
            module = token.split(":")[1].split("/")[0]
            said = FACTS.ended.get(module, "?") in str(error)
            failed.setdefault(module if said else str(error), []).append(token.rsplit(":", 1)[-1])
        else:
            assert found.service
            assert found.create.op
    assert failed == ENDED


def test_the_facts_are_about_types_that_exist():
    short = {f"{t.split(':')[1].split('/')[0]}:{t.rsplit(':', 1)[-1]}" for t in TOKENS}
    modules = {each.split(":")[0] for each in short}
    for table in (
        FACTS.operations,
        FACTS.ids,
        FACTS.names,
        FACTS.unnamed,
        FACTS.defaults,
        dict.fromkeys(FACTS.delete_first),
    ):
        assert set(table) <= short
    for table in (FACTS.services, FACTS.prefixes, FACTS.free, FACTS.ended):
        assert set(table) <= modules


@pytest.mark.parametrize("token", SAMPLE)
def test_a_type_lives_its_whole_life(provider, monkeypatch, token):
    derived = row(token)
    monkeypatch.setattr(provider, "row", lambda _token: derived)
    inputs, failures = provider.check(token, f"urn:pulumi:p::h::{token}::thing", {}, minimal.inputs(derived))
    assert failures == []
    id_, outputs = provider.create(token, inputs)
    assert id_
    assert outputs.items() >= inputs.items()
    assert provider.read(token, id_, inputs) == outputs
    assert not provider.diff(token, inputs, dict(inputs)).changes
    assert provider.update(token, id_, inputs, outputs, inputs) == outputs
    provider.delete(token, id_, inputs, outputs)
    assert provider.read(token, id_, inputs) is None
