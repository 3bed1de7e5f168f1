"""Elastic Beanstalk: what a version's bundle says, as far as the sandbox follows it: how its Auto Scaling group judges instances."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import yaml
from moto.elasticbeanstalk.exceptions import ElasticBeanstalkException

_GROUP = "AWSEBAutoScalingGroup"
CHECKS = ("HealthCheckType", "HealthCheckGracePeriod")


def found_in(account: str, bucket: str, key: str) -> bytes:
    """The bundle that lies there."""
    from moto.s3.exceptions import MissingBucket
    from moto.s3.models import s3_backends

    try:
        [backend] = s3_backends[account].values()
        kept = backend.get_object(bucket, key)
    except MissingBucket:
        kept = None
    if kept is None:
        message = f"Unable to download from S3 location (Bucket: {bucket}  Key: {key}). Reason: Not Found"
        raise ElasticBeanstalkException("InvalidParameterCombination", message)
    return bytes(kept.value)


def judged(bundle: bytes) -> dict[str, Any]:
    """What configuration files of the bundle say of the group's health checks.

    https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environmentconfig-autoscaling-healthchecktype.html
    """
    found: dict[str, Any] = {}
    with zipfile.ZipFile(io.BytesIO(bundle)) as packed:
        for name in sorted(packed.namelist()):
            if not (name.startswith(".ebextensions/") and name.endswith(".config")):
                continue
            said = yaml.safe_load(packed.read(name)) or {}
            given = said.get("Resources", {}).get(_GROUP, {}).get("Properties", {})
            found |= {each: given[each] for each in CHECKS if each in given}
    return found
