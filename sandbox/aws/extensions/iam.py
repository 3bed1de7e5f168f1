"""IAM: AWS's managed policies, some 1,600, are read once a process and for one partition, which took a second at every reset.

moto looks through its roles while another request may be making one.
"""

from __future__ import annotations

from typing import Any


def install() -> None:
    """Keep the managed policies of each account and partition; a reset takes their attachments away."""
    from moto.iam import models

    read: dict[tuple[str, str], list[Any]] = {}
    original = models.IAMBackend._init_aws_policies  # noqa: SLF001  mended from outside

    def kept(self: Any) -> Any:
        key = (self.account_id, self.partition)
        if key not in read:
            read[key] = original(self)
        for policy in read[key]:
            policy.attachment_count = 0
        return list(read[key])

    models.IAMBackend._init_aws_policies = kept  # noqa: SLF001
    models.IAMBackend.get_roles = _roles
    models.get_account_id_from = _account_of


def _roles(self: Any) -> list[Any]:
    return list(self.roles.values())


def _account_of(access_key: str) -> str:
    """The account whose key it is, looked for in the partitions that exist: moto's own search makes all six, policies included."""
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.iam.models import iam_backends

    for account, partitions in list(iam_backends.items()):
        if any(access_key in backend.access_keys for backend in list(partitions.values())):
            return str(account)
    return str(DEFAULT_ACCOUNT_ID)
