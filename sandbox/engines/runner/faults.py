"""What the user is told when a program fails."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

import pulumi

import sandbox
from sandbox.engines.messages import missing_package, no_output
from sandbox.engines.runner.registration import DeploymentError, Halted
from sandbox.provider.context import ProviderError

_SANDBOX = Path(sandbox.__file__).parent


def explain(error: BaseException, program: Path) -> str:
    """Say what is wrong: one message for a user's mistake, a traceback that begins in the program for a fault of the program.

    Mistakes are what the program refuses on purpose: `pulumi.RunError` and `ValueError` (settings' and pydantic's errors are
    ValueErrors). What AWS or the sandbox refuses already names its resource.
    """
    if isinstance(error, DeploymentError | ProviderError | Halted):
        return str(error)
    if isinstance(error, KeyError) and _raised_in(error, "stack_reference.py"):
        return no_output(str(error.args[0]))
    if isinstance(error, ModuleNotFoundError) and error.name and not _own(error.name, program):
        return missing_package(error.name, sys.executable)
    if isinstance(error, SystemExit):
        return f"the program ended itself with status {error.code!r}"
    if isinstance(error, pulumi.RunError | ValueError) and not isinstance(error, UnicodeError):
        return f"{_message(error)}{_place(error, program)}"
    lines = traceback.format_list(_frames(error, program)) + traceback.format_exception_only(error)
    return "the program failed:\n" + "".join(lines).rstrip()


def _frames(error: BaseException, program: Path) -> list[traceback.FrameSummary]:
    """A traceback from where it enters the program; of one that never does, without what only ran the program."""
    frames = list(traceback.extract_tb(error.__traceback__))
    first = next((i for i, frame in enumerate(frames) if _of(frame, program)), None)
    if first is not None:
        return frames[first:]
    return [
        frame
        for frame in frames
        if not Path(frame.filename).is_relative_to(_SANDBOX) and not _plumbing(frame)
    ]


def _plumbing(frame: traceback.FrameSummary) -> bool:
    """Whether a frame is of what carries values to the program's functions: asyncio, or the SDK's own."""
    return {"asyncio", "pulumi"} & set(Path(frame.filename).parts) != set()


def _own(module: str, program: Path) -> bool:
    """Whether a module would be the program's own: then it is the program that is wrong."""
    top = module.partition(".")[0]
    return (program / top).exists() or (program / f"{top}.py").exists()


def _raised_in(error: BaseException, file: str) -> bool:
    return Path(traceback.extract_tb(error.__traceback__)[-1].filename).name == file


def _of(frame: traceback.FrameSummary, program: Path) -> bool:
    """Whether a frame is the program's own: the sandbox may lie in its directory, and a virtual environment too."""
    file = Path(frame.filename)
    return (
        file.is_relative_to(program)
        and not file.is_relative_to(_SANDBOX)
        and "site-packages" not in file.parts
    )


def _message(error: BaseException) -> str:
    return str(error) or type(error).__name__


def _place(error: BaseException, program: Path) -> str:
    """Where the program raised it; nothing for errors of a module that reads settings, whose message names the key."""
    if (
        isinstance(error, pulumi.RunError)
        or "Settings" in type(error).__name__
        or "Validation" in type(error).__name__
    ):
        return ""
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(program)
    ]
    return f" ({Path(frames[-1].filename).relative_to(program)}:{frames[-1].lineno})" if frames else ""
