"""KMS multi-Region keys as AWS has them.

moto lets primary and replica share one configuration, alias table and policy; it can't decrypt with a
multi-Region key, whose id is longer than its format allows; and it forgets the rotation period. It also makes
every key an RSA key.
"""

from __future__ import annotations

import json
import struct
from datetime import timedelta
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.utils import unix_time
from moto.kms import models, utils
from moto.kms.exceptions import AlreadyExistsException, ValidationException
from moto.kms.models import Key, KmsBackend, kms_backends
from moto.kms.responses import KmsResponse

_LONGEST_ID = len("mrk-") + 36
_ROTATION_DAYS = (90, 2560)
_DAY = 86_400


def _unsupported(message: str) -> Exception:
    error: Exception = JsonRESTError("UnsupportedOperationException", message)
    return error


class _NoPrivateKey:
    """Stands where moto makes an RSA key, for seconds of work, although a symmetric key has none."""

    def public_key(self) -> bytes:
        raise _unsupported("A symmetric key has no public key.")


def _generate_private_key(original: Any) -> Any:
    def generate_private_key(key_spec: str) -> Any:
        return _NoPrivateKey() if key_spec == "SYMMETRIC_DEFAULT" else original(key_spec)

    return generate_private_key


def _primary(key: Key) -> Key:
    """Return the key that holds what all keys of a multi-Region set share: itself, unless it is a replica."""
    if not key.multi_region:
        return key
    region = key.multi_region_configuration["PrimaryKey"]["Region"]
    return kms_backends[key.account_id][region].keys[key.id]


def _widen_ciphertext() -> None:
    """Give moto's ciphertext room for the longer id of a multi-Region key; shorter ones are padded."""
    utils.KEY_ID_LEN = max(utils.KEY_ID_LEN, _LONGEST_ID)
    utils.HEADER_LEN = utils.KEY_ID_LEN + utils.IV_LEN + utils.TAG_LEN
    utils.CIPHERTEXT_HEADER_FORMAT = f">{utils.KEY_ID_LEN}s{utils.IV_LEN}s{utils.TAG_LEN}s"

    def deserialize(ciphertext_blob: bytes) -> Any:
        header, ciphertext = ciphertext_blob[: utils.HEADER_LEN], ciphertext_blob[utils.HEADER_LEN :]
        key_id, iv, tag = struct.unpack(utils.CIPHERTEXT_HEADER_FORMAT, header)
        return utils.Ciphertext(key_id=key_id.rstrip(b"\0").decode(), iv=iv, ciphertext=ciphertext, tag=tag)

    utils._deserialize_ciphertext_blob = deserialize  # noqa: SLF001  moto's only seam


def _replicate_key(original: Any) -> Any:
    def replicate_key(self: KmsBackend, key_id: str, replica_region: str) -> Key:
        key = self.keys[self.any_id_to_key_id(key_id)]
        if _primary(key) is not key or not key.multi_region:
            raise _unsupported(f"{key.arn} is not a multi-Region primary key.")
        if key.id in kms_backends[self.account_id][replica_region].keys:
            raise AlreadyExistsException(f"{replica_region} already has a replica of {key.arn}.")
        replica: Key = original(self, key.id, replica_region)
        # The list of replicas is one for all; the type is each key's own.
        shared = key.multi_region_configuration
        replica.multi_region_configuration = {**shared, "MultiRegionKeyType": "REPLICA"}
        replica.aliases, replica.grants, replica.rotations = {}, {}, []
        replica.description, replica.policy = "", replica.generate_default_policy()
        return replica

    return replicate_key


def _replicate_key_response(original: Any) -> Any:
    def replicate_key(self: KmsResponse) -> str:
        made = json.loads(original(self))["ReplicaKeyMetadata"]
        there = kms_backends[self.current_account][self._get_param("ReplicaRegion")]
        replica = there.keys[made["KeyId"]]
        replica.description = self._get_param("Description", "")
        replica.policy = self._get_param("Policy", replica.policy)
        tags = self._get_param("Tags", [])
        there.tag_resource(replica.id, {tag["TagKey"]: tag["TagValue"] for tag in tags})
        metadata = replica.to_dict()["KeyMetadata"]
        return json.dumps(
            {"ReplicaKeyMetadata": metadata, "ReplicaPolicy": replica.policy, "ReplicaTags": tags}
        )

    return replicate_key


def _enable_key_rotation(original: Any) -> Any:
    def enable_key_rotation(self: KmsResponse) -> str:
        low, high = _ROTATION_DAYS
        days = self._get_param("RotationPeriodInDays", 365)
        if not low <= days <= high:
            raise ValidationException(
                f"Value '{days}' at 'rotationPeriodInDays' failed to satisfy constraint: {low} to {high}"
            )
        key = self.kms_backend.keys.get(self.kms_backend.get_key_id(self._get_param("KeyId")))
        if key is not None and _primary(key) is not key:
            raise _unsupported("Rotation is a shared property, set on the primary key.")
        answer: str = original(self)  # refuses a key that does not exist
        key.rotation_period_in_days, key.rotation_enabled_at = days, unix_time()  # type: ignore[union-attr]
        return answer

    return enable_key_rotation


def _get_key_rotation_status(original: Any) -> Any:
    def get_key_rotation_status(self: KmsResponse) -> str:
        original(self)  # refuses a key that does not exist
        key = self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]
        primary = _primary(key)
        status = {"KeyId": key.id, "KeyRotationEnabled": primary.key_rotation_status}
        if primary.key_rotation_status:
            days = primary.rotation_period_in_days
            status |= {
                "RotationPeriodInDays": days,
                "NextRotationDate": primary.rotation_enabled_at + timedelta(days=days).total_seconds(),
            }
        return json.dumps(status)

    return get_key_rotation_status


def _schedule_key_deletion(original: Any) -> Any:
    def schedule_key_deletion(self: KmsBackend, key_id: str, pending_window_in_days: int) -> float:
        key = self.keys[self.any_id_to_key_id(key_id)]
        date: float = original(self, key.id, pending_window_in_days)
        if key.multi_region and _primary(key) is key and key.multi_region_configuration["ReplicaKeys"]:
            key.key_state = "PendingReplicaDeletion"  # its own wait begins when the last replica is gone
        return date

    return schedule_key_deletion


def install() -> None:
    """Patch moto's KMS."""
    _widen_ciphertext()
    models.generate_private_key = _generate_private_key(models.generate_private_key)
    KmsBackend.replicate_key = _replicate_key(KmsBackend.replicate_key)
    KmsBackend.schedule_key_deletion = _schedule_key_deletion(KmsBackend.schedule_key_deletion)
    KmsResponse.replicate_key = _replicate_key_response(KmsResponse.replicate_key)
    KmsResponse.enable_key_rotation = _enable_key_rotation(KmsResponse.enable_key_rotation)
    KmsResponse.get_key_rotation_status = _get_key_rotation_status(KmsResponse.get_key_rotation_status)
