"""Endpoints of RDS proxies: on the sandbox's AWS, and by the provider's row."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.rds_world import cluster
from tests.sandbox.test_rds_rows import Made

SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db"
READS = {"DBProxyName": "pool", "DBProxyEndpointName": "reads", "TargetRole": "READ_ONLY"}


@pytest.fixture
def subnets(boto: Any) -> list[str]:
    return [each["SubnetId"] for each in boto("ec2").describe_subnets()["Subnets"]][:2]


@pytest.fixture
def proxy(boto: Any, subnets: list[str]) -> dict[str, Any]:
    """A proxy with nothing behind it."""
    found: dict[str, Any] = boto("rds").create_db_proxy(
        DBProxyName="pool",
        EngineFamily="POSTGRESQL",
        Auth=[{"AuthScheme": "SECRETS", "SecretArn": SECRET, "IAMAuth": "REQUIRED"}],
        RoleArn="arn:aws:iam::123456789012:role/pool",
        VpcSubnetIds=subnets,
    )["DBProxy"]
    return found


def behind(boto: Any, members: int) -> None:
    cluster(boto, members=members)
    boto("rds").register_db_proxy_targets(
        DBProxyName="pool", TargetGroupName="default", DBClusterIdentifiers=["db"]
    )


def test_one_for_reading_needs_a_reader(boto: Any, proxy: dict[str, Any], subnets: list[str]) -> None:
    def make() -> dict[str, Any]:
        found: dict[str, Any] = boto("rds").create_db_proxy_endpoint(**READS, VpcSubnetIds=subnets)
        return found["DBProxyEndpoint"]

    with pytest.raises(ClientError, match="InvalidDBProxyStateFault"):
        make()
    behind(boto, members=1)
    with pytest.raises(ClientError, match="InvalidDBProxyStateFault"):
        make()
    boto("rds").create_db_instance(
        DBInstanceIdentifier="db-1",
        DBInstanceClass="db.r6g.large",
        Engine="aurora-postgresql",
        DBClusterIdentifier="db",
    )
    made = make()
    assert made["Endpoint"].startswith("reads.endpoint.")
    assert (made["TargetRole"], made["IsDefault"]) == ("READ_ONLY", False)
    assert made["VpcSecurityGroupIds"] == proxy["VpcSecurityGroupIds"]
    with pytest.raises(ClientError, match="DBProxyEndpointAlreadyExistsFault"):
        make()


def test_what_is_not_there_or_can_not_be_is_refused(boto: Any, proxy: Any, subnets: list[str]) -> None:
    rds = boto("rds")
    with pytest.raises(ClientError, match="DBProxyNotFoundFault"):
        rds.create_db_proxy_endpoint(**{**READS, "DBProxyName": "none"}, VpcSubnetIds=subnets)
    with pytest.raises(ClientError, match="TargetRole is WRITES"):
        rds.create_db_proxy_endpoint(**{**READS, "TargetRole": "WRITES"}, VpcSubnetIds=subnets)
    with pytest.raises(ClientError, match="DBProxyEndpointNotFoundFault"):
        rds.describe_db_proxy_endpoints(DBProxyEndpointName="reads")
    for number in range(20):
        given = {**READS, "DBProxyEndpointName": f"e{number}", "TargetRole": "READ_WRITE"}
        rds.create_db_proxy_endpoint(**given, VpcSubnetIds=subnets)
    with pytest.raises(ClientError, match="DBProxyEndpointQuotaExceededFault"):
        rds.create_db_proxy_endpoint(**{**READS, "TargetRole": "READ_WRITE"}, VpcSubnetIds=subnets)
    rds.delete_db_proxy(DBProxyName="pool")
    assert rds.describe_db_proxy_endpoints()["DBProxyEndpoints"] == [], "a proxy takes them along"


def test_the_row_makes_reads_changes_replaces_and_removes(
    boto: Any, provider: Any, proxy: Any, subnets: list[str]
) -> None:
    behind(boto, members=2)
    made = Made(
        provider,
        "aws:rds/proxyEndpoint:ProxyEndpoint",
        dbProxyName="pool",
        dbProxyEndpointName="reads",
        targetRole="READ_ONLY",
        vpcSubnetIds=subnets,
        tags={"owner": "team"},
    )
    assert made.id == "pool/reads"
    assert ":db-proxy-endpoint:" in made.outputs["arn"]
    assert made.outputs["endpoint"].startswith("reads.endpoint.")
    assert made.read()["targetRole"] == "READ_ONLY"
    made.update(vpcSecurityGroupIds=["sg-1"], tags={"owner": "new"})
    [found] = boto("rds").describe_db_proxy_endpoints(DBProxyName="pool")["DBProxyEndpoints"]
    assert found["VpcSecurityGroupIds"] == ["sg-1"]
    assert boto("rds").list_tags_for_resource(ResourceName=found["DBProxyEndpointArn"])["TagList"] == [
        {"Key": "owner", "Value": "new"}
    ]
    for name, other in {
        "dbProxyName": "other",
        "dbProxyEndpointName": "other",
        "targetRole": "READ_WRITE",
        "vpcSubnetIds": ["subnet-1"],
    }.items():
        assert made.diff(**{name: other}).replaces == [name]
    made.delete()
    assert made.read() is None
    made.delete()
