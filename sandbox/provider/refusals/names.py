"""Names and figures that AWS doesn't take and moto does, by type: a form or a range, AWS's error code, and what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.provider.protocol import Context
from sandbox.provider.values import is_unknown


@dataclass(frozen=True)
class Form:
    """What a text may be."""

    pattern: str
    code: str
    allowed: str

    def fault(self, value: Any) -> str | None:
        """AWS's refusal; None where it takes the value."""
        if re.fullmatch(self.pattern, str(value)):
            return None
        shown = str(value) if len(str(value)) <= _SHOWN else f"{str(value)[:_SHOWN]}..."
        return f"{self.code}: {shown!r} ({len(str(value))} characters); allowed are {self.allowed}"


@dataclass(frozen=True)
class Range:
    """What a number may be: from `low` to `high`, or one of `others`."""

    low: float
    high: float
    code: str
    others: tuple[float, ...] = ()

    def fault(self, value: Any) -> str | None:
        """AWS's refusal; None where it takes the value."""
        try:
            number = float(value)
        except (TypeError, ValueError):
            return None  # a wrong type is refused elsewhere
        if self.low <= number <= self.high or number in self.others:
            return None
        also = "".join(f" or {each:g}" for each in self.others)
        span = f"{self.low:g} to {self.high:g}" if self.low < self.high else f"{self.low:g}"
        return f"{self.code}: {value}; allowed are {span}{also}"


_SHOWN = 70
_BALANCER = Form(
    r"(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)",
    "ValidationError",
    "1 to 32 letters, digits and hyphens, no hyphen first or last, and not internal- first",
)


def _rds(longest: int) -> Form:
    return Form(
        rf"(?!.*--)[A-Za-z][A-Za-z0-9-]{{0,{longest - 1}}}(?<!-)",
        "InvalidParameterValue",
        f"1 to {longest} letters, digits and hyphens, a letter first, no hyphen last and no two hyphens together",
    )


_RDS, _RDS_GROUP = _rds(63), _rds(255)
_SUBNET_GROUP = Form(
    r"(?!default$)[A-Za-z0-9 ._-]{1,255}",
    "InvalidParameterValue",
    "1 to 255 letters, digits, spaces, periods, underscores and hyphens, and not default",
)


def _iam(longest: int) -> Form:
    return Form(
        rf"[\w+=,.@-]{{1,{longest}}}", "ValidationError", f"1 to {longest} letters, digits and + = , . @ - _"
    )


def _fifo(what: str, longest: int, code: str) -> Form:
    return Form(
        rf"[\w-]{{1,{longest}}}|[\w-]{{1,{longest - len('.fifo')}}}\.fifo",
        code,
        f"1 to {longest} letters, digits, hyphens and underscores; of a FIFO {what} with .fifo behind",
    )


_TOPIC, _QUEUE = _fifo("topic", 256, "InvalidParameter"), _fifo("queue", 80, "InvalidParameterValue")
_BUCKET = Form(
    r"(?!\d+\.\d+\.\d+\.\d+$)(?!xn--)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?<!-s3alias)",
    "InvalidBucketName",
    "3 to 63 small letters, digits, periods and hyphens, a letter or digit first and last, and no IP address",
)
_REPOSITORY = Form(
    r"(?=.{2,256}$)[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*",
    "InvalidParameterException",
    "2 to 256 small letters and digits, with periods, underscores, hyphens and slashes between them",
)
_VAULT = Form(
    r"[A-Za-z0-9_-]{2,50}",
    "InvalidParameterValueException",
    "2 to 50 letters, digits, hyphens and underscores",
)
_PLAN = Form(r"\w{1,50}", "InvalidParameterValueException", "1 to 50 letters, digits and underscores")
# https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
_DAYS = {"deletionWindowInDays": Range(7, 30, "ValidationException")}
_RETENTION = Range(1, 35, "InvalidParameterValue")
_MONITORING = Range(0, 1, "InvalidParameterValue", (5, 10, 15, 30, 60))

LIMITS: dict[str, dict[str, Form | Range]] = {
    "aws:autoscaling/group:Group": {
        "name": Form(r"[^:]{1,255}", "ValidationError", "1 to 255 characters without colons")
    },
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": {"name": _PLAN},
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": {"name": _PLAN},
    "aws:backup/vault:Vault": {"name": _VAULT},
    "aws:cloudwatch/logGroup:LogGroup": {
        "name": Form(
            r"[\w.#/-]{1,512}", "InvalidParameterException", "1 to 512 letters, digits and . - _ / #"
        )
    },
    "aws:cloudwatch/metricAlarm:MetricAlarm": {
        "name": Form(r".{1,255}", "ValidationError", "1 to 255 characters")
    },
    "aws:ecr/repository:Repository": {"name": _REPOSITORY},
    "aws:iam/instanceProfile:InstanceProfile": {"name": _iam(128)},
    "aws:iam/policy:Policy": {"name": _iam(128)},
    "aws:iam/role:Role": {"name": _iam(64), "maxSessionDuration": Range(3600, 43200, "ValidationError")},
    "aws:iam/rolePolicy:RolePolicy": {"name": _iam(128)},
    "aws:kms/key:Key": {**_DAYS, "rotationPeriodInDays": Range(90, 2560, "ValidationException")},
    "aws:kms/replicaKey:ReplicaKey": {**_DAYS},
    "aws:lambda/function:Function": {"timeout": Range(1, 900, "ValidationException")},
    "aws:lb/loadBalancer:LoadBalancer": {
        "name": _BALANCER,
        "idleTimeout": Range(1, 4000, "ValidationError"),
        "clientKeepAlive": Range(60, 604800, "ValidationError"),
    },
    "aws:lb/targetGroup:TargetGroup": {
        "name": _BALANCER,
        "deregistrationDelay": Range(0, 3600, "ValidationError"),
        "slowStart": Range(30, 900, "ValidationError", (0,)),
    },
    "aws:rds/cluster:Cluster": {
        "clusterIdentifier": _RDS,
        "backupRetentionPeriod": _RETENTION,
        "monitoringInterval": _MONITORING,
    },
    "aws:rds/clusterInstance:ClusterInstance": {
        "identifier": _RDS,
        "monitoringInterval": _MONITORING,
        "promotionTier": Range(0, 15, "InvalidParameterValue"),
    },
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": {"name": _RDS_GROUP},
    "aws:rds/globalCluster:GlobalCluster": {"globalClusterIdentifier": _RDS},
    "aws:rds/instance:Instance": {
        "identifier": _RDS,
        "backupRetentionPeriod": Range(0, 35, "InvalidParameterValue"),
        "monitoringInterval": _MONITORING,
    },
    "aws:rds/parameterGroup:ParameterGroup": {"name": _RDS_GROUP},
    "aws:rds/subnetGroup:SubnetGroup": {"name": _SUBNET_GROUP},
    "aws:route53/healthCheck:HealthCheck": {
        "requestInterval": Range(30, 30, "InvalidInput", (10,)),
        "failureThreshold": Range(1, 10, "InvalidInput"),
        "childHealthThreshold": Range(0, 256, "InvalidInput"),
        "port": Range(1, 65535, "InvalidInput"),
    },
    "aws:s3/bucket:Bucket": {"bucket": _BUCKET},
    "aws:secretsmanager/secret:Secret": {
        "name": Form(
            r"[\w/+=.@-]{1,512}", "ValidationException", "1 to 512 letters, digits and / _ + = . @ -"
        ),
        "recoveryWindowInDays": Range(7, 30, "InvalidParameterException", (0,)),
    },
    "aws:sns/topic:Topic": {"name": _TOPIC},
    "aws:sqs/queue:Queue": {
        "name": _QUEUE,
        "delaySeconds": Range(0, 900, "InvalidAttributeValue"),
        "messageRetentionSeconds": Range(60, 1209600, "InvalidAttributeValue"),
        "receiveWaitTimeSeconds": Range(0, 20, "InvalidAttributeValue"),
        "visibilityTimeoutSeconds": Range(0, 43200, "InvalidAttributeValue"),
    },
}


def refused(ctx: Context) -> list[tuple[str, str]]:
    """Inputs out of their form or range, and names longer than an automatic one could be."""
    limits = LIMITS.get(ctx.row.token, {})
    return [*_out_of(ctx, limits), *_too_long(ctx, limits)]


def _out_of(ctx: Context, limits: dict[str, Form | Range]) -> Iterator[tuple[str, str]]:
    for name, limit in limits.items():
        value = ctx.inputs.get(name)
        if value is not None and not is_unknown(value) and (reason := limit.fault(value)) is not None:
            yield name, reason


def _too_long(ctx: Context, limits: dict[str, Form | Range]) -> Iterator[tuple[str, str]]:
    if ctx.row.autoname is None:
        return
    name, longest = ctx.row.autoname[0], ctx.row.autoname[1]
    value = ctx.inputs.get(name)
    if name not in limits and isinstance(value, str) and len(value) > longest:
        yield name, f"ValidationException: {len(value)} characters; at most {longest} are allowed"
