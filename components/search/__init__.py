"""Search: OpenSearch Service domains over three zones, and the snapshots that outlive their region."""

from components.search.args import KeeperArgs, Mode, SearchDomainArgs, Taken
from components.search.domain import SearchDomain
from components.search.keeper import SnapshotKeeper

__all__ = [
    "KeeperArgs",
    "Mode",
    "SearchDomain",
    "SearchDomainArgs",
    "SnapshotKeeper",
    "Taken",
]
