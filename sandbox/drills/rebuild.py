"""How a person rebuilds a region from recovery points: a restore in the settings of its stack, and a run of the program.

What the runbook of a system with `backup-and-restore` says. The run is the runner's, by the program as it is, on the AWS that the drill
broke: what is there already is kept, and what AWS has to do first is waited for on the simulated clock.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.aws.clockwork.clock import lasting
from sandbox.drills.system import Place, System, place_of
from sandbox.drills.world import OPERATOR, World
from sandbox.engines import project as projects
from sandbox.engines.configuration import stack_config
from sandbox.engines.model import EngineError, StackChoice, StackResult
from sandbox.engines.runner.engine import again

NAME = "rebuilt"
"""What the restored database is called in the settings."""
SYSTEMS = "holdfast:systems"


@dataclass(frozen=True)
class Stacks:
    """What is deployed, and how it was asked for."""

    root: Path
    choices: Sequence[StackChoice]
    results: Sequence[StackResult]

    def of(self, region: str, *, there: bool) -> list[tuple[StackChoice, StackResult]]:
        """Those whose region that is, or isn't."""
        pairs = zip(self.choices, self.results, strict=True)
        return [pair for pair in pairs if (pair[1].outputs["foundation"]["region"] == region) is there]


class Rebuild:
    """Goes on whenever it is looked at."""

    what = "restores what was copied there, and runs the program"

    def __init__(self, world: World, system: System, stacks: Stacks) -> None:
        """Raises LookupError when there is nothing to restore, ClientError when AWS refuses."""
        self._system, self._stacks = system, stacks
        [(self._choice, self._result)] = stacks.of(system.home.region, there=False)
        self.region = str(self._result.outputs["foundation"]["region"])
        self._point = self._newest(world)
        world.note(OPERATOR, f"finds {self._point.rpartition(':')[2]}", self.region)
        self._ends = world.now + lasting("restore.infra", world.pace)
        self.place: Place | None = None
        """What serves there, once it is built."""

    def _newest(self, world: World) -> str:
        """The newest recovery point of the system's database in any vault of the region."""
        backup = world.boto("backup", self.region)
        vaults = [each["BackupVaultName"] for each in backup.list_backup_vaults()["BackupVaultList"]]
        name = self._system.home.endpoint.partition(".")[0]
        found = [
            point
            for vault in vaults
            for point in backup.list_recovery_points_by_backup_vault(
                BackupVaultName=vault, ByResourceType="Aurora"
            )["RecoveryPoints"]
            if point["ResourceArn"].rpartition(":")[2] == name
        ]
        if not found:
            raise LookupError(f"no vault in {self.region} has a recovery point of {name}")
        return str(max(found, key=lambda each: each["CreationDate"])["RecoveryPointArn"])

    def problem(self, world: World) -> str:
        """Run the program once the stack is changed as far as it doesn't wait for AWS; why it failed, if it did."""
        if self.place is not None or world.now < self._ends:
            return ""
        ran = self._up(world)
        if ran.errors:
            return f"the run of stack {self._choice.name}: {ran.errors[0].splitlines()[0]}"
        self.place = place_of(ran.outputs, self._system.name)
        if self.place is None:
            return (
                f"the run of stack {self._choice.name} has built nothing of {self._system.name} that serves"
            )
        world.note(OPERATOR, f"has run the program: {len(ran.steps)} resources are new", self.region)
        return ""

    def _up(self, world: World) -> StackResult:
        project = projects.load(self._stacks.root)
        systems = dict(stack_config(project, self._choice).given[SYSTEMS])
        own = dict(systems[self._system.name])
        restored = {"name": NAME, "recoveryPoint": self._point}
        own["database"] = {**own.get("database", {}), "restores": [restored]}
        systems[self._system.name] = own
        asked = StackChoice(
            self._choice.name, self._choice.config_file, {**self._choice.config, SYSTEMS: json.dumps(systems)}
        )
        others = self._stacks.of(self.region, there=False)
        try:
            return again(project, asked, self._result, [result for _, result in others], world.aws)
        except EngineError as error:
            return StackResult(asked.name, errors=[str(error)])
