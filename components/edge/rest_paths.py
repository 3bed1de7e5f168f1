"""The paths of a REST API: a tree of resources, of which each has at most one part that varies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from components.checks import need
from components.edge.api_args import ROUTES

_PART = re.compile(r"[A-Za-z0-9._:-]+|\{[A-Za-z0-9._-]+\+?\}", re.ASCII)
_PARAMETER = re.compile(r"\{([A-Za-z0-9._-]+)\+?\}", re.ASCII)


def split(route_key: str) -> tuple[str, str]:
    """Method and path of `GET /items/{id}`."""
    method, _, path = route_key.partition(" ")
    return method, path


def parameters(path: str) -> list[str]:
    """Names of the parts of a path that vary."""
    return _PARAMETER.findall(path)


def label(path: str) -> str:
    """A path as part of a name: `items/()` of `/items/{id}`, whatever the part is called that varies.

    A path has one such part below it: of another name beside it, it would be refused until the former one is gone.
    """
    return _PARAMETER.sub("()", path.removeprefix("/"))


def parent(path: str) -> str:
    """The path that a path hangs from; of `/items` it is `/`."""
    return path.rpartition("/")[0] or "/"


def tree(paths: Iterable[str]) -> list[str]:
    """All paths but the root, parents before children, with those that only lead to others."""
    found: set[str] = set()
    for path in paths:
        node = path
        while node != "/":
            found.add(node)
            node = parent(node)
    return sorted(found)


def check(route_keys: Mapping[str, str]) -> None:
    """Raise ArgumentError, for the `route_key` of a route, on a path that a REST API doesn't have beside the others.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    """
    varies: dict[str, str] = {}
    for each, key in route_keys.items():
        argument, path = f"routes[{each}].route_key", split(key)[1]
        for node in tree([path] if path == "/" or not path.endswith("/") else []):
            part = node.rpartition("/")[2]
            allowed = f"a path of letters, digits and . _ : - for a REST API, not {part!r}"
            need(bool(_PART.fullmatch(part)), argument, repr(key), allowed)
            if part.startswith("{"):
                other = varies.setdefault(parent(node), part)
                allowed = (
                    f"{other} there as in another route: a REST API has one part that varies below a path"
                )
                need(other == part, argument, repr(key), allowed)
        need(path == "/" or not path.endswith("/"), argument, repr(key), "a path that doesn't end with /")
    count = len(tree(split(key)[1] for key in route_keys.values()))
    need(
        count <= ROUTES, "routes", f"{count} paths", f"at most {ROUTES}, with those that only lead to others"
    )
