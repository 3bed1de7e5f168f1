"""The script of an instance's first start: what a worker is told, then what is given, or the sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from architectures.parts.code import PROGRAM
from architectures.parts.packed import packed
from architectures.parts.runbook import fill

NODE = Path(__file__).parent / "node"
_SPECIAL = '\\"`$'
"""What stands with a backslash before it between double quotes, as in a shell.
https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#EnvironmentFile="""


def script(given: str | None, told: Mapping[str, str], files: Sequence[Path], stop_seconds: int) -> str:
    """The whole script; `files` are the sample's, which has `stop_seconds` to end."""
    start = sample(files, stop_seconds) if given is None else given
    values = {"TOLD": environment(told), "START": start.rstrip("\n")}
    return fill((NODE / "start.sh").read_text(encoding="utf-8"), values)


def sample(files: Sequence[Path], stop_seconds: int) -> str:
    """The sample's part."""
    texts = {str(path.relative_to(PROGRAM)): path.read_text(encoding="utf-8") for path in files}
    values = {"PACKED": packed(texts), "STOP": str(stop_seconds)}
    return fill((NODE / "sample.sh").read_text(encoding="utf-8"), values)


def environment(told: Mapping[str, str]) -> str:
    """Variables as systemd and shells read them."""
    return "\n".join(f'{name}="{_quoted(value)}"' for name, value in sorted(told.items()))


def _quoted(value: str) -> str:
    return "".join(f"\\{each}" if each in _SPECIAL else each for each in value)
