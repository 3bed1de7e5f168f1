"""Systems whose runbooks are followed: of what is rehearsed of the strategies, and beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.sandbox.drills.rehearsals import BACKED_UP, MORE, PLANNED, STORED, STORES

API: Mapping[str, Any] = {
    "kind": "serverless-api",
    "database": {"instanceClass": "db.serverless", "serverless": {"minCapacity": 2, "maxCapacity": 8}},
    "functions": {"state": {"handler": "serverless_api.relational.handler", "database": True}},
    "routes": {"state": {"routeKey": "GET /health/database", "function": "state", "auth": "iam"}},
}
"""An API before a database, which moves without servers."""
APIS: Mapping[str, Mapping[str, Any]] = {
    "bills": {**API, "switch": {"by": "data-plane"}},
    "dues": {**API, "switch": {"by": "region-switch"}},
}
BESIDE: Mapping[str, Mapping[str, Any]] = {
    "near": {
        "kind": "three-tier",
        "site": "near.holdfast.example",
        "strategy": "active-active",
        "switch": {"by": "region-switch"},
        **BACKED_UP,
    },
    "lone": {"kind": "three-tier", "switch": {"by": "none"}, **STORES, **BACKED_UP},
    "bare": {"kind": "three-tier", "switch": {"by": "none"}},
    **APIS,
}
"""What is rehearsed of none."""
SYSTEMS: Mapping[str, Mapping[str, Any]] = {STORED: MORE[STORED], PLANNED: MORE[PLANNED], **BESIDE}
BOTH: Mapping[str, Any] = {
    "kind": "three-tier",
    "site": "both.holdfast.example",
    "database": {"engine": "aurora-dsql"},
    **BACKED_UP,
}
"""Whose database both regions write; a stack has one such system at most."""
