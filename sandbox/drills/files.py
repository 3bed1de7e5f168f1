"""What a person does about files before a system goes back: those of the region that was left follow the other one's first.

As "Go back" of the runbook says.
https://docs.aws.amazon.com/efs/latest/ug/replication-use-cases.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.drills.system import Place, System
from sandbox.drills.world import World


class FollowedFirst:
    """Starts what moves the system once files follow. Goes on whenever it is looked at."""

    what = "lets the files follow first"

    def __init__(self, world: World, system: System, to: Place, then: Callable[[], Any]) -> None:
        """Raises ClientError when AWS refuses."""
        self.region, self._then = to.region, then
        self._moves: Any = None
        [self._from] = [region for region in system.files if region != to.region]
        self._source, target = system.files[self._from], system.files[to.region]
        opened = {"FileSystemId": target, "ReplicationOverwriteProtection": "DISABLED"}
        world.boto("efs", to.region).update_file_system_protection(**opened)
        world.boto("efs", self._from).create_replication_configuration(
            SourceFileSystemId=self._source, Destinations=[{"FileSystemId": target, "Region": to.region}]
        )

    def problem(self, world: World) -> str:
        """Begin to move once the first sync is done; then whatever is the matter with that."""
        if self._moves is None and self._synced(world):
            self._moves = self._then()
        return "" if self._moves is None else str(self._moves.problem(world))

    def _synced(self, world: World) -> bool:
        asked = world.boto("efs", self._from).describe_replication_configurations(FileSystemId=self._source)
        return "LastReplicatedTimestamp" in asked["Replications"][0]["Destinations"][0]
