from __future__ import annotations

from tests.policies.case import NOT_KNOWN, Case, R

TOPIC = "aws:sns/topic:Topic"
BUCKET = "aws:s3/bucket:Bucket"
GROUP = "aws:autoscaling/group:Group"
OWNED = {"environment": "prod", "system": "shop", "owner": "team-shop", "cost-center": "42"}
PROMISED = {"dr-tier": "1", "rto-hours": "1"}


def listed(tags: dict[str, str], *, propagate: bool = True) -> list[dict[str, object]]:
    return [{"key": key, "value": value, "propagateAtLaunch": propagate} for key, value in tags.items()]


CASES = [
    Case(
        rule="aws-resource-required-tags",
        bad=[R(TOPIC, props={"tags": {"environment": "prod", "system": "shop"}})],
        good=[R(TOPIC, props={"tags": OWNED})],
        unsure=[R(TOPIC, props={"tags": NOT_KNOWN})],
    ),
    Case(
        rule="aws-resource-required-tags",
        note="unknown-value",
        bad=[R(TOPIC, props={"tags": {**OWNED, "owner": ""}})],
        good=[R("aws:route53/record:Record")],
        unsure=[R(TOPIC, props={"tags": {**OWNED, "owner": NOT_KNOWN}})],
        then="good",
    ),
    Case(
        rule="aws-resource-required-tags",
        note="allowed-values",
        bad=[R(TOPIC, props={"tags": {**OWNED, "environment": "staging"}})],
        good=[R(TOPIC, props={"tags": OWNED})],
        unsure=[R(TOPIC, props={"tags": {**OWNED, "environment": NOT_KNOWN}})],
        config={"aws-resource-required-tags": {"allowed": {"environment": ["prod", "dr"]}}},
    ),
    Case(
        rule="aws-resource-required-tags",
        note="default-tags",
        bad=[R(TOPIC, provider={"defaultTags": "{not json"})],
        good=[
            R(
                TOPIC,
                props={"tags": {"system": "shop", "owner": "o", "cost-center": "1"}},
                provider={"defaultTags": '{"tags": {"environment": "prod"}}'},
            )
        ],
        unsure=[R(TOPIC, provider={"defaultTags": NOT_KNOWN})],
    ),
    Case(
        rule="aws-resource-required-tags",
        note="list-form",
        bad=[R(GROUP, props={"tags": listed({"owner": "o"})})],
        good=[R(GROUP, props={"tags": listed(OWNED)})],
        unsure=[R(GROUP, props={"tags": NOT_KNOWN})],
    ),
    Case(
        rule="aws-resource-recovery-tags",
        bad=[R(TOPIC, props={"tags": {"dr-tier": "1"}})],
        good=[R(TOPIC, props={"tags": PROMISED})],
        unsure=[R(TOPIC, props={"tags": {**PROMISED, "rto-hours": NOT_KNOWN}})],
    ),
    Case(
        rule="aws-resource-recovery-tags",
        note="store",
        bad=[R(BUCKET, props={"tags": PROMISED})],
        good=[R(BUCKET, props={"tags": {**PROMISED, "rpo-minutes": "0"}})],
        unsure=[R(BUCKET, props={"tags": {**PROMISED, "rpo-minutes": NOT_KNOWN}})],
    ),
    Case(
        rule="aws-resource-recovery-tags",
        note="range",
        bad=[R(TOPIC, props={"tags": {"dr-tier": "4", "rto-hours": "0"}})],
        good=[R(TOPIC, props={"tags": {"dr-tier": "3", "rto-hours": "0.5"}})],
        unsure=[R(TOPIC, props={"tags": {"dr-tier": NOT_KNOWN, "rto-hours": "never"}})],
        then="bad",
    ),
    Case(
        rule="autoscaling-group-tags-propagate",
        bad=[R(GROUP, props={"tags": listed({"owner": "o"}, propagate=False)})],
        good=[R(GROUP, props={"tags": listed({"owner": "o"})})],
        unsure=[R(GROUP, props={"tags": [{"key": "owner", "value": "o", "propagateAtLaunch": NOT_KNOWN}]})],
    ),
    Case(
        rule="aws-resource-recovery-tags",
        note="zero-hours",
        bad=[R(TOPIC, props={"tags": {"dr-tier": "1", "rto-hours": "0"}})],
        good=[R("aws:route53/record:Record")],
        unsure=[R(TOPIC, props={"tags": {"dr-tier": NOT_KNOWN, "rto-hours": "1"}})],
    ),
    Case(
        rule="aws-resource-required-tags",
        note="all-tags-unknown",
        bad=[R(TOPIC, props={"tags": {"owner": "o"}, "tagsAll": {"owner": "o"}})],
        good=[R(TOPIC, props={"tags": OWNED, "tagsAll": NOT_KNOWN})],
        unsure=[R(TOPIC, props={"tagsAll": NOT_KNOWN})],
    ),
    Case(
        rule="aws-resource-required-tags",
        note="one-default-tag-unknown",
        bad=[R(TOPIC, provider={"defaultTags": '{"tags": {"owner": ""}}'})],
        good=[R(TOPIC, props={"tags": OWNED}, provider={"defaultTags": NOT_KNOWN})],
        unsure=[R(TOPIC, props={"tags": {"owner": "o"}}, provider={"defaultTags": NOT_KNOWN})],
    ),
    Case(
        rule="aws-resource-recovery-tags",
        note="default-tags-unknown",
        bad=[R(TOPIC, props={"tags": {"dr-tier": "1"}})],
        good=[R(TOPIC, props={"tags": PROMISED}, provider={"defaultTags": NOT_KNOWN})],
        unsure=[R(TOPIC, provider={"defaultTags": NOT_KNOWN})],
    ),
]
