"""The pack as a whole, through the protocol: levels, configuration, what is not judged, speed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from google.protobuf import json_format
from pulumi.output import UNKNOWN

from policies.rules import RULES
from sandbox.policy import PolicyConfigError, PolicyHost, PolicyInput, Violation
from sandbox.policy.configuration import reconcile
from tests.policies.conftest import PACK

INSTANCE = "aws:rds/instance:Instance"
MULTI_AZ = "rds-instance-multi-az"


def database(name: str = "db", **props: object) -> PolicyInput:
    return PolicyInput(
        type=INSTANCE, urn=f"urn:pulumi:prod::shop::{INSTANCE}::{name}", name=name, props=props
    )


def by(violations: list[Violation], rule: str) -> list[Violation]:
    return [violation for violation in violations if violation.rule == rule]


def test_the_engine_sees_every_rule_with_its_metadata(pack: PolicyHost) -> None:
    seen = {each["name"]: each for each in pack.rules()}
    assert list(seen) == [rule.name for rule in RULES]
    for rule in RULES:
        each = seen[rule.name]
        assert each["url"] == rule.page
        assert each["remediationSteps"] == rule.remedy
        assert each["description"] == rule.why
        assert each["severity"] == f"POLICY_SEVERITY_{rule.severity.upper()}"
        assert each.get("enforcementLevel", "ADVISORY") == ("MANDATORY" if rule.tiers else "ADVISORY")
        assert set(each["configSchema"]["properties"]) == {"mandatoryTiers", "exempt", *rule.options}


def test_the_message_names_resource_problem_remedy_and_page(pack: PolicyHost) -> None:
    (found,) = by(pack.analyze(database(multiAz=False)), MULTI_AZ)
    assert found.urn.endswith("::db")
    for part in ("db: multiAz is not true.", "Set multi_az=True.", "https://docs.aws.amazon.com/AmazonRDS/"):
        assert part in found.message


def test_openings_are_named_by_their_ports(pack: PolicyHost) -> None:
    """All ports, one, and a range."""
    token = "aws:ec2/securityGroup:SecurityGroup"
    for first, last, words in (
        (0, 65535, "opens every port to"),
        (22, 22, "opens port 22 to"),
        (8000, 8010, "opens ports 8000 to 8010 to"),
    ):
        entry = {"protocol": "tcp", "fromPort": first, "toPort": last, "cidrBlocks": ["0.0.0.0/0"]}
        group = PolicyInput(type=token, urn="urn:g", name="g", props={"ingress": [entry]})
        (found,) = by(pack.analyze_stack([group]), "ec2-security-group-open-ingress")
        assert words in found.message


@pytest.mark.parametrize(
    ("config", "tier", "level"),
    [
        ("advisory", "1", "advisory"),
        ("mandatory", "3", "mandatory"),
        ("disabled", "1", None),
        ({"mandatoryTiers": [1]}, "1", "mandatory"),
        ({"mandatoryTiers": [1]}, "2", "advisory"),
        ({"mandatoryTiers": [1]}, "nonsense", "mandatory"),
        ({"mandatoryTiers": [2]}, None, "mandatory"),
        ({"mandatoryTiers": []}, "3", "mandatory"),
        ({"mandatoryTiers": [], "enforcementLevel": "advisory"}, "1", "advisory"),
    ],
)
def test_the_configured_level(pack: PolicyHost, config: object, tier: str | None, level: str | None) -> None:
    pack.configure({MULTI_AZ: config})
    found = by(pack.analyze(database(tags={"dr-tier": tier} if tier else {})), MULTI_AZ)
    assert [violation.level for violation in found] == ([level] if level else [])


def test_what_rules_say_by_default_is_sent_as_the_engine_does(running: PolicyHost) -> None:
    sent = reconcile(running._info, {MULTI_AZ: {"mandatoryTiers": [1]}})
    assert sent[MULTI_AZ] == ("mandatory", {"mandatoryTiers": [1], "exempt": []})
    for rule in running._info.policies:
        said = json_format.MessageToDict(rule.configSchema.properties)
        default = {name: schema["default"] for name, schema in said.items() if "default" in schema}
        assert rule.name == MULTI_AZ or sent[rule.name][1] == default


def test_an_advisory_rule_made_mandatory_is_so_for_every_tier(pack: PolicyHost) -> None:
    pack.configure({"aws-store-protect": "mandatory"})
    (found,) = by(pack.analyze(database(tags={"dr-tier": "3"})), "aws-store-protect")
    assert found.level == "mandatory"


def test_all_sets_the_level_of_every_rule_and_a_rule_its_own(pack: PolicyHost) -> None:
    pack.configure({"all": "disabled", MULTI_AZ: "advisory"})
    assert [(v.rule, v.level) for v in pack.analyze(database())] == [(MULTI_AZ, "advisory")]


def test_a_resource_without_tags_takes_the_tier_of_the_component_around_it(pack: PolicyHost) -> None:
    record = PolicyInput(
        type="aws:ec2transitgateway/vpcAttachment:VpcAttachment",
        urn="urn:it",
        name="it",
        parent="urn:inner",
        props={"subnetIds": ["one"]},
    )
    inner = PolicyInput(type="shop:index:Net", urn="urn:inner", name="inner", parent="urn:outer")
    outer = PolicyInput(type="shop:index:All", urn="urn:outer", name="outer")
    tagged = PolicyInput(
        type="aws:sns/topic:Topic",
        urn="urn:t",
        name="t",
        parent="urn:outer",
        props={"tags": {"dr-tier": "3"}},
    )
    pack.configure({"ec2-transit-gateway-attachment-per-zone": {"mandatoryTiers": [1, 2]}})
    for others, level in (([inner, outer, tagged], "advisory"), ([inner, outer], "mandatory")):
        found = by(pack.analyze_stack([record, *others]), "ec2-transit-gateway-attachment-per-zone")
        assert [violation.level for violation in found] == [level]


def test_only_resources_of_aws_are_judged(pack: PolicyHost) -> None:
    for token in (
        "pulumi:pulumi:Stack",
        "pulumi:providers:aws",
        "holdfast:network:Vpc",
        "random:index/id:RandomId",
    ):
        thing = PolicyInput(type=token, urn="urn:x", name="x", props={"tags": {}, "multiAz": False})
        assert pack.analyze(thing) == []
        assert pack.analyze_stack([thing]) == []


def test_an_unknown_value_is_noted_for_its_resource_alone(pack: PolicyHost) -> None:
    found = by(pack.analyze(database("a", multiAz=UNKNOWN)), MULTI_AZ)
    assert [violation.level for violation in found] == ["advisory"]
    assert "multiAz is not known before the deployment" in found[0].message
    buckets = [
        PolicyInput(type="aws:s3/bucket:Bucket", urn=f"urn:{name}", name=name, props={"bucket": name})
        for name in "ab"
    ]
    versioning = PolicyInput(
        type="aws:s3/bucketVersioning:BucketVersioning",
        urn="urn:v",
        name="v",
        props={"bucket": "a", "versioningConfiguration": UNKNOWN},
    )
    found = by(pack.analyze_stack([*buckets, versioning]), "s3-bucket-versioning")
    assert {violation.urn: violation.level for violation in found} == {
        "urn:a": "advisory",
        "urn:b": "mandatory",
    }


def test_a_secret_property_is_judged_by_its_value(pack: PolicyHost) -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": True}
    assert by(pack.analyze(database(multiAz=secret)), MULTI_AZ) == []


@pytest.mark.parametrize(
    ("config", "parts"),
    [
        (
            {"rds-instance-multiaz": "advisory"},
            ["unknown rule 'rds-instance-multiaz'", f"did you mean '{MULTI_AZ}'"],
        ),
        ({MULTI_AZ: {"exmept": []}}, [MULTI_AZ, "unknown setting 'exmept'", "did you mean 'exempt'"]),
        (
            {"rds-backup-retention": {"minimumDays": "seven"}},
            ["rds-backup-retention", "minimumDays", "'seven'", "integer"],
        ),
        ({"rds-backup-retention": {"minimumDays": 7.5}}, ["minimumDays", "7.5", "integer"]),
        ({"rds-backup-retention": {"minimumDays": True}}, ["minimumDays", "True", "integer"]),
        ({"rds-backup-retention": {"minimumDays": 36}}, ["minimumDays", "36", "35"]),
        ({"rds-backup-retention": {"minimumDays": 0}}, ["minimumDays", "less than 1"]),
        ({MULTI_AZ: {"mandatoryTiers": [4]}}, ["mandatoryTiers[0]", "4", "1, 2, 3"]),
        ({MULTI_AZ: {"mandatoryTiers": 1}}, ["mandatoryTiers", "array"]),
        ({"aws-resource-required-tags": {"required": ["owner", 5]}}, ["required[1]", "string"]),
        (
            {"aws-resource-required-tags": {"allowed": {"environment": "prod"}}},
            ["allowed.environment", "array"],
        ),
        ({MULTI_AZ: "loud"}, [MULTI_AZ, "'loud'", "advisory"]),
        ({MULTI_AZ: 7}, [MULTI_AZ, "7"]),
    ],
    ids=lambda value: None if isinstance(value, list) else str(value)[:60],
)
def test_a_wrong_configuration_is_refused_by_name(
    pack: PolicyHost, config: dict[str, object], parts: list[str]
) -> None:
    with pytest.raises(PolicyConfigError) as caught:
        pack.configure(config)
    for part in parts:
        assert part in str(caught.value)
    assert len(by(pack.analyze(database()), MULTI_AZ)) == 1, "the configuration before it still holds"


def test_the_pack_stands_alone_under_any_name(tmp_path: Path) -> None:
    folder = shutil.copytree(PACK, tmp_path / "v1", ignore=shutil.ignore_patterns("__pycache__"))
    with PolicyHost(folder, "shop", "prod") as host:
        assert {each["name"] for each in host.rules()} == {rule.name for rule in RULES}
        assert by(host.analyze(database()), MULTI_AZ)


def test_a_pack_that_does_not_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text("print('hello')\nraise SystemExit('no rules today')\n")
    with (
        pytest.raises(RuntimeError, match=r"(?s)did not start.*hello.*no rules today"),
        PolicyHost(tmp_path, "p", "s"),
    ):
        pass


def test_a_provider_without_region_is_in_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    copy = {"destinationVaultArn": "arn:aws:backup:eu-west-1:1:backup-vault:second"}
    plan = PolicyInput(
        type="aws:backup/plan:Plan",
        urn="urn:pulumi:prod::shop::aws:backup/plan:Plan::p",
        name="p",
        props={"rules": [{"ruleName": "daily", "copyActions": [copy]}], "arn": UNKNOWN},
    )
    with PolicyHost(PACK, "shop", "prod") as host:
        found = by(host.analyze_stack([plan]), "backup-plan-cross-region-copy")
    assert ["its copies stay in eu-west-1" in each.message for each in found] == [True]
