"""Step Functions: executions without a name get one, and paths answer as AWS has it.

moto calls each execution without a name None; it makes a list of what `$.Groups[0].Size` finds, and takes a filter that finds nothing
for a path that isn't there; what its interpreter knows stays when everything else is emptied. To AWS a path of names and numbers is one
value, and a filter a list. Times in a call's answer are texts to AWS, and nothing that moto can pass on. A Wait state and a Retry wait a
fifth of a second at most: what they wait for is done at once here, unless the simulated clock runs.
https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
"""

from __future__ import annotations

import functools
import re
import sys
import time
import uuid
from datetime import datetime
from typing import Any

from moto.stepfunctions.parser.asl.utils import json_path
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.aws.clockwork import machines
from sandbox.aws.clockwork.clock import CLOCK

_SEVERAL = re.compile(r"\.\.|\*|\[\?|\[[^\]]*[:,]")
"""In a path that may find several values: descent, wildcard, filter, slice."""


def _extract(original: Any) -> Any:
    @functools.wraps(original)
    def extract_json(path: str, data: Any) -> Any:
        found = [match.value for match in json_path.parse(path).find(data)]
        if _SEVERAL.search(path):
            return original(path, data) if found else []
        if len(found) != 1:
            raise json_path.NoSuchJsonPathError(json_path=path, data=data)
        return found[0]

    return extract_json


LONGEST_WAIT = 0.2
"""Seconds."""


class _Time:
    """Stands for the module where moto sleeps before it tries again."""

    @staticmethod
    def sleep(seconds: float) -> None:
        """Sleep so long in simulated time, else the longest wait."""
        if CLOCK.running:
            machines.sleep(seconds)
        else:
            time.sleep(min(seconds, LONGEST_WAIT))


def _wait(_self: Any, env: Any, wait_seconds: int) -> None:
    if CLOCK.running:
        machines.sleep(wait_seconds)
    else:  # until the execution ends, at most
        env.program_state_event.wait(min(wait_seconds, LONGEST_WAIT))


@functools.cache
def _hurry() -> None:
    """Have Wait and Retry go by the clock, or be short, once the interpreter is there to be told."""
    from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
    from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction

    retrier_decl.time = _Time
    WaitFunction._wait_interval = _wait  # noqa: SLF001


@functools.cache
def _tell_times() -> None:
    """Have the answers of AWS's calls told with times as texts, once the interpreter is there."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
        StateTaskServiceAwsSdk,
    )

    whole = StateTaskServiceAwsSdk._eval_service_task  # noqa: SLF001

    @functools.wraps(whole)
    def evaluate(self: StateTaskServiceAwsSdk, env: Any, *args: Any, **more: Any) -> None:
        whole(self, env, *args, **more)
        env.stack.append(_told(env.stack.pop()))

    StateTaskServiceAwsSdk._eval_service_task = evaluate  # noqa: SLF001


def _told(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _told(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_told(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _start_execution(original: Any) -> Any:
    @functools.wraps(original)
    def start_execution(self: StepFunctionResponse) -> Any:
        read, name = self._get_param, str(uuid.uuid4())

        def named(param: str, if_none: Any = None) -> Any:
            return read(param, if_none=name if param == "name" else if_none)

        self._get_param = named
        _hurry()
        _tell_times()
        return original(self)

    return start_execution


def install() -> None:
    """Patch moto; its interpreter is loaded when it is first used, and takes the patched function."""
    json_path.extract_json = _extract(json_path.extract_json)
    StepFunctionResponse.start_execution = _start_execution(StepFunctionResponse.start_execution)


def reset() -> None:
    """Forget state machines and executions, if the interpreter was ever used."""
    loaded = sys.modules.get("moto.stepfunctions.parser.models")
    for account in list(loaded.stepfunctions_parser_backends.values()) if loaded else ():
        account.reset()
