from __future__ import annotations

from dataclasses import replace

import pytest

from components.edge import Scope, WebAcl, WebAclArgs
from components.tags import Tags
from tests.pulumi_mocks import Deployment, deploy

TAGS = Tags(
    environment="prod", system="shop", owner="team-a", cost_center="42", dr_tier=1, rto_hours=1, rpo_minutes=5
)
ARGS = WebAclArgs(scope=Scope.REGIONAL, prefix="shop-prod-web", tags=TAGS, key_arn="arn:key")


def run(args: WebAclArgs = ARGS, *, preview: bool = False) -> Deployment:
    return deploy(lambda: WebAcl("web", args), preview=preview)


def test_the_limit_comes_first_and_then_awss_groups_each_of_which_blocks() -> None:
    acl = run().one("aws:wafv2/webAcl:WebAcl", "web-acl").inputs
    assert acl["defaultAction"] == {"allow": {}}
    rules = {rule["name"]: rule for rule in acl["rules"]}
    assert [rule["priority"] for rule in acl["rules"]] == [0, 1, 2, 3]
    assert list(rules) == ["rate", "reputation", "bad-inputs", "common"]
    assert rules["rate"]["action"] == {"block": {}}
    assert rules["rate"]["statement"] == {"rateBasedStatement": {"limit": 2000, "aggregateKeyType": "IP"}}
    groups = {
        name: rule["statement"]["managedRuleGroupStatement"] for name, rule in rules.items() if name != "rate"
    }
    assert all(rules[name]["overrideAction"] == {"none": {}} for name in groups)
    assert {group["vendorName"] for group in groups.values()} == {"AWS"}
    assert [name for name, group in groups.items() if "ruleActionOverrides" in group] == ["common"]
    assert groups["common"]["ruleActionOverrides"] == [
        {"name": "SizeRestrictions_BODY", "actionToUse": {"count": {}}}
    ]
    strict = run(replace(ARGS, count_only=())).one("aws:wafv2/webAcl:WebAcl", "web-acl").inputs["rules"][-1]
    assert "ruleActionOverrides" not in strict["statement"]["managedRuleGroupStatement"]


@pytest.mark.parametrize(("scope", "region"), [(Scope.REGIONAL, None), (Scope.CLOUDFRONT, "us-east-1")])
def test_what_stands_before_cloudfront_lives_in_us_east_1_with_its_log(
    scope: Scope, region: str | None
) -> None:
    made = run(replace(ARGS, scope=scope))
    assert made.one("aws:wafv2/webAcl:WebAcl", "web-acl").inputs["scope"] == scope
    parts = [r.inputs for r in made.resources if r.type.startswith("aws:")]
    assert len(parts) == 3
    assert {part.get("region") for part in parts} == {region}
    assert made.one("LogGroup").inputs["name"] == f"aws-waf-logs-shop-prod-web-{scope.lower()}"


def test_the_log_keeps_what_was_blocked_or_counted_and_no_credentials() -> None:
    made = run()
    log, logging = made.one("LogGroup"), made.one("WebAclLoggingConfiguration").inputs
    assert (log.inputs["kmsKeyId"], log.inputs["retentionInDays"]) == ("arn:key", 90)
    assert logging["logDestinationConfigs"][0].endswith(":web-log")
    assert logging["resourceArn"].endswith(":web-acl")
    assert [f["singleHeader"]["name"] for f in logging["redactedFields"]] == ["authorization", "cookie"]
    (kept,) = logging["loggingFilter"]["filters"]
    assert (logging["loggingFilter"]["defaultBehavior"], kept["behavior"]) == ("DROP", "KEEP")
    assert [c["actionCondition"]["action"] for c in kept["conditions"]] == ["BLOCK", "COUNT"]


def test_children_are_tagged_and_belong_to_the_component() -> None:
    made = run()
    component = made.one("holdfast:edge:WebAcl").urn
    assert {r.parent for r in made.resources if r.type.startswith("aws:")} == {component}
    assert {r.name: r.tags for r in made.taggable()} == {
        name: TAGS.resource(name) for name in ("web-acl", "web-log")
    }
    assert {r.urn for r in run(preview=True).resources} == {r.urn for r in made.resources}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rate_limit": 9}, "rate_limit: got 9, allowed is 10 to 2000000000 requests in five minutes"),
        ({"count_only": ("a", "a")}, "count_only: got a more than once, allowed is each once"),
        ({"count_only": ("",)}, "count_only: got an empty name, allowed is names of rules"),
        ({"retention_days": 8}, "retention_days: got 8, allowed is one of 1, 3"),
    ],
)
def test_bad_arguments(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(replace(ARGS, **changes))  # type: ignore[arg-type]
