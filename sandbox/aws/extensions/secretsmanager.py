"""Secrets Manager: the label tells the current version; replicas keep their own region's key, and can be made secrets of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def install() -> None:
    """Patch moto's replicated secrets."""
    from moto.secretsmanager.models import FakeSecret, ReplicaSecret, SecretsManagerBackend
    from moto.secretsmanager.responses import SecretsManagerResponse

    FakeSecret.create_replicas = _create_replicas(FakeSecret.create_replicas)
    ReplicaSecret.to_dict = _described(ReplicaSecret.to_dict)
    SecretsManagerBackend.update_secret_version_stage = _current(
        SecretsManagerBackend.update_secret_version_stage
    )
    SecretsManagerResponse.stop_replication_to_replica = _stop_replication


def _create_replicas(original: Callable[..., Any]) -> Callable[..., Any]:
    def create_replicas(self: Any, replica_regions: list[dict[str, str]], *, force_overwrite: bool) -> Any:
        replicas = original(self, replica_regions, force_overwrite=force_overwrite)
        for replica, asked in zip(replicas, replica_regions, strict=True):
            if key := asked.get("KmsKeyId"):
                replica.config["KmsKeyId"] = key
        return replicas

    return create_replicas


def _current(original: Callable[..., Any]) -> Callable[..., Any]:
    """What is read without a label is the version that AWSCURRENT was moved to; moto goes on with the one that was written last."""

    def update_secret_version_stage(
        self: Any, secret_id: str, version_stage: str, remove_from_version_id: str, move_to_version_id: str
    ) -> Any:
        answer = original(self, secret_id, version_stage, remove_from_version_id, move_to_version_id)
        if version_stage == "AWSCURRENT" and move_to_version_id:
            self.secrets[secret_id].set_default_version_id(move_to_version_id)
        return answer

    return update_secret_version_stage


def _described(original: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    def to_dict(self: Any) -> dict[str, Any]:
        return {**original(self), "KmsKeyId": self.config["KmsKeyId"]}

    return to_dict


def _stop_replication(self: Any) -> str:
    """StopReplicationToReplica: the replica becomes a secret of its own, with all versions; its source forgets it."""
    import copy
    import json

    from moto.secretsmanager.exceptions import InvalidRequestException, SecretNotFoundException
    from moto.secretsmanager.models import ReplicaSecret

    found = self.backend.secrets.get(self._get_param("SecretId"))
    if found is None:
        raise SecretNotFoundException
    if not isinstance(found, ReplicaSecret):
        raise InvalidRequestException("Operation not permitted on a secret that is not a replica.")
    own = copy.copy(found.source)
    own.arn, own.region = found.arn, found.region
    own.kms_key_id = found.config["KmsKeyId"]
    own.versions, own.replicas = copy.deepcopy(found.source.versions), []
    found.source.replicas.remove(found)
    dict.__setitem__(self.backend.secrets, own.arn, own)
    return json.dumps({"ARN": own.arn})
