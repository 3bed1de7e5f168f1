"""The three-tier system of both stacks, as registered."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from tests.architectures.conftest import PEER, outputs, run, with_system
from tests.pulumi_mocks import Deployment, Registered
from tests.test_settings import configuration

REQUIRED = {"environment", "system", "owner", "cost-center", "dr-tier", "rto-hours"}
STATEFUL = {
    "aws:rds/cluster:Cluster",
    "aws:rds/clusterInstance:ClusterInstance",
    "aws:rds/globalCluster:GlobalCluster",
    "aws:s3/bucket:Bucket",
    "aws:kms/key:Key",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:backup/vault:Vault",
    "aws:route53/zone:Zone",
}
STORES = {"aws:rds/cluster:Cluster", "aws:rds/clusterInstance:ClusterInstance", "aws:s3/bucket:Bucket"}


@pytest.fixture(params=["prod", "dr"])
def stack(request: pytest.FixtureRequest) -> Deployment:
    return request.getfixturevalue(request.param)


def test_every_taggable_resource_has_every_required_tag(stack: Deployment) -> None:
    assert len(stack.taggable()) > 50
    for resource in stack.taggable():
        assert set(resource.tags) >= REQUIRED, resource.urn
        logs = "-logs-" in resource.name and resource.type in STORES
        assert resource.tags["dr-tier"] == ("3" if logs else "1")
        if resource.type in STORES:
            assert resource.tags["rpo-minutes"] == ("2880" if logs else "15"), resource.urn
            assert resource.tags.get("backup") == (None if logs else "required"), resource.urn


def test_the_database_tells_its_expected_size(stack: Deployment) -> None:
    assert stack.one("aws:rds/cluster:Cluster").tags["dr:data-gib"] == "100"


def test_what_keeps_state_is_protected(stack: Deployment) -> None:
    kept = [r for r in stack.resources if r.type in STATEFUL]
    assert len(kept) >= 4
    assert [r.urn for r in kept if not r.protect] == []


def test_unprotected_only_when_the_settings_say_so(prod: Deployment) -> None:
    loose = run("prod", {}, protect=False)
    assert [r.urn for r in loose.resources if r.protect] == []
    for found, wanted in ((prod, True), (loose, False)):
        switches = {
            r.name: r.inputs[key]
            for r in found.resources
            for key in ("deletionProtection", "enableDeletionProtection")
            if key in r.inputs
        }
        assert switches == dict.fromkeys(("web-db-global", "web-db-cluster", "web-lb-alb"), wanted)


def test_roles_appear_in_no_name_and_no_output(stack: Deployment) -> None:
    for word in ("primary", "secondary", "standby"):
        assert [r.urn for r in stack.resources if word in r.urn.split("::")[-1].lower()] == []
        assert [key for key in outputs(stack) if word in key.lower()] == []
        assert [r.urn for r in stack.resources if word in str(r.inputs.get("name", "")).lower()] == []


def test_every_resource_hangs_on_a_component(stack: Deployment) -> None:
    roots = [r for r in stack.resources if "pulumi:pulumi:Stack" in r.parent]
    assert {(r.type, r.name) for r in roots} == {
        ("holdfast:architectures:Foundation", "base"),
        ("holdfast:architectures:ThreeTier", "web"),
    }


def test_every_component_registers_its_outputs(stack: Deployment) -> None:
    components = {r.urn for r in stack.resources if r.type.startswith("holdfast:")}
    assert components <= set(stack.outputs)


def elsewhere(stack: Deployment, home: str) -> list[Registered]:
    return [r for r in stack.resources if r.inputs.get("region", home) != home]


def test_only_what_must_exist_before_the_other_stack_is_declared_for_its_region(
    prod: Deployment, dr: Deployment
) -> None:
    kinds = {r.type for r in elsewhere(prod, "us-east-1")}
    assert {"aws:kms/replicaKey:ReplicaKey", "aws:backup/vault:Vault", "aws:s3/bucket:Bucket"} <= kinds
    assert {r.inputs["region"] for r in elsewhere(prod, "us-east-1")} == {"us-west-2"}
    # The number by which clients leave a region is kept in the one that takes over.
    assert [(r.name, r.inputs["region"]) for r in elsewhere(dr, "us-west-2")] == [
        ("web-switch-taken", "us-east-1")
    ]


def test_the_founder_creates_the_global_database_and_the_other_joins_it(
    prod: Deployment, dr: Deployment
) -> None:
    assert prod.one("GlobalCluster").inputs["deletionProtection"] is True
    assert dr.all("GlobalCluster") == []
    joined = dr.one("Cluster").inputs
    assert (
        joined["globalClusterIdentifier"]
        == outputs(prod)["systems"]["web"]["databases"]["original"]["globalClusterIdentifier"]
    )
    assert "masterPasswordWo" not in joined
    assert joined["kmsKeyId"] == outputs(prod)["foundation"]["peerKeyArn"]


def test_each_cluster_has_two_instances_in_different_zones(stack: Deployment) -> None:
    assert len(stack.all("ClusterInstance")) == 2
    assert len({r.name for r in stack.all("ClusterInstance")}) == 2


def test_no_password_is_readable(prod: Deployment) -> None:
    assert "masterPasswordWo" in prod.one("Cluster").secrets
    assert "secretStringWo" in prod.one("SecretVersion").secrets
    assert "masterPassword" not in prod.one("Cluster").inputs
    assert [r["region"] for r in prod.one("Secret").inputs["replicas"]] == ["us-west-2"]


def test_the_site_has_one_primary_and_one_secondary_alias_with_health_checks(
    prod: Deployment, dr: Deployment
) -> None:
    records = [
        r.inputs for d in (prod, dr) for r in d.all("Record") if r.inputs["name"] == "www.holdfast.example"
    ]
    roles = {r["failoverRoutingPolicies"][0]["type"]: r for r in records}
    assert len(records) == 2
    assert set(roles) == {"PRIMARY", "SECONDARY"}
    assert roles["PRIMARY"]["setIdentifier"] == "us-east-1"
    assert roles["SECONDARY"]["setIdentifier"] == "us-west-2"
    assert all(r["healthCheckId"] and r["aliases"][0]["evaluateTargetHealth"] for r in records)


def kept(resource: Registered) -> dict[str, Any]:
    """Inputs without the password that every run makes anew, and AWS is given in the first one only."""
    return {name: value for name, value in resource.inputs.items() if name != "masterPasswordWo"}


def test_after_a_failover_the_same_program_swaps_the_roles_and_keeps_the_names(
    prod: Deployment, dr: Deployment
) -> None:
    swapped: dict[str, Deployment] = {}
    for stack, before in (("prod", prod), ("dr", dr)):
        recovery = {**configuration(stack)["holdfast:recovery"], "activeRegion": "us-west-2"}
        peers = {PEER: outputs(swapped["prod"])} if swapped else {}
        after = run(stack, peers, recovery=recovery)
        assert {r.urn for r in after.resources} == {r.urn for r in before.resources}
        for resource in after.resources:
            if resource.type in STATEFUL:
                assert kept(resource) == kept(before.by_urn(resource.urn)), resource.urn
        swapped[stack] = after
    for stack, was in (("prod", prod), ("dr", dr)):  # checks that somebody has turned decide
        site = swapped[stack].one("Record", "web-site-site-record")
        assert site.inputs == was.by_urn(site.urn).inputs


def group(deployment: Deployment) -> dict[str, Any]:
    return deployment.one("aws:autoscaling/group:Group").inputs


def test_the_active_region_carries_the_load_without_a_zone_and_the_other_a_fraction(
    prod: Deployment, dr: Deployment
) -> None:
    assert group(prod)["minSize"] == 6  # four needed: two a zone, so that two zones hold four
    assert group(dr)["minSize"] == 3  # a third of six, but at least one a zone
    assert group(prod)["maxSize"] == group(dr)["maxSize"] == 24
    assert len(group(prod)["vpcZoneIdentifiers"]) == 3
    needed = {"key": "dr:required-capacity", "value": "4", "propagateAtLaunch": True}
    assert needed in group(prod)["tags"]
    assert needed in group(dr)["tags"]


def test_a_stack_that_withdraws_leaves_the_sites_name_to_the_other(prod: Deployment, dr: Deployment) -> None:
    alone = run("dr", {PEER: outputs(prod)}, systems=with_system("dr", "web", withdrawn=True))
    assert {r.urn for r in dr.resources} - {r.urn for r in alone.resources} == {
        r.urn for r in dr.resources if "::web-site-site" in r.urn
    }


def test_content_and_last_resort_belong_to_the_founder(prod: Deployment, dr: Deployment) -> None:
    names = sorted(name for r in prod.all("Distribution") for name in r.inputs["aliases"])
    assert names == [
        "static.www.holdfast.example",
        "us-east-1.www.holdfast.example",
        "us-west-2.www.holdfast.example",
        "www.holdfast.example",
    ]
    assert dr.all("Distribution") == []
    assert len([r for r in prod.all("BucketReplicationConfig") if "-content-" in r.name]) == 2


def test_the_page_of_last_resort_is_an_error_at_every_path(prod: Deployment) -> None:
    """A 200 would be kept by clients and crawlers as the site's own answer."""
    sorry = prod.one("Distribution", "web-content-sorry-site-cdn").inputs
    (answer,) = sorry["customErrorResponses"]
    # S3 says 403 of an object that isn't there to whoever may not list the bucket.
    assert (answer["errorCode"], answer["responseCode"], answer["responsePagePath"]) == (
        403,
        503,
        "/index.html",
    )
    assert prod.one("BucketObjectv2", "web-content-sorry-site-index.html").inputs["key"] == "index.html"


def test_backups_are_copied_to_the_other_region(stack: Deployment) -> None:
    rules = stack.one("aws:backup/plan:Plan").inputs["rules"]
    assert {r["ruleName"] for r in rules} == {"daily", "weekly", "monthly"}
    peer = outputs(stack)["foundation"]["peerVaultArn"]
    assert all(copy["destinationVaultArn"] == peer for r in rules for copy in r["copyActions"])


def test_a_preview_works_with_every_output_unknown(prod: Deployment, dr: Deployment) -> None:
    for stack, done, peers in (("prod", prod, {}), ("dr", dr, {PEER: outputs(prod)})):
        seen = run(stack, peers, preview=True)
        assert {r.urn for r in seen.resources} == {r.urn for r in done.resources}


def test_a_peer_that_was_never_deployed_is_one_clear_message() -> None:
    with pytest.raises(
        pulumi.RunError, match=r"peerStack: got 'organization/holdfast/prod'.*never deployed.*deploy it first"
    ):
        run("dr", {PEER: {}})
