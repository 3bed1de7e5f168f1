"""The command line's words: commands, options, and the stacks that they mean."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from sandbox.aws import server
from sandbox.engines.model import EngineError, StackChoice
from sandbox.engines.project import DEFAULT_STACK, Project

ORDER = ("prod", "dr")
"""Stacks that others read come first; stacks not named here follow by name."""
REPORT = Path("report.html")
"""Where the page of `report` goes unless the user says otherwise."""
_COMMAND = re.compile(r"\bpython -m sandbox (up|preview|refresh|down|status)\b")


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    found = argparse.ArgumentParser(
        prog="python -m sandbox", description="The stacks of a Pulumi program on an AWS on this machine."
    )
    add = found.add_argument
    add("command", choices=("up", "preview", "refresh", "report", "runbook", "drill", "down", "status"))
    add("--project", type=Path, metavar="DIR", help="directory of Pulumi.yaml (default: this repository)")
    add("--stack", metavar="NAME", nargs="+", action="extend", help="stacks (default: all, prod first)")
    add(
        "--config-file",
        type=Path,
        metavar="PATH",
        help="configuration of the one stack named, or a directory with NAME.yaml for each stack",
    )
    add(
        "--config",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="a value of the stacks' configuration, over that of their files; may be given several times",
    )
    add(
        "--policy-pack-config",
        type=Path,
        metavar="FILE",
        help="JSON that configures the rules of the policy pack, as for the Pulumi CLI",
    )
    add("--engine", choices=("auto", "pulumi", "runner"), default="auto")
    add(
        "--state",
        type=Path,
        metavar="DIR",
        help="where the AWS and the state live (default: .sandbox in the project); projects that share it read each other's stacks",
    )
    add(
        "--report",
        type=Path,
        metavar="FILE",
        help=f"write recovery as an HTML page (default of the command report: {REPORT})",
    )
    add("--scenario", metavar="NAME", nargs="+", action="extend", help="drills to carry out (default: all)")
    add("--system", metavar="NAME", help="the system to drill (default: each)")
    add(
        "--evidence",
        type=Path,
        metavar="DIR",
        help="where drills leave what happened, as JSON and HTML (default: drills in the state)",
    )
    add(
        "--pace",
        type=float,
        default=0.5,
        metavar="0..1",
        help="how long things take in drills: 0 is the low end of each figure, 1 the high end (default: 0.5)",
    )
    add("--json", action="store_true", help="print one JSON document and nothing else")
    return found


def choices(project: Project, options: argparse.Namespace) -> list[StackChoice]:
    """The stacks that the options mean, in the order to deploy them. Raises EngineError for options that don't fit."""
    names, config_file = options.stack, options.config_file
    folder = config_file if config_file is not None and config_file.is_dir() else None
    known = sorted(path.stem for path in folder.glob("*.yaml")) if folder else project.stacks()
    if folder and not known:
        raise EngineError(f"--config-file: there is no NAME.yaml in {folder}")
    rank = {name: place for place, name in enumerate(ORDER)}
    asked = dict.fromkeys(names or known or [DEFAULT_STACK])
    ordered = sorted(asked, key=lambda name: (rank.get(name, len(rank)), name if not names else ""))
    if config_file is not None and not folder and (not names or len(ordered) != 1):
        raise EngineError(
            f"--config-file belongs to one stack: name it by --stack (got {', '.join(ordered)})"
        )
    config = dict(map(_pair, options.config))
    files = {name: folder / f"{name}.yaml" if folder else config_file for name in ordered}
    rules = options.policy_pack_config.resolve() if options.policy_pack_config else None
    return [
        StackChoice(name, file.resolve() if file else None, config, rules) for name, file in files.items()
    ]


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise EngineError(f"--config {text!r}: expected KEY=VALUE, such as aws:region=us-east-1")
    return key, value


def addressed(text: str, root: Path, state: Path) -> str:
    """A message whose commands reach this project and this state, whatever is the default."""
    more = f" --project {root}" if root != server.REPOSITORY else ""
    more += f" --state {state}" if state != root / ".sandbox" else ""
    return _COMMAND.sub(lambda found: found[0] + more, text) if more else text


def root_of(options: argparse.Namespace, default: Path) -> Path:
    """The directory of the project that the options mean. Raises EngineError when there is none."""
    root = (options.project or default).resolve()
    if not root.is_dir():
        raise EngineError(f"--project {options.project}: there is no such directory")
    return root
