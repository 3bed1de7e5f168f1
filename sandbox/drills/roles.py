"""A planned move without plan or state machine: servers first, then the database, then the records, by calls of the public API.

They are what three runs of `pulumi up` would do, see "Swapping roles" in docs/architecture.md.
"""

from __future__ import annotations

import copy
from typing import Any

from sandbox.drills import ways
from sandbox.drills.servers import group_behind
from sandbox.drills.system import Place, System
from sandbox.drills.world import World


class Swap:
    """Goes on whenever it is looked at."""

    what = "begins to move the system"

    def __init__(self, world: World, system: System, to: Place) -> None:
        self._system, self._to = system, to
        self.region = to.region
        self._from = system.home if to is system.other else system.away
        self._wanted = world.call("capacity", host=self._from.load_balancer)["desired"]
        self._grow(world)
        self._left = [self._database, self._records]

    def problem(self, world: World) -> str:
        """Take the next step when the one before it is done."""
        if self._left and self._left[0](world):
            self._left.pop(0)
        return ""

    def _grow(self, world: World) -> None:
        """The region gets as many servers as the one that is left has. LookupError when it has no group."""
        scaling = world.boto("autoscaling", self.region)
        group = group_behind(world, self.region, self._to.load_balancer)
        if group["DesiredCapacity"] < self._wanted:
            scaling.update_auto_scaling_group(
                AutoScalingGroupName=group["AutoScalingGroupName"],
                MinSize=self._wanted,
                DesiredCapacity=self._wanted,
            )

    def _database(self, world: World) -> bool:
        """Once they serve, the database follows."""
        if world.call("capacity", host=self._to.load_balancer)["healthy"] < self._wanted:
            return False
        ways.promote(world, self._system, self._to, lossy=False)
        return True

    def _records(self, world: World) -> bool:
        """Once the database writes here, so do clients: the site's two records swap their roles in one change."""
        if self._system.cluster or self._writes(world):
            self._turn(world)
            return True
        return False

    def _writes(self, world: World) -> bool:
        rds = world.boto("rds", self.region)
        whole = rds.describe_global_clusters(GlobalClusterIdentifier=self._system.global_cluster)[
            "GlobalClusters"
        ][0]
        writes = any(
            m["IsWriter"] and m["DBClusterArn"].split(":")[3] == self.region
            for m in whole["GlobalClusterMembers"]
        )
        return whole["Status"] == "available" and writes

    def _turn(self, world: World) -> None:
        route53 = world.boto("route53", self.region)
        records = route53.list_resource_record_sets(HostedZoneId=self._system.zone_id)["ResourceRecordSets"]
        ours = [r for r in records if r["Name"].rstrip(".") == self._system.site and "Failover" in r]
        if len(ours) == 2 and _primary(ours) != self.region:  # noqa: PLR2004 - a pair
            changes = [{"Action": "DELETE", "ResourceRecordSet": r} for r in ours]
            changes += [{"Action": "CREATE", "ResourceRecordSet": _turned(r)} for r in ours]
            route53.change_resource_record_sets(
                HostedZoneId=self._system.zone_id, ChangeBatch={"Changes": changes}
            )


def _primary(pair: list[dict[str, Any]]) -> str:
    return next(str(r["SetIdentifier"]) for r in pair if r["Failover"] == "PRIMARY")


def _turned(record: dict[str, Any]) -> dict[str, Any]:
    turned = copy.deepcopy(record)
    turned["Failover"] = "SECONDARY" if record["Failover"] == "PRIMARY" else "PRIMARY"
    return turned
