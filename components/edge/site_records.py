"""A region's records of a site that two regions serve, one at a time or both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi

from components.checks import need
from components.edge import checks
from components.edge.health_checks import Probe, calculated_check, endpoint_check
from components.edge.records import Alias, Failover, Latency, RoutedRecord, RoutedRecordArgs, Routing
from components.facts import Fact
from components.options import handed_down
from components.tags import Tags


def region_name(region: str, site: str) -> str:
    """Return the site's name in one region; its certificates and distributions must carry it."""
    return f"{region}.{site}"


def inner_name(region: str, site: str) -> str:
    """Return the name that leads to what answers for the site in one region, where that isn't what answers for the region's name."""
    return f"site.{region_name(region, site)}"


@dataclass(frozen=True, kw_only=True)
class Served:
    """What serves a site in a region, and what tells whether it does."""

    load_balancer: Alias
    health_check_id: pulumi.Input[str]
    """Calculated health check of the region, which asks `load_balancer` itself."""
    site: Alias | None = None
    """What answers under the site's own name. None: `load_balancer`, whatever name it is asked by. API Gateway knows each name by
    itself: the site's record then leads to `site.<region>.<site>`, a pair like the region's."""
    site_check_id: pulumi.Input[str] | None = None
    """Check that the region's record of the site follows instead: a Region switch plan's, in both regions, or a `DataPlaneSwitch`'s.
    The record then answers with the region's own name, which still leads to the sorry site while the region is unhealthy."""


@dataclass(frozen=True, kw_only=True)
class SiteRecordsArgs:
    """What one region declares of a site."""

    zone_id: pulumi.Input[str]
    """Public hosted zone of the site, the same in both regions."""
    site: str
    """Domain name of the site."""
    region: str
    """This region; names and set identifiers are made of it."""
    first: bool
    """Whether this region's record is PRIMARY; exactly one of the two regions says so, and goes on to when roles are swapped."""
    yields_to: str | None = None
    """The other region, where this one is `first` and that one serves: clients come here only while that one doesn't answer. None: this
    one serves, or a `site_check_id` decides."""
    yields_path: str = "/health"
    """Path that the other region is asked by, under its own name: it answers there, and the sorry site doesn't."""
    served: Served | None
    """What serves in this region. None: nothing does, and the site of last resort answers in its place."""
    sorry: Alias
    """CloudFront distribution of the last resort, whose aliases hold the site's and both regions' names."""
    tags: Tags
    nearest: bool = False
    """Send each client to the nearest healthy region instead, the same in both regions."""
    withdrawn: bool = False
    """Leave the site's own name to the other region."""
    sorry_path: str = "/"
    """Path that the sorry site is checked by."""
    probe: Probe = field(default_factory=Probe)
    """How the sorry site is asked."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that undoes resilience."""
        checks.domain("site", self.site)
        checks.path("sorry_path", self.sorry_path)
        checks.path("yields_path", self.yields_path)
        need(
            self.yields_to is None or (self.first and self.yields_to != self.region),
            "yields_to",
            repr(self.yields_to),
            "another region than the own one, and only where first",
        )
        need(bool(self.region), "region", "''", "the region that load_balancer is in")
        there = self.served is not None
        need(there or not self.first, "served", "None in the region that is first", "what serves there")
        need(there or not self.nearest, "served", "None with nearest", "what serves in each region")
        need(self.sorry.cloudfront, "sorry.cloudfront", "False", "the alias of a CloudFront distribution")
        self.probe.validate()


class SiteRecords(pulumi.ComponentResource):
    """How clients find a site: the first region, else the other one, else a static page.

    `<region>.<site>` answers with this region's load balancer, or with the sorry site when the region is
    unhealthy. `<site>` is one failover pair over both stacks: the first region's record is PRIMARY and
    answers with its load balancer; the other's is SECONDARY and answers with its own `<region>.<site>`, so
    the sorry site comes last. Were both of a pair unhealthy, Route 53 would answer PRIMARY, a dead region:
    therefore SECONDARY counts as healthy while its region *or* the sorry site is. A region that serves nothing
    has one record, SECONDARY, which answers with the sorry site. With `nearest` both regions' records of
    `<site>` answer, by latency, while their own region is healthy; when neither is, the sorry site does.

    When roles are swapped the pair stays as it is: Route 53 allows one PRIMARY and one SECONDARY for a name, and each belongs to the
    stack of its region. Where both follow a `site_check_id`, the checks say which one answers. Without, PRIMARY `yields_to` the other
    region once that one serves: its check is healthy while its own region is and the other one isn't. So one run of the first region's
    stack moves the site's clients, by one record's check, and health moves them still when either region is lost.

    Creates: three records, a check of the sorry site, a calculated check. Survives: loss of a region (about
    36 s to detect, 60 s of cached answers), of both (sorry page). Costs: two health checks and queries.
    Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html
    """

    region_fqdn: pulumi.Output[str] | None
    """The region's own name; None where nothing serves."""
    site_fqdn: pulumi.Output[str] | None
    """The site's own name; None while withdrawn."""
    recovery_facts: list[Fact]
    """Of the region's own pair, of the inner one where there is one, then of the site's record (none while withdrawn). The last resort's
    record follows no check."""
    last_resort_id: pulumi.Output[str] | None
    """Health check that is healthy while this region or the sorry site is; None where nothing serves, or where the site's record
    follows `site_check_id`: PRIMARY then answers with the region's name, and so with the sorry site, when both are unhealthy."""

    def __init__(self, name: str, args: SiteRecordsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:edge:SiteRecords", name, {}, handed_down(opts))
        self.region_fqdn = self.last_resort_id = None
        records: list[RoutedRecord] = []
        if args.served:
            records = self._own(name, args, args.served)
            self.region_fqdn = records[0].fqdn
            if args.served.site is not None:
                own = inner_name(args.region, args.site)
                records += self._pair(f"{name}-{args.region}-inner", args, own, args.served.site, args.served)
            if args.served.site_check_id is None:
                self.last_resort_id = self._last_resort(name, args, args.served)
        site = None if args.withdrawn else self._site(name, args, records)
        self.site_fqdn = site.fqdn if site else None
        self.recovery_facts = [record.recovery_fact for record in (*records, site) if record]
        self.register_outputs(
            {
                "region_fqdn": self.region_fqdn,
                "site_fqdn": self.site_fqdn,
                "last_resort_id": self.last_resort_id,
            }
        )

    def _own(self, name: str, args: SiteRecordsArgs, served: Served) -> list[RoutedRecord]:
        """The region's own name: its load balancer, else the sorry site."""
        fqdn = region_name(args.region, args.site)
        return self._pair(f"{name}-{args.region}", args, fqdn, served.load_balancer, served)

    def _pair(
        self, name: str, args: SiteRecordsArgs, fqdn: str, target: Alias, served: Served
    ) -> list[RoutedRecord]:
        """A name of the region: what serves there, else the sorry site."""
        return [
            self._record(
                name,
                args,
                fqdn,
                Failover("PRIMARY"),
                target,
                health=served.health_check_id,
            ),
            # A check of its own would gain nothing: were both unhealthy, Route 53 would answer the load balancer.
            self._record(
                f"{name}-sorry",
                args,
                fqdn,
                Failover("SECONDARY"),
                args.sorry,
                identifier=f"{args.region}-sorry",
            ),
        ]

    def _last_resort(self, name: str, args: SiteRecordsArgs, served: Served) -> pulumi.Output[str]:
        child = pulumi.ResourceOptions(parent=self)
        sorry = endpoint_check(
            f"{name}-sorry",
            endpoint=args.sorry.name,
            path=args.sorry_path,
            text=None,
            probe=args.probe,
            tags=args.tags,
            opts=child,
        )
        either = [served.health_check_id, sorry.id]
        return calculated_check(f"{name}-last-resort", either, 1, args.tags, child).id

    def _behind(self, name: str, args: SiteRecordsArgs, other: str, served: Served) -> pulumi.Output[str]:
        """The check of a region that is first and comes last: it is healthy, and the other one, by its own name, isn't."""
        child = pulumi.ResourceOptions(parent=self)
        lost = endpoint_check(
            f"{name}-{other}-lost",
            endpoint=region_name(other, args.site),
            path=args.yields_path,
            text=None,
            probe=args.probe,
            tags=args.tags,
            opts=child,
            inverted=True,
        )
        both = [served.health_check_id, lost.id]
        return calculated_check(f"{name}-behind", both, len(both), args.tags, child).id

    def _site(self, name: str, args: SiteRecordsArgs, own: Sequence[RoutedRecord]) -> RoutedRecord:
        """The site's own name, in this region."""
        routing: Routing = Failover("PRIMARY" if args.first else "SECONDARY")
        target = args.sorry
        health: pulumi.Input[str] | None = None
        if args.served:
            lead = inner_name if args.served.site else region_name
            own_name = target = Alias(name=lead(args.region, args.site), zone_id=args.zone_id)
            health = self.last_resort_id
            if args.nearest:
                routing, health = Latency(args.region), args.served.health_check_id
            elif args.first:
                target, health = args.served.site or args.served.load_balancer, args.served.health_check_id
                if args.yields_to is not None and args.served.site_check_id is None:
                    health = self._behind(name, args, args.yields_to, args.served)
            if args.served.site_check_id is not None:
                target, health = own_name, args.served.site_check_id
        # Route 53 refuses an alias to a record that doesn't exist yet.
        return self._record(f"{name}-site", args, args.site, routing, target, health=health, after=own[-2:-1])

    def _record(
        self,
        name: str,
        args: SiteRecordsArgs,
        fqdn: str,
        routing: Routing,
        target: Alias,
        *,
        health: pulumi.Input[str] | None = None,
        identifier: str | None = None,
        after: Sequence[pulumi.Resource] = (),
    ) -> RoutedRecord:
        record = RoutedRecordArgs(
            zone_id=args.zone_id,
            name=fqdn,
            set_identifier=identifier or args.region,
            routing=routing,
            target=target,
            health_check_id=health,
        )
        return RoutedRecord(name, record, pulumi.ResourceOptions(parent=self, depends_on=list(after)))
