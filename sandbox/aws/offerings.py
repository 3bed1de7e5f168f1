"""Where each type of instance is offered is read for the regions that are asked for: moto reads a hundred regions' lists when it starts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_FOLDER = "ec2/resources/instance_type_offerings/"


class Offered(Mapping[str, list[dict[str, Any]]]):
    """The lists of one type of location, by region."""

    def __init__(self, location: str, files: Mapping[str, str], read: Callable[[str], Any]) -> None:
        self._location, self._files, self._read_file = location, files, read
        self._read: dict[str, list[dict[str, Any]]] = {}

    def __getitem__(self, region: str) -> list[dict[str, Any]]:
        if region not in self._read:
            offers = self._read_file(self._files[region])
            self._read[region] = [{**each, "LocationType": self._location} for each in offers]
        return self._read[region]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def read_late() -> None:
    """Let moto's EC2, which is loaded by this, read none of them before it is asked."""
    from moto.utilities import utils

    read, found = utils.load_resource, defaultdict[str, dict[str, str]](dict)

    def noted(resource: str) -> Any:
        if not resource.startswith(_FOLDER):
            return read(resource)
        location, _, file = resource.removeprefix(_FOLDER).partition("/")
        found[location][file.split(".")[0]] = resource
        return []

    utils.load_resource = noted
    try:
        from moto.ec2.models import instance_types
    finally:
        utils.load_resource = read
    for location, files in found.items():
        instance_types.INSTANCE_TYPE_OFFERINGS[location] = Offered(location, files, read)
