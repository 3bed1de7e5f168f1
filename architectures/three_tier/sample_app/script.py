"""The user data of the sample application."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent


def user_data(port: int, parameter: str) -> str:
    """The bootstrapping script: plain text, no secret, no host; `parameter` names the SSM parameter with the database's facts."""
    script = (HERE / "user_data.sh").read_text()
    for mark, value in (
        ("@APPLICATION@", (HERE / "app.py").read_text()),
        ("@PARAMETER@", parameter),
        ("@PORT@", str(port)),
    ):
        script = script.replace(mark, value)
    return script
