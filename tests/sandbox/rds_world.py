"""Networks, groups and databases that the tests of RDS share, made with boto3."""

from __future__ import annotations

from typing import Any

PASSWORD = "correct-horse-battery"


def groups(boto, region: str = "us-east-1", zones: int = 3) -> tuple[str, list[str]]:
    """A subnet group over some zones; its name and the zones."""
    ec2 = boto("ec2", region)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    names = [f"{region}{letter}" for letter in "abc"[:zones]]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=name)["Subnet"]["SubnetId"]
        for n, name in enumerate(names)
    ]
    name = f"group-{region}"
    boto("rds", region).create_db_subnet_group(
        DBSubnetGroupName=name, DBSubnetGroupDescription="data", SubnetIds=subnets
    )
    return name, names


def instance(boto, identifier: str = "db", region: str = "us-east-1", **more: Any) -> dict[str, Any]:
    base = {
        "DBInstanceIdentifier": identifier,
        "DBInstanceClass": "db.m7g.large",
        "Engine": "postgres",
        "EngineVersion": "16.8",
        "AllocatedStorage": 100,
        "MasterUsername": "holdfast",
        "MasterUserPassword": PASSWORD,
    }
    return boto("rds", region).create_db_instance(**{**base, **more})["DBInstance"]


def cluster(
    boto, identifier: str = "db", region: str = "us-east-1", members: int = 2, **more: Any
) -> dict[str, Any]:
    """An Aurora cluster with members in different zones."""
    rds = boto("rds", region)
    credentials = {"MasterUsername": "holdfast", "MasterUserPassword": PASSWORD}
    if more.pop("joined", False):
        credentials = {}
    made = rds.create_db_cluster(
        DBClusterIdentifier=identifier,
        Engine="aurora-postgresql",
        EngineVersion="16.8",
        **credentials,
        **more,
    )["DBCluster"]
    for number in range(members):
        rds.create_db_instance(
            DBInstanceIdentifier=f"{identifier}-{number}",
            DBInstanceClass="db.r7g.large",
            DBClusterIdentifier=identifier,
            Engine="aurora-postgresql",
            AvailabilityZone=f"{region}{'abc'[number]}",
            PromotionTier=number,
        )
    return made


def global_database(boto) -> tuple[str, str]:
    """A global database that writes in us-east-1 and has a member in us-west-2; the ARNs of both clusters."""
    boto("rds").create_global_cluster(
        GlobalClusterIdentifier="shop",
        Engine="aurora-postgresql",
        EngineVersion="16.8",
        DeletionProtection=False,
    )
    east = cluster(boto, "east", GlobalClusterIdentifier="shop")
    west = cluster(boto, "west", "us-west-2", GlobalClusterIdentifier="shop", joined=True)
    return east["DBClusterArn"], west["DBClusterArn"]


def members(boto, region: str = "us-east-1") -> dict[str, bool]:
    """ARN of each member of the global database, and whether it writes."""
    (found,) = boto("rds", region).describe_global_clusters(GlobalClusterIdentifier="shop")["GlobalClusters"]
    return {member["DBClusterArn"]: member["IsWriter"] for member in found["GlobalClusterMembers"]}
