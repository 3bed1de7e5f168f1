"""Backup plans: every store in one, a copy in another region, a vault that nobody empties."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from .kernel.resource import Resource
from .kernel.rule import ALL, UPPER, Context, Finding, Scope, Severity, rule
from .kernel.values import UNKNOWN, NotKnownError, View
from .tokens import BACKED_UP, VAULT

_IDENTIFY: Final = "REL09-BP01 Identify and back up all data that needs to be backed up"
_SELECTION: Final = "aws:backup/selection:Selection"
_VAULTS: Final = (VAULT, "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault")


@rule(
    "backup-selection-every-store",
    *BACKED_UP,
    scope=Scope.GRAPH,
    severity=Severity.HIGH,
    tiers=ALL,
    why="A store that no backup plan selects has no copy that outlives its account's mistakes, and none in another region.",
    remedy="Give the store a tag that a backup selection asks for, or name it in the selection.",
    page="https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html",
    pillar=_IDENTIFY,
    control="RDS.26, DynamoDB.4, EFS.2, EC2.28",
    finding="No backup for DSQL, DynamoDB; no immutable Aurora backup",
    options={
        "tagsOfOtherPlans": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "default": {},
            "description": "tags that plans outside this stack select by",
        }
    },
)
def backup_selection_every_store(resource: Resource, context: Context) -> Iterator[Finding]:
    """A replica is backed up at its source."""
    if resource.props.raw.get("replicateSourceDb") not in (None, "", UNKNOWN):
        return
    if "replicateSourceDb" in resource.property_dependencies:
        return
    tags = resource.tags()
    others = context.options.view("tagsOfOtherPlans").raw
    if any(tags.get(key) == value for key, value in others.items()):
        return
    unsure = ""
    for selection in context.graph.of(_SELECTION):
        named = resource in context.graph.targets(selection, "resources")
        try:
            if named or _selects(selection.props, resource, tags):
                return
        except NotKnownError as unknown:
            unsure = unknown.path
    if unsure:
        raise NotKnownError(f"the backup selections' {unsure}")
    yield Finding("no backup selection of this stack selects it.")


def _selects(selection: View, resource: Resource, tags: dict[str, object]) -> bool:
    """Whether a selection takes a resource: by pattern and all conditions, or by any one selection tag."""
    for tag in selection.views("selectionTags"):
        if tags.get(tag.text("key")) == tag.text("value"):
            return True
    arn = resource.props.raw.get("arn")
    named = selection.items("resources") if selection.known("resources") else [UNKNOWN]
    matched = any(
        isinstance(pattern, str) and (pattern == "*" or (isinstance(arn, str) and fnmatchcase(arn, pattern)))
        for pattern in named
    )
    if not matched:
        return False
    return all(_condition(condition, tags) for condition in selection.views("conditions"))


def _condition(condition: View, tags: dict[str, object]) -> bool:
    tests = (
        ("stringEquals", lambda have, want: have == want),
        ("stringLikes", lambda have, want: have is not None and fnmatchcase(str(have), want)),
        ("stringNotEquals", lambda have, want: have != want),
        ("stringNotLikes", lambda have, want: have is None or not fnmatchcase(str(have), want)),
    )
    for name, holds in tests:
        for wanted in condition.views(name):
            key = wanted.text("key").removeprefix("aws:ResourceTag/")
            if not holds(tags.get(key), wanted.text("value")):
                return False
    return True


@rule(
    "backup-plan-cross-region-copy",
    "aws:backup/plan:Plan",
    scope=Scope.GRAPH,
    severity=Severity.HIGH,
    tiers=UPPER,
    why="Backups in the region of their source can't be restored while that region is away.",
    remedy="Add a copy action to a vault in another region.",
    page="https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html",
    pillar=_IDENTIFY,
    control="Backup cross-region copy",
)
def backup_plan_cross_region_copy(resource: Resource, context: Context) -> Iterator[Finding]:
    """The destination's region, from its ARN or from the vault that the plan refers to."""
    rules = list(resource.props.views("rules"))
    targets = [copy.raw.get("destinationVaultArn") for each in rules for copy in each.views("copyActions")]
    if not targets:
        yield Finding("no rule has a copy action.")
        return
    home = resource.region
    known = {target.split(":")[3] for target in targets if isinstance(target, str) and target.count(":") > 3}  # noqa: PLR2004
    vaults = [vault for vault in context.graph.targets(resource, "rules") if vault.type in _VAULTS]
    known |= {vault.region for vault in vaults if vault.props.has("region") or vault.region}
    if known - {home, ""}:
        return
    if not home or UNKNOWN in targets:
        raise NotKnownError("the region of the copy's destination vault")
    yield Finding(f"its copies stay in {home}.")


@rule(
    "backup-vault-locked",
    VAULT,
    scope=Scope.GRAPH,
    severity=Severity.MEDIUM,
    tiers=UPPER,
    why="Whoever takes over an account deletes its backups first; a locked vault refuses that.",
    remedy="Add a VaultLockConfiguration, or use a LogicallyAirGappedVault.",
    page="https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html",
    pillar="REL09-BP02 Secure and encrypt backups",
    finding="No immutable Aurora backup",
)
def backup_vault_locked(resource: Resource, context: Context) -> Iterator[Finding]:
    """The lock is a resource of its own."""
    lock = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
    if not context.graph.referrers(resource, "backupVaultName", lock):
        yield Finding("it has no lock.")
