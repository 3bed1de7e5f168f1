"""Search in one region: the domain where it stands, its snapshots, and the function that keeps them."""

from __future__ import annotations

from typing import Any

import pulumi

from architectures.data_platform import arguments, names
from architectures.data_platform.buckets import PairOfBuckets
from architectures.data_platform.settings import DataPlatformSettings
from architectures.system import Place
from components.facts import Fact
from components.search import SearchDomain, SnapshotKeeper


class SearchParts:
    """The parts of a region, as children of the system."""

    domain: SearchDomain | None
    """None where the strategy leaves the region without one."""
    keeper: SnapshotKeeper | None
    recovery: list[Fact]
    outputs: dict[str, Any]

    def __init__(
        self,
        name: str,
        settings: DataPlatformSettings,
        place: Place,
        *,
        parent: pulumi.Resource,
    ) -> None:
        self._name, self._given, self._place = name, settings.search, place
        self._child = pulumi.ResourceOptions(parent=parent)
        self.recovery, self.outputs, self.domain, self.keeper = [], {}, None, None
        pair = PairOfBuckets(
            names.snapshots(name), place, part="search", keeps="snapshots", opts=self._child, watched=False
        )
        self.recovery += pair.recovery
        self.outputs |= pair.outputs
        if settings.stands(place.stack):
            self._stand(settings, pair.bucket, pair.arn)

    def _stand(
        self, settings: DataPlatformSettings, bucket: pulumi.Output[str], arn: pulumi.Output[str]
    ) -> None:
        stack, ground, mode = self._place.stack, self._place.ground, settings.mode(self._place.stack)
        subnets = {zone: ground.network.private_subnet_ids[zone] for zone in stack.zones}
        on: dict[str, Any] = {
            "tags": self._place.tags,
            "vpc_id": ground.network.vpc_id,
            "key_arn": ground.key_arn,
            "topic_arn": ground.topic.arn,
        }
        args = arguments.domain(self._given, self._name, stack, mode, subnet_ids=subnets, **on)
        self.domain = SearchDomain(names.search(self._name), args, self._child)
        keeping = arguments.keeper(
            self._given,
            stack,
            mode,
            subnet_ids=list(subnets.values()),
            bucket=bucket,
            bucket_arn=arn,
            **on,
        )
        self.keeper = SnapshotKeeper(names.keeper(self._name), keeping, self.domain, self._child)
        self.recovery += [self.keeper.recovery_fact, self.domain.recovery_fact]
        self.outputs |= {
            "domain": self.domain.name,
            "endpoint": self.domain.endpoint,
            "keeper": self.keeper.function_name,
        }
