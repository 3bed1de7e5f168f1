from __future__ import annotations

import pulumi
import pytest

from components.edge import HostedZone, HostedZoneArgs
from components.tags import Tags
from tests.pulumi_mocks import deploy

TAGS = Tags(
    environment="prod", system="shop", owner="team-a", cost_center="42", dr_tier=1, rto_hours=1, rpo_minutes=5
)


@pytest.mark.parametrize("preview", [False, True])
def test_a_zone_is_created_with_accelerated_recovery_and_can_not_be_lost(preview: bool) -> None:
    deployment = deploy(
        lambda: HostedZone("dns", HostedZoneArgs(domain="example.com", tags=TAGS)), preview=preview
    )
    zone = deployment.one("Zone", "dns-zone")
    assert zone.inputs == {
        "name": "example.com",
        "comment": "shop prod",
        "enableAcceleratedRecovery": True,
        "forceDestroy": False,
        "tags": TAGS.resource("dns-zone"),
    }
    assert zone.protect
    assert zone.parent.endswith("holdfast:edge:HostedZone::dns")
    if not preview:
        (outputs,) = [o for urn, o in deployment.outputs.items() if urn.endswith("HostedZone::dns")]
        assert outputs["zone_id"] == "Z0123456789ABCDEFGHIJ"
        assert outputs["name"] == "example.com"
        assert len(outputs["name_servers"]) == 2


def test_a_zone_handed_in_is_passed_on_and_none_is_created() -> None:
    def program() -> None:
        args = HostedZoneArgs(
            domain="example.com", tags=TAGS, existing_zone_id=pulumi.Output.from_input("Z9")
        )
        zone = HostedZone("dns", args)
        assert zone.name_servers is None
        pulumi.export("zone", zone.zone_id)

    deployment = deploy(program)
    assert not deployment.all("Zone")
    assert any(o.get("zone") == "Z9" for o in deployment.outputs.values())


def test_protection_can_be_lifted() -> None:
    args = HostedZoneArgs(domain="example.com", tags=TAGS, protect=False)
    assert not deploy(lambda: HostedZone("dns", args)).one("Zone").protect


@pytest.mark.parametrize(
    "domain", ["*.example.com", "example.com.", "EXAMPLE.com", "", "example", "exa mple.com"]
)
def test_a_wrong_domain_is_refused(domain: str) -> None:
    with pytest.raises(ValueError, match=r"domain: got '.*', allowed is a lower-case domain name, such as"):
        deploy(lambda: HostedZone("dns", HostedZoneArgs(domain=domain, tags=TAGS)))
