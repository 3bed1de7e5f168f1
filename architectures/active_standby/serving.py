"""What serves an active-standby system in one region: load balancer, test listener, the two instances, their watcher, alarms."""

from __future__ import annotations

from typing import Any

import pulumi

from architectures.active_standby import arguments, names
from architectures.active_standby.bootstrap import script
from architectures.active_standby.sections import Disk, DiskRestore
from architectures.active_standby.settings import ActiveStandbySettings
from architectures.parts.site import Site
from architectures.system import Place
from components.compute import MirrorArgs, Pair, PairArgs, PairWatcher
from components.data import DataVolumes, GlobalTable, GlobalTableArgs, SnapshotCopies
from components.edge import SideListener, TargetArgs
from components.facts import Fact
from components.network import SecurityGroupChain, SecurityGroupChainArgs, Tier
from components.operations import RegionHealth, RegionHealthArgs
from components.permissions import Statement
from components.switch import ServerGroup

SERVER = "server"
ORIGINAL = "original"
"""What the disks that no restore made are called in the outputs."""
KEY = "pair"
"""The lease's key."""


class Serving:
    """The parts of a region that serve, as children of the system."""

    ROOT_DEVICE = PairArgs.root_device
    """The image's."""

    def __init__(
        self,
        name: str,
        settings: ActiveStandbySettings,
        place: Place,
        site: Site,
        parent: pulumi.Resource,
    ) -> None:
        self._name, self._settings, self._place, self._site = name, settings, place, site
        self._stack, self._ground, self._tags = place.stack, place.ground, place.tags
        self._child = pulumi.ResourceOptions(parent=parent)
        self._target = arguments.target(settings.server, settings.watch)
        self._running = settings.running(place.stack)
        self.groups = self._groups()
        # The watcher alone registers there. No zonal shift: the zone that is shifted away may be the one that serves.
        self.load_balancer = site.balancer(self.groups.load_balancer_id, self._target, zonal_shift=False)
        self.side = self._side(site)
        self.disks = {
            restore.name if restore else ORIGINAL: self._disk(settings.disk, restore)
            for restore in settings.disks()
            if settings.disk
        }
        self.lease = self._lease()
        self.pair = self._pair()
        self.watcher = self._watcher()
        self.alarms = self._alarms()

    @property
    def _probe(self) -> TargetArgs:
        """How each of the two is watched: as what serves is."""
        return self._target

    @property
    def recovery(self) -> list[Fact]:
        """The units that serve, front to back. The lease is the watcher's own: without it a first one is written."""
        servers = self.watcher.recovery_fact(self.side.target_check)
        disks = [
            {
                **each,
                **({"rejoined": True} if made is self._attached else {}),
                "backups": [*self._ground.backups.recovery_backups, *each.get("backups", ())],
            }
            for made in self.disks.values()
            for each in made.recovery_facts
        ]
        used = [each["name"] for each in self._attached.recovery_facts] if self._attached else []
        return [
            {**self.load_balancer.recovery_fact, "needs": [servers["name"]]},
            {**servers, "needs": sorted(used)},
            *disks,
        ]

    @property
    def _attached(self) -> DataVolumes | None:
        """The disks that are used: those of the last restore."""
        return next(reversed(self.disks.values()), None)

    @property
    def outputs(self) -> dict[str, Any]:
        """What people and the other region's stack read of it."""
        return {
            "loadBalancer": self.load_balancer.dns_name,
            "testListener": pulumi.Output.concat("https://", self.load_balancer.dns_name, ":8443"),
            "parts": self.parts,
            **(
                {"disks": {name: dict(made.volume_ids) for name, made in self.disks.items()}}
                if self.disks
                else {}
            ),
        }

    @property
    def started(self) -> list[ServerGroup]:
        """What a takeover starts."""
        arns = self.pair.group_arns
        return [
            ServerGroup(label=zone, name=name, arn=arns[zone], servers=1)
            for zone, name in self.pair.group_names.items()
        ]

    @property
    def parts(self) -> dict[str, pulumi.Output[str]]:
        """What AWS calls the parts, for who looks at them or moves them."""
        first, second = self.pair.group_names.values()
        return {
            "firstGroup": first,
            "secondGroup": second,
            "serving": self.load_balancer.target_group_arn,
            "members": self.side.target_group_arn,
            "watcher": self.watcher.function_name,
            "lease": self.lease.table_name,
            "alarm": self.alarms.name,
            "alarmArn": self.alarms.arn,
        }

    def _groups(self) -> SecurityGroupChain:
        network = self._ground.network
        args = SecurityGroupChainArgs(
            vpc_id=network.vpc_id,
            tiers=[Tier(name=SERVER, port=self._settings.server.port)],
            ingress_cidrs=[self._site.clients],
            tags=self._tags,
        )
        return SecurityGroupChain(f"{self._name}-sg", args, self._child)

    def _side(self, site: Site) -> SideListener:
        network = self._ground.network
        args = arguments.side(
            self._probe,
            vpc_id=network.vpc_id,
            load_balancer_arn=self.load_balancer.arn,
            security_group_id=self.groups.load_balancer_id,
            certificate_arn=site.certificate.arn,
            networks=self._settings.test_from or [network.cidr],
            tags=self._tags,
        )
        return SideListener(names.side(self._name), args, self._child)

    def _disk(self, given: Disk, restore: DiskRestore | None) -> DataVolumes:
        called = names.disks(self._name, restore.name if restore else None)
        zone_names = self._ground.network.zone_names
        args = arguments.disk(
            given,
            restore,
            name=self._stack.named(called),
            zone_names={zone: zone_names[zone] for zone in self._settings.placed(self._stack)},
            key_arn=self._ground.key_arn,
            copies=SnapshotCopies(region=self._stack.peer_region, key_arn=self._ground.peer_key_arn),
            protect=self._stack.protect,
            tags=self._tags,
        )
        return DataVolumes(called, args, self._child)

    def _pair(self) -> Pair:
        network, server = self._ground.network, self._settings.server
        args = arguments.pair(
            server,
            self._running,
            tags=self._tags,
            subnet_ids={
                zone: network.private_subnet_ids[zone] for zone in self._settings.placed(self._stack)
            },
            security_group_ids=[self.groups.tier_ids[SERVER]],
            key_arn=self._ground.key_arn,
            user_data=self._script(),
            statements=self._statements(),
            members_arn=self.side.target_group_arn,
            root_device=self.ROOT_DEVICE,
        )
        return Pair(f"{self._name}-pair", args, self._child)

    def _script(self) -> pulumi.Input[str]:
        """Of an instance's first start."""
        server = self._settings.server
        return script(server.user_data, server.port, self._attached.volume_ids if self._attached else {})

    def _statements(self) -> list[Statement]:
        """What instances may do besides."""
        return [self._attached.attaching] if self._attached else []

    def _lease(self) -> GlobalTable:
        args = GlobalTableArgs(
            region=self._stack.region,
            kms_key_arn=self._ground.key_arn,
            attributes={KEY: "S"},
            hash_key=KEY,
            topic_arn=self._ground.topic.arn,
            deletion_protection=self._stack.protect,
            protect=self._stack.protect,
            tags=self._tags,
        )
        return GlobalTable(f"{self._name}-lease", args, self._child)

    def _watcher(self) -> PairWatcher:
        args = arguments.watcher(
            self._settings.watch,
            self._running,
            name=self._called,
            serving_arn=self.load_balancer.target_group_arn,
            members_arn=self.side.target_group_arn,
            group_names=list(self.pair.group_names.values()),
            table=(self.lease.table_name, self.lease.table_arn),
            topic_arn=self._ground.topic.arn,
            key_arn=self._ground.key_arn,
            tags=self._tags,
            mirror=self._mirror(),
        )
        return PairWatcher(f"{self._name}-watcher", args, self._child)

    @property
    def _called(self) -> str:
        """The pair's name in its lease, its metrics and its messages."""
        return self._stack.named(self._name)

    def _mirror(self) -> MirrorArgs | None:
        """The disk that both have: none, each has its own."""
        return None

    def _alarms(self) -> RegionHealth:
        lb = self.load_balancer
        args = RegionHealthArgs(
            prefix=self._stack.named(self._name),
            region=self._stack.region,
            load_balancer_arn_suffix=lb.arn_suffix,
            target_group_arn_suffix=lb.target_group_arn_suffix,
            actions=[self._ground.topic.arn],
            idle_group=None if self._running else next(iter(self.pair.group_names.values())),
            tags=self._tags,
        )
        return RegionHealth(f"{self._name}-health", args, self._child)
