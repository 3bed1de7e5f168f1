"""SSM as AWS has it, where moto lacks it: the parameters by which Canonical names its newest images.

https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import Any

from moto.ssm.models import Parameter, ParameterDict

_PUBLISHED = datetime(2026, 1, 1, tzinfo=UTC)
_IMAGE = re.compile(
    r"/aws/service/canonical/ubuntu/server/(22\.04|24\.04)/stable/current/(amd64|arm64)/hvm/ebs-gp[23]/ami-id"
)


def _image(name: str, region: str) -> str:
    """An id that is the same at each start, and another one for each image and region."""
    return f"ami-{hashlib.sha256(f'{region}{name}'.encode()).hexdigest()[:17]}"


def _check_loading_status(original: Any) -> Any:
    def check_loading_status(self: ParameterDict, key: str) -> None:
        original(self, key)
        if not _IMAGE.fullmatch(str(key or "")) or dict.__contains__(self, key):
            return
        made = Parameter(
            account_id=self.account_id,
            name=key,
            value=_image(key, self.region_name),
            parameter_type="String",
            description=None,
            allowed_pattern=None,
            keyid=None,
            last_modified_date=_PUBLISHED,
            version=1,
            data_type="aws:ec2:image",
        )
        dict.__setitem__(self, key, [made])

    return check_loading_status


def install() -> None:
    """Patch moto."""
    ParameterDict._check_loading_status = _check_loading_status(ParameterDict._check_loading_status)  # noqa: SLF001
