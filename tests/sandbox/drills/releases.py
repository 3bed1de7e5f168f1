"""The table of bad releases in docs/recovery.md: what the estimator promises of each service of the example, and what the drill came to.

Run `python -m tests.sandbox.drills.releases` in the repository to write it; a test compares the file with what this module makes.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from policies.recovery.document import DOCUMENT, between
from sandbox.drills.ground import Ground, deployed
from sandbox.drills.rehearse import Drill, Result
from sandbox.drills.scenarios import BY_NAME
from sandbox.engines.model import StackChoice
from tests.sandbox.drills.rehearsals import PACES, ROOT, ends, span

FILES = ROOT / "examples" / "containers"
SYSTEM = "shop"
STACKS = [StackChoice(name, config_file=FILES / f"{name}.yaml") for name in ("prod", "dr")]


def _row(said: Mapping[str, Any], results: Sequence[Result]) -> list[str]:
    """Of one service. Raises ValueError when it hasn't gone back."""
    name = said["name"].removeprefix(f"{SYSTEM}-").removesuffix("-service")
    back = [
        line["at"] - result.broke
        for result in results
        for line in result.timeline
        if "ROLLBACK_SUCCESSFUL" in line["what"] and f" of {said['name']}-" in line["what"]
    ]
    if len(back) < len(results):
        raise ValueError(f"{said['name']} has not gone back in every drill")
    failed = [result.failed_for if said["failed"]["high"] else 0.0 for result in results]
    return [name, span(**said["back"]), ends(back), span(**said["failed"]), ends(failed)]


def table(found: Ground, results: Sequence[Result]) -> str:
    """A line for each service of the region that serves."""
    region = found.system(SYSTEM).home.region
    ours = [e for e in found.report["releases"] if (e["system"], e["region"]) == (SYSTEM, region)]
    head = ["service", "gone after, estimated", "rehearsed", "clients failed, estimated", "rehearsed"]
    rows = [head, ["---"] * len(head), *sorted(_row(each, results) for each in ours)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


if __name__ == "__main__":
    drills: list[Result] = []
    with deployed(ROOT, "runner", STACKS, lambda _event: None) as ground:
        for pace in PACES:
            with ground.copy() as world:
                system = ground.system(SYSTEM)
                drills.append(Drill(world, system, BY_NAME["bad-release"], ground.report, pace=pace).run())
        made = table(ground, drills)
    DOCUMENT.write_text(between(DOCUMENT.read_text(encoding="utf-8"), "releases", made), encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT.name} written\n")
