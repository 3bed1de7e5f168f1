"""How a person moves a system to a region: by its Region switch plan, else by its state machine, else by the calls that those would make.

Everything that is needed while a region is lost is asked of the region that takes over.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.drills import by_hand, environments
from sandbox.drills.servers import group_behind
from sandbox.drills.system import Place, System
from sandbox.drills.world import World

GOOD_PLAN = ("inProgress", "completed")
FAILED_PLAN = ("pausedByFailedStep", "failed", "canceled", "planExecutionTimedOut")
FAILED_MACHINE = ("FAILED", "TIMED_OUT", "ABORTED")
Step = tuple[str, str]
"""What a plan is asked for: `activate` or `deactivate`, and the region that it targets."""


@dataclass
class Started:
    """What a person has set going."""

    what: str
    region: str
    plan: str = ""
    execution: str = ""
    then: list[Step] = field(default_factory=list)
    """What the plan is asked for when it is done with that."""

    def problem(self, world: World) -> str:
        """Why it doesn't go on; empty while it does."""
        if self.plan:
            answer = world.boto("arc-region-switch", self.region).get_plan_execution(
                planArn=self.plan, executionId=self.execution
            )
            if answer["executionState"] == "completed" and self.then:
                self.region, self.execution = _run(world, answer["plan"], self.then.pop(0), lossy=False)
                return ""
            if answer["executionState"] not in FAILED_PLAN:
                return ""
            steps = [s["name"] for s in answer["stepStates"] if s["status"] == "failed"]
            return f"plan {self.plan} is {answer['executionState']} at {', '.join(steps) or 'no step'}"
        if self.execution:
            answer = world.boto("stepfunctions", self.region).describe_execution(executionArn=self.execution)
            if answer["status"] in FAILED_MACHINE:
                return f"{self.execution} {answer['status']}: {answer.get('cause') or answer.get('error')}"
        return ""


def take_over(world: World, system: System, to: Place, *, lossy: bool) -> Started:
    """Bring a region up. Raises ClientError when AWS refuses."""
    if environment := system.environments.get(to.region):
        grown = environments.grow(world, environment, to.region)
        if not environment.machine:
            return Started(grown, to.region)
        return replace(_machine(world, environment.machine, to.region, lossy=lossy), what=grown)
    plan = plan_of(world, system, to.region)
    if plan is not None:
        return _plan(world, plan, to.region, lossy=lossy)
    machine = machine_of(world, system, to.region)
    if machine is not None:
        return _machine(world, machine, to.region, lossy=lossy)
    return _by_hand(world, system, to.region, lossy=lossy)


def plan_of(world: World, system: System, region: str) -> dict[str, Any] | None:
    """The Region switch plan that moves the system's servers, database or name, or runs the one that does."""
    switch = world.boto("arc-region-switch", region)
    plans = {
        p["arn"]: switch.get_plan_in_region(arn=p["arn"])["plan"]
        for p in switch.list_plans_in_region()["plans"]
    }
    place = system.place(region)
    servers = (
        group_behind(world, region, place.load_balancer)["AutoScalingGroupARN"]
        if place and plans and not system.tasks
        else ""
    )
    wanted = [f'"{each}"' for each in (system.global_cluster, system.site, servers) if each]
    ours = [arn for arn, plan in plans.items() if _names(plan, *wanted)]
    parents = [
        arn
        for arn, plan in plans.items()
        if any(f'"{child}"' in json.dumps(plan["workflows"]) for child in ours)
    ]
    chosen = next(iter([*parents, *ours]), None)
    return None if chosen is None else dict(plans[chosen])


def steps_of(plan: Mapping[str, Any]) -> list[str]:
    """The names of all steps of a plan, each once, those beside others too."""
    found: list[str] = []
    for workflow in plan["workflows"]:
        for step in workflow["steps"]:
            inside = step["executionBlockConfiguration"].get("parallelConfig", {}).get("steps", [])
            found += [step["name"], *(each["name"] for each in inside)]
    return list(dict.fromkeys(found))


def _names(plan: Mapping[str, Any], *wanted: str) -> bool:
    said = json.dumps(plan["workflows"], default=str)
    return any(each in said for each in wanted)


def _plan(world: World, plan: Mapping[str, Any], region: str, *, lossy: bool) -> Started:
    switch = world.boto("arc-region-switch", region)
    known = sorted(
        switch.list_plan_executions(planArn=plan["arn"])["items"], key=lambda each: each["startTime"]
    )
    first, *then = asked(plan, region, known)
    if (
        known
        and (known[-1]["executionAction"], known[-1]["executionRegion"]) == first
        and known[-1]["executionState"] in GOOD_PLAN
    ):  # a trigger was faster
        return Started(
            f"sees that plan {plan['name']} is run already",
            region,
            plan["arn"],
            known[-1]["executionId"],
            then,
        )
    where, execution = _run(world, plan, first, lossy=lossy)
    return Started(f"runs plan {plan['name']}", where, plan["arn"], execution, then)


def asked(plan: Mapping[str, Any], region: str, known: Sequence[Mapping[str, Any]]) -> list[Step]:
    """What the plan is asked for to move the system to a region; `known` are its executions, the last one last.

    Of two regions that both serve the other one is taken out, with the writer. One that was taken out comes in first, and where that
    doesn't move the writer, the other one is taken out, and comes in again.
    """
    if plan["recoveryApproach"] == "activePassive":
        return [("activate", region)]
    other = next(each for each in plan["regions"] if each != region)
    done = [
        each["executionAction"]
        for each in known
        if (each["executionRegion"], each["executionState"]) == (region, "completed")
    ]
    if done[-1:] != ["deactivate"]:
        return [("deactivate", other)]
    moves = _names(plan, "globalAurora", "customActionLambda")
    back: list[Step] = [("deactivate", other), ("activate", other)] if moves else []
    return [("activate", region), *back]


def _run(world: World, plan: Mapping[str, Any], step: Step, *, lossy: bool) -> tuple[str, str]:
    """Start an execution in the region that it brings up: that region, and the execution."""
    action, target = step
    where = target if action == "activate" else next(each for each in plan["regions"] if each != target)
    begun = world.boto("arc-region-switch", where).start_plan_execution(
        planArn=plan["arn"],
        targetRegion=target,
        action=action,
        mode="ungraceful" if lossy else "graceful",
    )
    return where, str(begun["executionId"])


def machine_of(world: World, system: System, region: str) -> str | None:
    """ARN of the state machine that brings the region up: one that names the system's global database, else its servers."""
    machines = world.boto("stepfunctions", region)
    if environment := system.environments.get(region):
        return environment.machine or None
    named = system.global_cluster or (_service if system.tasks else _group)(world, system, region)
    for each in machines.list_state_machines()["stateMachines"]:
        definition = machines.describe_state_machine(stateMachineArn=each["stateMachineArn"])["definition"]
        if f'"{named}"' in definition:
            return str(each["stateMachineArn"])
    return None


def _service(world: World, system: System, region: str) -> str:
    """One of the services behind the region's load balancer."""
    place = system.place(region)
    found = world.call("capacity", host=place.load_balancer) if place else {"services": []}
    return str(found["services"][0]["name"]) if found["services"] else ""


def _group(world: World, system: System, region: str) -> str:
    place = system.place(region)
    return str(group_behind(world, region, place.load_balancer)["AutoScalingGroupName"]) if place else ""


def _machine(world: World, arn: str, region: str, *, lossy: bool) -> Started:
    mode = "failover" if lossy else "switchover"
    begun = world.boto("stepfunctions", region).start_execution(
        stateMachineArn=arn, input=json.dumps({"action": "take", "mode": mode})
    )
    return Started(f"runs {arn.rpartition(':')[2]}", region, execution=begun["executionArn"])


def _by_hand(world: World, system: System, region: str, *, lossy: bool) -> Started:
    """What loses nothing goes step by step instead, see `roles.Swap`."""
    moved = []
    if system.global_cluster:
        by_hand.promote(world, system, region, lossy=lossy)
        moved.append("the database")
    if region in system.caches:
        by_hand.fail_over_cache(world, system, region)
        moved.append("the cache")
    if region in system.files:
        by_hand.end_replication(world, system, region)
        moved.append("the files")
    return Started(f"promotes {', '.join(moved)}" if moved else "finds nothing to promote", region)
