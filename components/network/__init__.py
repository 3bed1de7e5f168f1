"""Network: VPC, its address plan, and security groups."""

from __future__ import annotations

from components.network.cidr import ZoneSubnets, subnet_plan, validate_network
from components.network.mirror_link import MirrorLink, MirrorLinkArgs
from components.network.nat import NatMode
from components.network.regions import ZONE_ID_PREFIXES
from components.network.security_groups import SecurityGroupChain, SecurityGroupChainArgs, Store, Tier
from components.network.service_groups import Member, ServiceGroups, ServiceGroupsArgs
from components.network.vpc import Vpc, VpcArgs

__all__ = [
    "ZONE_ID_PREFIXES",
    "Member",
    "MirrorLink",
    "MirrorLinkArgs",
    "NatMode",
    "SecurityGroupChain",
    "SecurityGroupChainArgs",
    "ServiceGroups",
    "ServiceGroupsArgs",
    "Store",
    "Tier",
    "Vpc",
    "VpcArgs",
    "ZoneSubnets",
    "subnet_plan",
    "validate_network",
]
