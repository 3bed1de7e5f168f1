"""Tags are added where they can be, and nowhere else."""

from __future__ import annotations

from pulumi.output import UNKNOWN

from policies.graph import View
from policies.rules.tags import add_tags
from sandbox.policy import PolicyHost, PolicyInput
from sandbox.protocol import UNKNOWN_TEXT

RULE = "aws-resource-required-tags"
ADD = {RULE: {"enforcementLevel": "remediate", "add": {"owner": "platform", "cost-center": "42"}}}
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


def thing(token: str, **props: object) -> PolicyInput:
    return PolicyInput(type=token, urn="urn:x", name="x", props=props)


def test_missing_tags_are_added_and_given_ones_kept(pack: PolicyHost) -> None:
    pack.configure(ADD)
    after = pack.remediate(thing("aws:sns/topic:Topic", name="n", tags={"owner": "shop"}))
    assert after == {"name": "n", "tags": {"owner": "shop", "cost-center": "42"}}


def test_groups_get_the_list_form(pack: PolicyHost) -> None:
    pack.configure(ADD)
    own = {"key": "owner", "value": "shop", "propagateAtLaunch": True}
    after = pack.remediate(thing("aws:autoscaling/group:Group", tags=[own]))
    assert after["tags"] == [own, {"key": "cost-center", "value": "42", "propagateAtLaunch": True}]


def test_unknown_values_and_secrets_go_back_as_they_came(pack: PolicyHost) -> None:
    pack.configure(ADD)
    after = pack.remediate(
        thing(
            "aws:sns/topic:Topic",
            name=UNKNOWN,
            policy={**SECRET, "value": "p"},
            tags={**SECRET, "value": {"a": UNKNOWN}},
        )
    )
    assert after["name"] == UNKNOWN_TEXT
    assert after["policy"] == {**SECRET, "value": "p"}
    assert after["tags"] == {**SECRET, "value": {"a": UNKNOWN_TEXT, "owner": "platform", "cost-center": "42"}}


def test_nothing_is_offered_elsewhere(pack: PolicyHost) -> None:
    pack.configure(ADD)
    for token in (
        "aws:route53/record:Record",
        "pulumi:pulumi:Stack",
        "pulumi:providers:aws",
        "holdfast:network:Vpc",
    ):
        assert pack.remediate(thing(token, name="n")) == {"name": "n"}
    assert pack.remediate(thing("aws:sns/topic:Topic", tags=UNKNOWN))["tags"] is UNKNOWN


def test_nothing_is_changed_below_that_level(pack: PolicyHost) -> None:
    pack.configure({RULE: {"enforcementLevel": "mandatory", "add": {"owner": "platform"}}})
    assert pack.remediate(thing("aws:sns/topic:Topic", name="n")) == {"name": "n"}


def test_the_input_is_left_alone() -> None:
    props = {"tags": {"a": "b"}}
    add_tags("aws:sns/topic:Topic", props, View({"add": {"owner": "o"}}))
    assert props == {"tags": {"a": "b"}}
