"""Functions that ask AWS for what exists: account, region, zones, images."""

# ruff: noqa: S106 - a resource type's token is no secret
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandbox.provider import models, shapes
from sandbox.provider.api import AwsError
from sandbox.provider.protocol import Context
from sandbox.provider.table import Invoke

IMAGE_FIELDS = (
    "architecture",
    "creationDate",
    "description",
    "enaSupport",
    "hypervisor",
    "imageId",
    "imageLocation",
    "imageType",
    "name",
    "ownerId",
    "platformDetails",
    "public",
    "rootDeviceName",
    "rootDeviceType",
    "sriovNetSupport",
    "state",
    "usageOperation",
    "virtualizationType",
)


def region(args: Mapping[str, Any], ctx: Context) -> dict[str, Any]:
    """The region, as AWS's list of endpoints describes it."""
    wanted = str(args.get("name") or ctx.region)
    for partition in models.partitions():
        if wanted in partition["regions"]:
            description = partition["regions"][wanted]["description"]
            endpoint = f"ec2.{wanted}.{partition['dnsSuffix']}"
            return {
                "id": wanted,
                "name": wanted,
                "region": wanted,
                "description": description,
                "endpoint": endpoint,
            }
    raise AwsError("InvalidParameterValue", f"no region is called {wanted}", "DescribeRegions")


def partition(_args: Mapping[str, Any], ctx: Context) -> dict[str, Any]:
    """The partition of the region and its domain."""
    found = models.partition_of(ctx.region)
    name, suffix = found["partition"], found["dnsSuffix"]
    reverse = ".".join(reversed(suffix.split(".")))
    return {"id": name, "partition": name, "dnsSuffix": suffix, "reverseDnsPrefix": reverse}


def availability_zones(args: Mapping[str, Any], ctx: Context) -> dict[str, Any]:
    """The zones of the region, by name; names and ids are in the same order."""
    request: dict[str, Any] = {"Filters": _filters(args)}
    if args.get("allAvailabilityZones"):
        request["AllAvailabilityZones"] = True
    zones = ctx.call("DescribeAvailabilityZones", request)["AvailabilityZones"]
    without = {*(args.get("excludeNames") or ()), *(args.get("excludeZoneIds") or ())}
    kept = [
        zone
        for zone in sorted(zones, key=lambda zone: zone["ZoneName"])
        if not without & {zone["ZoneName"], zone["ZoneId"]} and args.get("state") in (None, zone["State"])
    ]
    return {
        **args,
        "id": ctx.region,
        "region": ctx.region,
        "names": [zone["ZoneName"] for zone in kept],
        "zoneIds": [zone["ZoneId"] for zone in kept],
        "groupNames": sorted({zone.get("GroupName") or ctx.region for zone in kept}),
    }


def ami(args: Mapping[str, Any], ctx: Context) -> dict[str, Any]:
    """One image: the only one that fits, or the most recent. None, or several without `mostRecent`, is an error."""
    request: dict[str, Any] = {"Filters": _filters(args)}
    for name, parameter in (("owners", "Owners"), ("executableUsers", "ExecutableUsers")):
        if args.get(name):
            request[parameter] = list(args[name])
    pattern = re.compile(str(args.get("nameRegex") or ""))
    found = [i for i in ctx.call("DescribeImages", request)["Images"] if pattern.search(i.get("Name", ""))]
    if not found:
        raise AwsError("InvalidAMIID.NotFound", "the query returned no image", "DescribeImages")
    if len(found) > 1 and not args.get("mostRecent"):
        message = f"the query returned {len(found)} images; narrow it or set mostRecent"
        raise AwsError("AmbiguousQuery", message, "DescribeImages")
    image = max(found, key=lambda each: str(each.get("CreationDate", "")))
    known = {name: shapes.find(name, image) for name in IMAGE_FIELDS}
    facts = {name: shapes.from_aws(image[member]) for name, member in known.items() if member}
    arn = f"arn:aws:ec2:{ctx.region}::image/{image['ImageId']}"
    return {**args, **facts, "id": image["ImageId"], "arn": arn, "region": ctx.region}


def zone(args: Mapping[str, Any], ctx: Context) -> dict[str, Any]:
    """One hosted zone, by id or by name; a private one only when asked for."""
    zones = ctx.call("ListHostedZones", {})["HostedZones"]
    wanted = str(args.get("name") or "").rstrip(".")
    private = bool(args.get("privateZone"))
    for each in zones:
        id_, name = each["Id"].rsplit("/", 1)[-1], each["Name"].rstrip(".")
        if args.get("zoneId") == id_ or (name == wanted and bool(each["Config"]["PrivateZone"]) is private):
            servers = ctx.call("GetHostedZone", {"Id": id_}).get("DelegationSet", {}).get("NameServers", [])
            arn = f"arn:aws:route53:::hostedzone/{id_}"
            count = each.get("ResourceRecordSetCount", 0)
            known = {
                "id": id_,
                "zoneId": id_,
                "name": name,
                "arn": arn,
                "callerReference": each["CallerReference"],
            }
            return {
                **args,
                **known,
                "nameServers": servers,
                "privateZone": private,
                "resourceRecordSetCount": count,
            }
    raise AwsError(
        "NoSuchHostedZone", f"no hosted zone fits {args.get('zoneId') or wanted!r}", "ListHostedZones"
    )


def managed_prefix_list(args: Mapping[str, Any], ctx: Context) -> dict[str, Any]:
    """One list of networks, AWS's own or the account's, with its entries."""
    asked = [("prefix-list-id", args.get("id")), ("prefix-list-name", args.get("name"))]
    filters = [*_filters(args), *({"Name": name, "Values": [value]} for name, value in asked if value)]
    found = ctx.call("DescribeManagedPrefixLists", {"Filters": filters} if filters else {})["PrefixLists"]
    if len(found) != 1:
        message = f"{len(found)} prefix lists fit, and the function answers one"
        raise AwsError("NoMatch" if not found else "AmbiguousMatch", message, "DescribeManagedPrefixLists")
    [known] = found
    id_ = known["PrefixListId"]
    entries = ctx.call("GetManagedPrefixListEntries", {"PrefixListId": id_})["Entries"]
    return {
        **args,
        "id": id_,
        "name": known["PrefixListName"],
        "arn": known["PrefixListArn"],
        "addressFamily": known["AddressFamily"],
        "ownerId": known["OwnerId"],
        "maxEntries": known.get("MaxEntries", 0),
        "version": known.get("Version", 0),
        "tags": {each["Key"]: each["Value"] for each in known.get("Tags", ())},
        "entries": [{"cidr": e["Cidr"], "description": e.get("Description", "")} for e in entries],
        "region": ctx.region,
    }


def _filters(args: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"Name": each["name"], "Values": list(each["values"])} for each in args.get("filters") or ()]


INVOKES: tuple[Invoke, ...] = (
    Invoke(token="aws:index/getRegion:getRegion", service="ec2", op="DescribeRegions", function=region),
    Invoke(
        token="aws:index/getPartition:getPartition", service="sts", op="GetCallerIdentity", function=partition
    ),
    Invoke(
        token="aws:index/getCallerIdentity:getCallerIdentity",
        service="sts",
        op="GetCallerIdentity",
        answer={"id": "Account", "accountId": "Account", "arn": "Arn", "userId": "UserId"},
    ),
    Invoke(
        token="aws:index/getAvailabilityZones:getAvailabilityZones",
        service="ec2",
        op="DescribeAvailabilityZones",
        function=availability_zones,
    ),
    Invoke(token="aws:route53/getZone:getZone", service="route53", op="ListHostedZones", function=zone),
    Invoke(
        token="aws:ec2/getManagedPrefixList:getManagedPrefixList",
        service="ec2",
        op="DescribeManagedPrefixLists",
        function=managed_prefix_list,
    ),
    Invoke(token="aws:ec2/getAmi:getAmi", service="ec2", op="DescribeImages", function=ami),
)
