"""Invoke runs the function's own code: Python in a process of its own, against this AWS, with what it prints left out.

moto without Docker answers with the event. Functions of another runtime, or from an image, still do; so does whoever has queued results
(`/moto-api/static/lambda-simple/response`). A sleep of the code is over at once.
"""

from __future__ import annotations

import base64
import functools
import json
import os
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.aws import nursery
from sandbox.aws.client import environment
from sandbox.aws.turns import aside

HANDLED = "X-Amz-Function-Error"


def install() -> None:
    """Patch moto's Lambda without Docker."""
    from moto.awslambda_simple.models import LambdaSimpleBackend

    LambdaSimpleBackend.invoke = _invoke(LambdaSimpleBackend.invoke)


def _invoke(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def invoke(self: Any, *given: Any) -> Any:
        name, qualifier, body, _, response_headers = given
        function = self.get_function(name, qualifier)
        python = str(function.run_time).startswith("python") and function.code_bytes
        if self.lambda_simple_results_queue or not python:
            return original(self, *given)
        with aside():
            ended = run(function, json.loads(body or "{}"))
        if "error" not in ended:
            return json.dumps(ended["result"]).encode()
        response_headers[HANDLED] = "Unhandled"
        kind, _, message = ended["error"].partition(": ")
        return json.dumps({"errorType": kind, "errorMessage": message, "stackTrace": []}).encode()

    return invoke


def run(function: Any, event: Any) -> Mapping[str, Any]:
    """The `result` of one invocation, or its `error`."""
    timeout, now = float(function.timeout), time.time()
    told = {
        "zip": base64.b64encode(function.code_bytes).decode(),
        "handler": function.handler,
        "epoch": now,
    }
    asked = {"event": event, "request": str(uuid.uuid4()), "deadline": timeout, "now": 0.0}
    process = nursery.start(variables(function))
    slept = 0.0
    try:
        for each in (told, asked):
            _tell(process, each)
        for line in process.stdout:
            said: dict[str, Any] = json.loads(line)
            if "sleep" in said:
                slept += said["sleep"]
                if slept >= timeout:
                    return {"error": f"Sandbox.Timedout: Task timed out after {timeout:.2f} seconds"}
                _tell(process, {"now": slept})
            elif "print" not in said:
                return said
        return {"error": "Runtime.ExitError: the process ended"}
    finally:
        process.end(timeout)


def _tell(process: nursery.Process, what: Mapping[str, Any]) -> None:
    process.stdin.write(json.dumps(what).encode() + b"\n")
    process.stdin.flush()


def variables(function: Any) -> dict[str, str]:
    """What the code finds in its environment: its own, and what leads boto3 to this AWS."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        **{name: str(value) for name, value in function.environment_vars.items()},
        **environment(f"http://127.0.0.1:{os.environ['MOTO_PORT']}", function.region),
    }
