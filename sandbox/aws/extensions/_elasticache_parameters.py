"""Parameter groups of ElastiCache: what was set, by name, beside AWS's defaults."""

from __future__ import annotations

import re
from typing import Any

from sandbox.aws.extensions._elasticache_store import Document, answer, refuse, store_of, tag

FAMILY = re.compile(r"(valkey\d+|redis(\d+(\.x)?|\d\.\d)|memcached1\.\d)")
DEFAULT = re.compile(r"default\.(?P<family>[a-z]+[\d.x]+?)(?P<sharded>\.cluster\.on)?")


def parameters(store: Any, name: str) -> Document:
    """A parameter group, AWS's own among them."""
    if name in store.parameters:
        return dict(store.parameters[name])
    if own := DEFAULT.fullmatch(name):
        on = {"cluster-enabled": "yes"} if own["sharded"] else {}
        return {"CacheParameterGroupFamily": own["family"], "Values": on}
    raise refuse("CacheParameterGroupNotFound", f"CacheParameterGroup {name} not found.")


def sharded(store: Any, name: str) -> bool:
    """Whether caches of that parameter group spread their keys."""
    return bool(parameters(store, name)["Values"].get("cluster-enabled") == "yes")


def _shown(group: Document) -> Document:
    return {key: value for key, value in group.items() if key != "Values"}


def create_cache_parameter_group(self: Any) -> Any:
    """Answer `CreateCacheParameterGroup`."""
    asked, groups = self.params, store_of(self).parameters
    name, family = asked["CacheParameterGroupName"].lower(), asked["CacheParameterGroupFamily"]
    if name in groups:
        raise refuse("CacheParameterGroupAlreadyExists", f"CacheParameterGroup {name} already exists.")
    if not FAMILY.fullmatch(family):
        raise refuse(
            "InvalidParameterValue",
            f"CacheParameterGroupFamily {family} is not a valid parameter group family.",
        )
    groups[name] = {
        "CacheParameterGroupName": name,
        "CacheParameterGroupFamily": family,
        "Description": asked["Description"],
        "IsGlobal": False,
        "ARN": f"arn:aws:elasticache:{self.region}:{self.current_account}:parametergroup:{name}",
        "Values": {},
    }
    tag(self, groups[name]["ARN"])
    return answer({"CacheParameterGroup": _shown(groups[name])})


def describe_cache_parameter_groups(self: Any) -> Any:
    """Answer `DescribeCacheParameterGroups`, of one when one is asked for."""
    groups, name = store_of(self).parameters, self.params.get("CacheParameterGroupName")
    if name is not None and name not in groups:
        raise refuse("CacheParameterGroupNotFound", f"CacheParameterGroup {name} not found.")
    found = [groups[name]] if name else list(groups.values())
    return answer({"CacheParameterGroups": [_shown(group) for group in found]})


def describe_cache_parameters(self: Any) -> Any:
    """Answer `DescribeCacheParameters`: those that somebody set."""
    values = parameters(store_of(self), self.params["CacheParameterGroupName"])["Values"]
    listed = [{"ParameterName": n, "ParameterValue": v, "Source": "user"} for n, v in sorted(values.items())]
    return answer({"Parameters": listed})


def _own(self: Any) -> Document:
    name, groups = self.params["CacheParameterGroupName"], store_of(self).parameters
    if name not in groups:
        raise refuse("CacheParameterGroupNotFound", f"CacheParameterGroup {name} not found.")
    found: Document = groups[name]
    return found


def modify_cache_parameter_group(self: Any) -> Any:
    """Answer `ModifyCacheParameterGroup`."""
    group = _own(self)
    for each in self.params["ParameterNameValues"]:
        group["Values"][each["ParameterName"]] = each["ParameterValue"]
    return answer({"CacheParameterGroupName": group["CacheParameterGroupName"]})


def reset_cache_parameter_group(self: Any) -> Any:
    """Answer `ResetCacheParameterGroup`, of all parameters or some."""
    group = _own(self)
    gone = [each["ParameterName"] for each in self.params.get("ParameterNameValues") or ()]
    kept = {} if self.params.get("ResetAllParameters") else group["Values"]
    group["Values"] = {name: value for name, value in kept.items() if name not in gone}
    return answer({"CacheParameterGroupName": group["CacheParameterGroupName"]})


def delete_cache_parameter_group(self: Any) -> Any:
    """Answer `DeleteCacheParameterGroup`, of one that no cache uses."""
    name = _own(self)["CacheParameterGroupName"]
    if any(group.parameters == name for group in store_of(self).groups.values()):
        raise refuse(
            "InvalidCacheParameterGroupState",
            f"One or more cache clusters are still members of this parameter group {name}, so the group cannot be deleted.",
        )
    del store_of(self).parameters[name]
    return answer({})


OPERATIONS = (
    create_cache_parameter_group,
    describe_cache_parameter_groups,
    describe_cache_parameters,
    modify_cache_parameter_group,
    reset_cache_parameter_group,
    delete_cache_parameter_group,
)
