"""Gives a database a new master password, in the four steps by which Secrets Manager rotates a secret.

The password is set by RDS itself (ModifyDBCluster, ModifyDBInstance): that needs neither a driver nor a way through the network to the
database, nor the former password, so that a secret and a database that disagree agree again afterwards. Of a global database the
member that writes is found at each rotation, in whatever region it is. Every step may run twice.
https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html

Environment: DATABASE_KIND (global, cluster or instance) and DATABASE, the identifier of it.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3

CURRENT, PENDING = "AWSCURRENT", "AWSPENDING"
LENGTH = 30
"""Characters, letters and digits: RDS takes 8 to 30 with Oracle, which is the least.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html"""
POLL_SECONDS = 5
RESERVE_MILLISECONDS = 10_000
"""What must be left of the function's time for another look."""

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)


@dataclass(frozen=True)
class Kind:
    """How RDS names what has a master password."""

    noun: str
    operation: str
    """What follows describe_ and modify_; the former has an s at its end."""

    @property
    def status(self) -> str:
        """Member that tells the state."""
        return "Status" if self.noun == "DBCluster" else f"{self.noun}Status"


CLUSTER, INSTANCE = Kind("DBCluster", "db_cluster"), Kind("DBInstance", "db_instance")


@dataclass(frozen=True)
class Database:
    """A cluster or instance that takes a master password."""

    kind: Kind
    identifier: str
    region: str | None
    """None: the function's own."""

    def _call(self, operation: str, **more: Any) -> Any:
        client = boto3.client("rds", region_name=self.region)
        return getattr(client, operation)(**{f"{self.kind.noun}Identifier": self.identifier}, **more)

    def set_password(self, password: str) -> None:
        """Ask for the change. RDS applies it at once, whatever the maintenance window."""
        self._call(f"modify_{self.kind.operation}", MasterUserPassword=password, ApplyImmediately=True)

    def applied(self) -> bool:
        """Whether no change of the password is under way."""
        (found,) = self._call(f"describe_{self.kind.operation}s")[f"{self.kind.noun}s"]
        pending = found.get("PendingModifiedValues") or {}
        return found[self.kind.status] == "available" and "MasterUserPassword" not in pending


def database() -> Database:
    """Where the password is set now. Raises RuntimeError when nothing of a global database writes."""
    kind, identifier = os.environ["DATABASE_KIND"], os.environ["DATABASE"]
    if kind != "global":
        return Database({"cluster": CLUSTER, "instance": INSTANCE}[kind], identifier, None)
    (found,) = boto3.client("rds").describe_global_clusters(GlobalClusterIdentifier=identifier)[
        "GlobalClusters"
    ]
    writers = [member["DBClusterArn"] for member in found["GlobalClusterMembers"] if member["IsWriter"]]
    if len(writers) != 1:
        raise RuntimeError(
            f"{identifier}: {len(writers)} members write, a password can be set in exactly one"
        )
    _, _, _, region, _, _, name = writers[0].split(":")
    return Database(CLUSTER, name, region)


@dataclass(frozen=True)
class Rotation:
    """One rotation of a secret: `token` is the id of the version that becomes the current one."""

    secret: str
    token: str
    time_left: Callable[[], int]
    """Milliseconds until Lambda stops the function."""

    def _value(self, **which: str) -> dict[str, Any]:
        found = boto3.client("secretsmanager").get_secret_value(SecretId=self.secret, **which)
        value: dict[str, Any] = json.loads(found["SecretString"])
        return value

    def stages(self) -> Mapping[str, list[str]]:
        """The labels of each version."""
        described = boto3.client("secretsmanager").describe_secret(SecretId=self.secret)
        stages: Mapping[str, list[str]] = described["VersionIdsToStages"]
        return stages

    def create(self) -> None:
        """Keep a new password as the pending version, unless a former try has."""
        client = boto3.client("secretsmanager")
        try:
            self._value(VersionId=self.token, VersionStage=PENDING)
        except client.exceptions.ResourceNotFoundException:
            made = client.get_random_password(
                # Clients put passwords into URLs and shell commands; length makes up for the punctuation.
                PasswordLength=LENGTH,
                ExcludePunctuation=True,
                RequireEachIncludedType=True,
            )["RandomPassword"]
            value = {**self._value(VersionStage=CURRENT), "password": made}
            client.put_secret_value(
                SecretId=self.secret,
                ClientRequestToken=self.token,
                SecretString=json.dumps(value),
                VersionStages=[PENDING],
            )

    def set(self) -> None:
        """Have RDS set the pending password."""
        password = self._value(VersionId=self.token, VersionStage=PENDING)["password"]
        database().set_password(password)

    def test(self) -> None:
        """Wait until RDS has set it. Raises TimeoutError when the function's time is over first."""
        where = database()
        while not where.applied():
            if self.time_left() < RESERVE_MILLISECONDS:
                raise TimeoutError(f"{where.identifier}: the password is still being set")
            time.sleep(POLL_SECONDS)

    def finish(self) -> None:
        """Make the pending version the current one; replicas of the secret follow."""
        former = next(version for version, labels in self.stages().items() if CURRENT in labels)
        boto3.client("secretsmanager").update_secret_version_stage(
            SecretId=self.secret, VersionStage=CURRENT, MoveToVersionId=self.token, RemoveFromVersionId=former
        )


STEPS: dict[str, Callable[[Rotation], None]] = {
    "createSecret": Rotation.create,
    "setSecret": Rotation.set,
    "testSecret": Rotation.test,
    "finishSecret": Rotation.finish,
}


def handler(event: Mapping[str, str], context: Any) -> None:
    """Do one step. Raises ValueError for a version that isn't in rotation; what AWS refuses is raised as it is, and tried again."""
    step, secret, token = event["Step"], event["SecretId"], event["ClientRequestToken"]
    rotation = Rotation(secret, token, context.get_remaining_time_in_millis)
    labels = rotation.stages().get(token, [])
    if CURRENT in labels:
        log.info("%s: %s is the current version already", step, token)
        return
    if PENDING not in labels:
        raise ValueError(f"{secret}: version {token} isn't pending: it has the labels {labels}")
    STEPS[step](rotation)
    log.info("%s of %s done", step, token)
