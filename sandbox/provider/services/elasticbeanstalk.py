"""Elastic Beanstalk: applications, versions, environments; the newest of the solution stacks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandbox.provider.api import AwsError
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Invoke, Read, Resource, arn_tags

TAGS = arn_tags(
    add="UpdateTagsForResource",
    add_param="TagsToAdd",
    remove="UpdateTagsForResource",
    remove_param="TagsToRemove",
)
_ENVIRONMENT = {"EnvironmentId": "id"}


def _lifecycle(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """What becomes of old versions: by count or by age, in the API's form."""
    given = ctx.inputs.get("appversionLifecycle")
    if not given:
        return params
    by_count = given.get("maxCount") is not None
    rule = {"Enabled": True, "DeleteSourceFromS3": bool(given.get("deleteSourceFromS3"))}
    limit = (
        {"MaxCountRule": {**rule, "MaxCount": int(given["maxCount"])}}
        if by_count
        else {"MaxAgeRule": {**rule, "MaxAgeInDays": int(given["maxAgeInDays"])}}
    )
    told = {"ServiceRole": given["serviceRole"], "VersionLifecycleConfig": limit}
    return {**params, "ResourceLifecycleConfig": told}


def _settings(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """The options that are given, and on a change those that no longer are."""
    given = {_key(each): each for each in ctx.inputs.get("settings") or ()}
    before = {_key(each): each for each in ctx.old.get("settings") or ()}
    told = [_option(each) for key, each in sorted(given.items()) if before.get(key) != each]
    gone = [_named(before[key]) for key in sorted(before.keys() - given.keys())]
    return {
        **params,
        **({"OptionSettings": told} if told else {}),
        **({"OptionsToRemove": gone} if gone else {}),
    }


def _key(each: Mapping[str, Any]) -> tuple[str, str, str]:
    return each["namespace"], each["name"], each.get("resource") or ""


def _named(each: Mapping[str, Any]) -> dict[str, Any]:
    resource = {"ResourceName": each["resource"]} if each.get("resource") else {}
    return {"Namespace": each["namespace"], "OptionName": each["name"], **resource}


def _option(each: Mapping[str, Any]) -> dict[str, Any]:
    return {**_named(each), "Value": each["value"]}


class _Environment(Resource):
    """An environment, with what belongs to it and the options that it has."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        found = ctx.look()
        if found is None:
            return None
        resources = ctx.call("DescribeEnvironmentResources", {"EnvironmentId": ctx.id})
        asked = {"ApplicationName": found["ApplicationName"], "EnvironmentName": found["EnvironmentName"]}
        [told] = ctx.call("DescribeConfigurationSettings", asked)["ConfigurationSettings"]
        return {
            **found,
            "Resources": resources["EnvironmentResources"],
            "AllSettings": told["OptionSettings"],
        }


APPLICATION = simulated(
    "aws:elasticbeanstalk/application:Application",
    create=Call(
        "CreateApplication", {"ApplicationName": "in.name"}, take=("description",), adjust=_lifecycle
    ),
    id="in.name",
    read=Read("DescribeApplications", {"ApplicationNames": "[id]"}, path="Applications[0]"),
    update=(
        Call("UpdateApplication", {"ApplicationName": "id"}, take=("description",)),
        Call(
            "UpdateApplicationResourceLifecycle",
            {"ApplicationName": "id"},
            take=("appversionLifecycle",),
            adjust=_lifecycle,
        ),
    ),
    delete=(Call("DeleteApplication", {"ApplicationName": "id"}),),
    outputs={"arn": "ApplicationArn"},
    replace=("name",),
    tags=TAGS,
    kind="extended",
)
VERSION = simulated(
    "aws:elasticbeanstalk/applicationVersion:ApplicationVersion",
    create=Call(
        "CreateApplicationVersion",
        {
            "ApplicationName": "in.application",
            "VersionLabel": "in.name",
            "SourceBundle.S3Bucket": "in.bucket",
            "SourceBundle.S3Key": "in.key",
        },
        take=("description", "process"),
    ),
    id="in.name",
    read=Read(
        "DescribeApplicationVersions",
        {"ApplicationName": "in.application", "VersionLabels": "[id]"},
        path="ApplicationVersions[0]",
    ),
    delete=(Call("DeleteApplicationVersion", {"ApplicationName": "in.application", "VersionLabel": "id"}),),
    outputs={"arn": "ApplicationVersionArn"},
    ignore={"forceDelete": "used by delete"},
    replace=("application", "bucket", "description", "key", "name", "process"),
    tags=TAGS,
    kind="extended",
)
ENVIRONMENT = simulated(
    "aws:elasticbeanstalk/environment:Environment",
    _Environment,
    create=Call(
        "CreateEnvironment",
        {"ApplicationName": "in.application", "EnvironmentName": "in.name", "VersionLabel": "in.version"},
        take=("cnamePrefix", "description", "platformArn", "solutionStackName", "templateName"),
        adjust=_settings,
    ),
    id="EnvironmentId",
    read=Read("DescribeEnvironments", {"EnvironmentIds": "[id]"}, path="Environments[0]"),
    update=(
        Call(
            "UpdateEnvironment",
            _ENVIRONMENT,
            take=("description", "platformArn", "settings", "solutionStackName", "version"),
            rename={"version": "VersionLabel"},
            adjust=_settings,
        ),
    ),
    delete=(Call("TerminateEnvironment", _ENVIRONMENT),),
    outputs={
        "arn": "EnvironmentArn",
        "allSettings": "AllSettings[].{namespace: Namespace, name: OptionName, value: Value}",
        "autoscalingGroups": "Resources.AutoScalingGroups[].Name",
        "cname": "CNAME",
        "endpointUrl": "EndpointURL",
        "instances": "Resources.Instances[].Id",
        "launchConfigurations": "Resources.LaunchConfigurations[].Name",
        "loadBalancers": "Resources.LoadBalancers[].Name",
        "queues": "Resources.Queues[].URL",
        "triggers": "Resources.Triggers[].Name",
    },
    ignore={
        "pollInterval": "how often the real provider asks",
        "tier": "a web server's is the only one here",
        "waitForReadyTimeout": "how long the real provider waits",
    },
    replace=("application", "cnamePrefix", "name", "tier"),
    tags=TAGS,
    kind="extended",
)
RESOURCES = (APPLICATION, VERSION, ENVIRONMENT)


def newest(args: Mapping[str, Any], ctx: Context) -> dict[str, Any]:
    """The solution stack that fits, or the most recent of them. None, or several without `mostRecent`, is an error."""
    known = ctx.call("ListAvailableSolutionStacks", {})["SolutionStacks"]
    found = [each for each in known if re.search(str(args["nameRegex"]), each)]
    if not found:
        raise AwsError("NotFound", "your query returned no results", "ListAvailableSolutionStacks")
    if len(found) > 1 and not args.get("mostRecent"):
        message = f"your query returned {len(found)} solution stacks; make it more specific"
        raise AwsError("AmbiguousQuery", message, "ListAvailableSolutionStacks")
    return {**args, "id": found[0], "name": found[0], "region": ctx.region}


INVOKES = (
    Invoke(
        token="aws:elasticbeanstalk/getSolutionStack:getSolutionStack",  # noqa: S106  a resource type's token
        service="elasticbeanstalk",
        op="ListAvailableSolutionStacks",
        function=newest,
    ),
)
