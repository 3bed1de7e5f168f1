"""How a server signs in to its region's cache: with IAM, by a token for each connection, over TLS; no password stands anywhere.

Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest

TOKEN_SECONDS = 900
"""A token signs in within that time. AWS ends a connection after twelve hours; redis-py makes the next one, with another token."""
ANSWER_SECONDS = 0.05
"""How long a server waits for the cache. Grade D: in its region a cache answers within a millisecond or two."""


@dataclass(frozen=True)
class SignIn:
    """What redis-py calls a credential provider: asked for each connection."""

    group: str
    """The replication group's id."""
    user: str
    session: Any = field(default_factory=boto3.Session)
    """boto3's, with the server's role and region."""

    def get_credentials(self) -> tuple[str, str]:
        """Name and token."""
        # The token is a signed request without its scheme.
        # IAM's names are in lower case: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html#auth-iam-limits
        request = AWSRequest(
            "GET", f"http://{self.group.lower()}/", params={"Action": "connect", "User": self.user}
        )
        credentials = self.session.get_credentials().get_frozen_credentials()
        SigV4QueryAuth(credentials, "elasticache", self.session.region_name, expires=TOKEN_SECONDS).add_auth(
            request
        )
        return self.user, request.url.removeprefix("http://")


def arguments(told: Mapping[str, Any], session: Any = None) -> dict[str, Any]:
    """Arguments of redis-py's `Redis`; `told` is `cache` in the JSON of the servers' parameter.

    It waits `ANSWER_SECONDS` for a connection and for an answer, and tries nothing again: the database answers instead. Where
    `told["sharded"]`, they are `RedisCluster`'s, but for `retry`, which there must be `Retry(NoBackoff(), 0)`: None tries three times.
    That one also looks where the shards are, and so waits twice. `session` is boto3's; None: one of the process's own role and region.
    The host is the one that is written, not `told["reader"]`: what is invalidated arrives there later.
    """
    sign_in = SignIn(told["group"], told["user"], *([] if session is None else [session]))
    return {
        "host": told["host"],
        "port": told["port"],
        "ssl": True,
        "credential_provider": sign_in,
        "socket_connect_timeout": ANSWER_SECONDS,
        "socket_timeout": ANSWER_SECONDS,
        "retry": None,
    }
