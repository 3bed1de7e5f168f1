"""Errors in the shape that each AWS protocol gives them, so that boto3 and the AWS CLI read code and message."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape

from sandbox.aws.request import Call

StartResponse = Callable[..., Any]

_JSON = {"json": "application/x-amz-json-1.1", "rest-json": "application/json"}


def _cbor_text(text: str) -> bytes:
    raw = text.encode()
    return b"\x7a" + len(raw).to_bytes(4, "big") + raw


def _body(call: Call, code: str, message: str, request_id: str) -> tuple[str, bytes]:
    if call.protocol == "cbor":
        pairs = _cbor_text("__type") + _cbor_text(code) + _cbor_text("message") + _cbor_text(message)
        return "application/cbor", b"\xa2" + pairs
    if call.protocol in _JSON:
        body = json.dumps({"__type": code, "message": message})
        return _JSON[call.protocol], body.encode()
    error = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if call.protocol == "ec2":
        body = (
            f"<Response><Errors><Error>{error}</Error></Errors><RequestID>{request_id}</RequestID></Response>"
        )
    elif call.service == "s3":
        body = f"<Error>{error}<RequestId>{request_id}</RequestId></Error>"
    else:
        fault = f"<Error><Type>Sender</Type>{error}</Error>"
        body = f"<ErrorResponse>{fault}<RequestId>{request_id}</RequestId></ErrorResponse>"
    return "text/xml", body.encode()


def answer(
    call: Call, status: int, code: str, message: str, start_response: StartResponse
) -> Iterable[bytes]:
    """Answer a WSGI request with an AWS error of HTTP status `status` in the caller's protocol."""
    request_id = str(uuid4())
    content_type, body = _body(call, code, message, request_id)
    headers = [
        ("Content-Type", content_type),
        ("Content-Length", str(len(body))),
        ("x-amzn-RequestId", request_id),
        ("x-amzn-ErrorType", code),
    ]
    if call.protocol == "cbor":
        headers.append(("smithy-protocol", "rpc-v2-cbor"))
    start_response(f"{status} {HTTPStatus(status).phrase}", headers)
    return [b"" if call.method == "HEAD" else body]
