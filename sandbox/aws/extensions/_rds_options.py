"""Option groups: an option keeps its version, its port and its security groups, and only the engine's own options can be added.

moto keeps an option's name and settings, and takes any name.
"""

from __future__ import annotations

from typing import Any

from sandbox.aws.extensions._rds_instance import refuse


def install() -> None:
    """Patch moto's option groups."""
    from moto.rds.models import OptionGroup, RDSBackend

    OptionGroup.options = property(lambda group: list(_of(group).values()))
    OptionGroup.add_options = _add
    OptionGroup.remove_options = _remove
    RDSBackend.modify_option_group = _modify(RDSBackend.modify_option_group)


def _of(group: Any) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = group._options  # noqa: SLF001
    return found


def _add(group: Any, given: list[dict[str, Any]]) -> None:
    for option in given:
        ids = option.get("VpcSecurityGroupMemberships") or []
        kept = {
            "OptionName": option["OptionName"],
            "OptionVersion": option.get("OptionVersion"),
            "Port": option.get("Port"),
            "OptionSettings": [
                {"Name": each.get("Name"), "Value": each.get("Value")}
                for each in option.get("OptionSettings") or []
            ],
            "VpcSecurityGroupMemberships": [{"VpcSecurityGroupId": one, "Status": "active"} for one in ids],
        }
        _of(group)[option["OptionName"]] = {name: value for name, value in kept.items() if value is not None}


def _remove(group: Any, names: list[str]) -> None:
    for name in names:
        _of(group).pop(name, None)


def _modify(original: Any) -> Any:
    def modify_option_group(
        self: Any,
        option_group_name: str,
        options_to_include: list[dict[str, Any]] | None = None,
        options_to_remove: list[str] | None = None,
    ) -> Any:
        group = self.option_groups.get(option_group_name)
        if group is not None:
            there = self.describe_option_group_options(group.engine_name, group.major_engine_version)
            known = {each["Name"]: each for each in there}
            for option in options_to_include or []:
                _check(option, known, group)
        return original(self, option_group_name, options_to_include, options_to_remove)

    return modify_option_group


def _check(option: dict[str, Any], known: dict[str, Any], group: Any) -> None:
    name = option["OptionName"]
    if name not in known:
        raise refuse("InvalidParameterValue", f"Invalid option name {name} for {group.engine_name}.")
    if known[name].get("PortRequired") and not option.get("Port"):
        raise refuse("InvalidParameterValue", f"The option {name} needs a port.")
    if known[name].get("PortRequired") and not option.get("VpcSecurityGroupMemberships"):
        raise refuse("InvalidParameterCombination", f"The option {name} needs a security group.")
