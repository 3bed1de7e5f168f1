"""Tags of what RDS has and moto hasn't, read and changed through the calls that moto has for all it keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(kw_only=True)
class Tagged:
    """Something with an ARN and tags."""

    tags: dict[str, str] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        """By which its tags are asked for."""
        raise NotImplementedError

    def get_tags(self) -> list[dict[str, str]]:
        """As moto lists them."""
        return [{"Key": key, "Value": value} for key, value in self.tags.items()]

    def add_tags(self, tags: list[dict[str, str]]) -> list[dict[str, str]]:
        """Add or change some."""
        self.tags |= {tag["Key"]: tag["Value"] for tag in tags}
        return self.get_tags()

    def remove_tags(self, tag_keys: list[str]) -> None:
        """Take some away."""
        for key in tag_keys:
            self.tags.pop(key, None)


def tag_through_moto(kept: Mapping[Any, Tagged]) -> None:
    """Let moto's calls for tags find, by its ARN, what is kept here."""
    from moto.rds.models import RDSBackend

    def found(original: Callable[..., Any]) -> Callable[..., Any]:
        def get_resource(self: Any, arn: str) -> Any:
            own = next((each for each in kept.values() if each.arn == arn), None)
            return original(self, arn) if own is None else own

        return get_resource

    RDSBackend._get_resource_for_tagging = found(RDSBackend._get_resource_for_tagging)  # noqa: SLF001
