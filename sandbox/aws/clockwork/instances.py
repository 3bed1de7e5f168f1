"""Servers on the clock: they boot, run the application that their user data starts, fail, and are replaced."""

from __future__ import annotations

import base64
import functools
import json
import re
from collections.abc import Iterator
from typing import Any

from sandbox.aws.clockwork import scope
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.faults import TABLE

FAILED: set[str] = set()
"""Instances whose host has failed."""
_ready: dict[str, float] = {}
"""When the application of an instance launched on the clock is up."""
_told: dict[str, tuple[float, dict[str, Any]]] = {}
"""When each application was told last, and what, by instance."""
_states: dict[tuple[str, str], Any] = {}
"""Where the state of an instance was found last, by region and instance; asked whether it is still there."""
_PARAMETER = re.compile(r"ssm get-parameter\b[^\n]*--name '([^']+)'")
_TIMER = re.compile(r"^OnUnitActiveSec=(\d+)$", re.MULTILINE)
PENDING, SERVING = "Pending", "InService"
OWNER = "eks:cluster-name"
"""Tag of the group of a cluster's nodes."""
ENVIRONMENT = "elasticbeanstalk:environment-name"
"""The same of the instances of an environment."""


def groups() -> Iterator[Any]:
    """Every Auto Scaling group of every region that is there."""
    from moto.autoscaling.models import autoscaling_backends

    from sandbox.aws.client import ACCOUNT

    for region in list(autoscaling_backends[ACCOUNT]):
        yield from groups_in(region)


def groups_in(region: str) -> list[Any]:
    """Those of one region; none of one that is lost."""
    from moto.autoscaling.models import autoscaling_backends

    from sandbox.aws.client import ACCOUNT

    if TABLE.region_lost(region):
        return []
    there = autoscaling_backends[ACCOUNT][region].autoscaling_groups.values()
    return [each for each in there if scope.played(each)]


def start() -> None:
    """What runs already has read what it is told."""
    for group in groups():
        for state in group.instance_states:
            application(state)


def launched(state: Any) -> None:
    """An instance of a group that was just launched: pending, in service when it runs, useful when its application is up."""
    if not CLOCK.running:
        return
    group, id_ = state.auto_scaling_group, state.instance.id
    runs, region = CLOCK.lasts("launch.ec2"), group.region
    state.lifecycle_state = PENDING
    state.launched = CLOCK.now + runs
    _ready[id_] = state.launched + CLOCK.lasts("launch.bootstrap")
    CLOCK.note("Auto Scaling", f"launches {id_} in {group.name}", region)

    def in_service() -> None:
        if state in group.instance_states and not TABLE.region_lost(region):
            state.lifecycle_state = SERVING
            group.autoscaling_backend.update_attached_target_groups(group.name)

    CLOCK.after(runs, in_service)


def states(region: str) -> dict[str, Any]:
    """The groups' states of a region's instances, by id; none in a region that is lost."""
    return {state.instance.id: state for group in groups_in(region) for state in group.instance_states}


def state_of(region: str, instance_id: str) -> Any | None:
    """The group's state of an instance; None for one that no group has, and in a region that is lost."""
    known = _states.get((region, instance_id))
    if known is None or TABLE.region_lost(region) or not _stays(region, known):
        found = (each for group in groups_in(region) for each in group.instance_states)
        known = next((each for each in found if each.instance.id == instance_id), None)
        if known is not None:
            _states[region, instance_id] = known
    return known


def _stays(region: str, state: Any) -> bool:
    """Whether a group that is there still has an instance."""
    from moto.autoscaling.models import autoscaling_backends

    from sandbox.aws.client import ACCOUNT

    group = state.auto_scaling_group
    there = autoscaling_backends[ACCOUNT][region].autoscaling_groups.get(group.name) is group
    return there and state in group.instance_states


def graceful(state: Any) -> bool:
    """Whether the group doesn't look at the load balancer's checks of it yet."""
    launched_at = getattr(state, "launched", None)
    grace = state.auto_scaling_group.health_check_grace_period or 0
    return launched_at is not None and CLOCK.now < launched_at + float(grace)


def unhealthy(state: Any) -> None:
    """The load balancer's checks failed: a group that goes by them replaces the instance, after its grace period."""
    group = state.auto_scaling_group
    if group.health_check_type != "ELB" or state not in group.instance_states:
        return
    if graceful(state):
        left = state.launched + float(group.health_check_grace_period) - CLOCK.now
        CLOCK.once(f"grace {state.instance.id}", left, lambda: _again(state))
        return
    _replace(state)


def _replace(state: Any) -> None:
    group = state.auto_scaling_group
    CLOCK.note("Auto Scaling", f"replaces {state.instance.id} of {group.name}: unhealthy", group.region)
    state.health_status = "Unhealthy"
    group.set_desired_capacity(group.desired_capacity)  # the group settles


def fail(id_: str) -> None:
    """An instance's host fails. A group that goes by EC2's own status checks replaces it when those have found out."""
    FAILED.add(id_)
    for group in groups():
        for state in group.instance_states:
            if state.instance.id == id_ and group.health_check_type == "EC2":
                CLOCK.after(CLOCK.lasts("detect.status_check"), functools.partial(_dead, state))


def _dead(state: Any) -> None:
    if state in state.auto_scaling_group.instance_states and not TABLE.region_lost(
        state.auto_scaling_group.region
    ):
        _replace(state)


def _again(state: Any) -> None:
    """The grace period is over."""
    arns = state.auto_scaling_group.target_group_arns
    if any((TABLE.target(state.instance.id, arn) or ("",))[0] == "unhealthy" for arn in arns):
        unhealthy(state)


def alive(state: Any) -> bool:
    """Whether the machine runs and its application has started."""
    instance = state.instance
    subnet = state.auto_scaling_group.ec2_backend.get_subnet(instance.subnet_id)
    gone = TABLE.zone_lost(subnet.availability_zone, subnet.availability_zone_id)
    up = instance.state == "running" and instance.id not in FAILED and not gone
    return up and CLOCK.now >= _ready.get(instance.id, 0.0)


def application(state: Any) -> dict[str, Any] | None:
    """What the application on a living instance was told of its database, nothing if it has none; None: none started.

    It is told when it starts, and anew as often as a timer of its script looks.
    """
    id_ = state.instance.id
    if not alive(state):
        return None
    at, known = _told.get(id_, (0.0, None))
    if known is None or CLOCK.now - at >= _looks(state):
        found = _read(state)
        known = known if found is None else found
        if known is None:
            return None
        _told[id_] = CLOCK.now, known
    return known


def _looks(state: Any) -> float:
    """Seconds between two looks at what the application is told."""
    script = _script(state.auto_scaling_group, getattr(state, "version", None))
    return float("inf") if script is None else _every(script)


@functools.cache
def _every(script: str) -> float:
    found = _TIMER.search(script)
    return float(found[1]) if found else float("inf")


@functools.cache
def _reads(script: str) -> str:
    found = _PARAMETER.search(script)
    return found[1] if found else ""


def _read(state: Any) -> dict[str, Any] | None:
    from moto.ssm.models import ssm_backends

    from sandbox.aws.client import ACCOUNT

    group = state.auto_scaling_group
    name = parameter(group, getattr(state, "version", None))
    if name == "":
        return {}
    found = ssm_backends[ACCOUNT][group.region].get_parameter(name) if name else None
    return dict(json.loads(found.value)) if found is not None else None


def parameter(group: Any, version: Any) -> str | None:
    """Name of the SSM parameter that the application of a launch template's version reads, empty if it reads none; None without one."""
    script = _script(group, version)
    if script is None:
        return None
    if any(tag["Key"] in (OWNER, ENVIRONMENT) for tag in group.tags):
        return ""  # a node answers on its node port, whichever pod of the cluster is asked; an instance with what was deployed
    return _reads(script) if "systemctl enable --now" in script else None


def _script(group: Any, version: Any) -> str | None:
    """What an instance of that version runs when it starts; None without a launch template."""
    template = group.ec2_launch_template
    if template is None:
        return None
    data = template.get_version(str(version or group.launch_template_version)).data.get("UserData") or ""
    return _decoded(data if isinstance(data, str) else data.as_bytes().decode())


@functools.cache
def _decoded(data: str) -> str:
    return base64.b64decode(data).decode(errors="replace")
