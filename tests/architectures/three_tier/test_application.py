"""What the application of each region is told, and what it may do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.architectures.conftest import outputs
from tests.pulumi_mocks import Deployment

SECRETS = {
    "prod": "arn:aws:mock:us-east-1:123456789012:web-db-master-secret",
    "dr": "arn:aws:mock:us-west-2:123456789012:web-db-master-secret",
}
REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}


@pytest.fixture(params=["prod", "dr"])
def side(request: pytest.FixtureRequest) -> tuple[str, Deployment]:
    return request.param, request.getfixturevalue(request.param)


def statements(stack: Deployment) -> list[dict[str, Any]]:
    return json.loads(stack.one("RolePolicy", "web-app-policy").inputs["policy"])["Statement"]


def test_the_role_reads_this_regions_copy_of_the_secret_and_nothing_else(
    side: tuple[str, Deployment],
) -> None:
    name, stack = side
    parameter, secret, key = statements(stack)
    assert parameter["Action"] == "ssm:GetParameter"
    assert secret["Action"] == ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
    assert secret["Resource"] == SECRETS[name]
    assert key["Action"] == "kms:Decrypt"
    assert f":{REGIONS[name]}:" in key["Resource"]
    assert key["Resource"] == stack.one("aws:rds/cluster:Cluster").inputs["kmsKeyId"]
    via = f"secretsmanager.{REGIONS[name]}.amazonaws.com"
    assert key["Condition"] == {"StringEquals": {"kms:ViaService": via}}


def test_the_application_is_told_where_its_database_is_and_which_secret_opens_it(
    side: tuple[str, Deployment],
) -> None:
    name, stack = side
    told = json.loads(stack.one("Parameter", "web-facts").inputs["value"])
    cluster = stack.one("aws:rds/cluster:Cluster").name
    assert told == {
        "engine": "aurora-postgresql",
        "hosts": [
            f"{cluster}.cluster-x.{REGIONS[name]}.rds.amazonaws.com",
            f"{cluster}.cluster-ro-x.{REGIONS[name]}.rds.amazonaws.com",
        ],
        "port": 5432,
        "name": "app",
        "secret": SECRETS[name],
        "authority": "/srv/app/authority.pem",
    }


def test_the_secret_is_replicated_to_the_region_that_reads_the_replica(
    prod: Deployment, dr: Deployment
) -> None:
    (replica,) = prod.one("aws:secretsmanager/secret:Secret").inputs["replicas"]
    assert replica["region"] == "us-west-2"
    assert outputs(prod)["systems"]["web"]["databases"]["original"]["secretReplicaArn"] == SECRETS["dr"]
    assert not dr.all("aws:secretsmanager/secret:Secret")


def test_nobody_is_sent_to_a_region_before_its_group_runs(side: tuple[str, Deployment]) -> None:
    _, stack = side
    group = stack.one("aws:autoscaling/group:Group")
    waiting = {r.name for r in stack.all("Record") if group.urn in r.dependencies}
    own = f"web-site-{REGIONS[side[0]]}-record"
    assert own in waiting
    assert not [name for name in waiting if "sorry" in name]  # the last resort needs no group
    site = stack.one("Record", "web-site-site-record")
    assert group.urn in site.dependencies or stack.one("Record", own).urn in site.dependencies


def test_the_page_of_last_resort_is_written_once_it_is_replicated(prod: Deployment) -> None:
    page = prod.one("BucketObjectv2", "web-content-sorry-site-index.html")
    assert prod.one("BucketReplicationConfig", "web-content-sorry-replication").urn in page.dependencies


def test_the_certificates_with_the_same_names_come_one_after_the_other(prod: Deployment) -> None:
    issued = prod.one("CertificateValidation", "web-content-tls-issued")
    for part in ("Certificate", "CertificateValidation"):
        found = next(r for r in prod.all(part) if r.name.startswith("web-tls-"))
        assert issued.urn in found.dependencies
