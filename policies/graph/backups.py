"""AWS Backup: which stores a selection takes, and in which regions a plan's copies are.

https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
"""

from __future__ import annotations

import fnmatch
from typing import Any, Final

from .buckets import BUCKETS, versioned
from .graph import Graph
from .resource import Resource, arn_region
from .tags import Tags
from .unknown import Unknown, both, either

PLAN: Final = "aws:backup/plan:Plan"
SELECTION: Final = "aws:backup/selection:Selection"
VAULTS: Final = ("aws:backup/vault:Vault", "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault")
OTHER: Final = "dr:backup-plan"
"""The tag of a store that names the plan of another stack, in the store's region, which selects it."""
_SETTINGS: Final = "aws:backup/regionSettings:RegionSettings"
_ACCOUNT: Final = "123456789012"
"""Stands for the account where an ARN isn't known yet."""
_RDS: Final = "arn:aws:rds:{region}:{account}:"
_FSX: Final = ("FSx", "arn:aws:fsx:{region}:{account}:file-system/", "")
_STORES: Final[dict[str, tuple[str, str, str]]] = {
    "aws:rds/instance:Instance": ("RDS", f"{_RDS}db:", "identifier"),
    "aws:rds/cluster:Cluster": ("Aurora", f"{_RDS}cluster:", "clusterIdentifier"),
    "aws:neptune/cluster:Cluster": ("Neptune", f"{_RDS}cluster:", "clusterIdentifier"),
    "aws:docdb/cluster:Cluster": ("DocumentDB", f"{_RDS}cluster:", "clusterIdentifier"),
    "aws:dynamodb/table:Table": ("DynamoDB", "arn:aws:dynamodb:{region}:{account}:table/", "name"),
    "aws:s3/bucket:Bucket": ("S3", "arn:aws:s3:::", "bucket"),
    "aws:s3/bucketV2:BucketV2": ("S3", "arn:aws:s3:::", "bucket"),
    "aws:efs/fileSystem:FileSystem": ("EFS", "arn:aws:elasticfilesystem:{region}:{account}:file-system/", ""),
    "aws:ebs/volume:Volume": ("EBS", "arn:aws:ec2:{region}:{account}:volume/", ""),
    "aws:redshift/cluster:Cluster": (
        "Redshift",
        "arn:aws:redshift:{region}:{account}:cluster:",
        "clusterIdentifier",
    ),
    "aws:dsql/cluster:Cluster": ("DSQL", "arn:aws:dsql:{region}:{account}:cluster/", ""),
    "aws:fsx/windowsFileSystem:WindowsFileSystem": _FSX,
    "aws:fsx/ontapFileSystem:OntapFileSystem": _FSX,
    "aws:fsx/openZfsFileSystem:OpenZfsFileSystem": _FSX,
    "aws:fsx/lustreFileSystem:LustreFileSystem": _FSX,
}
"""Stores that AWS Backup protects: their service as a region's settings name it, how their ARNs begin, and the property that ends
them (none where AWS chooses the identifier).
https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html"""
_SHARED: Final = ("Aurora", "Neptune", "DocumentDB")
"""Services whose clusters have ARNs of one form."""
_TESTS: Final = (
    ("stringEquals", False, True),
    ("stringLikes", True, True),
    ("stringNotEquals", False, False),
    ("stringNotLikes", True, False),
)
"""Names of conditions, whether their values are patterns, and the answer that they want."""


def selected(graph: Graph, selection: Resource, store: Resource) -> bool | Unknown:
    """Whether a selection takes a store. `resources` and `selectionTags` add up, `conditions` must all hold, `notResources` takes away."""
    home, there = _home(graph, selection), graph.region(store)
    if store.type not in _STORES or (home and there and home != there):
        return False
    excluded = _listed(graph, selection, "notResources", store)
    if excluded is True:
        return False
    meant = _means(graph, selection, store, opted_out=_opted_out(graph, store, home))
    # AWS Backup refuses a bucket without versions.
    keeps = versioned(graph, store) if store.type in BUCKETS else True
    return both(meant, excluded if isinstance(excluded, Unknown) else True, keeps)


def other_plan(graph: Graph, store: Resource) -> str | Unknown | None:
    """The plan of another stack that the store's tag names, where its own stack has none in the store's region; None: it names none."""
    there = graph.region(store)
    if not there or there in {graph.region(plan) for plan in graph.of(PLAN)}:
        return None
    named = store.tags.get(OTHER)
    return named if isinstance(named, Unknown) else str(named or "") or None


def refusal(graph: Graph, selection: Resource, store: Resource) -> tuple[str, str] | None:
    """Why a selection that asks for a store doesn't get it, and what to do; None when it doesn't ask, or gets it."""
    home, there = _home(graph, selection), graph.region(store)
    if store.type not in _STORES or _means(graph, selection, store, opted_out=False) is not True:
        return None
    service, _, _ = _STORES[store.type]
    if home and there and home != there:
        return (
            f"{selection.name} asks for it, and its plan is in {home}",
            f"Give it a plan, with a selection, in {there}.",
        )
    if _listed(graph, selection, "notResources", store) is True:
        return f"{selection.name} leaves it out", "Remove it from the selection's not_resources."
    if store.type in BUCKETS and versioned(graph, store) is False:
        return (
            "AWS Backup takes buckets with versions only",
            'Add an aws.s3.BucketVersioning with status "Enabled".',
        )
    if _opted_out(graph, store, home) and _means(graph, selection, store, opted_out=True) is False:
        return (
            f"the region's settings switch backups of {service} off",
            f'Set "{service}": True in resource_type_opt_in_preference of the aws.backup.RegionSettings.',
        )
    return None


def _home(graph: Graph, selection: Resource) -> str:
    plans = graph.linked(selection, "planId", PLAN)
    return graph.region(plans[0]) if plans else graph.region(selection)


def _means(graph: Graph, selection: Resource, store: Resource, *, opted_out: bool) -> bool | Unknown:
    """Whether a selection's words name a store, whatever they leave out; after an opt-out only its ARN by type does."""
    if opted_out:
        chosen = _listed(graph, selection, "resources", store, by_type=True)
    else:
        chosen = either(_listed(graph, selection, "resources", store), _by_tags(selection, store.tags))
        if selection.get("resources") is None and selection.get("selectionTags") is None:
            chosen = selection.get("conditions") is not None
    return both(chosen, _conditions(selection, store.tags))


def _opted_out(graph: Graph, store: Resource, region: str) -> bool:
    """Whether the settings of the region switch backups of the store's service off.

    They hold for what tags select; what is named by the ARN of its type is backed up even so, except clusters, whose ARNs services share.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateRegionSettings.html
    """
    service, _, _ = _STORES[store.type]
    for settings in graph.of(_SETTINGS):
        wanted = settings.get("resourceTypeOptInPreference")
        if graph.region(settings) == region and isinstance(wanted, dict) and wanted.get(service) is False:
            return True
    return False


def _listed(
    graph: Graph, selection: Resource, path: str, store: Resource, *, by_type: bool = False
) -> bool | Unknown:
    """Whether a list of ARNs and patterns names a store; `by_type` for those only that name its type."""
    service, start, _ = _STORES[store.type]
    if by_type and service in _SHARED:
        return False
    if store in graph.linked(selection, path, store.type):
        return True
    patterns = selection.items(path)
    if isinstance(patterns, Unknown):
        return patterns
    typed = start.split("{account}")[-1]
    named = [p for p in patterns if isinstance(p, str) and (typed in p or not by_type)]
    # An ARN of another resource isn't known either, but the engine says which resources it comes from.
    vague = (
        [] if selection.property_dependencies.get(path) else [p for p in patterns if isinstance(p, Unknown)]
    )
    return either(*(_matches(graph, store, pattern) for pattern in named), *vague)


def _matches(graph: Graph, store: Resource, pattern: str) -> bool | Unknown:
    arn = store.get("arn")
    if isinstance(arn, str):
        return fnmatch.fnmatchcase(arn, pattern)
    _, start, name = _STORES[store.type]
    start = start.format(region=graph.region(store) or "*", account=_ACCOUNT)
    end = store.get(name) if name else None
    if isinstance(end, str):
        return fnmatch.fnmatchcase(start + end, pattern)
    if pattern.endswith("*") and fnmatch.fnmatchcase(start, pattern):
        return True  # whatever the name is
    possible = any(fnmatch.fnmatchcase(start, pattern[:i]) for i in range(len(pattern) + 1))
    return Unknown(f"{store.name}.arn") if possible else False


def _by_tags(selection: Resource, tags: Tags) -> bool | Unknown:
    wanted = selection.rows("selectionTags")
    if isinstance(wanted, Unknown):
        return wanted
    return either(*(_has(tags, w.get("key"), w.get("value")) if isinstance(w, dict) else w for w in wanted))


def _conditions(selection: Resource, tags: Tags) -> bool | Unknown:
    groups = selection.rows("conditions")
    if isinstance(groups, Unknown):
        return groups
    verdict: bool | Unknown = True
    for group in groups:
        for answer in _answers(group, tags):
            if answer is False:
                return False
            verdict = answer if isinstance(answer, Unknown) else verdict
    return verdict


def _answers(group: dict[str, Any] | Unknown, tags: Tags) -> list[bool | Unknown]:
    """Whether each test of a group of conditions holds."""
    if isinstance(group, Unknown):
        return [group]
    found: list[bool | Unknown] = []
    for name, pattern, wanted in _TESTS:
        rows = group.get(name)
        for row in rows if isinstance(rows, list) else [rows]:
            answer = (
                _has(tags, row.get("key"), row.get("value"), pattern=pattern)
                if isinstance(row, dict)
                else row
            )
            if isinstance(answer, bool | Unknown):
                found.append(answer if isinstance(answer, Unknown) else answer is wanted)
    return found


def _has(tags: Tags, key: Any, value: Any, *, pattern: bool = False) -> bool | Unknown:
    if isinstance(key, Unknown) or isinstance(value, Unknown):
        return key if isinstance(key, Unknown) else value
    found = tags.get(str(key).removeprefix("aws:ResourceTag/"))
    if found is None or isinstance(found, Unknown):
        return found if isinstance(found, Unknown) else False
    return fnmatch.fnmatchcase(str(found), str(value)) if pattern else str(found) == str(value)


def copy_region(graph: Graph, plan: Resource, path: str) -> str | Unknown:
    """The region of the vault that a copy action names at `path`."""
    given = plan.get(path)
    if isinstance(given, str):
        vaults = graph.named([given], *VAULTS)
        told = arn_region(given) or (graph.region(vaults[0]) if vaults else "")
        return told or Unknown(f"{plan.name}.{path} ({given!r})")
    # Not known yet: of the vaults that the rules refer to, one in another region can only be a copy's destination.
    vaults = graph.linked(plan, "rules", *VAULTS)
    away = {graph.region(vault) for vault in vaults} - {graph.region(plan)}
    if len(away) == 1:
        return away.pop()
    if len(vaults) > 1 and not away:
        return graph.region(plan)
    return Unknown(f"{plan.name}.{path}")
