"""Backup plans: every store in one, a copy in another region, a vault that nobody empties."""

from __future__ import annotations

from collections.abc import Iterator

from policies.graph import Graph, NotKnownError, Resource, Unknown
from policies.graph.backups import SELECTION, copy_region, other_plan, refusal, selected
from policies.graph.buckets import takes_logs

from .kernel.rule import Context, Finding, Scope, rule
from .tokens import BACKED_UP, BUCKETS, VAULT


@rule(
    "backup-selection-every-store",
    *BACKED_UP,
    scope=Scope.GRAPH,
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
    """A replica is backed up at its source. Access logs are not: they expire, and a locked vault would keep what is in them.

    A store in a region where this stack has no plan may name another stack's plan there, in the tag `dr:backup-plan`.
    """
    if resource.gives("replicateSourceDb") or _is_copy(resource, context.graph):
        return
    if takes_logs(context.graph, resource):
        return
    named = other_plan(context.graph, resource)
    if isinstance(named, str):
        return
    others = context.options.view("tagsOfOtherPlans").raw
    asked = [resource.tags.get(key) for key in others]
    if any(found == value for found, value in zip(asked, others.values(), strict=True)):
        return
    answers = [selected(context.graph, selection, resource) for selection in context.graph.of(SELECTION)]
    if True in answers:
        return
    for unsure in (named, *asked, *answers):
        if isinstance(unsure, Unknown):
            raise NotKnownError(unsure.path)
    refused = [refusal(context.graph, selection, resource) for selection in context.graph.of(SELECTION)]
    why, remedy = next(filter(None, refused), ("", None))
    yield Finding(f"no backup selection of this stack selects it{why and f': {why}'}.", remedy=remedy)


def _is_copy(resource: Resource, graph: Graph) -> bool:
    """Whether a store is the destination of another one's replication."""
    configs = graph.users(resource, "rules", "aws:s3/bucketReplicationConfig:BucketReplicationConfig")
    if any(resource not in graph.linked(config, "bucket", *BUCKETS) for config in configs):
        return True
    return bool(
        graph.users(resource, "destination", "aws:efs/replicationConfiguration:ReplicationConfiguration")
    )


@rule("backup-plan-cross-region-copy", "aws:backup/plan:Plan", scope=Scope.GRAPH)
def backup_plan_cross_region_copy(resource: Resource, context: Context) -> Iterator[Finding]:
    """The destination's region, from its ARN or from the vault that the plan refers to."""
    copies = [
        f"rules.{i}.copyActions.{j}.destinationVaultArn"
        for i, each in enumerate(resource.known.views("rules"))
        for j, _ in enumerate(each.views("copyActions"))
    ]
    if not copies:
        yield Finding("no rule has a copy action.")
        return
    home = context.graph.region(resource)
    regions = {copy_region(context.graph, resource, path) for path in copies}
    if len({region for region in regions if isinstance(region, str)} | {home}) > 1 and home:
        return
    if not home or any(isinstance(region, Unknown) for region in regions):
        raise NotKnownError("the region of the copy's destination vault")
    yield Finding(f"its copies stay in {home}.")


@rule("backup-vault-locked", VAULT, scope=Scope.GRAPH)
def backup_vault_locked(resource: Resource, context: Context) -> Iterator[Finding]:
    """The lock is a resource of its own."""
    lock = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
    if not context.graph.users(resource, "backupVaultName", lock):
        yield Finding("it has no lock.")
