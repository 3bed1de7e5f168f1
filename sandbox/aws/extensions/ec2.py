"""EC2's network as AWS has it, where moto has it otherwise.

NAT gateways (`_ec2_nat`); subnets in the zone that an id names; security groups in use that can't be deleted, and
rules that keep what they are told; endpoints whose routes and network interfaces follow their route tables and
subnets; flow logs that know the log group behind an ARN.
"""

from __future__ import annotations

import inspect
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2 import utils
from moto.ec2.exceptions import DependencyViolationError, InvalidParameterValue
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.ec2.models.flow_logs import FlowLogsBackend
from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule
from moto.ec2.models.subnets import Subnet, SubnetBackend
from moto.ec2.models.vpcs import VPCBackend
from moto.ec2.responses.vpcs import VPCs
from moto.ec2.utils import random_private_ip
from moto.moto_api._internal import mock_random

from sandbox.aws.extensions import _ec2_nat


def _create_subnet(original: Any) -> Any:
    signature = inspect.signature(original)

    def create_subnet(self: SubnetBackend, *args: Any, **kwargs: Any) -> Subnet:
        call = signature.bind(self, *args, **kwargs)
        zone_id = call.arguments.get("availability_zone_id")
        if zone_id and not call.arguments.get("availability_zone"):
            # moto looks through all regions, and files a subnet without a zone's name under no zone.
            zones = {zone.zone_id: zone.name for zone in RegionsAndZonesBackend.zones[self.region_name]}
            if zone_id not in zones:
                raise InvalidParameterValue(
                    f"Value ({zone_id}) for parameter availabilityZoneId is invalid. Subnets can currently only be"
                    f" created in the following availability zones: {', '.join(sorted(zones))}."
                )
            call.arguments |= {"availability_zone": zones[zone_id], "availability_zone_id": None}
        return original(*call.args, **call.kwargs)

    return create_subnet


def _delete_security_group(original: Any) -> Any:
    def delete_security_group(
        self: SecurityGroupBackend, name: str | None = None, group_id: str | None = None
    ) -> None:
        found = self.get_security_group_by_name_or_id(group_id or name or "")
        if found is not None and _in_use(self, found.id):
            raise DependencyViolationError(f"resource {found.id} has a dependent object")
        original(self, name=name, group_id=group_id)

    return delete_security_group


def _in_use(backend: Any, group_id: str) -> bool:
    """Whether another group's rule refers to the group, or an endpoint has it."""
    others = (g for groups in backend.groups.values() for g in groups.values() if g.id != group_id)
    rules = (rule for group in others for rule in (*group.ingress_rules, *group.egress_rules))
    endpoints = (e for e in backend.vpc_end_points.values() if e.state != "deleted")
    return any(rule.source_group.get("GroupId") == group_id for rule in rules) or any(
        group_id in endpoint.security_group_ids for endpoint in endpoints
    )


def _description(rule: SecurityGroupRule) -> str | None:
    """Read the description where moto keeps it: beside the rule's other side, be it a group or a network."""
    found: str | None = rule.source_group.get("Description") or rule.ip_range.get("Description")
    return found


def _modify_security_group_rules(original: Any) -> Any:
    def modify_security_group_rules(
        self: SecurityGroupBackend, group_id: str, rules: dict[str, dict[str, Any]]
    ) -> None:
        original(self, group_id, rules)
        group = self.get_security_group_by_name_or_id(group_id)
        for rule_id, new in rules.items():
            if new.get("ReferencedGroupId"):
                side = {"GroupId": new["ReferencedGroupId"], "Description": new.get("Description")}
                [checked] = self._add_source_group([side], group.vpc_id)
                group.get_rule(rule_id).source_group = checked

    return modify_security_group_rules


def _modify_vpc_endpoint(original: Any) -> Any:
    def modify_vpc_endpoint(self: VPCBackend, vpc_id: str, **changes: Any) -> None:
        [endpoint] = self.describe_vpc_endpoints(vpc_end_point_ids=[vpc_id])
        tables, subnets = set(endpoint.route_table_ids), set(endpoint.subnet_ids or ())
        original(self, vpc_id=vpc_id, **changes)
        if endpoint.destination_prefix_list_id:
            _reroute(self, endpoint, tables)
        if (endpoint.vpc_endpoint_type or "").lower() == "interface":
            _replug(self, endpoint, subnets)

    return modify_vpc_endpoint


def _reroute(backend: Any, endpoint: Any, before: set[str]) -> None:
    """Give a gateway endpoint a route in each of its route tables and in no other."""
    prefix_list = endpoint.destination_prefix_list_id
    for table in before - set(endpoint.route_table_ids):
        backend.delete_route(table, None, destination_prefix_list_id=prefix_list)
    for table in set(endpoint.route_table_ids) - before:
        backend.create_route(table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefix_list)


def _replug(backend: Any, endpoint: Any, before: set[str]) -> None:
    """Give an interface endpoint a network interface in each of its subnets and in no other."""
    gone = before - set(endpoint.subnet_ids)
    for eni_id in list(endpoint.network_interface_ids):
        if backend.get_network_interface(eni_id).subnet.id in gone:
            backend.delete_network_interface(eni_id)
            endpoint.network_interface_ids.remove(eni_id)
    for subnet_id in sorted(set(endpoint.subnet_ids) - before):
        eni = backend.create_network_interface(backend.get_subnet(subnet_id), random_private_ip())
        endpoint.network_interface_ids.append(eni.id)


def _private_dns(original: Any) -> Any:
    def modify_vpc_endpoint(self: VPCs) -> ActionResult:
        answer = original(self)
        if self._get_param("PrivateDnsEnabled") is not None:
            [endpoint] = self.ec2_backend.describe_vpc_endpoints([self._get_param("VpcEndpointId")])
            endpoint.private_dns_enabled = self._get_bool_param("PrivateDnsEnabled")
        return answer

    return modify_vpc_endpoint


def _create_flow_logs(original: Any) -> Any:
    def create_flow_logs(self: FlowLogsBackend, *args: Any, **kwargs: Any) -> Any:
        destination = kwargs.get("log_destination") or ""
        if kwargs.get("log_group_name") is None and ":log-group:" in destination:
            kwargs["log_group_name"] = destination.split(":log-group:")[1].removesuffix(":*")
        return original(self, *args, **kwargs)

    return create_flow_logs


def _digits(size: int = 8) -> str:
    """An id's: moto draws each for itself, of the ids of thousands of images and their snapshots when a region is first asked."""
    return f"{mock_random.getrandbits(4 * size):0{size}x}"


def install() -> None:
    """Patch moto."""
    utils.random_resource_id = _digits
    _ec2_nat.install()
    SubnetBackend.create_subnet = _create_subnet(SubnetBackend.create_subnet)
    SecurityGroupBackend.delete_security_group = _delete_security_group(
        SecurityGroupBackend.delete_security_group
    )
    SecurityGroupBackend.modify_security_group_rules = _modify_security_group_rules(
        SecurityGroupBackend.modify_security_group_rules
    )
    SecurityGroupRule.description = property(_description)
    VPCBackend.modify_vpc_endpoint = _modify_vpc_endpoint(VPCBackend.modify_vpc_endpoint)
    VPCs.modify_vpc_endpoint = _private_dns(VPCs.modify_vpc_endpoint)
    FlowLogsBackend.create_flow_logs = _create_flow_logs(FlowLogsBackend.create_flow_logs)
