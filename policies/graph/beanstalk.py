"""Environments of Elastic Beanstalk: their options, and the load balancer that belongs to each."""

from __future__ import annotations

from typing import Any, Final

from .graph import Graph
from .resource import Resource
from .unknown import Unknown
from .values import as_number
from .zones import SUBNETS

ENVIRONMENT: Final = "aws:elasticbeanstalk/environment:Environment"
GROUP: Final = "aws:autoscaling:asg"
NETWORK: Final = "aws:ec2:vpc"
KIND: Final = "aws:elasticbeanstalk:environment"
PROCESS: Final = "aws:elasticbeanstalk:environment:process:default"
_BALANCER: Final = "aws:elbv2:loadbalancer"
_SIZES: Final = {"MinSize": 1, "MaxSize": 4}
"""What Elastic Beanstalk takes where nothing is said.
https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html"""


def option(r: Resource, namespace: str, name: str) -> Any | Unknown | None:
    """The value of an option that the program gives; None where it gives none, Unknown where it isn't known whether it does."""
    rows = r.rows("settings")
    if isinstance(rows, Unknown):
        return rows
    vague: Unknown | None = None
    for row in rows:
        if isinstance(row, Unknown):
            vague = row
        elif (row.get("namespace"), row.get("name")) == (namespace, name):
            return row.get("value")
    return vague


def number(r: Resource, namespace: str, name: str, default: float) -> float | Unknown:
    """An option that is a number."""
    found = option(r, namespace, name)
    if isinstance(found, Unknown):
        return found
    value = as_number(found)
    return default if value is None else value


def size(r: Resource, name: str) -> float | Unknown:
    """`MinSize` or `MaxSize`."""
    return number(r, GROUP, name, _SIZES[name])


def balances(graph: Graph, group: Resource) -> bool:
    """Whether a security group is that of an environment's load balancer. One whose id isn't known yet may be."""
    for each in graph.users(group, "settings", ENVIRONMENT):
        told = option(each, _BALANCER, "SecurityGroups")
        if isinstance(told, Unknown):
            return True
        if group in graph.named(str(told or "").split(","), group.type, near=each):
            return True
    return False


def subnets(graph: Graph, r: Resource) -> list[Resource]:
    """The subnets of its instances; where their ids aren't known, those of its load balancer too."""
    told = option(r, NETWORK, "Subnets")
    named = graph.named(told.split(","), *SUBNETS, near=r) if isinstance(told, str) else []
    return named or graph.linked(r, "settings", *SUBNETS)
