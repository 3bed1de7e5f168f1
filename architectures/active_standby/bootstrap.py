"""The script of an instance's first start."""

from __future__ import annotations

from pathlib import Path

SAMPLE = Path(__file__).parent / "sample_app"


def script(given: str | None, port: int) -> str:
    """What is given, else the sample server's."""
    if given is not None:
        return given
    start = (SAMPLE / "start.sh").read_text()
    return start.replace("@APPLICATION@\n", (SAMPLE / "app.py").read_text()).replace("@PORT@", str(port))
