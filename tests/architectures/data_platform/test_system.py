"""What a data platform registers in both regions, what it tells of itself, and what the estimator makes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from architectures.data_platform.runbook import FURTHER, PARTS, text, texts
from architectures.strategies import Strategy
from policies.recovery import judge
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.data_platform.conftest import REGIONS, RESTORE, configured, pair
from tests.architectures.runbooks import all_is_filled_in
from tests.architectures.strategies import assert_facts_as_read
from tests.architectures.test_recovery_facts import COMPARED
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment

DOMAIN, FUNCTION = "aws:opensearch/domain:Domain", "aws:lambda/function:Function"
APPLICATION = "aws:emrserverless/application:Application"
ALARM, BUCKET = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:s3/bucket:Bucket"


def statements(stack: Deployment, name: str) -> list[dict[str, Any]]:
    return json.loads(stack.one("aws:iam/rolePolicy:RolePolicy", name).inputs["policy"])["Statement"]


def test_a_domain_has_three_zones_three_masters_and_no_password(example: dict[str, Deployment]) -> None:
    for name, stack in example.items():
        made = stack.one(DOMAIN)
        cluster = made.inputs["clusterConfig"]
        assert (cluster["instanceCount"], cluster["instanceType"]) == (3, "r6g.large.search")
        assert (cluster["dedicatedMasterCount"], cluster["dedicatedMasterType"]) == (3, "m6g.large.search")
        assert cluster["zoneAwarenessConfig"] == {"availabilityZoneCount": 3}
        assert cluster["multiAzWithStandbyEnabled"] is (name == "prod"), (
            "AWS restores nothing to one with standby"
        )
        assert len(set(made.inputs["vpcOptions"]["subnetIds"])) == 3
        assert made.inputs["encryptAtRest"]["kmsKeyId"]
        assert made.inputs["nodeToNodeEncryption"] == {"enabled": True}
        assert made.inputs["domainEndpointOptions"] == {
            "enforceHttps": True,
            "tlsSecurityPolicy": "Policy-Min-TLS-1-2-PFS-2023-10",
        }
        master = stack.made[stack.one("aws:iam/role:Role", "data-search-master").urn]["arn"]
        assert made.inputs["advancedSecurityOptions"] == {
            "enabled": True,
            "internalUserDatabaseEnabled": False,
            "masterUserOptions": {"masterUserArn": master},
        }
        [edge] = json.loads(made.inputs["accessPolicies"])["Statement"]
        assert edge["Principal"]["AWS"].endswith(":root")
        assert edge["Resource"].endswith(f":es:{REGIONS[name]}:123456789012:domain/example-production-data/*")
        assert made.protect
        assert stack.one(DOMAIN).inputs["tags"]["rpo-minutes"] == "240"
        kinds = {each["logType"] for each in made.inputs["logPublishingOptions"]}
        assert kinds == {"AUDIT_LOGS", "ES_APPLICATION_LOGS", "INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS"}
        assert made.inputs["autoTuneOptions"]["desiredState"] == "ENABLED"
        assert made.inputs["offPeakWindowOptions"]["offPeakWindow"] == {
            "windowStartTime": {"hours": 3, "minutes": 0}
        }
        assert made.inputs["softwareUpdateOptions"] == {"autoSoftwareUpdateEnabled": True}
        [rule] = [r for r in stack.all("SecurityGroupIngressRule") if r.name.startswith("data-search")]
        network = {"prod": "10.10.0.0/16", "dr": "10.20.0.0/16"}[name]
        assert (rule.inputs["cidrIpv4"], rule.inputs["fromPort"], rule.inputs["toPort"]) == (
            network,
            443,
            443,
        )


def test_what_aws_recommends_is_watched_with_its_thresholds(stack: Deployment) -> None:
    said = {each.name: each.inputs for each in stack.all(ALARM) if each.name.startswith("data-search-")}
    assert len(said) == 13
    found = {
        name.removeprefix("data-search-"): (
            each["metricName"], each["statistic"], each["comparisonOperator"], each["threshold"],
            each["evaluationPeriods"], each["treatMissingData"],
        )
        for name, each in said.items()
    }  # fmt: skip
    above, quiet = "GreaterThanThreshold", "notBreaching"
    assert found["red"] == ("ClusterStatus.red", "Maximum", above, 0, 1, quiet)
    assert found["yellow"] == ("ClusterStatus.yellow", "Maximum", above, 0, 5, quiet)
    assert found["blocked"] == ("ClusterIndexWritesBlocked", "Maximum", above, 0, 5, quiet)
    assert found["master"] == ("MasterReachableFromNode", "Maximum", "LessThanThreshold", 1, 5, quiet)
    assert found["nodes"] == ("Nodes", "Minimum", "LessThanThreshold", 6, 15, "breaching")
    free = 200 * 1024 / 4
    assert found["storage"] == ("FreeStorageSpace", "Minimum", "LessThanOrEqualToThreshold", free, 1, quiet)
    for each in said.values():
        assert each["dimensions"] == {"DomainName": "example-production-data", "ClientId": "123456789012"}
        assert (each["namespace"], bool(each["alarmActions"])) == ("AWS/ES", True)
        assert each["tags"]["workload"] == "data"


def test_each_region_s_function_does_what_the_region_is_for(example: dict[str, Deployment]) -> None:
    for name, mode in (("prod", "take"), ("dr", "follow")):
        stack = example[name]
        made = stack.one(FUNCTION, "data-keeper-function").inputs
        said = made["environment"]["variables"]
        peer = next(region for region in REGIONS.values() if region != REGIONS[name])
        assert (said["MODE"], said["PEER_REGION"], said["EVERY_MINUTES"], said["KEEP_DAYS"]) == (
            mode,
            peer,
            "60",
            "14",
        )
        assert said["ENDPOINT"] == f"https://vpc-data-search-domain-x.{REGIONS[name]}.es.amazonaws.com"
        assert len(made["vpcConfig"]["subnetIds"]) == 3
        assert (made["reservedConcurrentExecutions"], made["timeout"]) == (1, 900)
        assert {"functions/__init__.py", "functions/data_platform/keeper.py"} <= set(made["code"])
        schedule = stack.one("aws:scheduler/schedule:Schedule", "data-keeper-schedule").inputs
        assert schedule["scheduleExpression"] == "rate(1 hour)"
        assert schedule["target"]["deadLetterConfig"]["arn"]
        late = stack.one(ALARM, "data-keeper-late").inputs
        assert (late["evaluationPeriods"], late["treatMissingData"]) == (2, "breaching")
        assert late["metricQueries"][0]["expression"] == "FILL(runs, 0) - FILL(errors, 0)"
        assert {each["metric"]["period"] for each in late["metricQueries"][1:]} == {3600}


def test_the_function_may_speak_to_its_domain_and_hand_it_one_role(stack: Deployment) -> None:
    arn = stack.made[stack.one(DOMAIN).urn]["arn"]
    writer = stack.made[stack.one("aws:iam/role:Role", "data-keeper-writer").urn]["arn"]
    mine = {json.dumps(each["Action"]): each for each in statements(stack, "data-keeper-policy")}
    assert mine['"es:ESHttp*"']["Resource"] == f"{arn}/*"
    passed = mine['"iam:PassRole"']
    assert passed["Resource"] == writer
    trusted = json.loads(stack.one("aws:iam/role:Role", "data-keeper-writer").inputs["assumeRolePolicy"])
    assert [each["Principal"] for each in trusted["Statement"]] == [{"Service": "es.amazonaws.com"}]
    listing, objects, _key = statements(stack, "data-keeper-writer-policy")
    assert objects["Resource"] == f"{listing['Resource']}/*"


def test_the_founder_has_both_buckets_and_each_gets_what_is_written_to_the_other(
    example: dict[str, Deployment],
) -> None:
    made = sorted(
        (each for each in example["prod"].all(BUCKET) if each.name.startswith("data-snapshots")),
        key=lambda each: each.name,
    )
    assert [(each.name, each.inputs.get("region"), each.protect) for each in made] == [
        ("data-snapshots-bucket", None, True),
        ("data-snapshots-copy-bucket", "us-west-2", True),
    ]
    rules = [each for each in example["prod"].all("BucketReplicationConfig") if "snapshots" in each.name]
    assert {each.inputs.get("region") for each in rules} == {None, "us-west-2"}
    assert len(rules) == len(made)
    assert [each.name for each in example["dr"].all(BUCKET)] == []
    function = example["dr"].one(FUNCTION, "data-keeper-function").inputs
    copy = example["prod"].made[made[1].urn]["bucket"]
    assert function["environment"]["variables"]["BUCKET"] == copy


def begins(stack: Deployment) -> list[str]:
    """Whether the region's schedules begin batch jobs."""
    return [each.inputs["state"] for each in stack.all("Schedule") if "batch" in each.name]


@pytest.mark.parametrize("strategy", ["backup-and-restore", "pilot-light"])
def test_without_nodes_there_is_no_domain_until_it_is_built(strategy: str) -> None:
    prod = deployed("prod", configured("prod", strategy=strategy), {})
    there = {PEER: outputs(prod)}
    dr = deployed("dr", configured("dr", strategy=strategy), there)
    assert (dr.all(DOMAIN), [each for each in dr.all(FUNCTION) if "keeper" in each.name]) == ([], [])
    runbook = dr.one("BucketObjectv2", "data-runbook-us-west-2").inputs["content"]
    assert "holdfast:systems.data.rebuild" in runbook
    built = deployed("dr", configured("dr", strategy=strategy, rebuild=True), there)
    assert built.one(DOMAIN).inputs["clusterConfig"]["multiAzWithStandbyEnabled"] is False
    assert built.one(FUNCTION, "data-keeper-function").inputs["environment"]["variables"]["MODE"] == "follow"
    # What costs nothing while it stands still is there with a pilot light; who is built begins the lost region's jobs.
    assert bool(dr.all(APPLICATION)) is (strategy == "pilot-light")
    assert ("`rebuild` builds the application" in runbook) is (strategy == "backup-and-restore")
    assert begins(built) == ["ENABLED"]
    assert begins(dr) == (["DISABLED"] if strategy == "pilot-light" else [])


def test_where_both_regions_write_each_takes_its_own_snapshots() -> None:
    found = pair(strategy="active-active", warehouse=None)
    for stack in found.values():
        assert stack.one(DOMAIN).inputs["clusterConfig"]["multiAzWithStandbyEnabled"] is True
        variables = stack.one(FUNCTION, "data-keeper-function").inputs["environment"]["variables"]
        assert variables["MODE"] == "take"


def test_its_own_failover_replaces_and_deletes_nothing(example: dict[str, Deployment]) -> None:
    def swapped(stack: str, peers: dict[str, Any]) -> Deployment:
        restores = [] if stack == "prod" else [RESTORE]
        given = configured(stack, warehouse={"restores": restores})
        given["holdfast:recovery"]["activeRegion"] = "us-west-2"
        return deployed(stack, given, peers)

    prod = swapped("prod", {})
    after = {"prod": prod, "dr": swapped("dr", {PEER: outputs(prod)})}
    for name, stack in after.items():
        made = {r.urn for r in stack.resources if "data-warehouse-first" not in r.urn}
        assert {r.urn for r in example[name].resources} == made
        before, now = example[name].one(DOMAIN).inputs, stack.one(DOMAIN).inputs
        changed = {key for key in before if before[key] != now[key]}
        assert changed == {"clusterConfig", "tags"}, "neither replaces a domain"
        assert example[name].one(APPLICATION).inputs == stack.one(APPLICATION).inputs
    assert after["dr"].one(DOMAIN).inputs["clusterConfig"]["multiAzWithStandbyEnabled"] is True
    assert (begins(after["prod"]), begins(after["dr"])) == (["DISABLED"], ["ENABLED"])


def nodes(stacks: dict[str, Deployment], failure: str) -> dict[str, Any]:
    read = [r for name, region in REGIONS.items() for r in resources(stacks[name], region)]
    return {
        node.unit.name: node
        for node in judge(read).failures[failure].nodes
        if node.unit.region == "us-east-1"
    }


def test_what_is_told_is_what_is_read(example: dict[str, Deployment]) -> None:
    compared = {*COMPARED, "snapshot_copies", "nodes", "masters"}
    for name, stack in example.items():
        mine = assert_facts_as_read(stack, name, REGIONS[name], compared - {"needs"})
        assert mine["data-keeper-function"]["needs"] == ["data-search-domain"]
        assert mine["data-search-domain"].get("role") == (None if name == "prod" else "replica")


@pytest.mark.parametrize(
    ("strategy", "option", "least", "most"),
    [
        (Strategy.WARM_STANDBY, "snapshot restored to the domain in us-west-2", 1560, 10500),
        (Strategy.PILOT_LIGHT, "snapshot restored to a domain that is built in us-west-2", 2460, 14100),
    ],
)
def test_a_lost_region_costs_what_was_written_since_the_last_snapshot(
    strategy: Strategy, option: str, least: int, most: int
) -> None:
    node = nodes(pair(strategy=str(strategy)), "region")["data-search-domain"]
    assert node.option == option
    # an hour + 60..3600 until it is complete + 0..900 until it has arrived
    assert (node.rpo.low, node.rpo.high) == (3660, 8100)
    assert (node.rto.low, node.rto.high) == (least, most)


def test_a_zone_s_loss_is_a_minute_with_standby_and_none_without(example: dict[str, Deployment]) -> None:
    node = nodes(example, "zone")["data-search-domain"]
    assert (node.rto.high, node.rpo.high) == (0, 0)


@pytest.mark.parametrize("kind", [*PARTS, *(f"own+{kind}" for kind in FURTHER)])
def test_a_runbook_leaves_nothing_open(kind: str) -> None:
    all_is_filled_in(text, kind, texts(kind))


def test_a_region_s_runbook_calls_nothing_of_the_other_one(example: dict[str, Deployment]) -> None:
    for name, region in REGIONS.items():
        said = example[name].one("BucketObjectv2", f"data-runbook-{region}").inputs["content"]
        commands = [line for line in said.splitlines() if line.startswith("    aws ")]
        assert len(commands) == (15 if name == "prod" else 12)
        assert "@" not in said
        assert all(f"--region {region} " in f"{line} " for line in commands)
        assert any('{"takeOver": true}' in line for line in commands) is (name == "dr")


def test_storage_is_watched_where_a_volume_has_it() -> None:
    given = configured("prod", search={"dataType": "r6gd.large.search"})
    del given["holdfast:systems"]["data"]["search"]["volumeGib"]
    prod = deployed("prod", given, {})
    assert prod.one(DOMAIN).inputs["ebsOptions"] == {"ebsEnabled": False}
    assert "data-search-storage" not in {each.name for each in prod.all(ALARM)}
