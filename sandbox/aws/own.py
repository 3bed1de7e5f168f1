"""Services that moto has no backend for and the sandbox has: their calls in, their answers out, as JSON or CBOR."""

from __future__ import annotations

import functools
import io
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from botocore.parsers import RpcV2CBORParser
from botocore.serialize import CBORSerializer

from sandbox.aws.errors import StartResponse, answer
from sandbox.aws.request import Call

Operation = Callable[[dict[str, Any], str], dict[str, Any]]
"""An operation: its parameters and the region it is called in, to what it answers."""
SERVICES: dict[str, Mapping[str, Operation]] = {}
"""By signing name and operation; extensions add theirs."""


class Refused(Exception):  # noqa: N818  AWS's word for it, not Python's
    """What AWS refuses: error code and message."""

    def __init__(self, code: str, message: str) -> None:
        """`code` is AWS's (`ResourceNotFoundException`)."""
        super().__init__(code, message)
        self.code, self.message = code, message


def serves(call: Call) -> bool:
    """Whether the call is one of these services'."""
    return call.service in SERVICES


def respond(call: Call, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Answer a call: what the operation says, or the error with which it refuses."""
    operation = SERVICES[call.service].get(call.action)
    if operation is None:
        lacking = f"The sandbox's AWS does not implement {call.name}."
        return answer(call, HTTPStatus.NOT_IMPLEMENTED, "NotImplemented", lacking, start_response)
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    try:
        found = operation(_read(call, body), call.region)
    except Refused as refused:
        return answer(call, HTTPStatus.BAD_REQUEST, refused.code, refused.message, start_response)
    content_type, written = _write(call, found)
    headers = [("Content-Type", content_type), ("Content-Length", str(len(written)))]
    if call.protocol == "cbor":
        headers.append(("smithy-protocol", "rpc-v2-cbor"))
    start_response("200 OK", headers)
    return [written]


def _read(call: Call, body: bytes) -> dict[str, Any]:
    if call.protocol != "cbor":
        return dict(json.loads(body or b"{}"))
    return dict(RpcV2CBORParser().parse_data_item(io.BufferedReader(io.BytesIO(body)))) if body else {}


def _write(call: Call, found: dict[str, Any]) -> tuple[str, bytes]:
    if call.protocol != "cbor":
        return "application/x-amz-json-1.0", json.dumps(found, default=_epoch).encode()
    written = bytearray()
    shape = _output(call.service, call.action)
    if shape is None:
        return "application/cbor", b"\xa0"
    CBORSerializer()._serialize_data_item(written, _known(found, shape), shape)  # noqa: SLF001  botocore's own encoder
    return "application/cbor", bytes(written)


def _known(value: Any, shape: Any) -> Any:
    """Without members that are None, which the encoder has no shape for."""
    if shape.type_name == "structure":
        return {k: _known(v, shape.members[k]) for k, v in value.items() if v is not None}
    if shape.type_name == "list":
        return [_known(each, shape.member) for each in value]
    return {k: _known(v, shape.value) for k, v in value.items()} if shape.type_name == "map" else value


@functools.cache
def _output(service: str, action: str) -> Any:
    from moto.core.utils import get_service_model

    return get_service_model(service).operation_model(action).output_shape


def _epoch(value: Any) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(f"{value!r} is no JSON")
