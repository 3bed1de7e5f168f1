"""Custom endpoints of Aurora clusters, which moto has not: a name for some of a cluster's instances.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Endpoints.Custom.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.aws.extensions._rds_instance import refuse
from sandbox.aws.extensions._rds_tagged import Tagged, tag_through_moto

MOST = 5
"""Of a cluster."""
KINDS = ("READER", "ANY")
_ID = 26


@dataclass
class Endpoint(Tagged):
    """One of them."""

    name: str
    cluster: Any
    kind: str
    static: list[str]
    excluded: list[str]

    @property
    def arn(self) -> str:
        """Of the endpoint."""
        return str(self.cluster.db_cluster_arn).replace(
            f":cluster:{self.cluster.db_cluster_identifier}", f":cluster-endpoint:{self.name}"
        )

    @property
    def host(self) -> str:
        """Its name in DNS."""
        return f"{self.name}.cluster-custom-{str(self.cluster.endpoint).partition('.cluster-')[2]}"

    @property
    def members(self) -> list[Any]:
        """The instances that connections go to, whether or not they live. One of readers has none that writes."""
        every = self.cluster.members
        named = [m for m in every if m.db_instance_identifier in self.static] if self.static else every
        found = [m for m in named if m.db_instance_identifier not in self.excluded]
        return [m for m in found if self.kind == "ANY" or m is not self.cluster.writer]

    def shown(self) -> dict[str, Any]:
        """As RDS describes it."""
        made = hashlib.sha256(self.arn.encode()).hexdigest()[:_ID].upper()
        return {
            "DBClusterEndpointIdentifier": self.name,
            "DBClusterIdentifier": self.cluster.db_cluster_identifier,
            "DBClusterEndpointResourceIdentifier": f"cluster-endpoint-{made}",
            "Endpoint": self.host,
            "Status": "available",
            "EndpointType": "CUSTOM",
            "CustomEndpointType": self.kind,
            "StaticMembers": self.static,
            "ExcludedMembers": self.excluded,
            "DBClusterEndpointArn": self.arn,
        }


_kept: dict[tuple[str, str], Endpoint] = {}
"""By region and name."""


def install() -> None:
    """Patch moto's RDS."""
    from moto.rds.models import RDSBackend
    from moto.rds.responses import RDSResponse

    RDSResponse.create_db_cluster_endpoint = _create
    RDSResponse.describe_db_cluster_endpoints = _describe
    RDSResponse.modify_db_cluster_endpoint = _modify
    RDSResponse.delete_db_cluster_endpoint = _delete
    tag_through_moto(_kept)
    RDSBackend.delete_db_cluster = _gone(RDSBackend.delete_db_cluster)


def reset() -> None:
    """Forget all of them."""
    _kept.clear()


def by_host(host: str, region: str) -> Endpoint | None:
    """The endpoint in a region that a host is the name of."""
    return next((each for (where, _), each in _kept.items() if where == region and each.host == host), None)


def _of(cluster: Any) -> Iterator[tuple[tuple[str, str], Endpoint]]:
    yield from ((key, each) for key, each in list(_kept.items()) if each.cluster is cluster)


def _answer(found: Endpoint) -> Any:
    from moto.core.responses import ActionResult

    return ActionResult(found.shown())


def _members(cluster: Any, given: dict[str, Any]) -> tuple[list[str], list[str]]:
    static, excluded = list(given.get("StaticMembers") or []), list(given.get("ExcludedMembers") or [])
    if static and excluded:
        raise refuse("InvalidParameterCombination", "StaticMembers and ExcludedMembers can't go together.")
    known = [m.db_instance_identifier for m in cluster.members]
    for name in (*static, *excluded):
        if name not in known:
            raise refuse(
                "DBInstanceNotFound", f"DBInstance {name} not found in {cluster.db_cluster_identifier}."
            )
    return static, excluded


def _kind(given: dict[str, Any]) -> str:
    kind = str(given["EndpointType"])
    if kind not in KINDS:
        raise refuse("InvalidParameterValue", f"EndpointType is {kind}, allowed are {', '.join(KINDS)}.")
    return kind


def _create(self: Any) -> Any:
    given, name = self.params, str(self.params["DBClusterEndpointIdentifier"]).lower()
    [cluster] = self.backend.describe_db_clusters(db_cluster_identifier=given["DBClusterIdentifier"])
    if not str(cluster.engine).startswith("aurora"):
        raise refuse("InvalidDBClusterStateFault", f"{cluster.db_cluster_identifier} is no Aurora cluster.")
    if (self.region, name) in _kept:
        raise refuse("DBClusterEndpointAlreadyExistsFault", f"{name} already exists.")
    if len(list(_of(cluster))) >= MOST:
        raise refuse("DBClusterEndpointQuotaExceededFault", f"A cluster has {MOST} custom endpoints at most.")
    static, excluded = _members(cluster, given)
    made = Endpoint(name, cluster, _kind(given), static, excluded)
    made.add_tags(given.get("Tags") or [])
    _kept[self.region, name] = made
    return _answer(made)


def _found(self: Any) -> Endpoint:
    name = str(self.params["DBClusterEndpointIdentifier"])
    if (self.region, name) not in _kept:
        raise refuse("DBClusterEndpointNotFoundFault", f"{name} not found.")
    return _kept[self.region, name]


def _describe(self: Any) -> Any:
    from moto.core.responses import ActionResult

    given = self.params
    asked = {
        "DBClusterIdentifier": given.get("DBClusterIdentifier"),
        "DBClusterEndpointIdentifier": given.get("DBClusterEndpointIdentifier"),
    }
    shown = [each.shown() for (where, _), each in _kept.items() if where == self.region]
    found = [each for each in shown if all(want in (None, each[key]) for key, want in asked.items())]
    return ActionResult({"DBClusterEndpoints": found})


def _modify(self: Any) -> Any:
    found = _found(self)
    if "EndpointType" in self.params:
        found.kind = _kind(self.params)
    if any(self.params.get(which) is not None for which in ("StaticMembers", "ExcludedMembers")):
        found.static, found.excluded = _members(found.cluster, self.params)
    return _answer(found)


def _delete(self: Any) -> Any:
    found = _found(self)
    del _kept[self.region, found.name]
    return _answer(found)


def _gone(original: Callable[..., Any]) -> Callable[..., Any]:
    """A cluster takes its endpoints along."""

    def delete_db_cluster(self: Any, *args: Any, **kwargs: Any) -> Any:
        cluster = original(self, *args, **kwargs)
        for key, _ in _of(cluster):
            del _kept[key]
        return cluster

    return delete_db_cluster
