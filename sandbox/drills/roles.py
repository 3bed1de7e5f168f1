"""A planned move without plan or state machine: servers first, then the database and other stores, then clients, by public APIs' calls.

They are what the runbook tells and what `pulumi up` of the stack that founded the system does then, see "Swapping roles" in
docs/architecture.md.
"""

from __future__ import annotations

import uuid
from typing import Any

from sandbox.drills import by_hand
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
        self._written = world.moment(0)
        """When the database began to write here."""
        self._left = [self._database, self._stores, self._files, self._records]

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
        if self._system.global_cluster:
            by_hand.promote(world, self._system, self.region, lossy=False)
        return True

    def _stores(self, world: World) -> bool:
        """Once the database writes here, what stands beside it follows; files when all has come that was written before."""
        if self._system.global_cluster and not self._writes(world):
            return False
        self._written = world.moment(world.now)
        by_hand.fail_over_cache(world, self._system, self.region)
        return True

    def _files(self, world: World) -> bool:
        if not by_hand.synced(world, self._system, self.region, self._written):
            return False
        by_hand.end_replication(world, self._system, self.region)
        return True

    def _records(self, world: World) -> bool:
        """Once all is written here, so do clients."""
        self._turn(world)
        return True

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
        """The PRIMARY record's check says for which region: its own alone, or its own where the other one doesn't answer."""
        route53, zone = world.boto("route53", self.region), self._system.zone_id
        records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
        first = next(
            (
                r
                for r in records
                if r["Name"].rstrip(".") == self._system.site and r.get("Failover") == "PRIMARY"
            ),
            None,
        )
        if first is None:  # both regions answer
            return
        own = _own_check(route53, first["HealthCheckId"])
        if first["SetIdentifier"] != self.region:
            lost = _check(
                route53,
                {
                    "Type": "HTTPS",
                    "FullyQualifiedDomainName": f"{self.region}.{self._system.site}",
                    "Port": 443,
                    "ResourcePath": "/health",
                    "EnableSNI": True,
                    "RequestInterval": 10,
                    "FailureThreshold": 3,
                    "Inverted": True,
                },
            )
            own = _check(
                route53, {"Type": "CALCULATED", "ChildHealthChecks": [own, lost], "HealthThreshold": 2}
            )
        change = {"Action": "UPSERT", "ResourceRecordSet": {**first, "HealthCheckId": own}}
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [change]})


def _check(route53: Any, config: dict[str, Any]) -> str:
    made = route53.create_health_check(CallerReference=str(uuid.uuid4()), HealthCheckConfig=config)
    return str(made["HealthCheck"]["Id"])


def _own_check(route53: Any, id_: str) -> str:
    """The check of the record's own region: what it follows, or what that yields by."""
    config = route53.get_health_check(HealthCheckId=id_)["HealthCheck"]["HealthCheckConfig"]
    children = config.get("ChildHealthChecks", [])
    inverted = [
        c
        for c in children
        if route53.get_health_check(HealthCheckId=c)["HealthCheck"]["HealthCheckConfig"].get("Inverted")
    ]
    return next(c for c in children if c not in inverted) if inverted else id_
