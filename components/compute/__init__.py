"""Compute: instances, spread over zones and sized so that the loss of one needs no new capacity."""

from __future__ import annotations

from components.compute.argo_cd import ArgoCd, ArgoCdArgs
from components.compute.args import AutoScaledTierArgs
from components.compute.beanstalk_application import BeanstalkApplication, BeanstalkApplicationArgs
from components.compute.beanstalk_args import BeanstalkEnvironmentArgs
from components.compute.beanstalk_bundle import Bundle
from components.compute.beanstalk_environment import BeanstalkEnvironment
from components.compute.container_args import (
    BlueGreen,
    Connect,
    ContainerServiceArgs,
    Scaling,
    ServiceMetric,
)
from components.compute.container_cluster import ContainerCluster, ContainerClusterArgs
from components.compute.container_service import ContainerService
from components.compute.eks_access import Access
from components.compute.eks_addons import EksAddons, EksAddonsArgs
from components.compute.eks_cluster import EksCluster, EksClusterArgs
from components.compute.eks_nodes import EksNodes, EksNodesArgs
from components.compute.function import ServingFunction
from components.compute.function_args import FunctionArgs, Source, StreamSource, TopicSource
from components.compute.image_repository import (
    ImageReplica,
    ImageReplication,
    ImageReplicationArgs,
    ImageRepository,
    ImageRepositoryArgs,
)
from components.compute.options import (
    AMAZON_LINUX_2023,
    Backlog,
    Image,
    InstanceRefresh,
    LifecycleHook,
    Metric,
    PoolState,
    Resolution,
    Schedule,
    Spot,
    Target,
    Tracking,
    Transition,
    WarmPool,
    ZoneAlarms,
)
from components.compute.pair import Pair, PairArgs
from components.compute.sizing import Size, standby_size, statically_stable_size
from components.compute.tier import AutoScaledTier
from components.compute.watcher import PairWatcher
from components.compute.watcher_args import MirrorArgs, PairWatcherArgs

__all__ = [
    "AMAZON_LINUX_2023",
    "Access",
    "ArgoCd",
    "ArgoCdArgs",
    "AutoScaledTier",
    "AutoScaledTierArgs",
    "Backlog",
    "BeanstalkApplication",
    "BeanstalkApplicationArgs",
    "BeanstalkEnvironment",
    "BeanstalkEnvironmentArgs",
    "BlueGreen",
    "Bundle",
    "Connect",
    "ContainerCluster",
    "ContainerClusterArgs",
    "ContainerService",
    "ContainerServiceArgs",
    "EksAddons",
    "EksAddonsArgs",
    "EksCluster",
    "EksClusterArgs",
    "EksNodes",
    "EksNodesArgs",
    "FunctionArgs",
    "Image",
    "ImageReplica",
    "ImageReplication",
    "ImageReplicationArgs",
    "ImageRepository",
    "ImageRepositoryArgs",
    "InstanceRefresh",
    "LifecycleHook",
    "Metric",
    "MirrorArgs",
    "Pair",
    "PairArgs",
    "PairWatcher",
    "PairWatcherArgs",
    "PoolState",
    "Resolution",
    "Scaling",
    "Schedule",
    "ServiceMetric",
    "ServingFunction",
    "Size",
    "Source",
    "Spot",
    "StreamSource",
    "Target",
    "TopicSource",
    "Tracking",
    "Transition",
    "WarmPool",
    "ZoneAlarms",
    "standby_size",
    "statically_stable_size",
]
