"""Executions of state machines: by alias and version, stopped at once, each attempt of a task with a token of its own.

moto's interpreter starts an execution of the state machine alone, lets one that was stopped wait on, gives the next attempt of a task the
answer of the one that failed, and fails who comes before the execution's thread has begun.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-cd-aliasing-versioning.html
"""

from __future__ import annotations

import functools
import time
from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.responses import StepFunctionResponse


def resolved(backend: Any, arn: str) -> tuple[Any, str]:
    """The state machine that an ARN leads to, and the definition that is run: of an alias, that of the version with the most weight."""
    head, _, last = arn.rpartition(":")
    aliased = next(
        (each for each in backend.state_machines if each.arn == head and last in each.aliases), None
    )
    if aliased is None:
        found = backend.describe_state_machine(arn)
        machine = next(
            (each for each in backend.state_machines if each.arn == getattr(found, "source_arn", "")), found
        )
        return machine, found.definition
    routes = aliased.aliases[last].routing_configuration
    version = max(routes, key=lambda each: each["weight"])["stateMachineVersionArn"]
    return aliased, backend.describe_state_machine(version).definition


def _start(original: Any) -> Any:
    @functools.wraps(original)
    def start_execution(self: Any, state_machine_arn: str, *more: Any, **named: Any) -> Any:
        machine, definition = resolved(self, state_machine_arn)
        own, machine.definition = machine.definition, definition
        try:  # the execution has a copy
            begun = original(self, machine.arn, *more, **named)
        finally:
            machine.definition = own
        _there(begun)
        return begun

    return start_execution


def _there(execution: Any) -> None:
    """Return when the execution's thread has what a task's answer, or a stop, is told to: moto fails who comes earlier."""
    end = time.monotonic() + PATIENCE
    while execution.exec_worker.env is None:
        if time.monotonic() > end:
            raise TimeoutError(f"execution {execution.name} doesn't begin")
        time.sleep(0.001)


def _stop(original: Any) -> Any:
    @functools.wraps(original)
    def stop_execution(self: Any, arn: str) -> Any:
        from moto.stepfunctions.parser.api import ExecutionStatus

        stopped = original(self, arn)
        if stopped.exec_status == ExecutionStatus.RUNNING:  # to moto, until what it waits for comes
            stopped.exec_status, stopped.stop_date = ExecutionStatus.ABORTED, datetime.now(UTC)
            for each in list(stopped.exec_worker.env.callback_pool_manager._pool.values()):  # noqa: SLF001
                each.interrupt_all()
        return stopped

    return stop_execution


def _erring(original: Any) -> Any:
    @functools.wraps(original)
    def set_error(self: Any, error: Any) -> None:
        if type(self._program_state).__name__ != "ProgramStopped":
            original(self, error)

    return set_error


PATIENCE = 10.0
"""Real seconds in which an execution begins."""


def _tokens() -> None:
    """Have each attempt of a task wait for a token of its own: moto's next attempt gets the answer of the one that failed.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
    """
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import (
        ResourceCondition,
    )
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
        StateTaskServiceCallback,
    )

    whole = StateTaskServiceCallback._eval_execution  # noqa: SLF001

    @functools.wraps(whole)
    def evaluate(self: Any, env: Any) -> None:
        context = env.states.context_object
        again = context.context_object_data["State"]["RetryCount"]
        if again and self.resource.condition == ResourceCondition.WaitForTaskToken:
            env.callback_pool_manager.add(context.update_task_token())
        whole(self, env)

    StateTaskServiceCallback._eval_execution = evaluate  # noqa: SLF001


def _parse_once() -> None:
    """Have a definition parsed once: that takes longer than its execution, and each execution did it anew."""
    from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

    kept = functools.lru_cache(64)(AmazonStateLanguageParser.parse)
    AmazonStateLanguageParser.parse = staticmethod(kept)


def list_state_machine_versions(self: StepFunctionResponse) -> Any:
    """The versions of a state machine, the last one first; moto has none of it."""
    from moto.core.responses import ActionResult

    machine = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
    made = sorted(machine.versions.values(), key=lambda each: -each.version)
    told = [{"stateMachineVersionArn": each.arn, "creationDate": each.creation_date} for each in made]
    return ActionResult({"stateMachineVersions": told})


def install() -> None:
    """Patch moto's interpreter, which is loaded by that."""
    from moto.stepfunctions.parser.asl.eval.environment import Environment
    from moto.stepfunctions.parser.models import StepFunctionsParserBackend

    Environment.set_error = _erring(Environment.set_error)
    StepFunctionsParserBackend.start_execution = _start(StepFunctionsParserBackend.start_execution)
    StepFunctionsParserBackend.stop_execution = _stop(StepFunctionsParserBackend.stop_execution)
    _parse_once()
    _tokens()
