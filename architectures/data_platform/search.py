"""Search in one region: the domain where it stands, its snapshots, and the function that keeps them."""

from __future__ import annotations

from typing import Any

import pulumi

from architectures.data_platform import arguments, names
from architectures.data_platform.settings import DataPlatformSettings
from architectures.system import Place
from components.data import Bucket, BucketArgs, BucketReplica, promising_replication
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
        bucket, arn = self._bucket()
        if settings.stands(place.stack):
            self._stand(settings, bucket, arn)

    def _bucket(self) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
        """Of this region: the founder makes both, each of which gets what is written to the other."""
        stack, ground, theirs = self._place.stack, self._place.ground, self._place.peer
        if theirs is not None:
            found = theirs.part("search")
            return found.text("peerSnapshots"), found.text("peerSnapshotsArn")
        args = BucketArgs(
            kms_key_arn=ground.key_arn,
            replica=BucketReplica(
                region=stack.peer_region, kms_key_arn=ground.peer_key_arn, home_region=stack.region
            ),
            alarm_actions=[ground.topic.arn],
            protect=stack.protect,
            tags=promising_replication(self._place.tags),
        )
        made = Bucket(names.snapshots(self._name), args, self._child)
        assert made.replica_bucket is not None  # noqa: S101  asked for above
        assert made.replica_arn is not None  # noqa: S101
        self.recovery += made.recovery_facts
        self.outputs |= {
            "snapshots": made.bucket,
            "snapshotsArn": made.arn,
            "peerSnapshots": made.replica_bucket,
            "peerSnapshotsArn": made.replica_arn,
        }
        return made.bucket, made.arn

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
