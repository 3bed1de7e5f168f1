"""Two environments with two systems each, in both regions of one account: nothing is called the same.

Names are found by what AWS names a thing by: the properties that make up its import id, and its name; a reference names another thing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from sandbox.provider import schema
from sandbox.provider.derived.importform import form
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.three_tier.test_stores import STORES
from tests.pulumi_mocks import Deployment, Registered
from tests.test_settings import configuration

CONTAINERS = {
    "kind": "containers",
    "executeCommand": True,
    "bears": ["zone-power", "cross-region"],
    "services": {
        "web": {
            "image": f"sha256:{'0' * 64}",
            "port": 80,
            "path": "/",
            "sends": ["w" * 20],
            "discovered": True,
            "readOnly": False,
        },
        "w" * 20: {
            "image": f"sha256:{'0' * 64}",
            "port": 80,
            "path": "/w",
            "deployment": "blue-green",
            "queue": {},
            "readOnly": False,
        },
    },
}
REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}
DISK = {
    "strategy": "backup-and-restore",
    "bears": ["zone-power", "cross-region"],
    "address": "192.168.255.1",
    "disk": {"sizeGb": 1},
}
PAIR = {
    "strategy": "warm-standby",
    "bears": ["zone-power", "cross-region"],
    "disk": {"sizeGb": 10, "snapshots": "hourly"},
}
GLOBAL = {
    "aws:s3/bucket:Bucket",
    "aws:rds/globalCluster:GlobalCluster",
    "aws:cloudfront/distribution:Distribution",
}
"""Types with a `region` whose names are unique beyond it."""
EXPERIMENTS = ["instance", "database", "zone-power", "cross-region"]
SIDES = ("setIdentifier", "type")
"""What tells records of one DNS name apart."""
DNS = {"aws:route53/record:Record", "aws:route53/zone:Zone", "aws:cloudfront/distribution:Distribution"}
"""Types whose names the settings' domain makes unique."""
INSIDE = {"aws:servicediscovery/service:Service"}
"""Types whose names stand within a thing that has a name of its own: a service in its namespace."""
LIMITS = {
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": 50,  # AWS Backup, API_RestoreTestingPlanForCreate
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": 50,  # the same
    "aws:backup/vault:Vault": 50,  # AWS Backup, API_CreateBackupVault
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": 255,  # CloudWatch, API_PutCompositeAlarm
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": 253,  # CloudWatch Logs, API_PutResourcePolicy, which gives none
    "aws:cloudwatch/logGroup:LogGroup": 512,  # CloudWatch Logs, API_CreateLogGroup
    "aws:ecr/repository:Repository": 256,  # ECR, API_CreateRepository
    "aws:ecs/cluster:Cluster": 255,  # ECS, API_CreateCluster
    "aws:elasticache/replicationGroup:ReplicationGroup": 40,  # ElastiCache, API_CreateReplicationGroup
    "aws:elasticache/user:User": 40,  # the same, API_CreateUser
    "aws:elasticache/userGroup:UserGroup": 40,  # the same, Clusters.RBAC
    "aws:kms/alias:Alias": 256,  # KMS, API_CreateAlias
    "aws:rds/cluster:Cluster": 63,  # RDS, API_CreateDBCluster
    "aws:rds/globalCluster:GlobalCluster": 63,  # RDS, API_CreateGlobalCluster
    "aws:servicediscovery/httpNamespace:HttpNamespace": 1024,  # Cloud Map, API_CreateHttpNamespace
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": 253,  # Cloud Map, API_CreatePrivateDnsNamespace
    "aws:sfn/stateMachine:StateMachine": 80,  # Step Functions, API_CreateStateMachine
    "aws:ssm/parameter:Parameter": 1011,  # Systems Manager, API_PutParameter
}


@dataclass(frozen=True)
class Name:
    """A name that the program fixes, and within what it must be unique."""

    type: str
    scope: str
    value: str
    side: tuple[Any, ...] = ()


def names(resource: Registered, home: str) -> Iterator[Name]:
    """The fixed names of a resource of a stack in region `home`."""
    if resource.type in INSIDE:
        return
    inputs = schema.schema(resource.type).inputs
    everywhere = resource.type in GLOBAL or "region" not in inputs
    scope = "everywhere" if everywhere else resource.inputs.get("region", home)
    side = tuple(resource.inputs.get(key) for key in SIDES)
    for key in dict.fromkeys((*form(resource.type).parts, "name", "aliases")):
        value = resource.inputs.get(key)
        if key not in inputs or resource.property_dependencies.get(key):
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) and not each.startswith("arn:"):
                yield Name(resource.type, scope, each, side)


def found(deployment: Deployment, stack: str) -> list[Name]:
    return [
        name
        for resource in deployment.resources
        if resource.type.startswith("aws:")
        for name in names(resource, REGIONS[stack])
    ]


SYSTEM, SYSTEMS = "s" * 20, ("w" * 17, "orders")
"""The stack's, as long as settings allow, and two of a kind, one of them as long."""


def environment(name: str, domain: str) -> list[Name]:
    """The fixed names of both stacks of an environment."""
    seen: list[Name] = []
    peers: dict[str, Any] = {}
    for stack in REGIONS:
        config = configuration(stack)
        config |= {
            "holdfast:environment": name,
            "holdfast:dns": {"domain": domain},
            "holdfast:system": SYSTEM,
        }
        config["holdfast:systems"] = {
            each: {"kind": "three-tier", "site": f"{each}.{domain}", "experiments": EXPERIMENTS}
            for each in SYSTEMS
        } | {"inner": {"kind": "three-tier", "experiments": EXPERIMENTS}}
        config["holdfast:systems"][SYSTEMS[0]] |= STORES
        config["holdfast:systems"]["inner"] |= STORES
        config["holdfast:systems"]["pair"] = {"kind": "active-standby", "site": f"pair.{domain}", **PAIR}
        config["holdfast:systems"]["disk"] = {"kind": "replicated-disk", **DISK}
        config["holdfast:systems"][f"{SYSTEMS[0][:-1]}c"] = CONTAINERS
        run = deployed(stack, config, peers)
        peers = {PEER: outputs(run)}
        seen += found(run, stack)
    return seen


@pytest.fixture(scope="module")
def development() -> list[Name]:
    """Of the environment with the longest name."""
    return environment("development", "one.example")


def test_names_are_found(development: list[Name]) -> None:
    assert {name.type for name in development} == {*LIMITS, *DNS}


def test_no_name_stands_twice(development: list[Name]) -> None:
    every = Counter(development + environment("staging", "two.example"))
    assert len(every) > 80
    assert [name for name, times in every.items() if times > 1] == []


def test_the_same_environment_twice_would_be_seen(development: list[Name]) -> None:
    assert all(times == 2 for times in Counter(development + development).values())


def test_fixed_names_carry_system_and_environment(
    development: list[Name], prod: Deployment, dr: Deployment
) -> None:
    mine = [name.value for name in development if name.type not in DNS]
    assert len(mine) > 15
    for value in mine:
        assert SYSTEM in value
        assert "development" in value or re.search(r"-[0-9a-f]{6}\b", value), (
            "shortened, with a hash of the rest"
        )
    for name in found(prod, "prod") + found(dr, "dr"):
        assert name.type in DNS or ("shop" in name.value and "production" in name.value)


def test_the_longest_names_that_settings_allow_fit(development: list[Name]) -> None:
    assert max(len(name.value) for name in development) > 45
    for name in development:
        assert len(name.value) <= LIMITS.get(name.type, 253), name
