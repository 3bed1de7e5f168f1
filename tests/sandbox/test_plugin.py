"""The provider's gRPC face, spoken to as the engine does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2 as messages
from pulumi.runtime.proto import provider_pb2_grpc

from sandbox.protocol import SECRET, SIGNATURE, UNKNOWN_TEXT
from sandbox.provider import services, settings
from sandbox.provider.plugin import Plugin, serve
from sandbox.provider.values import from_struct, is_unknown, to_struct
from tests.sandbox.test_provider_core import ROWS, VPC

URN = f"urn:pulumi:prod::holdfast::holdfast:network:Vpc${VPC}::net"
DIFF = messages.DiffResponse


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def served(aws_endpoint: str, monkeypatch: pytest.MonkeyPatch, said: list[str]) -> Iterator[int]:
    monkeypatch.setattr(services, "resources", lambda: ROWS)
    port, stop = serve(Plugin(lambda args: settings.configured(aws_endpoint, args, None, said.append)))
    yield port
    stop()


@pytest.fixture
def engine(served: int) -> Iterator[Any]:
    with grpc.insecure_channel(f"127.0.0.1:{served}") as channel:
        yield provider_pb2_grpc.ResourceProviderStub(channel)


@pytest.fixture
def configured(engine: Any) -> Any:
    tags = '{"tags": {"owner": "someone"}}'
    answer = engine.Configure(
        messages.ConfigureRequest(args=to_struct({"region": "us-west-2", "defaultTags": tags}))
    )
    assert answer.supportsPreview
    assert not answer.acceptSecrets
    return engine


def test_a_resource_lives_and_dies_over_the_wire(configured: Any, boto: Any) -> None:
    news = {"cidrBlock": "10.0.0.0/16", "tags": {"a": {SIGNATURE: SECRET, "value": "hidden"}}}
    checked = configured.Check(messages.CheckRequest(urn=URN, news=to_struct(news), randomSeed=b"1"))
    assert not checked.failures
    assert from_struct(checked.inputs)["tagsAll"] == {"owner": "someone", "a": "hidden"}
    made = configured.Create(messages.CreateRequest(urn=URN, properties=checked.inputs))
    assert boto("ec2", "us-west-2").describe_vpcs(VpcIds=[made.id])["Vpcs"]

    changed = to_struct({**from_struct(checked.inputs), "enableDnsHostnames": True})
    diff = configured.Diff(
        messages.DiffRequest(
            urn=URN, id=made.id, olds=made.properties, old_inputs=checked.inputs, news=changed
        )
    )
    assert (diff.changes, list(diff.diffs), list(diff.replaces)) == (
        DIFF.DIFF_SOME,
        ["enableDnsHostnames"],
        [],
    )
    updated = configured.Update(
        messages.UpdateRequest(
            urn=URN, id=made.id, olds=made.properties, old_inputs=checked.inputs, news=changed
        )
    )
    assert from_struct(updated.properties)["enableDnsHostnames"] is True
    read = configured.Read(
        messages.ReadRequest(urn=URN, id=made.id, inputs=changed, properties=updated.properties)
    )
    assert read.id == made.id
    configured.Delete(
        messages.DeleteRequest(urn=URN, id=made.id, properties=updated.properties, old_inputs=changed)
    )
    assert configured.Read(messages.ReadRequest(urn=URN, id=made.id, inputs=changed)).id == ""


def test_the_same_inputs_are_no_change(configured: Any) -> None:
    inputs = to_struct({"cidrBlock": "10.0.0.0/16"})
    request = messages.DiffRequest(urn=URN, id="vpc-1", olds=inputs, old_inputs=inputs, news=inputs)
    assert configured.Diff(request).changes == DIFF.DIFF_NONE


def test_a_preview_leaves_unknown_what_aws_computes(configured: Any) -> None:
    request = messages.CreateRequest(urn=URN, properties=to_struct({"cidrBlock": UNKNOWN_TEXT}), preview=True)
    made = from_struct(configured.Create(request).properties)
    assert is_unknown(made["cidrBlock"])
    assert "arn" not in made


def test_a_change_of_the_providers_settings_is_seen(engine: Any) -> None:
    old, new = to_struct({"region": "us-east-1"}), to_struct({"region": "us-west-2"})
    assert engine.DiffConfig(messages.DiffRequest(old_inputs=old, news=old)).changes == DIFF.DIFF_NONE
    assert engine.DiffConfig(messages.DiffRequest(old_inputs=old, news=new)).changes == DIFF.DIFF_SOME


def test_each_connection_has_the_provider_that_was_configured_on_it(
    engine: Any, served: int, boto: Any
) -> None:
    engine.Configure(messages.ConfigureRequest(args=to_struct({"region": "us-west-2"})))
    with grpc.insecure_channel(
        f"127.0.0.1:{served}", options=[("grpc.use_local_subchannel_pool", 1)]
    ) as channel:
        other = provider_pb2_grpc.ResourceProviderStub(channel)
        with pytest.raises(grpc.RpcError, match="called before it was configured"):
            other.Check(messages.CheckRequest(urn=URN, news=to_struct({"cidrBlock": "10.0.0.0/16"})))
        other.Configure(messages.ConfigureRequest(args=to_struct({"region": "eu-west-1"})))
        for stub in (engine, other):
            stub.Create(messages.CreateRequest(urn=URN, properties=to_struct({"cidrBlock": "10.0.0.0/16"})))
    for region in ("us-west-2", "eu-west-1"):
        found = boto("ec2", region).describe_vpcs(Filters=[{"Name": "is-default", "Values": ["false"]}])
        assert len(found["Vpcs"]) == 1


def test_settings_that_change_nothing_are_said_once_for_each(engine: Any, said: list[str]) -> None:
    roles = '[{"roleArn": "arn:aws:iam::123456789012:role/r"}]'
    engine.Configure(messages.ConfigureRequest(args=to_struct({"region": "us-west-2", "assumeRoles": roles})))
    assert said == [
        "an aws provider's setting assumeRoles changes nothing here: the sandbox has one account and decides no access"
    ]


def test_accounts_that_are_not_allowed_are_refused(engine: Any) -> None:
    for name, value in (("allowedAccountIds", '["1"]'), ("forbiddenAccountIds", '["123456789012"]')):
        with pytest.raises(grpc.RpcError, match="AWS account ID not allowed: 123456789012"):
            engine.Configure(messages.ConfigureRequest(args=to_struct({"region": "us-west-2", name: value})))


def test_errors_reach_the_engine_as_text(configured: Any) -> None:
    with pytest.raises(grpc.RpcError, match="no resource type of the installed pulumi_aws"):
        configured.Check(messages.CheckRequest(urn="urn:pulumi:p::q::aws:braket/job:Job::x"))
    with pytest.raises(grpc.RpcError, match=r"InvalidVpc\.Range"):
        configured.Create(messages.CreateRequest(urn=URN, properties=to_struct({"cidrBlock": "10.0.0.0/8"})))


def test_no_region_is_an_error(engine: Any) -> None:
    with pytest.raises(grpc.RpcError, match="aws:region is not set"):
        engine.Configure(messages.ConfigureRequest(args=to_struct({})))
