"""Network: VPC, its address plan, and security groups."""

from __future__ import annotations

from components.network.cidr import ZoneSubnets, subnet_plan, validate_network
from components.network.lattice_service import LONGEST_SERVICE, LatticeService, LatticeServiceArgs
from components.network.mirror_link import MirrorLink, MirrorLinkArgs
from components.network.nat import NatMode
from components.network.proxy_groups import ProxyGroups, ProxyGroupsArgs
from components.network.regions import ZONE_ID_PREFIXES
from components.network.registry import Registry, RegistryArgs
from components.network.security_groups import SecurityGroupChain, SecurityGroupChainArgs, Store, Tier
from components.network.service_groups import Member, ServiceGroups, ServiceGroupsArgs
from components.network.service_network import ClientVpc, ServiceNetwork, ServiceNetworkArgs
from components.network.store_group import StoreGroup, StoreGroupArgs
from components.network.vpc import Vpc, VpcArgs
from components.network.worker_group import WorkerGroup

__all__ = [
    "LONGEST_SERVICE",
    "ZONE_ID_PREFIXES",
    "ClientVpc",
    "LatticeService",
    "LatticeServiceArgs",
    "Member",
    "MirrorLink",
    "MirrorLinkArgs",
    "NatMode",
    "ProxyGroups",
    "ProxyGroupsArgs",
    "Registry",
    "RegistryArgs",
    "SecurityGroupChain",
    "SecurityGroupChainArgs",
    "ServiceGroups",
    "ServiceGroupsArgs",
    "ServiceNetwork",
    "ServiceNetworkArgs",
    "Store",
    "StoreGroup",
    "StoreGroupArgs",
    "Tier",
    "Vpc",
    "VpcArgs",
    "WorkerGroup",
    "ZoneSubnets",
    "subnet_plan",
    "validate_network",
]
