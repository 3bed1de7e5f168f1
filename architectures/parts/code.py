"""What functions run: a folder or a zip of the program's folder, or files of this repository."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pulumi

from architectures.faults import Fault, fault

PROGRAM = Path(__file__).parents[2]
ZIP_BYTES = 50 * 1024 * 1024
"""Of a zip that is sent to Lambda: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


def archive(given: str) -> pulumi.Archive:
    """The folder or zip that settings name."""
    return pulumi.FileArchive(str(PROGRAM / given))


def files(paths: Sequence[Path], root: Path) -> pulumi.Archive:
    """An archive of these files, each where it stands below `root`."""
    return pulumi.AssetArchive(
        {str(path.relative_to(root)): pulumi.StringAsset(path.read_text()) for path in paths}
    )


def package(folder: Path) -> list[Path]:
    """The modules of a folder of `functions/`, which import each other from the program's folder down."""
    return [folder.parent / "__init__.py", *sorted(folder.glob("*.py"))]


def code_faults(given: str | None) -> Iterator[Fault]:
    """What can't be of the key `code`."""
    if given is None:
        return
    path = PROGRAM / given
    if not path.is_dir() and not (path.is_file() and path.suffix == ".zip"):
        yield fault("code", repr(given), "a folder or a zip of the program's folder")
    elif path.is_file() and path.stat().st_size > ZIP_BYTES:
        yield fault(
            "code",
            f"{path.stat().st_size} bytes",
            f"a zip of at most {ZIP_BYTES} bytes: Lambda takes no larger one",
        )
