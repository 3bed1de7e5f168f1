"""What S3, AWS Backup and RDS don't take of lifecycles, plans and databases."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.provider.protocol import Context, Faults
from sandbox.provider.values import is_unknown, number

INFREQUENT, SOONEST = ("STANDARD_IA", "ONEZONE_IA"), 30
"""Days before an object goes to infrequent access: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html."""
COLDEST, LONGEST_CONTINUOUS, SHORTEST_WINDOW = 90, 35, 60
"""Days in cold storage at least, days of continuous backups at most, minutes until a backup starts at least:
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html and
https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html."""
RESERVED_USERS = {
    "postgres": frozenset(
        {"admin", "rdsadmin", "rds_superuser", "rdsrepladmin", "user", "public", "all", "table"}
    ),
    "mysql": frozenset({"rdsadmin", "rdsrepladmin", "mysql.sys"}),
}
"""Some of the names that an engine keeps."""
LOGS = {
    "aurora-mysql": frozenset({"audit", "error", "general", "slowquery", "instance", "iam-db-auth-error"}),
    "aurora-postgresql": frozenset({"postgresql", "instance", "iam-db-auth-error"}),
    "postgres": frozenset({"postgresql", "upgrade", "iam-db-auth-error"}),
    "mysql": frozenset({"audit", "error", "general", "slowquery", "iam-db-auth-error"}),
}
"""https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html and API_CreateDBInstance.html."""
_PASSWORD = re.compile(r"[\x21-\x7e]*")
_WINDOW = re.compile(r"(?:(mon|tue|wed|thu|fri|sat|sun):)?(\d\d):(\d\d)")
_DAY, _WEEK = 24 * 60, 7 * 24 * 60
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _listed(value: Any) -> list[Mapping[str, Any]]:
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, Mapping)]


def lifecycle(ctx: Context) -> Faults:
    """Refuse rules whose days don't go together, and ids that stand twice."""
    rules = _listed(ctx.inputs.get("rules"))
    for name, count in Counter(r["id"] for r in rules if isinstance(r.get("id"), str)).items():
        if count > 1:
            yield (
                "rules",
                f"InvalidArgument: Rule ID must be unique. Found same ID for more than one rule: {name}",
            )
    for each in rules:
        transitions = _listed(each.get("transitions"))
        for transition in transitions:
            days, storage = number(transition.get("days")), transition.get("storageClass")
            if days is not None and storage in INFREQUENT and days < SOONEST:
                text = f"must be greater than or equal to {SOONEST} for storageClass '{storage}'"
                yield "rules", f"InvalidArgument: 'Days' in Transition action {text}"
        ends = [number(e.get("days")) for e in _listed(each.get("expiration"))]
        moved = [days for t in transitions if (days := number(t.get("days"))) is not None]
        if moved and any(end is not None and end <= max(moved) for end in ends):
            text = "must be greater than 'Days' in the Transition action"
            yield (
                "rules",
                f"InvalidArgument: 'Days' in the Expiration action for rule '{each.get('id')}' {text}",
            )


def plan(ctx: Context) -> Faults:
    """Refuse what a backup rule can't promise."""
    for each in _listed(ctx.inputs.get("rules")):
        copies = _listed(each.get("copyActions"))
        cycles = [cycle for holder in (each, *copies) for cycle in _listed(holder.get("lifecycle"))]
        reasons = [*(r for cycle in cycles for r in _cold(cycle)), *_continuous(each), *_windows(each)]
        for reason in reasons:
            yield "rules", f"InvalidParameterValueException: Error in rule {each.get('ruleName')} : {reason}"


def _cold(cycle: Mapping[str, Any]) -> Iterator[str]:
    cold, gone = number(cycle.get("coldStorageAfter")), number(cycle.get("deleteAfter"))
    if cold and gone and gone < cold + COLDEST:
        yield f"Invalid lifecycle. DeleteAfterDays cannot be less than {COLDEST} days apart from MoveToColdStorageAfterDays"


def _continuous(each: Mapping[str, Any]) -> Iterator[str]:
    if each.get("enableContinuousBackup") is not True:
        return
    for cycle in _listed(each.get("lifecycle")):
        if cycle.get("coldStorageAfter"):
            yield "Invalid lifecycle. MoveToColdStorageAfterDays is unavailable"
        if (number(cycle.get("deleteAfter")) or 0) > LONGEST_CONTINUOUS:
            yield f"Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than {LONGEST_CONTINUOUS} days"


def _windows(each: Mapping[str, Any]) -> Iterator[str]:
    start, end = number(each.get("startWindow")), number(each.get("completionWindow"))
    if start is not None and start < SHORTEST_WINDOW:
        yield f"Invalid start window. StartWindowMinutes must be at least {SHORTEST_WINDOW}"
    if start is not None and end is not None and end <= start:
        yield "Invalid completion window. CompletionWindowMinutes must be greater than StartWindowMinutes"


def database(ctx: Context) -> Faults:
    """Refuse users, passwords, windows and logs that RDS doesn't take."""
    given, engine = ctx.inputs, str(ctx.inputs.get("engine") or "")
    yield from _credentials(given, engine)
    exports = given.get("enabledCloudwatchLogsExports")
    wrong = (
        sorted({e for e in exports if isinstance(e, str)} - LOGS[engine])
        if engine in LOGS and isinstance(exports, list)
        else []
    )
    if wrong:
        text = f"You cannot use the log types '{', '.join(wrong)}' with engine {engine}"
        yield (
            "enabledCloudwatchLogsExports",
            f"InvalidParameterCombination: {text}; it has {', '.join(sorted(LOGS[engine]))}",
        )
    backup = next((n for n in ("preferredBackupWindow", "backupWindow") if n in given), "")
    keep = next((n for n in ("preferredMaintenanceWindow", "maintenanceWindow") if n in given), "")
    backed, kept = _window(given.get(backup)), _window(given.get(keep))
    for name, window in ((backup, backed), (keep, kept)):
        if window is not None and window[1] < 30:  # noqa: PLR2004  minutes
            yield name, "InvalidParameterValue: The window must be at least 30 minutes."
    if backed and kept and _overlap(backed, kept):
        yield backup, "InvalidParameterValue: The backup window and maintenance window must not overlap."


def _credentials(given: Mapping[str, Any], engine: str) -> Faults:
    name = next((n for n in ("masterUsername", "username") if n in given), "")
    user = given.get(name)
    kind = "postgres" if "postgres" in engine else "mysql" if "mysql" in engine or engine == "mariadb" else ""
    if isinstance(user, str) and user.lower() in RESERVED_USERS.get(kind, ()):
        yield (
            name,
            f"InvalidParameterValue: MasterUsername {user} cannot be used as it is a reserved word used by the engine",
        )
    for key in ("masterPassword", "masterPasswordWo", "password", "passwordWo"):
        password = given.get(key)
        if not isinstance(password, str):
            continue
        if not _PASSWORD.fullmatch(password) or set(password) & set('/@"'):
            text = "Only printable ASCII characters besides '/', '@', '\"', ' ' may be used."
            yield (
                key,
                f"InvalidParameterValue: The parameter MasterUserPassword is not a valid password. {text}",
            )
        if given.get("manageMasterUserPassword") is True:
            text = "You can't specify MasterUserPassword for an instance or a cluster with ManageMasterUserPassword enabled"
            yield key, f"InvalidParameterCombination: {text}"


def _window(text: Any) -> tuple[int, int, bool] | None:
    """Where a window begins, minutes into the week or day, its minutes, and whether it is of each day; None where it can't be read."""
    ends = (
        [_WINDOW.fullmatch(part) for part in text.lower().split("-")]
        if isinstance(text, str) and not is_unknown(text)
        else []
    )
    if len(ends) != 2 or None in ends:  # noqa: PLR2004
        return None
    daily = ends[0][1] is None  # type: ignore[index]
    start, end = ((0 if daily else _DAYS.index(e[1]) * _DAY) + int(e[2]) * 60 + int(e[3]) for e in ends)  # type: ignore[index]
    return start, (end - start) % (_DAY if daily else _WEEK), daily


def _overlap(backed: tuple[int, int, bool], kept: tuple[int, int, bool]) -> bool:
    """Whether a window of each day meets one of the week."""
    first, length, _ = backed
    start, span, _ = kept
    return any(
        (start - first - shift) % _WEEK < length or (first + shift - start) % _WEEK < span
        for shift in range(0, _WEEK, _DAY)
    )


BY_TYPE: Mapping[str, Any] = {
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": lifecycle,
    "aws:backup/plan:Plan": plan,
    "aws:rds/cluster:Cluster": database,
    "aws:rds/instance:Instance": database,
}
