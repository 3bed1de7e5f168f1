"""How a person brings a database back to a moment, and a runbook that is followed to the letter."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.drills.checks import BEFORE
from sandbox.drills.system import System
from sandbox.drills.world import World

AVAILABLE = "available"


def restored(name: str) -> str:
    """What the cluster is called that is restored beside that one."""
    return f"{name}-restored"


class Restore:
    """Restores beside what is there, then points the application at it. Goes on whenever it is looked at.

    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-pitr.html
    """

    what = "restores the database"

    def __init__(self, world: World, system: System) -> None:
        """Raises ClientError when AWS refuses."""
        self._system, self.region = system, system.home.region
        self._rds = world.boto("rds", self.region)
        source = next(
            c for c in self._rds.describe_db_clusters()["DBClusters"] if c["Endpoint"] == system.home.endpoint
        )
        self._name = restored(source["DBClusterIdentifier"])
        self._rds.restore_db_cluster_to_point_in_time(
            DBClusterIdentifier=self._name,
            SourceDBClusterIdentifier=source["DBClusterIdentifier"],
            RestoreToTime=world.moment(world.broke - BEFORE),
            DBSubnetGroupName=source["DBSubnetGroup"],
            VpcSecurityGroupIds=[g["VpcSecurityGroupId"] for g in source["VpcSecurityGroups"]],
        )
        member = self._rds.describe_db_instances(
            DBInstanceIdentifier=source["DBClusterMembers"][0]["DBInstanceIdentifier"]
        )["DBInstances"][0]
        for number in (1, 2):
            self._rds.create_db_instance(
                DBInstanceIdentifier=f"{self._name}-{number}",
                DBInstanceClass=member["DBInstanceClass"],
                Engine=source["Engine"],
                DBClusterIdentifier=self._name,
            )
        self._pointed, self._world, self._began = False, world, len(world.timeline)

    @property
    def rests_until(self) -> float:
        """Simulated second before which a look asks nothing, unless something happens."""
        return 0.0 if self._world.heard("RDS", self._began) and not self._pointed else math.inf

    def problem(self, world: World) -> str:
        """Point the application at the restored database once it is there."""
        if self._pointed or not world.heard("RDS", self._began):
            return ""
        restored = self._rds.describe_db_clusters(DBClusterIdentifier=self._name)["DBClusters"][0]
        if restored["Status"] == AVAILABLE:
            self._pointed = True
            self._point(world, restored)
        return ""

    def _point(self, world: World, restored: Mapping[str, Any]) -> None:
        """Change what the application is told, as the program does: its servers look themselves."""
        ssm = world.boto("ssm", self.region)
        pages = ssm.get_paginator("describe_parameters").paginate()
        for parameter in (each for page in pages for each in page["Parameters"]):
            value = ssm.get_parameter(Name=parameter["Name"])["Parameter"]["Value"]
            if self._system.home.endpoint in value:
                known = json.loads(value)
                told = {**known, "hosts": [restored["Endpoint"], restored["ReaderEndpoint"]]}
                if "readers" in known:  # endpoints of zones come with the next deployment
                    told["readers"] = {}
                ssm.put_parameter(
                    Name=parameter["Name"], Value=json.dumps(told), Type="String", Overwrite=True
                )


class Followed:
    """A runbook whose every call was made."""

    def __init__(self, what: str, region: str) -> None:
        self.what, self.region = what, region

    def problem(self, _world: World) -> str:
        """Nothing more is done."""
        return ""


def follow(world: World, runbook: Sequence[Mapping[str, Any]]) -> Followed:
    """Make the calls of a runbook in order: `service`, `region`, `operation` as boto3 spells it, `parameters`.

    Raises ClientError at the first that AWS refuses.
    """
    for step in runbook:
        getattr(world.boto(step["service"], step["region"]), step["operation"])(**step["parameters"])
    return Followed(f"has followed the runbook of {len(runbook)} calls", runbook[-1]["region"])
