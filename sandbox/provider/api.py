"""Calls to AWS's APIs on the sandbox: one client a service and region, errors with AWS's own code."""

from __future__ import annotations

import contextlib
import functools
import json
import threading
import time
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

import boto3
import botocore.exceptions
import urllib3
from botocore.config import Config

from sandbox.provider import models, wire
from sandbox.provider.clock import Clock

ACCOUNT = "123456789012"
READY_SECONDS = 20.0
"""How long a resource may take to become ready before creation fails."""
SIMULATED_SECONDS = 7200.0
"""The same on a simulated clock: as long as the real provider waits for a cluster.
https://www.pulumi.com/registry/packages/aws/api-docs/rds/cluster/"""
_PAUSE, _SIMULATED_PAUSE = 0.1, 30.0
"""Seconds between two looks at it."""
GLOBAL = "us-east-1"
"""Where clients of services without a region (IAM, Route 53, CloudFront) are signed for."""

_CONNECTIONS = urllib3.PoolManager(retries=False, maxsize=8)
"""To the sandbox's own paths."""


class AwsError(Exception):
    """AWS refused a call. `code` is AWS's error code."""

    def __init__(self, code: str, message: str, operation: str) -> None:
        super().__init__(f"{operation}: {code}: {message}")
        self.code, self.message, self.operation = code, message, operation

    @property
    def missing(self) -> bool:
        """Whether the code says that the thing asked for does not exist."""
        return any(mark in self.code for mark in ("NotFound", "NoSuch", "NotExist", "Unknown", "NonExistent"))


@functools.cache
def api_of(endpoint: str) -> Api:
    """The one `Api` of a sandbox in this process: what it has loaded, its providers share."""
    return Api(endpoint)


class Patience:
    """How long something is waited for."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.seconds = SIMULATED_SECONDS if api.clock else READY_SECONDS
        self._passed, self._began = 0.0, time.monotonic()

    @property
    def over(self) -> bool:
        """Whether it has taken too long."""
        passed = self._passed if self._api.clock else time.monotonic() - self._began
        return passed > self.seconds

    def wait(self) -> None:
        """Wait a while."""
        if self._api.clock is None:
            time.sleep(_PAUSE)
            return
        self._passed += _SIMULATED_PAUSE
        self._api.clock.pass_time(_SIMULATED_PAUSE)


class Api:
    """boto3 clients for one sandbox, safe to use from several threads."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint.rstrip("/")
        self.clock: Clock | None = None
        """The simulated clock that this AWS has; None where time is real."""
        self._session = boto3.session.Session(
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106  moto takes any
        )
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()
        self._wire = wire.Wire(self.endpoint)
        self._config = Config(
            retries={"max_attempts": 0},
            inject_host_prefix=False,
            max_pool_connections=64,
            s3={"addressing_style": "path"},
            connect_timeout=wire.CONNECT_SECONDS,
            read_timeout=wire.READ_SECONDS,
            parameter_validation=True,
            user_agent="sandbox",  # as it is for all calls: boto3's own is put together twice for each
        )

    def client(self, service: str, region: str) -> Any:
        """The boto3 client for a service in a region."""
        with self._lock:  # creating clients is not thread-safe
            if (service, region) not in self._clients:
                made = self._session.client(
                    service, region_name=region, endpoint_url=self.endpoint, config=self._config
                )
                self._wire.carry(made)
                self._clients[service, region] = made
            return self._clients[service, region]

    def input_shape(self, service: str, operation: str) -> Any:
        """Botocore's shape of an operation's request; None when it takes nothing."""
        return models.request(service, operation)

    def call(self, service: str, operation: str, params: Mapping[str, Any], region: str) -> dict[str, Any]:
        """Call an operation by AWS's name for it (`CreateVpc`). Raises AwsError with AWS's code."""
        client = self.client(service, region)
        method = botocore.xform_name(operation)
        try:
            with self.clock.work() if self.clock else contextlib.nullcontext():
                answer = getattr(client, method)(**params)
        except botocore.exceptions.ClientError as error:
            detail = error.response.get("Error", {})
            raise AwsError(
                str(detail.get("Code", "Unknown")), detail.get("Message", str(error)), operation
            ) from error
        except botocore.exceptions.ParamValidationError as error:
            raise AwsError("ValidationException", str(error).replace("\n", " "), operation) from error
        except botocore.exceptions.BotoCoreError as error:
            raise AwsError(type(error).__name__, str(error), operation) from error
        return {k: v for k, v in answer.items() if k != "ResponseMetadata"}

    @contextlib.contextmanager
    def patience(self) -> Iterator[Patience]:
        """Wait for what AWS does."""
        with self.clock.rest() if self.clock else contextlib.nullcontext():
            yield Patience(self)

    def advance(self, seconds: float) -> None:
        """Let time pass on the simulated clock."""
        own(self.endpoint, "POST", "clock/advance", {"seconds": seconds})

    def record(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        """Put, get or delete a recorded resource on the sandbox's own endpoint; None when it is not there."""
        return own(self.endpoint, method, f"recorded/{path}", body)


def own(endpoint: str, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Call one of the sandbox's own paths; None when it is not there."""
    data = None if body is None else json.dumps(body, default=str).encode()
    try:
        answer = _CONNECTIONS.request(method, f"{endpoint}/sandbox/{path}", body=data, timeout=30)
    except urllib3.exceptions.HTTPError as error:
        raise AwsError(type(error).__name__, str(error), f"{method} {path}") from error
    if answer.status == HTTPStatus.NOT_FOUND:
        return None
    if answer.status >= HTTPStatus.BAD_REQUEST:
        raise AwsError("SandboxError", f"{answer.status} {answer.reason}", f"{method} {path}")
    return json.loads(answer.data) if answer.data else {}
