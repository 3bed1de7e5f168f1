"""What each setting changes: these properties get these values, and nothing else changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.architectures.conftest import PEER, outputs, run
from tests.architectures.wiring import label
from tests.pulumi_mocks import Deployment
from tests.test_settings import configuration

GONE, NEW = "gone", "new"
ANEW = {
    "BucketObjectv2 web-runbook-us-east-1.content",  # names what is there: three_tier/test_runbook.py
    "Cluster web-db-cluster.masterPasswordWo",
    "SecretVersion web-db-master-version.secretStringWo.password",
}
"""What every run makes anew, and AWS is given in the first one only; and a text about everything."""
Effects = Mapping[str, tuple[Any, Mapping[str, Any]]]

_GROUP, _TEMPLATE, _CLUSTER = (
    "Group web-app-group",
    "LaunchTemplate web-app-template",
    "Cluster web-db-cluster",
)
_MIXED = f"{_GROUP}.mixedInstancesPolicy"
_LOCKS = (
    "VaultLockConfiguration base-backup-vault-lock",
    "VaultLockConfiguration base-backup-peer-vault-lock",
)
_TAKEN = "StateMachine web-takeover-machine.definition.States.Move.Branches[0].States"
_SHIFT = "ZonalAutoshiftConfiguration web-zonal-autoshift"
_CONNECTIONS = "MetricAlarm web-health-connections"
_DATABASES = ("ClusterInstance web-db-use1-az1", "ClusterInstance web-db-use1-az2")


def _kept(rule: int, days: int) -> dict[str, Any]:
    lifecycle = f"Plan base-backup-plan.rules[{rule}]"
    return {f"{lifecycle}.{part}lifecycle.deleteAfter": days for part in ("", "copyActions[0].")}


TOGETHER: Effects = {
    "network.flowLogRetentionDays": (30, {"LogGroup base-net-flow-logs.retentionInDays": 30}),
    "network.interfaceEndpoints": (
        ["ssm", "ssmmessages", "ec2messages", "logs", "secretsmanager", "sts"],
        {"VpcEndpoint base-net-endpoint-kms": GONE, "VpcEndpoint base-net-endpoint-sts": NEW},
    ),
    "backup.timesADay": (2, {"Plan base-backup-plan.rules[0].schedule": "cron(0 5/12 ? * * *)"}),
    "backup.dailyRetentionDays": (36, _kept(0, 36)),
    "backup.weeklyRetentionDays": (121, _kept(1, 121)),
    "backup.monthlyRetentionDays": (
        366,
        {**_kept(2, 366), **{f"{lock}.maxRetentionDays": 366 for lock in _LOCKS}},
    ),
    "backup.vaultLock": ("compliance", {f"{lock}.changeableForDays": 7 for lock in _LOCKS}),
    "operations.alarmEmails": (
        ["a@example.com"],
        {"TopicSubscription base-alerts-email-a-example-com": NEW},
    ),
    "systems.web.autoshift.blockedWindows": (
        ["Mon:08:00-Mon:18:00"],
        {f"{_SHIFT}.blockedWindows[0]": "Mon:08:00-Mon:18:00"},
    ),
    "systems.web.autoshift.blockedDates": (["2026-12-24"], {f"{_SHIFT}.blockedDates[0]": "2026-12-24"}),
    "systems.web.firewall.rateLimit": (
        100,
        {
            f"WebAcl {acl}.rules[0].statement.rateBasedStatement.limit": 100
            for acl in ("web-firewall-acl", "web-content-firewall-acl")
        },
    ),
    "systems.web.firewall.countOnly": (
        ["NoUserAgent_HEADER"],
        {
            f"WebAcl {acl}.rules[3].statement.managedRuleGroupStatement.ruleActionOverrides[0].name": "NoUserAgent_HEADER"
            for acl in ("web-firewall-acl", "web-content-firewall-acl")
        },
    ),
    "systems.web.compute.instanceTypes": (
        ["m7g.xlarge", "m6g.large", "c7g.large"],
        {
            f"{_MIXED}.launchTemplate.overrides[0].instanceType": "m7g.xlarge",
            f"{_TEMPLATE}.instanceType": "m7g.xlarge",
        },
    ),
    "systems.web.compute.requiredInstances": (
        5,
        {
            f"{_GROUP}.minSize": 9,
            f"{_GROUP}.desiredCapacity": 9,
            f"{_GROUP}.minElbCapacity": 9,
            f"{_GROUP}.tags[8].value": "5",
            **{f"MetricAlarm web-app-healthy-use1-az{zone}.threshold": 3 for zone in (1, 2, 4)},
            **{
                f"MetricAlarm web-app-healthy-use1-az{zone}.alarmDescription": (
                    f"web-app: fewer than 3 healthy in use1-az{zone}. Shift the zone if it lasts."
                )
                for zone in (1, 2, 4)
            },
            **{
                f"{_TAKEN}.{path}": 9
                for path in (
                    "EnoughServers.Choices[0].NumericLessThan",
                    "EnoughServers.Choices[1].NumericGreaterThanEquals",
                    "StartServers.Parameters.DesiredCapacity",
                    "StartServers.Parameters.MinSize",
                )
            },
        },
    ),
    "systems.web.compute.maximumInstances": (30, {f"{_GROUP}.maxSize": 30}),
    "systems.web.compute.warmPool": (
        True,
        {
            f"{_GROUP}.warmPool.instanceReusePolicy.reuseOnScaleIn": True,
            f"{_GROUP}.warmPool.minSize": 0,
            f"{_GROUP}.warmPool.poolState": "Stopped",
        },
    ),
    "systems.web.stickySeconds": (
        604_800,
        {
            "TargetGroup web-lb-tg.stickiness.enabled": True,
            "TargetGroup web-lb-tg.stickiness.cookieDuration": 604_800,
        },
    ),
    "systems.web.database.engineVersion": (
        "17.9",
        {f"{_CLUSTER}.engineVersion": "17.9", "GlobalCluster web-db-global.engineVersion": "17.9"},
    ),
    "systems.web.database.instanceClass": (
        "db.r6g.xlarge",
        {
            **{f"{instance}.instanceClass": "db.r6g.xlarge" for instance in _DATABASES},
            f"{_CONNECTIONS}.threshold": 2522,
            f"{_CONNECTIONS}.alarmDescription": "DatabaseConnections is above 2522",
        },
    ),
    "systems.web.database.name": (
        "other",
        {f"{_CLUSTER}.databaseName": "other", "Parameter web-facts.value.name": "other"},
    ),
    "systems.web.database.masterUsername": (
        "other",
        {
            f"{_CLUSTER}.masterUsername": "other",
            "SecretVersion web-db-master-version.secretStringWo.username": "other",
        },
    ),
    "systems.web.database.backupRetentionDays": (34, {f"{_CLUSTER}.backupRetentionPeriod": 34}),
    "systems.web.database.rotationDays": (
        7,
        {"SecretRotation web-db-rotation-schedule.rotationRules.automaticallyAfterDays": 7},
    ),
    "systems.web.database.dataGib": (
        101,
        {
            f"{store}.tags.dr:data-gib": "101"
            for store in (_CLUSTER, *_DATABASES, "GlobalCluster web-db-global")
        },
    ),
}
"""Settings that can all be changed at once: key -> new value, and what it changes in the founder."""

APART: Effects = {
    "network.nat": (
        "single",
        {
            **{
                f"{kind} base-net-nat-use1-az{zone}": GONE
                for kind in ("Eip", "NatGateway")
                for zone in (2, 4)
            },
            **{
                f"Route base-net-private-use1-az{zone}-nat.natGatewayId": "base-net-nat-use1-az1-id"
                for zone in (2, 4)
            },
        },
    ),
    "systems.web.autoshift.enabled": (False, {_SHIFT: GONE}),
    "systems.web.withdrawn": (True, {"Record web-site-site-record": GONE}),
    "systems.web.compute.spotAboveBase": (
        True,
        {
            f"{_GROUP}.capacityRebalance": True,
            f"{_MIXED}.instancesDistribution.onDemandBaseCapacity": 6,
            f"{_MIXED}.instancesDistribution.onDemandPercentageAboveBaseCapacity": 0,
            f"{_MIXED}.instancesDistribution.spotAllocationStrategy": "price-capacity-optimized",
        },
    ),
    "systems.web.database.multiAz": (False, {_DATABASES[1]: GONE}),
}
"""Settings that don't go with some of the others."""


def leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Each plain value with its path, also within JSON text."""
    if isinstance(value, str) and value.startswith("{"):
        value = json.loads(value)
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{place}]")
    else:
        yield path, value


def changes(before: Deployment, after: Deployment) -> dict[str, Any]:
    """Each property that differs, with its new value; resources that came or went by their names alone."""
    old, new = (
        {label(r): dict(leaves(r.inputs, label(r))) for r in found.resources if r.type.startswith("aws:")}
        for found in (before, after)
    )
    found: dict[str, Any] = dict.fromkeys(old.keys() - new.keys(), GONE)
    found |= dict.fromkeys(new.keys() - old.keys(), NEW)
    for name in old.keys() & new.keys():
        for path in (old[name].keys() | new[name].keys()) - ANEW:
            if old[name].get(path) != new[name].get(path):
                found[path] = new[name].get(path)
    return found


def set_to(values: Mapping[str, Any], stack: str = "prod") -> dict[str, Any]:
    """Changes of the stack's configuration for `run`: settings by key, `web`'s as `systems.web...`."""
    config = configuration(stack)
    changed = {}
    for key, value in values.items():
        *path, last = f"holdfast:{key}".split(".")
        section = config
        for part in path:
            section = section[part]
        section[last] = value
        top = key.split(".")[0]
        changed[top] = config[f"holdfast:{top}"]
    return changed


def effect_of(effects: Effects) -> tuple[dict[str, Any], dict[str, Any]]:
    """All those settings changed at once, and what must come of it."""
    expected: dict[str, Any] = {}
    for _, effect in effects.values():
        expected |= effect
    return {key: value for key, (value, _) in effects.items()}, expected


@pytest.mark.parametrize("effects", [TOGETHER, APART], ids=["together", "apart"])
def test_a_setting_changes_what_it_says_and_nothing_else(prod: Deployment, effects: Effects) -> None:
    values, expected = effect_of(effects)
    assert changes(prod, run("prod", {}, **set_to(values))) == expected


def test_the_standby_keeps_its_fraction(prod: Deployment, dr: Deployment) -> None:
    more = run("dr", {PEER: outputs(prod)}, **set_to({"systems.web.standbyFraction": 0.8}, "dr"))
    found = changes(dr, more)
    assert {path: value for path, value in found.items() if path.startswith(_GROUP)} == {
        f"{_GROUP}.minSize": 6,  # 4.8 of 6 are 5, and two a zone
        f"{_GROUP}.desiredCapacity": 6,
        f"{_GROUP}.minElbCapacity": 6,
    }
    assert {path.split(".")[0] for path in found} <= {
        _GROUP,
        *(f"MetricAlarm web-app-healthy-usw2-az{n}" for n in (1, 2, 3)),
    }


def test_a_standby_under_spot_has_its_full_size_on_demand_when_it_takes_over(prod: Deployment) -> None:
    spot = {"systems.web.compute.spotAboveBase": True}
    standby = run("dr", {PEER: outputs(prod)}, **set_to(spot, "dr")).one("aws:autoscaling/group:Group").inputs
    assert standby["minSize"] == 3
    assert standby["mixedInstancesPolicy"]["instancesDistribution"]["onDemandBaseCapacity"] == 6


def test_the_image_is_that_of_the_parameter() -> None:
    named = run("prod", {}, **set_to({"systems.web.compute.imageParameter": "/golden/image"}))
    asked = [args["name"] for token, args in named.invokes if token == "aws:ssm/getParameter:getParameter"]
    assert asked == ["/golden/image"]


def test_a_release_keeps_its_image() -> None:
    named = run("prod", {}, **set_to({"systems.web.compute.imageRelease": "2026-12"}))
    assert named.one("pulumi:index:Stash").name == "web-app-image-2026-12"


def test_an_image_that_is_given_is_the_one(prod: Deployment) -> None:
    given = run("prod", {}, **set_to({"systems.web.compute.imageId": "ami-00000000000000001"}))
    assert changes(prod, given) == {f"{_TEMPLATE}.imageId": "ami-00000000000000001"}
    assert not given.all("pulumi:index:Stash")


def test_another_engine_is_another_engine_everywhere(prod: Deployment) -> None:
    engine = {"engine": "aurora-mysql", "engineVersion": "8.0.mysql_aurora.3.08.2"}
    found = changes(
        prod, run("prod", {}, **set_to({f"systems.web.database.{k}": v for k, v in engine.items()}))
    )
    for path in (_CLUSTER, "GlobalCluster web-db-global", *_DATABASES):
        assert found[f"{path}.engine"] == "aurora-mysql"
    assert found[f"{_CLUSTER}.port"] == 3306
    assert found["SecurityGroupIngressRule web-sg-database-from-app.fromPort"] == 3306
    assert found["SecurityGroupEgressRule web-sg-app-to-database.fromPort"] == 3306
    facts = "Parameter web-facts.value"
    assert (found[f"{facts}.port"], found[f"{facts}.engine"]) == (3306, "aurora-mysql")
