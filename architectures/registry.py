"""The kinds of system that a stack can hold: one line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from architectures.active_standby.settings import ActiveStandbySettings
from architectures.active_standby.system import ActiveStandby
from architectures.apex.settings import ApexSettings
from architectures.apex.system import Apex
from architectures.cells.settings import CellsSettings
from architectures.cells.system import Cells
from architectures.containers.settings import ContainersSettings
from architectures.containers.system import Containers
from architectures.content.settings import ContentSettings
from architectures.content.system import UserContent
from architectures.data_platform.settings import DataPlatformSettings
from architectures.data_platform.system import DataPlatform
from architectures.delivery.settings import DeliverySettings
from architectures.delivery.system import Delivery
from architectures.elastic_beanstalk.settings import ElasticBeanstalkSettings
from architectures.elastic_beanstalk.system import ElasticBeanstalk
from architectures.keys import SystemSettings
from architectures.kubernetes.settings import KubernetesSettings
from architectures.kubernetes.system import Kubernetes
from architectures.replicated_disk.settings import ReplicatedDiskSettings
from architectures.replicated_disk.system import ReplicatedDisk
from architectures.serverless_api.settings import ServerlessApiSettings
from architectures.serverless_api.system import ServerlessApi
from architectures.sharded_database.settings import ShardedDatabaseSettings
from architectures.sharded_database.system import ShardedDatabase
from architectures.system import Place, System
from architectures.three_tier.settings import ThreeTierSettings
from architectures.three_tier.system import ThreeTier
from architectures.workers.settings import WorkersSettings
from architectures.workers.system import Workers
from architectures.workflow.settings import WorkflowSettings
from architectures.workflow.system import OrderWorkflow
from architectures.zone_affinity.settings import ZoneAffinitySettings
from architectures.zone_affinity.system import ZoneAffinity


@dataclass(frozen=True)
class Kind:
    """A kind of system: its keys, and what places it."""

    settings: type[SystemSettings]
    place: Callable[[str, Any, Place], System]
    """Takes the system's name, its settings of that type, and its place."""


KINDS = {
    "active-standby": Kind(ActiveStandbySettings, ActiveStandby),
    "apex": Kind(ApexSettings, Apex),
    "cells": Kind(CellsSettings, Cells),
    "containers": Kind(ContainersSettings, Containers),
    "content": Kind(ContentSettings, UserContent),
    "data-platform": Kind(DataPlatformSettings, DataPlatform),
    "delivery": Kind(DeliverySettings, Delivery),
    "elastic-beanstalk": Kind(ElasticBeanstalkSettings, ElasticBeanstalk),
    "kubernetes": Kind(KubernetesSettings, Kubernetes),
    "replicated-disk": Kind(ReplicatedDiskSettings, ReplicatedDisk),
    "serverless-api": Kind(ServerlessApiSettings, ServerlessApi),
    "sharded-database": Kind(ShardedDatabaseSettings, ShardedDatabase),
    "three-tier": Kind(ThreeTierSettings, ThreeTier),
    "workers": Kind(WorkersSettings, Workers),
    "workflow": Kind(WorkflowSettings, OrderWorkflow),
    "zone-affinity": Kind(ZoneAffinitySettings, ZoneAffinity),
}
