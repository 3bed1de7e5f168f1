"""Which instances an Auto Scaling group has, and in which zones.

moto puts all instances of a group into its first subnet, doesn't replace one that is stopped or marked unhealthy, and forgets to
register replacements in target groups. Here a group is brought to what it should be whenever it is asked for or its instances
change: AWS does the same within minutes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from sandbox.aws import faults
from sandbox.aws.clockwork import instances
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.extensions._lifecycle_hooks import hold, over


def install() -> None:
    """Patch launching, capacity, health and target registration."""
    from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, InstanceState

    FakeAutoScalingGroup.set_desired_capacity = _set_desired_capacity
    FakeAutoScalingGroup.replace_autoscaling_group_instances = lambda group, count, _tags: launch(
        group, count
    )
    InstanceState.launch_template = property(_launch_template)
    FakeAutoScalingGroup.active_instances = _active_instances
    AutoScalingBackend.notify_terminate_instances = _notify_terminate_instances
    AutoScalingBackend.update_attached_target_groups = _update_attached_target_groups
    AutoScalingBackend.terminate_instance = _terminate_instance
    AutoScalingBackend.set_instance_health = _set_instance_health(AutoScalingBackend.set_instance_health)
    for name in ("describe_auto_scaling_groups", "describe_auto_scaling_instances"):
        setattr(AutoScalingBackend, name, _after_reconciling(getattr(AutoScalingBackend, name)))


def _lives(subnet: Any) -> bool:
    """Whether no fault has taken the subnet's zone away."""
    return not faults.TABLE.zone_lost(subnet.availability_zone, subnet.availability_zone_id)


def reconcile(group: Any) -> None:
    """Bring a group to its desired capacity: healthy instances only, evenly over the zones that live."""
    suspended = {process["ProcessName"] for process in group.suspended_processes}
    living = [subnet for subnet in _subnets(group) if _lives(subnet)]
    go(group, over(group))
    group.instance_states = [s for s in group.instance_states if s.instance.state != "terminated"]
    if living and not suspended & {"ReplaceUnhealthy", "Terminate"}:
        terminate(group, [s for s in group.active_instances() if _unhealthy(group, s)])
    if living and not CLOCK.running and not suspended & {"AZRebalance", "Terminate", "Launch"}:
        terminate(group, _surplus(group, living))
    # A refresh launches new instances before it terminates old ones.
    missing = (group.desired_capacity or 0) + getattr(group, "surge", 0) - len(group.active_instances())
    if missing > 0 and "Launch" not in suspended:
        launch(group, missing)
    elif missing < 0 and "Terminate" not in suspended:
        for _ in range(-missing):
            terminate(group, _next_out(group))
    backend = group.autoscaling_backend
    if group.name in backend.autoscaling_groups:
        backend.update_attached_elbs(group.name)
        backend.update_attached_target_groups(group.name)


def launch(group: Any, count: int) -> None:
    """Launch into the living zone that has the fewest; nothing where no zone lives."""
    for _ in range(count):
        subnets = _subnets(group)
        members = Counter(state.availability_zone for state in group.active_instances())
        living = [subnet for subnet in subnets if _lives(subnet)]
        if subnets and not living:
            return
        _launch_into(group, min(living, key=lambda s: members[s.availability_zone]) if living else None)


def terminate(group: Any, states: list[Any]) -> None:
    """Terminate members, once the group's hooks let them go."""
    go(group, hold(group, states))


def go(group: Any, states: list[Any]) -> None:
    """Terminate members and take them out of the group and its target groups."""
    if not states:
        return
    ids = [state.instance.id for state in states]
    group.instance_states = [state for state in group.instance_states if state not in states]
    group.ec2_backend.terminate_instances(ids)
    group.autoscaling_backend.elbv2_backend.notify_terminate_instances(ids)


def _subnets(group: Any) -> list[Any]:
    if not group.vpc_zone_identifier:
        return []
    found = {s.id: s for s in group.ec2_backend.describe_subnets(group.vpc_zone_identifier.split(","))}
    return [found[id_] for id_ in group.vpc_zone_identifier.split(",")]


def _launch_into(group: Any, subnet: Any) -> None:
    from moto.autoscaling.models import ASG_NAME_TAG, InstanceState

    template = group.ec2_launch_template
    version = template.get_version(group.launch_template_version) if template else None
    # https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html: the group's tags win.
    tags = {**group.instance_tags, **group.get_propagated_tags(), ASG_NAME_TAG: group.name}
    zone = subnet.availability_zone if subnet else group.availability_zones[0]
    market = {"instance_market_options": {"MarketType": "spot"}} if _next_is_spot(group) else {}
    reservation = group.ec2_backend.run_instances(
        group.image_id,
        1,
        group.user_data,
        group.security_groups,
        instance_type=_instance_type(group),
        tags={"instance": tags},
        placement=zone,
        launch_config=group.launch_config,
        launch_template={"LaunchTemplateId": template.id, "Version": str(version.number)}
        if version
        else None,
        is_instance_type_default=False,
        associate_public_ip=group.launch_config.associate_public_ip_address if group.launch_config else None,
        subnet_id=subnet.id if subnet else None,
        **market,
    )
    for instance in reservation.instances:
        instance.autoscaling_group = group
        protected = group.new_instances_protected_from_scale_in
        state = InstanceState(instance, protected_from_scale_in=protected)
        state.version = version.number if version else None
        group.instance_states.append(state)
        instances.launched(state)


def _instance_type(group: Any) -> str:
    policy = group.mixed_instances_policy or {}
    overrides = policy.get("LaunchTemplate", {}).get("Overrides") or [{}]
    return str(overrides[0].get("InstanceType") or group.instance_type)


def _next_is_spot(group: Any) -> bool:
    distribution = (group.mixed_instances_policy or {}).get("InstancesDistribution")
    if not distribution:
        return False
    members = group.active_instances()
    base = int(distribution.get("OnDemandBaseCapacity") or 0)
    percentage = distribution.get("OnDemandPercentageAboveBaseCapacity")
    above = max(0, len(members) + 1 - base) * (100 if percentage is None else int(percentage))
    on_demand = base + -(-above // 100)  # rounded up, as AWS does
    return len([state for state in members if state.instance.lifecycle != "spot"]) >= on_demand


def _unhealthy(group: Any, state: Any) -> bool:
    if state.health_status == "Unhealthy" or state.instance.state != "running":
        return True
    if CLOCK.running:  # the load balancer's checks tell, in their time
        return False
    # A zone that is down fails the load balancer's checks; EC2's own status checks are not simulated.
    return group.health_check_type == "ELB" and not _lives(
        group.ec2_backend.get_subnet(state.instance.subnet_id)
    )


def _surplus(group: Any, living: list[Any]) -> list[Any]:
    """Members of the fullest zones that launching in the emptiest would balance."""
    members = Counter({subnet.availability_zone: 0 for subnet in living})
    members.update(s.availability_zone for s in group.active_instances() if s.availability_zone in members)
    surplus: list[Any] = []
    while members and max(members.values()) - min(members.values()) > 1:
        fullest = max(members, key=lambda zone: members[zone])
        there = (s for s in group.active_instances() if s.availability_zone == fullest and s not in surplus)
        surplus.append(next(there))
        members[fullest] -= 1
        members[min(members, key=lambda zone: members[zone])] += 1
    return surplus


def _next_out(group: Any) -> list[Any]:
    """The member that scaling in takes: of the fullest zone, the oldest that isn't protected."""
    free = [state for state in group.active_instances() if not state.protected_from_scale_in]
    members = Counter(state.availability_zone for state in group.active_instances())
    return [max(free, key=lambda state: members[state.availability_zone])] if free else []


def _active_instances(group: Any) -> list[Any]:
    """Instances that count for the desired capacity: moto launches none that is still pending."""
    return [s for s in group.instance_states if s.lifecycle_state in (instances.SERVING, instances.PENDING)]


def _launch_template(state: Any) -> dict[str, Any] | None:
    template = state.auto_scaling_group.ec2_launch_template
    if template is None:
        return None
    version = getattr(state, "version", None) or template.default_version_number
    return {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name, "Version": str(version)}


def _set_desired_capacity(group: Any, new_capacity: int | None) -> None:
    group.desired_capacity = group.min_size if new_capacity is None else new_capacity
    reconcile(group)


def _notify_terminate_instances(backend: Any, instance_ids: list[str]) -> None:
    for group in backend.autoscaling_groups.values():
        if any(state.instance.id in instance_ids for state in group.instance_states):
            reconcile(group)


def _terminate_instance(backend: Any, instance_id: str, should_decrement: bool) -> Any:
    """A member is told to go: by the group's hooks, as any other."""
    from moto.autoscaling.exceptions import ValidationError
    from moto.autoscaling.models import TerminateInstanceActivity

    members = (s for group in backend.autoscaling_groups.values() for s in group.instance_states)
    state = next((s for s in members if s.instance.id == instance_id), None)
    if state is None:
        raise ValidationError(
            f"Instance Id not found - No managed instance found for instance ID: {instance_id}"
        )
    group = state.auto_scaling_group
    size = group.desired_capacity
    if should_decrement:
        group.desired_capacity -= 1
    terminate(group, [state])
    reconcile(group)
    return TerminateInstanceActivity(state.instance, size)


def _set_instance_health(original: Callable[..., None]) -> Callable[..., None]:
    def set_instance_health(backend: Any, instance_id: str, health_status: str) -> None:
        original(backend, instance_id, health_status)
        reconcile(backend.ec2_backend.get_instance(instance_id).autoscaling_group)

    return set_instance_health


def _after_reconciling(original: Callable[..., Any]) -> Callable[..., Any]:
    def describe(backend: Any, *args: Any, **kwargs: Any) -> Any:
        for group in list(backend.autoscaling_groups.values()):
            reconcile(group)
        return original(backend, *args, **kwargs)

    return describe


def _update_attached_target_groups(backend: Any, group_name: str) -> None:
    group = backend.autoscaling_groups[group_name]
    if not group.target_group_arns:
        return
    serving = [s for s in group.active_instances() if s.lifecycle_state == instances.SERVING]
    running = [s.instance.id for s in serving if s.instance.state == "running"]
    for target_group in backend.elbv2_backend.describe_target_groups(
        target_group_arns=group.target_group_arns, load_balancer_arn=None, names=None
    ):
        new = [{"Id": id_, "Port": target_group.port} for id_ in running if id_ not in target_group.targets]
        if new:
            backend.elbv2_backend.register_targets(target_group.arn, new)
