"""The source bundle of an Elastic Beanstalk application: its files, what they are called together, and how large they are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pulumi

from components.checks import need

LARGEST = 500 * 1024 * 1024
"""Bytes of a bundle: https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/applications-sourcebundle.html"""
LEFT_OUT = frozenset({"__pycache__", ".git", ".DS_Store", ".elasticbeanstalk"})
"""What tools leave in a folder: it differs from machine to machine, and would make another version of what is alike."""
_LABEL = 16
"""Hexadecimal digits of a version's label."""


@dataclass(frozen=True)
class Bundle:
    """A folder whose files are the bundle, `.ebextensions` among them, or a zip that has them."""

    path: Path

    def check(self) -> None:
        """Raise ArgumentError for what is not there, is empty, or is larger than Elastic Beanstalk takes."""
        need(self.there, "bundle", repr(self.path.name), "a folder or a zip")
        need(bool(self.files), "bundle", "no files", "at least one file")
        need(self.size <= LARGEST, "bundle", f"{self.size} bytes", f"at most {LARGEST} bytes together")

    @property
    def there(self) -> bool:
        """Whether it is a folder or a zip."""
        return self.path.is_dir() or (self.path.is_file() and self.path.suffix == ".zip")

    @property
    def files(self) -> list[Path]:
        """In one order, on every machine."""
        if self.path.is_file():
            return [self.path]
        found = (each for each in self.path.rglob("*") if each.is_file())
        return sorted(each for each in found if not LEFT_OUT & set(each.relative_to(self.path).parts))

    @property
    def size(self) -> int:
        """Bytes, before they are packed."""
        return sum(each.stat().st_size for each in self.files)

    @property
    def label(self) -> str:
        """What the version is called: the same content has the same label, and another one has another."""
        told = hashlib.sha256()
        for each in self.files:
            name = each.relative_to(self.path).as_posix().encode()
            content = hashlib.sha256(each.read_bytes()).digest()
            told.update(len(name).to_bytes(4) + name + content)
        return told.hexdigest()[:_LABEL]

    @property
    def source(self) -> pulumi.Asset | pulumi.Archive:
        """What is uploaded: the zip as it is, or the files packed, each where it stands below the folder."""
        if self.path.is_file():
            return pulumi.FileAsset(str(self.path))
        return pulumi.AssetArchive(
            {each.relative_to(self.path).as_posix(): pulumi.FileAsset(str(each)) for each in self.files}
        )
