"""Which AWS call an HTTP request is: service, region and action, from its signature's scope and its protocol."""

from __future__ import annotations

import functools
import io
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

_SCOPE = re.compile(r"Credential=[^/,\s]+/\d{8}/([^/]+)/([^/]+)/aws4_request")
_REST_XML = {"s3", "cloudfront", "route53"}
# botocore names a few services otherwise than their signatures do.
_MODELS = {
    "elasticfilesystem": "efs",
    "es": "opensearch",
    "execute-api": "apigateway",
    "access-analyzer": "accessanalyzer",
    "airflow": "mwaa",
    "aws-marketplace": "marketplace-catalog",
    "globalaccelerator": "globalaccelerator",
}


@dataclass(frozen=True)
class Call:
    """One AWS request. `service` is the signing name (`elasticloadbalancing`), `action` is empty where it can't be told."""

    service: str
    region: str
    action: str
    protocol: str
    """`ec2`, `query`, `json`, `cbor`, `rest-json` or `rest-xml`."""
    method: str

    @property
    def name(self) -> str:
        """`service:Action`, as IAM policies write it."""
        return f"{self.service}:{self.action or '?'}"


_compiled = functools.cache(re.compile)
"""Patterns when a path is held against them: a service has a hundred, and few are ever called."""


@functools.cache
def _rest_operations(service: str) -> list[tuple[str, str, frozenset[str], str]]:
    """Method, path pattern, required query keys and name of each operation; the most specific first."""
    from botocore.exceptions import UnknownServiceError
    from moto.core.utils import get_service_model

    try:
        model = get_service_model(_MODELS.get(service, service))
    except UnknownServiceError:
        return []
    found = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        path, _, query = http["requestUri"].partition("?")
        # S3 paths begin with the bucket; an absent key still matches `/{Bucket}`.
        pattern = re.escape(path.rstrip("/"))
        pattern = re.sub(r"\\{[^}]*\\\+\\}", ".+", pattern)
        pattern = re.sub(r"\\{[^}]*\\}", "[^/]+", pattern)
        required = frozenset(part.partition("=")[0] for part in query.split("&") if part)
        found.append((http["method"], pattern + "/?", required, name))
    return sorted(found, key=lambda row: (-len(row[2]), row[1].count("[^/]+") + 2 * row[1].count(".+")))


def _rest_action(service: str, method: str, path: str, query: str) -> str:
    keys = set(parse_qs(query, keep_blank_values=True))
    for verb, pattern, required, name in _rest_operations(service):
        if verb == method and required <= keys and _compiled(pattern).fullmatch(path):
            return name
    return ""


def _form(environ: dict[str, Any]) -> str:
    """The body of a query-protocol request; it is put back for whoever reads next."""
    if not environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return ""
    raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(raw)
    return str(raw.decode("utf-8", errors="replace"))


def parse(environ: dict[str, Any]) -> Call | None:
    """The AWS call that a WSGI request makes; None when it is not signed with Signature Version 4."""
    query = environ.get("QUERY_STRING", "")
    signed = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    if signed is None:
        credential = parse_qs(query).get("X-Amz-Credential", [""])[0]
        signed = _SCOPE.search(f"Credential={credential}")
    if signed is None:
        return None
    region, service = signed.groups()
    service = service.lower()
    method, path = environ["REQUEST_METHOD"], unquote(environ.get("PATH_INFO", ""))
    if "HTTP_SMITHY_PROTOCOL" in environ and "cbor" in environ["HTTP_SMITHY_PROTOCOL"]:
        return Call(service, region, path.rsplit("/", 1)[-1], "cbor", method)
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        return Call(service, region, target.rsplit(".", 1)[-1], "json", method)
    action = parse_qs(_form(environ)).get("Action", [""])[0] or parse_qs(query).get("Action", [""])[0]
    if action:
        return Call(service, region, action, "ec2" if service == "ec2" else "query", method)
    control = service == "s3" and path.startswith("/v20180820/")
    protocol = "rest-xml" if service in _REST_XML else "rest-json"
    return Call(
        service,
        region,
        _rest_action("s3control" if control else service, method, path, query),
        protocol,
        method,
    )
