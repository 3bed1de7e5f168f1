"""A small stand-in for OpenSearch domains that speak HTTP, and for the bucket that both regions have: just the calls that the keeper makes.

It is no OpenSearch: it knows indices with UUID, documents and settings, snapshots that take no time, and who is mapped to a role. Requests
that aren't signed for the service and the region are refused.
"""

from __future__ import annotations

import copy
import json
import re
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

Bucket = dict[str, dict[str, dict[str, Any]]]
"""Snapshots by path and name: what the two buckets have, since each gets what is written to the other."""


class Domain:
    """One region's domain."""

    def __init__(self, region: str, bucket: Bucket) -> None:
        self.region, self.bucket = region, bucket
        self.indices: dict[str, dict[str, Any]] = {}
        self.repositories: dict[str, dict[str, Any]] = {}
        self.roles: dict[str, dict[str, Any]] = {"all_access": {"backend_roles": [], "users": ["master"]}}
        self.asked: list[str] = []
        self.recovering: list[str] = []
        self.status, self.now, self.lasts = "green", 0.0, 0.0
        handler = type("Handler", (_Handler,), {"domain": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def write(self, index: str, document: str) -> None:
        """Be a producer. PermissionError where the index is closed to writes."""
        made = self.indices.setdefault(index, {"uuid": uuid.uuid4().hex, "documents": [], "settings": {}})
        if made["settings"].get("index.blocks.write"):
            raise PermissionError(index)
        made["documents"].append(document)

    def documents(self, index: str) -> list[str]:
        return self.indices[index]["documents"]

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        self.asked.append(f"{method} {path}")
        for verb, pattern, does in _ROUTES:
            found = re.fullmatch(pattern, path)
            if verb == method and found:
                return does(self, *found.groups(), body)
        return 400, {"error": f"no stand-in for {method} {path}"}

    def _stored(self, repository: str) -> dict[str, dict[str, Any]]:
        return self.bucket.setdefault(self.repositories[repository]["settings"]["base_path"], {})


def _mapping(domain: Domain, role: str, body: Any) -> tuple[int, Any]:
    if body is None:
        return (200, {role: domain.roles[role]}) if role in domain.roles else (404, {})
    domain.roles[role] = body
    return 200, {}


def _repository(domain: Domain, name: str, body: Any) -> tuple[int, Any]:
    if body is None:
        return (200, {name: domain.repositories[name]}) if name in domain.repositories else (404, {})
    domain.repositories[name] = body
    return 200, {"acknowledged": True}


def _all(domain: Domain, repository: str, _body: Any) -> tuple[int, Any]:
    found = [{k: v for k, v in s.items() if k != "content"} for s in domain._stored(repository).values()]
    return 200, {"snapshots": found}


def _take(domain: Domain, repository: str, name: str, body: Any) -> tuple[int, Any]:
    assert not domain.repositories[repository]["settings"].get("readonly")
    assert body["partial"] is False
    kept = {name: each for name, each in domain.indices.items() if not name.startswith(".")}
    began = domain.now * 1000
    domain._stored(repository)[name] = {
        "snapshot": name,
        "state": "SUCCESS",
        "start_time_in_millis": began,
        "end_time_in_millis": began + domain.lasts * 1000,
        "indices": sorted(kept),
        "data_streams": [],
        "content": copy.deepcopy(kept),
    }
    return 200, {"accepted": True}


def _forget(domain: Domain, repository: str, name: str, _body: Any) -> tuple[int, Any]:
    del domain._stored(repository)[name]
    return 200, {"acknowledged": True}


def _restore(domain: Domain, repository: str, name: str, body: Any) -> tuple[int, Any]:
    content = domain._stored(repository)[name]["content"]
    if taken := sorted(content.keys() & domain.indices.keys()):
        return 500, {
            "error": f"cannot restore index [{taken[0]}]: an open index with same name already exists"
        }
    for index, kept in content.items():
        made = {**copy.deepcopy(kept), "uuid": uuid.uuid4().hex, "settings": dict(body["index_settings"])}
        domain.indices[index] = made
    return 200, {"accepted": True}


def _indices(domain: Domain, _body: Any) -> tuple[int, Any]:
    return 200, [{"index": name, "uuid": each["uuid"]} for name, each in domain.indices.items()]


def _recovery(domain: Domain, _body: Any) -> tuple[int, Any]:
    return 200, [{"index": name} for name in domain.recovering]


def _health(domain: Domain, _body: Any) -> tuple[int, Any]:
    return 200, {"status": domain.status}


def _document(domain: Domain, index: str, body: Any) -> tuple[int, Any]:
    if body is not None:
        domain.indices[index]["note"] = body
        return 200, {"result": "updated"}
    note = domain.indices.get(index, {}).get("note")
    return (200, {"_source": note}) if note is not None else (404, {"found": False})


def _settings(domain: Domain, index: str, body: Any) -> tuple[int, Any]:
    if index not in domain.indices:
        return 404, {"error": "no such index"}
    if body is not None:
        domain.indices[index]["settings"] |= body
    return 200, {index: {}}


def _create(domain: Domain, index: str, body: Any) -> tuple[int, Any]:
    domain.indices[index] = {"uuid": uuid.uuid4().hex, "documents": [], "settings": body["settings"]}
    return 200, {"acknowledged": True}


def _delete(domain: Domain, index: str, _body: Any) -> tuple[int, Any]:
    return (200, {}) if domain.indices.pop(index, None) else (404, {})


_ROLE, _SNAPSHOT, _INDEX = (
    r"/_plugins/_security/api/rolesmapping/(\w+)",
    r"/_snapshot/([\w-]+)",
    r"/([.\w-]+)",
)
_ROUTES = (
    ("GET", _ROLE, _mapping),
    ("PUT", _ROLE, _mapping),
    ("GET", f"{_SNAPSHOT}/_all", _all),
    ("GET", _SNAPSHOT, _repository),
    ("PUT", _SNAPSHOT, _repository),
    ("PUT", rf"{_SNAPSHOT}/(\w+)", _take),
    ("DELETE", rf"{_SNAPSHOT}/(\w+)", _forget),
    ("POST", rf"{_SNAPSHOT}/(\w+)/_restore", _restore),
    ("GET", "/_cat/indices", _indices),
    ("GET", "/_cat/recovery", _recovery),
    ("GET", "/_cluster/health", _health),
    ("GET", f"{_INDEX}/_doc/state", _document),
    ("PUT", f"{_INDEX}/_doc/state", _document),
    ("GET", f"{_INDEX}/_settings", _settings),
    ("PUT", f"{_INDEX}/_settings", _settings),
    ("PUT", _INDEX, _create),
    ("DELETE", _INDEX, _delete),
)


class _Handler(BaseHTTPRequestHandler):
    domain: Domain

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        signed = f"/{self.domain.region}/es/aws4_request" in self.headers.get("Authorization", "")
        path = urlsplit(self.path).path
        status, said = (
            self.domain.answer(self.command, path, body) if signed else (403, {"Message": "unsigned"})
        )
        text = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_PUT = do_POST = do_DELETE = _serve  # noqa: N815  the base class calls them so

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""
