"""Resources of services that moto has no API for: the provider validates their requests and keeps them here."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

Key = tuple[str, str, str]
"""Service, region and type."""
_OF_A_TYPE = 3


class Recorded:
    """A store of JSON documents by service, region, type and id. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._documents: dict[Key, dict[str, Any]] = {}

    def get(self, key: Key, id_: str) -> Any | None:
        """The document, or None."""
        with self._lock:
            return self._documents.get(key, {}).get(id_)

    def list(self, key: Key) -> dict[str, Any]:
        """Every document of one type, by id."""
        with self._lock:
            return dict(self._documents.get(key, {}))

    def put(self, key: Key, id_: str, document: Any) -> None:
        """Keep or replace a document."""
        with self._lock:
            self._documents.setdefault(key, {})[id_] = document

    def delete(self, key: Key, id_: str) -> bool:
        """Remove a document; False when there was none."""
        with self._lock:
            return self._documents.get(key, {}).pop(id_, None) is not None

    def everything(self) -> dict[str, dict[str, Any]]:
        """All documents: `service/region/type` to id to document; types without any are left out."""
        with self._lock:
            return {"/".join(key): dict(kept) for key, kept in self._documents.items() if kept}

    def reset(self) -> None:
        """Forget everything."""
        with self._lock:
            self._documents.clear()

    def handle(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        """Answer `METHOD /sandbox/recorded/<service>/<region>/<type>/<id>`: status and JSON body.

        `path` is what follows `/sandbox/recorded`; an id may contain slashes. Without id it lists, without anything
        it lists all.
        """
        parts = path.strip("/").split("/", 3)
        if parts == [""]:
            return _only_get(method, self.everything)
        if len(parts) < _OF_A_TYPE:
            return 404, {
                "error": f"expected /sandbox/recorded/<service>/<region>/<type>[/<id>], got {path!r}"
            }
        key = (parts[0], parts[1], parts[2])
        if len(parts) == _OF_A_TYPE:
            return _only_get(method, lambda: self.list(key))
        return self._handle_one(method, key, parts[3], body)

    def _handle_one(self, method: str, key: Key, id_: str, body: bytes) -> tuple[int, Any]:
        missing = 404, {"error": f"no {'/'.join(key)} with id {id_!r}"}
        if method == "GET":
            document = self.get(key, id_)
            return missing if document is None else (200, document)
        if method == "PUT":
            self.put(key, id_, json.loads(body))
            return 200, {}
        if method == "DELETE":
            return (200, {}) if self.delete(key, id_) else missing
        return 405, {"error": f"{method} is not allowed here"}


def _only_get(method: str, answer: Callable[[], Any]) -> tuple[int, Any]:
    return (200, answer()) if method == "GET" else (405, {"error": f"{method} needs a type and an id"})


RECORDED = Recorded()
"""What this process's AWS keeps."""
