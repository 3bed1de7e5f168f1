"""Elastic Load Balancing: the function that tells the hosted zone of load balancers' names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.aws.extensions._elbv2_zones import HOSTED_ZONES
from sandbox.provider.api import AwsError
from sandbox.provider.protocol import Context
from sandbox.provider.table import Invoke


def hosted_zone(args: Mapping[str, Any], ctx: Context) -> dict[str, Any]:
    """The hosted zone of application load balancers' names, as the real provider's own table has it."""
    where, kind = str(args.get("region") or ctx.region), args.get("loadBalancerType") or "application"
    if kind != "application" or where not in HOSTED_ZONES:
        said = f"the sandbox knows no hosted zone of {kind} load balancers in {where}"
        raise AwsError("NotFound", said, "GetHostedZoneId")
    return {**args, "id": HOSTED_ZONES[where], "region": where}


INVOKES = (
    Invoke(
        token="aws:lb/getHostedZoneId:getHostedZoneId",  # noqa: S106  a function's token
        service="elbv2",
        op="DescribeLoadBalancers",
        function=hosted_zone,
    ),
)
