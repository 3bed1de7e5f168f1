"""The cache as the kind deploys it: what servers are told of it is what the library signs in with, and what they may do."""

from __future__ import annotations

from collections.abc import Mapping

import boto3
import pytest

from functions.query_cache.connecting import arguments
from tests.architectures.three_tier.test_stores import GROUP, REGIONS, STORES, pair, statements, told
from tests.pulumi_mocks import Deployment


@pytest.fixture(scope="module")
def stacks() -> dict[str, Deployment]:
    return pair(**STORES)


@pytest.mark.parametrize("stack", REGIONS)
def test_a_server_signs_in_to_its_own_regions_cache(stacks: Mapping[str, Deployment], stack: str) -> None:
    deployed = stacks[stack]
    found = arguments(told(deployed)["cache"], boto3.Session("AKID", "secret", region_name=REGIONS[stack]))
    group, user = deployed.one(GROUP), deployed.one("aws:elasticache/user:User").inputs
    assert (found["host"], found["port"]) == (
        f"master.web-cache-group.x.{REGIONS[stack]}.cache.amazonaws.com",
        6379,
    )
    assert group.inputs["port"] == found["port"]
    name, token = found["credential_provider"].get_credentials()
    assert user["authenticationMode"] == {"type": "iam"}
    assert name == user["userName"] == user["userId"], "IAM wants both alike"
    made = deployed.made[group.urn]["id"]
    assert token.startswith(f"{made}/?Action=connect&User={name}&X-Amz-Algorithm=AWS4-HMAC-SHA256")
    assert f"%2F{REGIONS[stack]}%2Felasticache%2Faws4_request" in token
    [may] = statements(deployed, "elasticache:")
    assert may["Action"] == "elasticache:Connect"
    if stack == "prod":  # the founder says it for the datastore
        assert group.inputs["transitEncryptionEnabled"] is found["ssl"] is True


def test_what_the_library_asks_is_what_the_user_may(stacks: Mapping[str, Deployment]) -> None:
    for each in stacks.values():
        access = each.one("aws:elasticache/user:User").inputs["accessString"]
        assert access == "on ~* &* +@all -@admin", (
            "GET, SET and DEL of any key: none of them is an administrator's"
        )
