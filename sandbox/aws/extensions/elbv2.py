"""Elastic Load Balancing as AWS has it where moto has it otherwise.

Targets are unused without a listener, unhealthy with their zone, or what a fault says; they drain (`_elbv2_draining`); an application load
balancer needs two zones, a free name, free ports and an issued certificate; deletion protection protects;
`dns_name` lies in the region's own zone.
"""

from __future__ import annotations

import fnmatch
import functools
import ipaddress
import math
from typing import Any

from moto.acm.models import acm_backends
from moto.ec2.models import ec2_backends
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.elbv2.exceptions import DuplicateListenerError, DuplicateLoadBalancerName, ELBClientError
from moto.elbv2.models import (
    ELBv2Backend,
    FakeHealthStatus,
    FakeLoadBalancer,
    FakeTargetGroup,
    elbv2_backends,
)
from moto.elbv2.ssl_policies import SSL_POLICIES

from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.extensions import _elbv2_draining
from sandbox.aws.extensions._elbv2_zones import HOSTED_ZONES
from sandbox.aws.faults import TABLE

_CLIENTS = {443: 0, 80: 1}
"""Ports that clients ask, the first before the second. A listener on another one is for somebody else."""


def zone_id(region: str, name: str) -> str | None:
    """The id of the zone that moto's account calls `name`."""
    zones = RegionsAndZonesBackend.zones.get(region, [])
    return next((zone.zone_id for zone in zones if zone.name == name), None)


def _zone_of(group: FakeTargetGroup, target: dict[str, Any], ec2: Any) -> str | None:
    """Name of the zone that a target is in: its instance's, or that of the subnet which holds its address."""
    if target["Id"].startswith("i-"):
        instance = ec2.get_instance_by_id(target["Id"])
        return instance.placement.zone if instance else None
    try:
        address = ipaddress.ip_address(target["Id"])
    except ValueError:
        return None
    subnets = (s for s in ec2.describe_subnets() if s.vpc_id == group.vpc_id)
    return next((s.availability_zone for s in subnets if address in ipaddress.ip_network(s.cidr_block)), None)


def _health_for(original: Any) -> Any:
    @functools.wraps(original)
    def health_for(self: FakeTargetGroup, target: dict[str, Any], ec2_backend: Any) -> FakeHealthStatus:
        found = original(self, target, ec2_backend)
        if target["Id"] not in self.targets:
            return found
        state = _state(self, target, ec2_backend, found)
        if state is None:
            return found
        status, reason, description = state
        if status == "healthy":
            return FakeHealthStatus(found.instance_id, found.port, found.health_check_port, status)
        return FakeHealthStatus(
            found.instance_id, found.port, found.health_check_port, status, reason, description
        )

    return health_for


def _state(
    group: FakeTargetGroup, target: dict[str, Any], ec2: Any, found: FakeHealthStatus
) -> tuple[str, str, str] | None:
    """State, reason and description of a registered target; None: as moto has it."""
    if not elbv2_backends[group.account_id][group.region_name]._any_listener_using(group.arn):  # noqa: SLF001
        return (
            "unused",
            "Target.NotInUse",
            "Target group is not configured to receive traffic from the load balancer",
        )
    if found.status != "healthy":
        return None
    fault = TABLE.target(target["Id"], group.arn)
    if fault is not None:
        return fault[0], fault[1], "Set by a fault of the sandbox"
    if CLOCK.running:
        return "initial", "Elb.RegistrationInProgress", "Target registration is in progress"
    zone = _zone_of(group, target, ec2)
    if zone is not None and TABLE.zone_lost(zone, zone_id(group.region_name, zone)):
        return "unhealthy", "Target.Timeout", "Request timed out"
    return None


def _create_load_balancer(original: Any) -> Any:
    @functools.wraps(original)
    def create_load_balancer(self: ELBv2Backend, **kwargs: Any) -> FakeLoadBalancer:
        if any(balancer.name == kwargs["name"] for balancer in self.load_balancers.values()):
            raise DuplicateLoadBalancerName
        if (kwargs.get("loadbalancer_type") or "application") == "application":
            _check_zones(self, kwargs)
        balancer = original(self, **kwargs)
        zone = HOSTED_ZONES.get(self.region_name)
        if zone:
            balancer.canonical_hosted_zone_id = zone
        return balancer

    return create_load_balancer


def _check_zones(backend: ELBv2Backend, kwargs: dict[str, Any]) -> None:
    wanted = [*kwargs.get("subnet_ids", ()), *(m["SubnetId"] for m in kwargs.get("subnet_mappings") or ())]
    subnets = [backend.ec2_backend.get_subnet(subnet_id) for subnet_id in wanted]
    zones = [subnet.availability_zone for subnet in subnets if subnet is not None]
    if len(set(zones)) < len(zones):
        message = "A load balancer cannot be attached to multiple subnets in the same Availability Zone"
        raise ELBClientError("InvalidConfigurationRequest", message)
    if len(zones) == 1:
        message = "At least two subnets in two different Availability Zones must be specified"
        raise ELBClientError("ValidationError", message)


def _delete_load_balancer(original: Any) -> Any:
    @functools.wraps(original)
    def delete_load_balancer(self: ELBv2Backend, arn: str) -> None:
        balancer = self.load_balancers.get(arn)
        if balancer is not None and balancer.attrs.get("deletion_protection.enabled") == "true":
            message = f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
            raise ELBClientError("OperationNotPermitted", message)
        for listener_arn in list(balancer.listeners) if balancer else ():
            self.delete_listener(listener_arn)
        original(self, arn)

    return delete_load_balancer


def _create_listener(original: Any) -> Any:
    @functools.wraps(original)
    def create_listener(self: ELBv2Backend, **kwargs: Any) -> Any:
        balancer = self.load_balancers.get(kwargs["load_balancer_arn"])
        ports = [str(listener.port) for listener in balancer.listeners.values()] if balancer else []
        if str(kwargs["port"]) in ports:
            raise DuplicateListenerError
        if kwargs["protocol"] == "HTTPS":
            if kwargs["ssl_policy"] not in SSL_POLICIES:
                raise ELBClientError("SSLPolicyNotFound", f"Policy {kwargs['ssl_policy']} not found")
            _check_certificate(self, kwargs["certificate"])
        _check_groups(self, kwargs["load_balancer_arn"], kwargs["actions"])
        return original(self, **kwargs)

    return create_listener


def _forwards(original: Any) -> Any:
    """A call that names a listener or a rule of one, and what it forwards to."""

    @functools.wraps(original)
    def forwards(self: ELBv2Backend, *args: Any, **kwargs: Any) -> Any:
        given = {**dict(zip(original.__code__.co_varnames[1:], args, strict=False)), **kwargs}
        arn = given.get("listener_arn") or given.get("rule_arn") or given["arn"]
        path = (
            arn.replace(":listener-rule/", ":loadbalancer/")
            .replace(":listener/", ":loadbalancer/")
            .split("/")
        )
        _check_groups(self, "/".join(path[:4]), given.get("actions") or [])
        return original(self, *args, **kwargs)

    return forwards


def _check_groups(backend: ELBv2Backend, balancer_arn: str, actions: list[dict[str, Any]]) -> None:
    """A target group gets its traffic from one load balancer."""
    wanted = {arn for a in actions for arn in backend._get_target_group_arns_from(action_data=a)}  # noqa: SLF001
    others = (balancer for arn, balancer in backend.load_balancers.items() if arn != balancer_arn)
    taken = sorted({arn for balancer in others for arn in wanted & groups_of(backend, balancer)})
    if taken:
        message = f"The following target groups cannot be associated with more than one load balancer: {', '.join(taken)}"
        raise ELBClientError("TargetGroupAssociationLimit", message)


def _check_certificate(backend: ELBv2Backend, arn: str | None) -> None:
    if not arn:
        raise ELBClientError("ValidationError", "A certificate must be specified for HTTPS listeners")
    if ":acm:" not in arn:
        return
    bundle = acm_backends[backend.account_id][backend.region_name]._certificates.get(arn)  # noqa: SLF001
    if bundle is None:
        raise ELBClientError("CertificateNotFound", f"Certificate '{arn}' not found")
    bundle.check()
    if bundle.status != "ISSUED":
        message = f"The certificate '{arn}' is not issued ({bundle.status})"
        raise ELBClientError("UnsupportedCertificate", message)


def _delete_listener(original: Any) -> Any:
    @functools.wraps(original)
    def delete_listener(self: ELBv2Backend, listener_arn: str) -> Any:
        listener = original(self, listener_arn)
        for group in self.target_groups.values():
            group.load_balancer_arns = [a for a in group.load_balancer_arns if _uses(self, a, group.arn)]
        return listener

    return delete_listener


def _uses(backend: ELBv2Backend, balancer_arn: str, group_arn: str) -> bool:
    balancer = backend.load_balancers.get(balancer_arn)
    return balancer is not None and group_arn in groups_of(backend, balancer)


def groups_of(
    backend: ELBv2Backend, balancer: FakeLoadBalancer, *, clients: bool = False, path: str | None = None
) -> set[str]:
    """ARNs of the target groups that a load balancer forwards to, with a path those of the rule that takes it.

    With `clients`, by the listener that clients ask: on 443, else on 80.
    """
    listeners = list(balancer.listeners.values())
    if clients:
        port = min((each.port for each in listeners), key=lambda port: _CLIENTS.get(int(port), 9), default=0)
        listeners = [each for each in listeners if each.port == port]
    rules = [
        rule
        for listener in listeners
        for rule in (listener.rules.values() if path is None else _taking(listener, path))
    ]
    actions = [action.data for rule in rules for action in rule.actions]
    found = {arn for each in actions for arn in backend._get_target_group_arns_from(action_data=each)}  # noqa: SLF001
    return found if path is None else found - _weightless(actions)


def _weightless(actions: list[dict[str, Any]]) -> set[str]:
    """ARNs of the target groups that a rule sends nothing to for now."""
    groups = (each for data in actions for each in data.get("ForwardConfig", {}).get("TargetGroups", ()))
    return {each["TargetGroupArn"] for each in groups if str(each.get("Weight", "")) == "0"}


def _taking(listener: Any, path: str) -> list[Any]:
    """The rule of a listener that takes a path: the first that fits, the default one after all others."""
    rules = list(listener.rules.values())
    if len(rules) > 1:
        rules.sort(key=lambda rule: math.inf if rule.priority == "default" else int(rule.priority))
    return next(([rule] for rule in rules if _fits(rule, path)), [])


def _fits(rule: Any, path: str) -> bool:
    """Whether every condition on paths holds; others are not simulated."""
    wanted = [
        each.get("PathPatternConfig", {}).get("Values") or each.get("Values") or []
        for each in getattr(rule, "conditions", None) or ()
        if each.get("Field") == "path-pattern"
    ]
    return all(any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns) for patterns in wanted)


def serves(account_id: str, dns_name: str) -> bool | None:
    """Whether this load balancer has a healthy target in each group it forwards to; None: no such one."""
    for region, backend in elbv2_backends[account_id].items():
        for balancer in backend.load_balancers.values():
            if balancer.dns_name.lower() == dns_name:
                return not TABLE.region_lost(region) and _has_targets(backend, balancer)
    return None


def _has_targets(backend: ELBv2Backend, balancer: FakeLoadBalancer) -> bool:
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    groups = [backend.target_groups[arn] for arn in groups_of(backend, balancer)]
    return bool(groups) and all(
        any(group.health_for(target, ec2).status == "healthy" for target in group.targets.values())
        for group in groups
    )


def install() -> None:
    """Patch moto."""
    FakeTargetGroup.health_for = _health_for(FakeTargetGroup.health_for)
    _elbv2_draining.install()
    ELBv2Backend.create_load_balancer = _create_load_balancer(ELBv2Backend.create_load_balancer)
    ELBv2Backend.delete_load_balancer = _delete_load_balancer(ELBv2Backend.delete_load_balancer)
    ELBv2Backend.create_listener = _create_listener(ELBv2Backend.create_listener)
    ELBv2Backend.delete_listener = _delete_listener(ELBv2Backend.delete_listener)
    ELBv2Backend.modify_listener = _forwards(ELBv2Backend.modify_listener)
    ELBv2Backend.create_rule = _forwards(ELBv2Backend.create_rule)
    ELBv2Backend.modify_rule = _forwards(ELBv2Backend.modify_rule)
