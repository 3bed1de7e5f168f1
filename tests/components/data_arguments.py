"""What the tests of the data room share: tags, and arguments that deploy."""

from __future__ import annotations

from typing import Any

from components.data import AuroraGlobalArgs, RdsInstanceArgs, RdsMultiAzClusterArgs
from components.tags import Tags

TAGS = Tags(
    environment="prod", system="shop", owner="team", cost_center="42", dr_tier=1, rto_hours=1, rpo_minutes=5
)
ZONES = {"use1-az1": "us-east-1a", "use1-az2": "us-east-1b", "use1-az4": "us-east-1c"}
SUBNETS = {"use1-az1": "subnet-1", "use1-az2": "subnet-2", "use1-az4": "subnet-4"}
KEY = "arn:aws:kms:us-east-1:123456789012:key/mrk-1"
PEER_KEY = "arn:aws:kms:us-west-2:123456789012:key/mrk-1"
REQUIRED_TAGS = {"environment", "system", "owner", "cost-center", "dr-tier", "rto-hours"}


def aurora_args(**changes: Any) -> AuroraGlobalArgs:
    base = {
        "tags": TAGS,
        "engine": "aurora-postgresql",
        "engine_version": "16.8",
        "zones": ZONES,
        "subnet_ids": SUBNETS,
        "security_group_ids": ["sg-1"],
        "kms_key_arn": KEY,
    }
    return AuroraGlobalArgs(**{**base, **changes})


def instance_args(**changes: Any) -> RdsInstanceArgs:
    base = {
        "tags": TAGS,
        "engine": "postgres",
        "engine_version": "16.8",
        "subnet_ids": SUBNETS,
        "security_group_ids": ["sg-1"],
        "kms_key_arn": KEY,
    }
    return RdsInstanceArgs(**{**base, **changes})


def cluster_args(**changes: Any) -> RdsMultiAzClusterArgs:
    base = {
        "tags": TAGS,
        "engine": "mysql",
        "engine_version": "8.4.5",
        "subnet_ids": SUBNETS,
        "security_group_ids": ["sg-1"],
        "kms_key_arn": KEY,
    }
    return RdsMultiAzClusterArgs(**{**base, **changes})
