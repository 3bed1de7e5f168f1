"""NAT gateways as AWS has them: regional ones, and what deleting one leaves behind."""

from __future__ import annotations

import inspect
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidParameterCombination,
    InvalidParameterValue,
    MissingParameter,
    ResourceAlreadyAssociatedError,
)
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.ec2.models.internet_gateways import InternetGateway
from moto.ec2.models.nat_gateways import NatGateway, NatGatewayBackend
from moto.ec2.models.route_tables import Route, RouteBackend
from moto.ec2.responses.nat_gateways import NatGateways
from moto.ec2.utils import add_tag_specification, random_eip_association_id, random_nat_gateway_id


class RegionalNatGateway(NatGateway):  # type: ignore[misc]
    """One gateway for all zones of a VPC, with a route table of its own and no subnet.

    With `zones` AWS uses those zones and addresses alone. Without, it adds both as workload appears; the sandbox
    has no traffic, so there the gateway stays without addresses.
    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
    """

    def __init__(self, backend: Any, vpc_id: str, zones: list[dict[str, Any]], tags: dict[str, str]) -> None:
        backend.get_vpc(vpc_id)
        self.id = self.nat_gateway_id = random_nat_gateway_id()
        self.ec2_backend, self.vpc_id, self.subnet_id = backend, vpc_id, None
        self.state, self.connectivity_type, self.availability_mode = "available", "public", "regional"
        self.auto_provision_zones = self.auto_scaling_ips = "disabled" if zones else "enabled"
        self.address_set: list[dict[str, Any]] = []
        self._created_at = utcnow()
        self._eni = None
        for zone in zones:
            self.associate(zone)
        table = backend.create_route_table(vpc_id)
        self.route_table_id = table.id
        internet = next((g for g in backend.internet_gateways.values() if g.vpc and g.vpc.id == vpc_id), None)
        if internet:
            backend.create_route(table.id, "0.0.0.0/0", gateway_id=internet.id)
        self.add_tags(tags)

    def associate(self, zone: dict[str, Any]) -> list[dict[str, Any]]:
        """Add the addresses of one zone (`AllocationIds`, and the zone by name or id); answer what was added."""
        name, zone_id = self._zone(zone)
        allocation_ids = zone.get("AllocationIds") or []
        if not allocation_ids:
            raise MissingParameter("The request must contain the parameter AllocationIds")
        added = []
        for address in self.ec2_backend.address_by_allocation(allocation_ids):
            if address.association_id:
                raise ResourceAlreadyAssociatedError(address.allocation_id)
            address.association_id = random_eip_association_id()
            added.append(
                {
                    "AllocationId": address.allocation_id,
                    "AssociationId": address.association_id,
                    "PublicIp": address.public_ip,
                    "AvailabilityZone": name,
                    "AvailabilityZoneId": zone_id,
                    "Status": "succeeded",
                }
            )
        self.address_set.extend(added)
        return added

    def disassociate(self, association_ids: list[str]) -> list[dict[str, Any]]:
        """Take addresses away; answer them."""
        gone = [a for a in self.address_set if a["AssociationId"] in association_ids]
        for association_id in association_ids:
            self.ec2_backend.disassociate_address(association_id=association_id)
        self.address_set = [a for a in self.address_set if a not in gone]
        return [{**a, "Status": "disassociating"} for a in gone]

    def _zone(self, zone: dict[str, Any]) -> tuple[str, str]:
        name, zone_id = zone.get("AvailabilityZone"), zone.get("AvailabilityZoneId")
        if bool(name) == bool(zone_id):
            raise InvalidParameterCombination(
                "Specify either AvailabilityZone or AvailabilityZoneId, and not both"
            )
        for known in RegionsAndZonesBackend.zones[self.ec2_backend.region_name]:
            if known.name == name or known.zone_id == zone_id:
                return known.name, known.zone_id
        raise InvalidParameterValue(f"Invalid availability zone: [{name or zone_id}]")


def _gateway(backend: Any, nat_gateway_id: str) -> NatGateway:
    try:
        return backend.nat_gateways[nat_gateway_id]
    except KeyError:
        raise EC2ClientError("NatGatewayNotFound", f"NAT gateway {nat_gateway_id} was not found") from None


def _regional(backend: Any, nat_gateway_id: str) -> RegionalNatGateway:
    gateway = _gateway(backend, nat_gateway_id)
    if not isinstance(gateway, RegionalNatGateway):
        raise InvalidParameterCombination("The sandbox adds addresses to regional NAT gateways only")
    return gateway


def _create_nat_gateway(original: Any) -> Any:
    def create_nat_gateway(self: NatGateways) -> ActionResult:
        if self._get_param("AvailabilityMode") != "regional":
            return original(self)
        for name in ("SubnetId", "AllocationId"):
            if self._get_param(name):
                raise InvalidParameterCombination(f"A regional NAT gateway takes no {name}")
        if not self._get_param("VpcId"):
            raise MissingParameter("The request must contain the parameter VpcId")
        gateway = RegionalNatGateway(
            self.ec2_backend,
            self._get_param("VpcId"),
            self._get_param("AvailabilityZoneAddresses", []),
            add_tag_specification(self._get_param("TagSpecifications", [])),
        )
        self.ec2_backend.nat_gateways[gateway.id] = gateway
        return ActionResult({"NatGateway": gateway})

    return create_nat_gateway


def _associate_nat_gateway_address(self: NatGateways) -> ActionResult:
    gateway = _regional(self.ec2_backend, self._get_param("NatGatewayId"))
    zone = {
        name: self._get_param(name) for name in ("AvailabilityZone", "AvailabilityZoneId", "AllocationIds")
    }
    return ActionResult({"NatGatewayId": gateway.id, "NatGatewayAddresses": gateway.associate(zone)})


def _disassociate_nat_gateway_address(self: NatGateways) -> ActionResult:
    gateway = _regional(self.ec2_backend, self._get_param("NatGatewayId"))
    gone = gateway.disassociate(self._get_param("AssociationIds", []))
    return ActionResult({"NatGatewayId": gateway.id, "NatGatewayAddresses": gone})


def _delete_nat_gateway(original: Any) -> Any:
    def delete_nat_gateway(self: NatGatewayBackend, nat_gateway_id: str) -> NatGateway:
        gateway = _gateway(self, nat_gateway_id)
        if gateway.state == "deleted":
            return gateway
        for address in self.addresses:
            if address.association_id in {
                a.get("AssociationId", a.get("associationId")) for a in gateway.address_set
            }:
                self.disassociate_address(address=address.public_ip)
        if gateway._eni:  # noqa: SLF001  moto keeps it there
            self.delete_network_interface(gateway._eni.id)  # noqa: SLF001
        if isinstance(gateway, RegionalNatGateway):
            self.delete_route_table(gateway.route_table_id)
        return original(self, nat_gateway_id)

    return delete_nat_gateway


def _state(route: Route) -> str:
    """Whether the route's target is still there."""
    gone = route.nat_gateway is not None and route.nat_gateway.state == "deleted"
    detached = isinstance(route.gateway, InternetGateway) and route.gateway.vpc is None
    return "blackhole" if gone or detached else "active"


def _known_target(original: Any) -> Any:
    signature = inspect.signature(original)

    def routed(self: RouteBackend, *args: Any, **kwargs: Any) -> Route:
        target = signature.bind(self, *args, **kwargs).arguments.get("nat_gateway_id")
        if target and target not in self.nat_gateways:
            raise EC2ClientError(
                "InvalidNatGatewayID.NotFound", f"The NatGateway ID '{target}' does not exist"
            )
        return original(self, *args, **kwargs)

    return routed


def install() -> None:
    """Patch moto."""
    NatGateways.create_nat_gateway = _create_nat_gateway(NatGateways.create_nat_gateway)
    NatGateways.associate_nat_gateway_address = _associate_nat_gateway_address
    NatGateways.disassociate_nat_gateway_address = _disassociate_nat_gateway_address
    NatGatewayBackend.delete_nat_gateway = _delete_nat_gateway(NatGatewayBackend.delete_nat_gateway)
    Route.state = property(_state)
    RouteBackend.create_route = _known_target(RouteBackend.create_route)
    RouteBackend.replace_route = _known_target(RouteBackend.replace_route)
