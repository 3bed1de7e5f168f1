"""The stores beside the database in one region, each where the settings ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from architectures.parts.aurora.clusters import ORIGINAL
from architectures.parts.sample_app.script import MOUNTED
from architectures.peer import Outputs
from architectures.system import Place
from architectures.three_tier import file_arguments, store_arguments
from architectures.three_tier.sections import Cache, Files, Sessions
from architectures.three_tier.settings import ThreeTierSettings
from architectures.three_tier.store_arguments import EXPIRES, SESSION
from components.data import (
    CacheGlobal,
    FilesPeer,
    GlobalTable,
    JoinedTable,
    JoinedTableArgs,
    SharedFiles,
    item_statements,
)
from components.data.cache import PORT as CACHE_PORT
from components.data.files_args import NFS_PORT
from components.data.global_table_args import STRONG
from components.facts import Fact
from components.network import SecurityGroupChain, Store
from components.permissions import Statement, allow
from components.switch import FollowingFiles, GlobalCache

CACHE, SESSIONS, FILES = "cache", "sessions", "files"


def reached(settings: ThreeTierSettings) -> list[Store]:
    """The stores that servers reach in the VPC, with a security group each."""
    cache = [Store(name=CACHE, port=CACHE_PORT)] if settings.cache else []
    return [*cache, *([Store(name=FILES, port=NFS_PORT)] if settings.files else [])]


def _others(name: str) -> str:
    """What a runbook calls the other region's counterpart."""
    if name == "DATASTORE":
        return name  # both regions'
    return name.removeprefix("PEER_") if name.startswith("PEER_") else f"PEER_{name}"


class Stores:
    """A region's stores, as children of the system.

    What both regions share belongs to the founding stack. The joining stack reads of it, where data crosses between the regions;
    where none does, a region that serves has stores of its own.
    """

    recovery: list[Fact]
    """Units of recovery that this stack declares."""
    used: list[Fact]
    """Those of them that this region's servers use."""
    statements: list[Statement]
    """What the application's role may do."""
    told: dict[str, dict[str, pulumi.Input[Any]]]
    """What the application is told: where this region's stores are."""
    outputs: dict[str, dict[str, pulumi.Input[Any]]]
    """What people and the other region's stack read of them."""
    cache: GlobalCache | None
    """What a takeover moves, where the cache follows another region's or is followed; None otherwise."""
    files: FollowingFiles | None
    """The same of the files."""
    moved: dict[str, dict[str, pulumi.Input[str]]]
    """By store: what AWS calls what moves to this region, as runbooks name it."""

    def __init__(
        self,
        name: str,
        settings: ThreeTierSettings,
        place: Place,
        groups: SecurityGroupChain,
        parent: pulumi.Resource,
    ) -> None:
        self._name, self._settings, self._place = name, settings, place
        self._stack, self._ground, self._tags = place.stack, place.ground, place.tags
        self._stands = settings.posture(place.stack)
        self._groups, self._child = groups, pulumi.ResourceOptions(parent=parent)
        self.recovery, self.used, self.statements, self.told, self.outputs = [], [], [], {}, {}
        self.cache = self.files = None
        self.moved = {}
        if settings.cache is not None:
            self._cache(settings.cache)
        if settings.sessions is not None:
            self._sessions(settings.sessions)
        if settings.files is not None:
            self._files(settings.files)

    @property
    def moved_back(self) -> dict[str, dict[str, pulumi.Input[str]]]:
        """The same, of what moves to the other region."""
        return {
            store: {_others(name): value for name, value in parts.items()}
            for store, parts in self.moved.items()
        }

    def _peer(self, store: str) -> Outputs | None:
        """What the other stack tells of the store that this one's follows, if it does."""
        if self._place.peer is None or not self._stands.replicated:
            return None
        return self._place.peer.part("stores").part(store)

    def _cache(self, given: Cache) -> None:
        peer, ground = self._peer(CACHE), self._ground
        args = store_arguments.cache(
            given,
            self._name,
            self._stack,
            self._stands,
            tags=self._tags,
            subnet_ids=ground.network.data_subnet_ids,
            security_group_ids=[self._groups.store_ids[CACHE]],
            key_arn=ground.key_arn,
            topic_arn=ground.topic.arn,
            joined=peer.text("datastore") if peer else None,
        )
        made = CacheGlobal(f"{self._name}-cache", args, self._child)
        self._mine(made.recovery_fact)
        self.statements += made.connecting_statements()
        reader = {} if made.reader_endpoint is None else {"reader": made.reader_endpoint}
        found = {"host": made.endpoint, **reader, "port": made.port}
        self.told[CACHE] = {
            **found,
            "group": made.identifier,
            "user": made.user_name,
            "sharded": given.shards > 1,
        }
        whole = made.global_replication_group_id
        datastore = {} if whole is None else {"datastore": whole}
        self.outputs[CACHE] = {"endpoint": made.endpoint, "group": made.identifier, **datastore}
        if whole is not None:
            self.cache = GlobalCache(identifier=whole, group_id=made.identifier, group_arn=made.arn)
            # The founder's stack comes first; the groups of both regions have one name.
            theirs = peer.text("group") if peer else made.identifier
            self.moved[CACHE] = {
                "DATASTORE": whole,
                "CACHE_GROUP": made.identifier,
                "PEER_CACHE_GROUP": theirs,
            }

    def _mine(self, store: Fact) -> None:
        """A store of this stack that this region's servers use."""
        self.recovery.append(store)
        self.used.append(store)

    def _sessions(self, given: Sessions) -> None:
        peer = self._peer(SESSIONS)
        table = self._founded_table(given) if peer is None else self._joined_table(given, peer)
        self.statements += item_statements(table.table_arn)
        strong = given.consistency == STRONG
        if strong:  # it has no expiry: servers look for old sessions themselves
            self.statements.append(allow("dynamodb:Scan", table.table_arn))
        expires = {} if strong else {"expires": EXPIRES}
        self.told[SESSIONS] = {"table": table.table_name, "key": SESSION, **expires}

    def _founded_table(self, given: Sessions) -> GlobalTable:
        args = store_arguments.sessions(
            given,
            self._stack,
            self._stands,
            tags=self._tags,
            key_arn=self._ground.key_arn,
            peer_key_arn=self._ground.peer_key_arn,
            topic_arn=self._ground.topic.arn,
        )
        made = GlobalTable(f"{self._name}-sessions", args, self._child)
        self._mine(made.recovery_fact)
        self.outputs[SESSIONS] = {"table": made.table_name, "arn": made.table_arn}
        if replica := made.replica_arns.get(self._stack.peer_region):
            self.outputs[SESSIONS]["peerArn"] = replica
        return made

    def _joined_table(self, given: Sessions, peer: Outputs) -> JoinedTable:
        args = JoinedTableArgs(
            region=self._stack.region,
            founder_region=self._stack.peer_region,
            table_name=peer.text("table"),
            table_arn=peer.text("peerArn"),
            strong=given.consistency == STRONG,
            topic_arn=self._ground.topic.arn,
            tags=self._tags,
        )
        made = JoinedTable(f"{self._name}-sessions", args, self._child)
        self.outputs[SESSIONS] = {"table": made.table_name, "arn": made.table_arn}
        return made

    def _files(self, given: Files) -> None:
        peer, ground, theirs = self._peer(FILES), self._ground, self._files_peer()
        went = theirs.replication if theirs and theirs.held else self._earlier_files().get("replication")
        args = file_arguments.shared(
            given,
            self._stack,
            tags=self._tags,
            subnet_ids=ground.network.data_subnet_ids,
            security_group_ids=[self._groups.store_ids[FILES]],
            key_arn=None if peer else ground.key_arn,
            topic_arn=ground.topic.arn,
            joined=peer.text("peerFileSystem") if peer else None,
            peer=theirs,
            followed_by=peer.text("fileSystem") if peer and self._stack.active else None,
        )
        made = SharedFiles(f"{self._name}-files", args, self._child)
        self.recovery += made.recovery_facts
        self.used += made.recovery_facts[:1]
        arn = peer.text("peerArn") if peer else made.arn
        assert arn is not None  # noqa: S101  known of a file system that is made here
        self.statements += made.mounting_statements(arn)
        # Servers come once it can be mounted in every zone.
        point = {"accessPoint": made.access_point_id}
        self.told[FILES] = {"fileSystem": made.mounted, **point, "path": MOUNTED}
        known = {
            "arn": made.arn,
            "peerFileSystem": made.peer_file_system_id,
            "peerArn": made.peer_file_system_arn,
            "replication": went,
        }
        shared = {key: value for key, value in known.items() if value is not None}
        self.outputs[FILES] = {"fileSystem": made.file_system_id, **point, **shared}
        other = peer.text("fileSystem") if peer else made.peer_file_system_id
        other_arn = peer.text("arn") if peer else made.peer_file_system_arn
        if other is not None and other_arn is not None:
            own = made.file_system_id
            self.files = FollowingFiles(file_system_id=own, source_id=other, arns=[arn, other_arn])
            self.moved[FILES] = {"FILES": own, "PEER_FILES": other}

    def _files_peer(self) -> FilesPeer | None:
        """The other region's file system, in the stack that makes both."""
        if self._place.peer is not None or not self._stands.replicated:
            return None
        known = self._earlier_files()
        return file_arguments.peer(
            self._stack,
            self._ground.peer_key_arn,
            own=known.get("fileSystem"),
            peers=known.get("peerFileSystem"),
            global_cluster=self._earlier_database(),
            earlier=known.get("replication"),
        )

    def _earlier_files(self) -> Mapping[str, Any]:
        """What this stack's last run put out of the files."""
        found: Mapping[str, Any] = self._place.earlier.get("stores", {}).get(FILES, {})
        return found

    def _earlier_database(self) -> str | None:
        """The global database that serves, as the last run put it out; None where there is none, or where this run restores another."""
        if self._settings.database.everywhere:
            return None
        serves = self._settings.databases(self._stack)[-1]
        told = self._place.earlier.get("databases", {}).get(serves.name if serves else ORIGINAL, {})
        found = told.get("globalClusterIdentifier")
        return None if found is None else str(found)
