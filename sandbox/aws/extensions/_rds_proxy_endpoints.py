"""Endpoints of RDS proxies, which moto has not: a second name of a proxy, in front of its writer or its readers.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-endpoints.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.aws.extensions._rds_instance import refuse
from sandbox.aws.extensions._rds_tagged import Tagged, tag_through_moto

MOST = 20
"""Of a proxy. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-endpoints.html"""
ROLES = ("READ_WRITE", "READ_ONLY")


@dataclass
class ProxyEndpoint(Tagged):
    """One of them."""

    name: str
    proxy: Any
    role: str
    subnets: list[str]
    groups: list[str]

    @property
    def arn(self) -> str:
        """Of the endpoint."""
        where = str(self.proxy.arn).rpartition(":db-proxy:")[0]
        return f"{where}:db-proxy-endpoint:prx-endpoint-{self.name}"

    def shown(self) -> dict[str, Any]:
        """As RDS describes it."""
        return {
            "DBProxyEndpointName": self.name,
            "DBProxyEndpointArn": self.arn,
            "DBProxyName": self.proxy.db_proxy_name,
            "Status": "available",
            "VpcId": self.proxy.vpc_id,
            "VpcSecurityGroupIds": self.groups,
            "VpcSubnetIds": self.subnets,
            "Endpoint": f"{self.name}.endpoint.{str(self.proxy.endpoint).partition('.db-proxy-')[2]}",
            "TargetRole": self.role,
            "IsDefault": False,
        }


_kept: dict[tuple[str, str], ProxyEndpoint] = {}
"""By region and name."""


def install() -> None:
    """Patch moto's RDS."""
    from moto.rds.models import RDSBackend
    from moto.rds.responses import RDSResponse

    RDSResponse.create_db_proxy_endpoint = _create
    RDSResponse.describe_db_proxy_endpoints = _describe
    RDSResponse.modify_db_proxy_endpoint = _modify
    RDSResponse.delete_db_proxy_endpoint = _delete
    tag_through_moto(_kept)
    RDSBackend.delete_db_proxy = _gone(RDSBackend.delete_db_proxy)


def reset() -> None:
    """Forget all of them."""
    _kept.clear()


def _answer(found: ProxyEndpoint) -> Any:
    from moto.core.responses import ActionResult

    return ActionResult({"DBProxyEndpoint": found.shown()})


def _readers(self: Any, proxy: Any) -> list[Any]:
    """The readers of the clusters behind it."""
    names = [
        target.rds_resource_id
        for group in proxy.proxy_target_groups.values()
        for target in group.targets
        if target.rds_resource_id in self.backend.clusters
    ]
    found = [self.backend.clusters[name] for name in names]
    return [m for each in found for m in each.members if m is not each.writer]


def _create(self: Any) -> Any:
    given, name = self.params, str(self.params["DBProxyEndpointName"]).lower()
    [proxy] = self.backend.describe_db_proxies(given["DBProxyName"])
    role = str(given.get("TargetRole") or ROLES[0])
    if role not in ROLES:
        raise refuse("InvalidParameterValue", f"TargetRole is {role}, allowed are {', '.join(ROLES)}.")
    if (self.region, name) in _kept:
        raise refuse("DBProxyEndpointAlreadyExistsFault", f"{name} already exists.")
    if sum(each.proxy is proxy for each in _kept.values()) >= MOST:
        raise refuse("DBProxyEndpointQuotaExceededFault", f"A proxy has {MOST} endpoints at most.")
    if role == "READ_ONLY" and not _readers(self, proxy):
        raise refuse("InvalidDBProxyStateFault", f"No cluster with a reader is behind {proxy.db_proxy_name}.")
    groups = list(given.get("VpcSecurityGroupIds") or proxy.vpc_security_group_ids)
    made = ProxyEndpoint(name, proxy, role, list(given["VpcSubnetIds"]), groups)
    made.add_tags(given.get("Tags") or [])
    _kept[self.region, name] = made
    return _answer(made)


def _found(self: Any) -> ProxyEndpoint:
    name = str(self.params["DBProxyEndpointName"])
    if (self.region, name) not in _kept:
        raise refuse("DBProxyEndpointNotFoundFault", f"{name} not found.")
    return _kept[self.region, name]


def _describe(self: Any) -> Any:
    from moto.core.responses import ActionResult

    proxy, name = self.params.get("DBProxyName"), self.params.get("DBProxyEndpointName")
    if name is not None:
        return ActionResult({"DBProxyEndpoints": [_found(self).shown()]})
    shown = [each.shown() for (where, _), each in _kept.items() if where == self.region]
    return ActionResult({"DBProxyEndpoints": [e for e in shown if proxy in (None, e["DBProxyName"])]})


def _modify(self: Any) -> Any:
    found = _found(self)
    if self.params.get("VpcSecurityGroupIds"):
        found.groups = list(self.params["VpcSecurityGroupIds"])
    return _answer(found)


def _delete(self: Any) -> Any:
    found = _found(self)
    del _kept[self.region, found.name]
    return _answer(found)


def _gone(original: Callable[..., Any]) -> Callable[..., Any]:
    """A proxy takes its endpoints along."""

    def delete_db_proxy(self: Any, proxy_name: str) -> Any:
        proxy = original(self, proxy_name)
        for key, each in list(_kept.items()):
            if each.proxy is proxy:
                del _kept[key]
        return proxy

    return delete_db_proxy
