"""The WSGI application: moto with every extension, behind the sandbox's own paths, its faults, and errors one can read."""

from __future__ import annotations

import functools
import json
import os
import re
import time
import traceback
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from sandbox import reading
from sandbox.aws import backends, images, models, offerings, own
from sandbox.aws.answers import Whole, whole
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.copies import Copies
from sandbox.aws.errors import StartResponse, answer
from sandbox.aws.faults import TABLE
from sandbox.aws.recorded import RECORDED
from sandbox.aws.request import Call, parse
from sandbox.aws.turns import turn

Environ = dict[str, Any]
Moto = Callable[[Environ], Whole]

_BY = re.compile(r"\bby/([\w-]+)")

_SETTINGS = {
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",  # AWS's managed policies exist in every account
    "MOTO_ACM_VALIDATION_WAIT": "0",  # a certificate is issued as soon as it is asked for
}


def configure_moto() -> None:
    """Set moto's switches. Must run before anything imports moto: it reads them once."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    reading.share()
    models.read_once()
    backends.find_at_once()
    offerings.read_late()
    images.make_late()
    from moto.core.config import default_user_config as switches

    switches["lambda"]["use_docker"] = False
    switches["batch"]["use_docker"] = False
    switches["stepfunctions"]["execute_state_machine"] = True


class Application:
    """Everything one port answers: AWS, `/moto-api` and `/sandbox`."""

    def __init__(self) -> None:
        configure_moto()
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        from sandbox.aws import extensions

        self.recorded = RECORDED
        self.copies = Copies(self)
        self.faults = TABLE
        self.extensions = extensions.install_all()
        self._reset_extensions = extensions.reset_all
        self._moto: Moto = _Dispatcher(DomainDispatcherApplication, create_backend_app)

    def reset(self) -> None:
        """An empty AWS: moto, extensions, recorded resources and faults."""
        from moto.moto_api._internal.models import moto_api_backend

        moto_api_backend.reset()
        self._reset_extensions()
        self.recorded.reset()
        self.faults.reset()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        self.copies.heard = time.monotonic()
        path = environ.get("PATH_INFO", "")
        if path.startswith("/sandbox/"):
            return self._own(environ, path, start_response)
        if path == "/moto-api/reset" and environ["REQUEST_METHOD"] == "POST":
            self.reset()
            return _json(start_response, 200, {"status": "ok"})
        call = parse(environ)
        if call is None:
            found = self._moto(environ)
            start_response(found.status, found.headers)
            return found.chunks
        fault = self.faults.verdict(call.service, call.region, call.action)
        _tell(call, environ, refused=fault is not None)
        if fault is not None:
            status, code = fault
            message = f"{call.name} in {call.region} fails: a fault is set in the sandbox."
            return answer(call, status, code, message, start_response)
        if own.serves(call):
            return own.respond(call, environ, start_response)
        return _with_clear_errors(self._moto, call, environ, start_response)

    def _own(self, environ: Environ, path: str, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        status, document = self._answer(path.removeprefix("/sandbox/"), method, body)
        return _json(start_response, status, document)

    def _answer(self, path: str, method: str, body: bytes) -> tuple[int, Any]:
        """Status and body of one of the sandbox's own paths."""
        if path == "health":
            return 200, {"status": "ok", "pid": os.getpid(), "extensions": self.extensions}
        if path == "faults":
            return self._change_faults(body) if method == "POST" else (200, self.faults.snapshot())
        if path.startswith("recorded"):
            return self.recorded.handle(method, path.removeprefix("recorded"), body)
        if method == "POST" and path == "copy":
            return 200, self.copies.make()
        if method == "POST" and path.startswith("clock/"):
            from sandbox.aws.clockwork.control import handle

            return handle(path.removeprefix("clock/"), body)
        return 404, {"error": f"the sandbox has no {method} /sandbox/{path}"}

    def _change_faults(self, body: bytes) -> tuple[int, Any]:
        try:
            return 200, self.faults.apply(json.loads(body))
        except (ValueError, TypeError, KeyError) as error:
            return 400, {"error": str(error)}


_READS = ("Describe", "Get", "List", "TestDNSAnswer", "Head", "Lookup")


def _tell(call: Call, environ: Environ, *, refused: bool) -> None:
    """Note a call that changes something, and who made it: whoever says so in its user agent, else the AWS itself."""
    if not CLOCK.running or call.action.startswith(_READS):
        return
    who = _BY.search(environ.get("HTTP_USER_AGENT", ""))
    CLOCK.note(who[1] if who else "AWS", f"calls {call.name}{' in vain' if refused else ''}", call.region)


class _Dispatcher:
    """moto's dispatcher, for one call at a time, which says so when it has no backend for a service."""

    def __init__(self, base: Any, create_app: Any) -> None:
        class Dispatcher(base):  # type: ignore[misc]
            @functools.cache  # noqa: B019  one dispatcher a process; moto lists its whole package at each request
            def get_backend_for_host(self, host: str | None) -> Any:
                backend = super().get_backend_for_host(host)
                if backend is None and host is not None:
                    raise NotImplementedError(host)
                return backend

        self._app = Dispatcher(create_app)

    def __call__(self, environ: Environ) -> Whole:
        with turn():
            return whole(self._app, environ)


def _with_clear_errors(
    moto: Moto, call: Call, environ: Environ, start_response: StartResponse
) -> Iterable[bytes]:
    """Run moto; what it lacks becomes `NotImplemented` naming service and action, a bug of it `InternalFailure`."""
    lacking = f"The sandbox's AWS does not implement {call.name}."
    try:
        found = moto(environ)
    except NotImplementedError:
        return answer(call, HTTPStatus.NOT_IMPLEMENTED, "NotImplemented", lacking, start_response)
    except Exception as error:  # noqa: BLE001 - whatever moto raises, the caller must get an AWS error
        traceback.print_exc()
        message = f"The sandbox's AWS failed in {call.name}: {type(error).__name__}: {error}"
        return answer(call, HTTPStatus.INTERNAL_SERVER_ERROR, "InternalFailure", message, start_response)
    if _unrouted(call, found.status, found.headers, found.chunks):
        return answer(call, HTTPStatus.NOT_IMPLEMENTED, "NotImplemented", lacking, start_response)
    start_response(found.status, found.headers)
    return found.chunks


def _unrouted(call: Call, status: str, headers: list[tuple[str, str]], chunks: list[bytes]) -> bool:
    """Whether Flask or moto had no route: a bare 404 or 405, which a real AWS error never is."""
    if status[:3] not in ("404", "405") or call.service == "s3" or call.method == "HEAD":
        return False
    body = b"".join(chunks)
    html = any(name.lower() == "content-type" and "html" in value for name, value in headers)
    return not body or (html and b"<title>" in body)


def _json(start_response: StartResponse, status: int, document: Any) -> list[bytes]:
    body = json.dumps(document, default=str).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response(f"{status} {HTTPStatus(status).phrase}", headers)
    return [body]
