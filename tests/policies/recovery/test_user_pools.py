"""User pools: in one region each, and their users come over where a function knows them."""

from __future__ import annotations

import dataclasses

import pytest

from policies.graph import UNKNOWN, Resource
from policies.recovery import judge
from policies.recovery.model import Failure, Step, Verdict
from tests.policies.recovery.build import TIER1, home, node, res

POOL, IDENTITIES = "aws:cognito/userPool:UserPool", "aws:cognito/identityPool:IdentityPool"
REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}


def users(stack: str, *, migrates: bool) -> list[Resource]:
    """A pool whose function reads a table, with a client and an identity pool."""
    table = res("table", "accounts", {"tags": TIER1, "pointInTimeRecovery": {"enabled": True}}, stack=stack)
    function = res("lambda", "identify", {"tags": TIER1}, stack=stack, environment=table)
    asked = {"lambdaConfig": {"userMigration": UNKNOWN}} if migrates else {}
    pool = res(POOL, "pool", {"tags": TIER1, **asked}, stack=stack, lambdaConfig=function)
    if not migrates:
        pool = res(POOL, "pool", {"tags": TIER1}, stack=stack)
    client = res("aws:cognito/userPoolClient:UserPoolClient", "client", stack=stack, userPoolId=pool)
    taker = res(IDENTITIES, "identities", stack=stack, cognitoIdentityProviders=[pool, client])
    return [table, function, pool, client, taker]


def both(prod: bool, dr: bool) -> list[Resource]:
    """Pools of two regions, which migrate users or don't."""
    return [
        dataclasses.replace(each, provider={"region": region})
        for (stack, region), migrates in zip(REGIONS.items(), (prod, dr), strict=True)
        for each in users(stack, migrates=migrates)
    ]


def test_a_pool_outlives_its_zone_and_needs_the_function_that_it_asks() -> None:
    report = home(*users("prod", migrates=True))
    for failure in ("instance", "zone"):
        assert node(report, failure, "pool").verdict is Verdict.MET
    assert {urn.rsplit("::", 1)[-1] for urn in node(report, "zone", "pool").unit.needs} == {"identify"}
    assert {urn.rsplit("::", 1)[-1] for urn in node(report, "zone", "pool").unit.owned} == {
        "client",
        "identities",
        "pool",
    }
    assert not any("Cognito" in note for note in report.notes)


def test_users_come_over_to_the_other_region_s_pool_with_new_passwords() -> None:
    nodes = judge(both(True, True)).failures[Failure.REGION].nodes
    [found] = [each for each in nodes if each.unit.name == "pool" and each.unit.stack == "prod"]
    assert found.option == "users come over to the pool in us-west-2"
    assert (found.rpo.low, found.rpo.high) == (1, 5)
    assert [term.step for term in found.terms] == [Step.DETECT, Step.FAIL_OVER, Step.PROPAGATE]
    assert [term.why for term in found.terms][1:] == [
        "a user sets a new password by mail",
        "clients are pointed at the other region's pool",
    ]


def test_a_pool_alone_is_made_again_where_the_data_goes() -> None:
    replicas = {"replicas": [{"regionName": "us-west-2"}]}
    table = res("table", "accounts", {"tags": TIER1, **replicas})
    pool = res(POOL, "pool", {"tags": TIER1, "lambdaConfig": {"userMigration": UNKNOWN}})
    found = node(home(table, pool), "region", "pool")
    assert found.option == "users come over to a pool that is made in the other region"
    assert [term.why for term in found.terms if term.step is Step.FAIL_OVER] == [
        "a pool is made",
        "a user sets a new password by mail",
    ]
    assert Step.DECIDE in {term.step for term in found.terms}
    assert node(home(pool), "region", "pool").verdict is Verdict.UNATTAINABLE


@pytest.mark.parametrize(("prod", "dr"), [(False, False), (True, False), (False, True)])
def test_nobody_comes_over_to_a_pool_that_knows_nobody(prod: bool, dr: bool) -> None:
    nodes = judge(both(prod, dr)).failures[Failure.REGION].nodes
    [found] = [each for each in nodes if each.unit.name == "pool" and each.unit.stack == "prod"]
    assert found.verdict is Verdict.UNATTAINABLE


def test_accounts_that_were_deleted_come_back_only_where_a_function_knows_them() -> None:
    found = {
        migrates: node(home(*users("prod", migrates=migrates)), "corruption", "pool")
        for migrates in (True, False)
    }
    assert found[True].option == "users come back with new passwords"
    assert found[False].verdict is Verdict.UNATTAINABLE


def test_an_identity_pool_of_other_providers_is_named_as_not_judged() -> None:
    report = home(res(IDENTITIES, "identities", {"samlProviderArns": ["arn:saml"]}))
    assert any("identities: Cognito identity pool" in note for note in report.notes)
