"""Redshift's parameter groups and subnet groups, which can be changed.

Sources: https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyClusterParameterGroup.html,
https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyClusterSubnetGroup.html
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.redshift.exceptions import InvalidParameterValueError, InvalidSubnetError
from moto.redshift.models import RedshiftBackend
from moto.redshift.responses import RedshiftResponse

USER = "user"
"""Where a parameter's value comes from that somebody has set."""


def _group(self: RedshiftResponse) -> Any:
    [found] = self.redshift_backend.describe_cluster_parameter_groups(self._get_param("ParameterGroupName"))
    return found


def _modify_parameters(self: RedshiftResponse) -> ActionResult:
    group, known = _group(self), self.redshift_backend.default_params
    wanted = {each["ParameterName"]: each["ParameterValue"] for each in self._get_param("Parameters", [])}
    if unknown := sorted(wanted.keys() - known.keys()):
        raise InvalidParameterValueError(f"Could not find parameter with name: {unknown[0]}")
    group.parameters = {**getattr(group, "parameters", {}), **wanted}
    return _changed(group)


def _reset_parameters(self: RedshiftResponse) -> ActionResult:
    group = _group(self)
    named = {each["ParameterName"] for each in self._get_param("Parameters", [])}
    every = bool(self._get_bool_param("ResetAllParameters", False))
    kept = getattr(group, "parameters", {})
    group.parameters = {} if every else {name: value for name, value in kept.items() if name not in named}
    return _changed(group)


def _changed(group: Any) -> ActionResult:
    said = "Your parameter group has been updated. Changes that need a reboot wait for one."
    return ActionResult({"ParameterGroupName": group.name, "ParameterGroupStatus": said})


def _parameters(original: Any) -> Any:
    def describe_cluster_parameters(self: RedshiftBackend, parameter_group_name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = original(self, parameter_group_name)
        own = getattr(self.parameter_groups[parameter_group_name], "parameters", {})
        return [
            {**each, "ParameterValue": own[each["ParameterName"]], "Source": USER}
            if each["ParameterName"] in own
            else each
            for each in found
        ]

    return describe_cluster_parameters


def _modify_subnets(self: RedshiftResponse) -> ActionResult:
    [group] = self.redshift_backend.describe_cluster_subnet_groups(self._get_param("ClusterSubnetGroupName"))
    before, group.subnet_ids = group.subnet_ids, self._get_param("SubnetIds", [])
    if len(group.subnets) != len(group.subnet_ids):
        wanted, group.subnet_ids = group.subnet_ids, before
        raise InvalidSubnetError(wanted)
    group.description = self._get_param("Description") or group.description
    return ActionResult({"ClusterSubnetGroup": group})


def install() -> None:
    """Patch moto's groups."""
    RedshiftResponse.modify_cluster_parameter_group = _modify_parameters
    RedshiftResponse.reset_cluster_parameter_group = _reset_parameters
    RedshiftResponse.modify_cluster_subnet_group = _modify_subnets
    RedshiftBackend.describe_cluster_parameters = _parameters(RedshiftBackend.describe_cluster_parameters)
