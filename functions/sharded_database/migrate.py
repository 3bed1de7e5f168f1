"""Does one migration in every shard of the region: those that lack it get it, each by itself, and what came of each is told.

Invoked with `{"migration": "0007-index", "statements": ["..."]}`. When a shard fails, the others are done all the same, and the invocation
fails with what came of each; called again, it does what lacks.

Environment: PARAMETERS, the path below which `shards/<name>` says where each shard is.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from .drivers import DRIVERS, connected
from .migrations import Migration, Outcome

AT_ONCE = 8
"""Shards that are worked on beside each other."""
ROOT = Path(__file__).parents[1]
_WITHIN = Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3})

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)


class FailedError(Exception):
    """Of one shard or more; the text is JSON, what came of each."""


def places(path: str) -> dict[str, Any]:
    """Where each shard of the region is, by its name."""
    pages = boto3.client("ssm", config=_WITHIN).get_paginator("get_parameters_by_path")
    found = pages.paginate(Path=f"{path}/shards", Recursive=True)
    return {
        parameter["Name"].rpartition("/")[2]: json.loads(parameter["Value"])
        for page in found
        for parameter in page["Parameters"]
    }


def _done(migration: Migration, shard: str, where: Mapping[str, Any], secrets: Any) -> dict[str, str]:
    """What came of it in one shard, whatever that was: no other shard is to be kept from it."""
    try:
        signed = json.loads(secrets.get_secret_value(SecretId=where["secret"])["SecretString"])
        with closing(connected(where, signed, ROOT)) as connection:
            transactional = DRIVERS[where["engine"]].transactional
            return {"state": str(migration.apply(connection, transactional=transactional))}
    except Exception as error:
        log.exception("shard %s: %s failed", shard, migration.name)
        return {"state": str(Outcome.FAILED), "said": f"{type(error).__name__}: {error}"}


def handler(event: Any, _context: Any) -> dict[str, Any]:
    """Do it everywhere. Raises UnfitError for what is no migration, and FailedError."""
    migration = Migration.read(event)
    shards = places(os.environ["PARAMETERS"])
    secrets = boto3.client("secretsmanager", config=_WITHIN)  # any number of threads may use one
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = pool.map(lambda shard: _done(migration, shard, shards[shard], secrets), shards)
        told = dict(zip(shards, done, strict=True))
    answer = {"migration": migration.name, "shards": dict(sorted(told.items()))}
    if not told or any(each["state"] == Outcome.FAILED for each in told.values()):
        raise FailedError(json.dumps(answer))
    return answer
