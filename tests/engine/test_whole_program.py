"""The repository's own program on the Pulumi CLI: both stacks up, up again, changed plans, down. In the order of the file."""

from __future__ import annotations

import pytest

from sandbox.aws import server

STATEFUL = (
    "aws:rds/", "aws:s3/bucket:Bucket", "aws:kms/", "aws:route53/zone:Zone", "aws:backup/vault:Vault",
    "aws:secretsmanager/secret:Secret", "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet",
)  # fmt: skip


def type_of(urn: str) -> str:
    return urn.split("::")[2].rsplit("$", 1)[-1]


def name_of(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]


@pytest.fixture(scope="module")
def deployed(holdfast):
    holdfast("up").ok()
    return holdfast


def plan(deployed, stack, change):
    """The steps that a changed configuration of one stack plans, by URN. Never a replacement of what keeps data."""
    with deployed.changed(stack, change):
        steps = deployed("preview", "--stack", stack).ok().stack(stack)["steps"]
    lost = {
        urn: op
        for urn, op in steps.items()
        if op in ("replace", "delete") and type_of(urn).startswith(STATEFUL)
    }
    assert lost == {}
    return steps


def test_a_preview_with_everything_unknown_works(holdfast):
    found = holdfast("preview", "--stack", "prod").ok().stack("prod")
    assert set(found["steps"].values()) == {"create"}
    assert found["violations"] == [] or all(each["level"] == "advisory" for each in found["violations"])


def test_a_second_up_changes_nothing(deployed):
    again = deployed("up").ok()
    assert (again.stack("prod")["steps"], again.stack("dr")["steps"]) == ({}, {})
    assert all(
        each["level"] != "mandatory" for name in ("prod", "dr") for each in again.stack(name)["violations"]
    )


def test_another_instance_type_changes_the_launch_template_and_the_group(deployed):
    def bigger(config):
        config["holdfast:systems"]["web"]["compute"]["instanceTypes"] = [
            "m7g.xlarge",
            "m6g.xlarge",
            "c7g.xlarge",
        ]

    steps = plan(deployed, "prod", bigger)
    assert steps
    assert set(steps.values()) == {"update"}
    assert {type_of(urn) for urn in steps} <= {
        "aws:ec2/launchTemplate:LaunchTemplate",
        "aws:autoscaling/group:Group",
    }


def test_another_endpoint_is_created_and_nothing_else(deployed):
    def one_more(config):
        config["holdfast:network"]["interfaceEndpoints"].append("monitoring")

    steps = plan(deployed, "prod", one_more)
    assert {(type_of(urn), op) for urn, op in steps.items()} == {
        ("aws:ec2/vpcEndpoint:VpcEndpoint", "create")
    }
    assert len(steps) == 1


def test_a_fourth_zone_adds_and_replaces_nothing(deployed):
    def wider(config):
        config["holdfast:network"]["zones"].append("use1-az5")

    steps = plan(deployed, "prod", wider)
    subnets = [urn for urn, op in steps.items() if type_of(urn) == "aws:ec2/subnet:Subnet" and op == "create"]
    assert len(subnets) == 3
    assert all("use1-az5" in name_of(urn) for urn in subnets)
    assert "replace" not in steps.values()
    assert "delete" not in steps.values()


def test_down_leaves_nothing_in_aws(deployed):
    aws = server.running(deployed.state)
    results = deployed.engine().down(deployed.choices("prod", "dr"), lambda _: None)
    assert [(result.name, result.errors) for result in results] == [("dr", []), ("prod", [])]
    assert server.running(deployed.state) == aws
    for region in ("us-east-1", "us-west-2"):
        assert deployed.vpcs(region) == []
        assert deployed.boto("rds", region).describe_db_clusters()["DBClusters"] == []
        assert deployed.boto("elbv2", region).describe_load_balancers()["LoadBalancers"] == []
        assert deployed.boto("autoscaling", region).describe_auto_scaling_groups()["AutoScalingGroups"] == []
        assert deployed.boto("backup", region).list_backup_vaults()["BackupVaultList"] == []
        assert deployed.boto("sns", region).list_topics()["Topics"] == []
        assert deployed.boto("secretsmanager", region).list_secrets()["SecretList"] == []
    assert deployed.boto("rds").describe_global_clusters()["GlobalClusters"] == []
    assert deployed.boto("route53").list_hosted_zones()["HostedZones"] == []
    assert deployed.boto("route53").list_health_checks()["HealthChecks"] == []
    assert deployed.boto("s3").list_buckets()["Buckets"] == []
    assert deployed.boto("cloudfront").list_distributions()["DistributionList"].get("Items", []) == []
    # Settings of the region, which others in the account rely on, stay as they are.
    assert set(aws.call("GET", "/sandbox/recorded")) == {
        f"{service}/{region}/{what}"
        for region in ("us-east-1", "us-west-2")
        for service, what in (("backup", "RegionSettings"), ("ec2", "EncryptionByDefault"))
    }
