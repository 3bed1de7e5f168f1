"""What AWS Backup keeps beside vaults and plans: selections, vault policies and notifications, restore tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from moto.backup.responses import BackupResponse

Document = dict[str, Any]
Operation = Callable[[BackupResponse], str]


@dataclass
class Store:
    """One account's and region's documents, in AWS's names."""

    selections: dict[tuple[str, str], Document] = field(default_factory=dict)
    """By plan id and selection id."""
    policies: dict[str, str] = field(default_factory=dict)
    """By vault name."""
    notifications: dict[str, Document] = field(default_factory=dict)
    """By vault name."""
    tests: dict[str, Document] = field(default_factory=dict)
    """Restore testing plans by name."""
    test_selections: dict[tuple[str, str], Document] = field(default_factory=dict)
    """By restore testing plan name and selection name."""
    restores: dict[str, Document] = field(default_factory=dict)
    """Restore jobs by id."""


_stores: dict[tuple[str, str], Store] = {}


def store_of(response: BackupResponse) -> Store:
    """Return the documents of the account and region of a request."""
    return stores(response.current_account, response.region)


def stores(account: str, region: str) -> Store:
    """Return the documents of an account and region."""
    return _stores.setdefault((account, region), Store())


def body_of(response: BackupResponse) -> Document:
    """Return the request's body."""
    body: Document = json.loads(response.body) if response.body else {}
    return body


def path_parameter(response: BackupResponse, name: str) -> str:
    """Return a parameter of the request's path."""
    return str(response.uri_match[name])


def reset() -> None:
    """Forget everything."""
    _stores.clear()
