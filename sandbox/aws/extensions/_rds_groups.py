"""Subnet and parameter groups and proxies: what moto forgets when they change.

moto loses a subnet group that is modified, resets no parameter, and changes no proxy.
"""

from __future__ import annotations

from typing import Any

from sandbox.aws.extensions._rds_instance import refuse


def install() -> None:
    """Patch moto's groups and proxies."""
    from moto.rds.models import RDSBackend
    from moto.rds.responses import RDSResponse

    original = RDSBackend.modify_db_subnet_group

    def modify_db_subnet_group(self: Any, subnet_name: str, description: str, subnets: list[Any]) -> Any:
        self.describe_db_subnet_groups(subnet_name)
        changed = original(self, subnet_name, description, subnets)
        self.subnet_groups[subnet_name] = changed
        return changed

    RDSBackend.modify_db_subnet_group = modify_db_subnet_group
    RDSResponse.reset_db_parameter_group = _reset("db_parameter_groups", "DBParameterGroup")
    RDSResponse.reset_db_cluster_parameter_group = _reset(
        "db_cluster_parameter_groups", "DBClusterParameterGroup"
    )
    RDSResponse.modify_db_proxy = _modify_proxy


def _reset(kept_in: str, kind: str) -> Any:
    def reset(self: Any) -> Any:
        from moto.core.responses import ActionResult

        name = self.params[f"{kind}Name"]
        group = getattr(self.backend, kept_in).get(name)
        if group is None:
            raise refuse(f"{kind}NotFound", f"{kind} not found: {name}")
        if self.params.get("ResetAllParameters"):
            group.parameters.clear()
        for parameter in self.params.get("Parameters") or []:
            group.parameters.pop(parameter["ParameterName"], None)
        return ActionResult({f"{kind}Name": name})

    return reset


def _modify_proxy(self: Any) -> Any:
    from moto.core.responses import ActionResult

    proxy = self.backend.describe_db_proxies(self.params["DBProxyName"])[0]
    given = {
        "auth": "Auth",
        "debug_logging": "DebugLogging",
        "idle_client_timeout": "IdleClientTimeout",
        "require_tls": "RequireTLS",
        "role_arn": "RoleArn",
        "vpc_security_group_ids": "SecurityGroups",
    }
    for attribute, name in given.items():
        if self.params.get(name) is not None:
            setattr(proxy, attribute, self.params[name])
    return ActionResult({"DBProxy": proxy})
