"""IAM: AWS's managed policies, some 1,600, are read once a process instead of at every reset, which took a second each."""

from __future__ import annotations

from typing import Any


def install() -> None:
    """Keep the managed policies of each account and partition; a reset takes their attachments away."""
    from moto.iam.models import IAMBackend

    read: dict[tuple[str, str], list[Any]] = {}
    original = IAMBackend._init_aws_policies  # noqa: SLF001  mended from outside

    def kept(self: Any) -> Any:
        key = (self.account_id, self.partition)
        if key not in read:
            read[key] = original(self)
        for policy in read[key]:
            policy.attachment_count = 0
        return list(read[key])

    IAMBackend._init_aws_policies = kept  # noqa: SLF001
