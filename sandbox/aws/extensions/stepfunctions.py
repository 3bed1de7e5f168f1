"""Step Functions: executions without a name get one, and paths answer as AWS has it.

moto calls each execution without a name None; it makes a list of what `$.Groups[0].Size` finds, and takes a filter that finds nothing
for a path that isn't there; what its interpreter knows stays when everything else is emptied; and it spells what ECS takes and answers
as boto3 does. To AWS a path of names and numbers is one value, a filter a list, and every name begins with a capital. Times in a call's
answer are texts to AWS, and nothing that moto can pass on. A Wait state and a Retry wait a fifth of a second at most: what they wait for
is done at once here, unless the simulated clock runs.
https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
"""

from __future__ import annotations

import functools
import re
import sys
import time
import uuid
from datetime import datetime, timedelta, timezone
from typing import Any

from moto.stepfunctions.parser.asl.utils import json_path
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.aws.clockwork import machines
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.extensions import _executions

_SEVERAL = re.compile(r"\.\.|\*|\[\?|\[[^\]]*[:,]")
"""In a path that may find several values: descent, wildcard, filter, slice."""


_CAPITALS = re.compile(r"([A-Z])([A-Z]+)(?=[A-Z][a-z]|\d|$)")
"""A word in capitals, up to the next one."""
_parsed = functools.cache(json_path.parse)
"""A path's parser is built anew for each path, which takes longer than all else that a state does."""


def _extract(original: Any) -> Any:
    @functools.wraps(original)
    def extract_json(path: str, data: Any) -> Any:
        found = [match.value for match in _parsed(path).find(data)]
        if _SEVERAL.search(path):
            return original(path, data) if found else []
        if len(found) != 1:
            raise json_path.NoSuchJsonPathError(json_path=path, data=data)
        return found[0]

    return extract_json


LONGEST_WAIT = 0.05
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


class _Moments:
    """Stands for the module of which moto asks when a state is entered."""

    timezone = timezone

    class datetime:  # noqa: N801  its name there
        """Its one class."""

        @staticmethod
        def now(tz: Any) -> datetime:
            """Now, on the clock if it runs."""
            if not CLOCK.running:
                return datetime.now(tz)
            return CLOCK.epoch.replace(tzinfo=tz) + timedelta(seconds=CLOCK.now)


def _wait(_self: Any, env: Any, wait_seconds: int) -> None:
    if CLOCK.running:
        machines.sleep(wait_seconds)
    else:  # until the execution ends, at most
        env.program_state_event.wait(min(wait_seconds, LONGEST_WAIT))


@functools.cache
def _hurry() -> None:
    """Have Wait and Retry go by the clock, or be short, once the interpreter is there to be told."""
    from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
    from moto.stepfunctions.parser.asl.component.state import state
    from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction

    retrier_decl.time = _Time
    state.datetime = _Moments
    WaitFunction._wait_interval = _wait  # noqa: SLF001


def _tell_times() -> None:
    """Have the answers of AWS's calls told with times as texts, once the interpreter is there."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
        StateTaskServiceAwsSdk,
    )

    whole = StateTaskServiceAwsSdk._eval_service_task  # noqa: SLF001

    @functools.wraps(whole)
    def evaluate(self: StateTaskServiceAwsSdk, env: Any, **more: Any) -> None:
        whole(self, env, **more)
        env.stack.append(_told(env.stack.pop()))

    StateTaskServiceAwsSdk._eval_service_task = evaluate  # noqa: SLF001


_NAMES = {"applicationautoscaling": "application-autoscaling"}
"""Services whose name in a state's resource isn't that of their API."""


def _api(service: str) -> Any:
    from moto.core.utils import get_service_model

    return get_service_model(_NAMES.get(service, service))


def _translated() -> None:
    """Have parameters and answers spelt with a capital first, as Step Functions does whatever the service.

    https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
    """
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
        StateTaskServiceAwsSdk,
    )

    def name(self: StateTaskServiceAwsSdk, _given: Any = None) -> str:
        service = str(self.resource.api_name)
        return _NAMES.get(service, service)

    whole = StateTaskServiceAwsSdk._eval_service_task  # noqa: SLF001

    @functools.wraps(whole)
    def evaluate(
        self: StateTaskServiceAwsSdk, env: Any, *, normalised_parameters: dict[str, Any], **more: Any
    ) -> None:
        operation = _api(self.resource.api_name).operation_model(_first(self.resource.api_action))
        spelt = _spelt(normalised_parameters, operation.input_shape)
        whole(self, env, normalised_parameters=spelt, **more)
        env.stack.append(_capital(env.stack.pop(), operation.output_shape))

    StateTaskServiceAwsSdk._get_boto_service_name = name  # noqa: SLF001
    StateTaskServiceAwsSdk._eval_service_task = evaluate  # noqa: SLF001


def _each(value: Any, shape: Any, key: Any, inner: Any) -> Any:
    """A value with its members' names changed by `key(name, shape)`, at every level that the shape tells of."""
    kind = getattr(shape, "type_name", "")
    if kind == "structure" and isinstance(value, dict):
        named = {key(name, shape): found for name, found in value.items()}
        members = {**shape.members, **{_upper(name): member for name, member in shape.members.items()}}
        return {name: inner(found, members.get(name)) for name, found in named.items()}
    if kind == "list" and isinstance(value, list):
        return [inner(found, shape.member) for found in value]
    if kind == "map" and isinstance(value, dict):
        return {name: inner(found, shape.value) for name, found in value.items()}
    return value


def _first(name: str) -> str:
    return name[:1].upper() + name[1:]


def _upper(name: str) -> str:
    """A name as Step Functions spells it: a capital first, and of a word in capitals (DB, ARN) only its first one."""
    return _CAPITALS.sub(lambda found: found[1] + found[2].lower(), _first(name))


def _spelt(value: Any, shape: Any) -> Any:
    """As the API has it; a name that it doesn't have stays, and is refused."""

    def key(name: str, of: Any) -> str:
        return next((member for member in of.members if _upper(member) == name), name)

    return _each(value, shape, key, _spelt)


def _capital(value: Any, shape: Any) -> Any:
    return _each(value, shape, lambda name, _of: _upper(name), _capital)


def _told(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _told(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_told(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _keep_clients() -> None:
    """Have the interpreter's tasks share clients: making one takes longer than its call."""
    from moto.stepfunctions.parser.asl.utils import boto_client

    @functools.cache
    def kept(_port: str, region: str, service: str) -> Any:
        return made(region=region, service=service)

    def client(region: str, service: str, state_credentials: Any = None) -> Any:
        del state_credentials  # moto takes no role either
        return kept(boto_client.moto_server_port(), region, service)

    made = boto_client.boto_client_for
    for module in [each for name, each in sys.modules.items() if name.startswith("moto.stepfunctions.")]:
        if getattr(module, "boto_client_for", None) is made:
            module.boto_client_for = client  # type: ignore[attr-defined]


@functools.cache
def _once() -> None:
    _executions.install()
    _translated()
    _tell_times()
    _keep_clients()


def prepare() -> None:
    """Load what an execution needs first of all, if there is a machine: a parser of paths, and what clients know before they are made."""
    if "moto.stepfunctions.parser.models" in sys.modules:
        from moto.stepfunctions.parser.asl.utils import boto_client

        _parsed("$.any")
        boto_client.boto_client_for("us-east-1", "sts")


def begin(region: str, account: str, arn: str, given: str) -> None:
    """Start an execution as another service does."""
    from moto.stepfunctions.parser.models import stepfunctions_parser_backends

    _hurry()
    _once()
    stepfunctions_parser_backends[account][region].start_execution(arn, str(uuid.uuid4()), given)


def _start_execution(original: Any) -> Any:
    @functools.wraps(original)
    def start_execution(self: StepFunctionResponse) -> Any:
        read, name = self._get_param, str(uuid.uuid4())

        def named(param: str, if_none: Any = None) -> Any:
            return read(param, if_none=name if param == "name" else if_none)

        self._get_param = named
        _hurry()
        _once()
        return original(self)

    return start_execution


def _loaded(original: Any) -> Any:
    @functools.wraps(original)
    def call(self: StepFunctionResponse) -> Any:
        _once()
        return original(self)

    return call


def install() -> None:
    """Patch moto; its interpreter is loaded when it is first used, and takes the patched function."""
    json_path.parse = _parsed
    json_path.extract_json = _extract(json_path.extract_json)
    StepFunctionResponse.start_execution = _start_execution(StepFunctionResponse.start_execution)
    StepFunctionResponse.create_state_machine = _loaded(StepFunctionResponse.create_state_machine)
    StepFunctionResponse.list_state_machine_versions = _executions.list_state_machine_versions


def reset() -> None:
    """Forget state machines and executions, if the interpreter was ever used."""
    loaded = sys.modules.get("moto.stepfunctions.parser.models")
    for account in list(loaded.stepfunctions_parser_backends.values()) if loaded else ():
        account.reset()
