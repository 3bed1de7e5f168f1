"""A region's records of a site that two regions serve, one at a time."""

from __future__ import annotations

from dataclasses import dataclass, field

import pulumi

from components.checks import need
from components.edge import checks
from components.edge.health_checks import Probe, calculated_check, endpoint_check
from components.edge.records import Alias, Failover, RoutedRecord, RoutedRecordArgs
from components.facts import Fact
from components.options import handed_down
from components.tags import Tags


def region_name(region: str, site: str) -> str:
    """Return the site's name in one region; its certificates and distributions must carry it."""
    return f"{region}.{site}"


@dataclass(frozen=True, kw_only=True)
class SiteRecordsArgs:
    """What one region declares of a site."""

    zone_id: pulumi.Input[str]
    """Public hosted zone of the site, the same in both regions."""
    site: str
    """Domain name of the site."""
    region: str
    """This region; names and set identifiers are made of it."""
    active: bool
    """Whether this region serves the site; exactly one of the two regions says so."""
    load_balancer: Alias
    """This region's load balancer."""
    health_check_id: pulumi.Input[str]
    """Calculated health check of this region, which asks `load_balancer` itself."""
    sorry: Alias
    """CloudFront distribution of the last resort, whose aliases hold the site's and both regions' names."""
    tags: Tags
    withdrawn: bool = False
    """Leave the site's own name to the other region; needed for a moment when roles are swapped."""
    sorry_path: str = "/"
    """Path that the sorry site is checked by."""
    probe: Probe = field(default_factory=Probe)
    """How the sorry site is asked."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that undoes resilience."""
        checks.domain("site", self.site)
        checks.path("sorry_path", self.sorry_path)
        need(bool(self.region), "region", "''", "the region that load_balancer is in")
        need(self.sorry.cloudfront, "sorry.cloudfront", "False", "the alias of a CloudFront distribution")
        self.probe.validate()


class SiteRecords(pulumi.ComponentResource):
    """How clients find a site: the active region, else the other one, else a static page.

    `<region>.<site>` answers with this region's load balancer, or with the sorry site when the region is
    unhealthy. `<site>` is one failover pair over both stacks: the active region's record is PRIMARY and
    answers with its load balancer; the other's is SECONDARY and answers with its own `<region>.<site>`, so
    the sorry site comes last. Were both of a pair unhealthy, Route 53 would answer PRIMARY, a dead region:
    therefore SECONDARY counts as healthy while its region *or* the sorry site is.

    Route 53 allows one PRIMARY and one SECONDARY for a name, so two stacks can't swap roles in one step each.
    They do it in three, and the site answers throughout: `withdrawn` in the standby region removes its record
    of the site; `active=False` in the active one changes its record in place; `active=True`, no longer
    `withdrawn`, in the standby makes its record again, and moves the traffic. A failover needs none of it.

    Creates: three records, a check of the sorry site, a calculated check. Survives: loss of a region (about
    36 s to detect, 60 s of cached answers), of both (sorry page). Costs: two health checks and queries.
    Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html
    """

    region_fqdn: pulumi.Output[str]
    site_fqdn: pulumi.Output[str] | None
    """The site's own name; None while withdrawn."""
    recovery_facts: list[Fact]
    """Of the region's own pair, then of the site's record (none while withdrawn). The last resort's record follows no check."""
    last_resort_id: pulumi.Output[str]
    """Health check that is healthy while this region or the sorry site is."""

    def __init__(self, name: str, args: SiteRecordsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:edge:SiteRecords", name, {}, handed_down(opts))
        child = pulumi.ResourceOptions(parent=self)
        served = self._of_region(f"{name}-{args.region}", args, args.region, args.health_check_id)
        # A check of its own would gain nothing: were both unhealthy, Route 53 would answer the load balancer.
        spare = self._of_region(f"{name}-{args.region}-sorry", args, f"{args.region}-sorry", None)
        sorry = endpoint_check(
            f"{name}-sorry",
            endpoint=args.sorry.name,
            path=args.sorry_path,
            text=None,
            probe=args.probe,
            tags=args.tags,
            opts=child,
        )
        last_resort = calculated_check(
            f"{name}-last-resort", [args.health_check_id, sorry.id], 1, args.tags, child
        )
        self.region_fqdn, self.last_resort_id = served.fqdn, last_resort.id
        site = None if args.withdrawn else self._site(name, args, served)
        self.site_fqdn = site.fqdn if site else None
        self.recovery_facts = [record.recovery_fact for record in (served, spare, site) if record]
        self.register_outputs(
            {
                "region_fqdn": self.region_fqdn,
                "site_fqdn": self.site_fqdn,
                "last_resort_id": self.last_resort_id,
            }
        )

    def _site(self, name: str, args: SiteRecordsArgs, served: RoutedRecord) -> RoutedRecord:
        if args.active:
            role, target, health = Failover("PRIMARY"), args.load_balancer, args.health_check_id
        else:
            own = Alias(name=region_name(args.region, args.site), zone_id=args.zone_id)
            role, target, health = Failover("SECONDARY"), own, self.last_resort_id
        record = RoutedRecordArgs(
            zone_id=args.zone_id,
            name=args.site,
            set_identifier=args.region,
            routing=role,
            target=target,
            health_check_id=health,
        )
        # Route 53 refuses an alias to a record that doesn't exist yet.
        after = pulumi.ResourceOptions(parent=self, depends_on=[served])
        return RoutedRecord(f"{name}-site", record, after)

    def _of_region(
        self, name: str, args: SiteRecordsArgs, identifier: str, health: pulumi.Input[str] | None
    ) -> RoutedRecord:
        record = RoutedRecordArgs(
            zone_id=args.zone_id,
            name=region_name(args.region, args.site),
            set_identifier=identifier,
            routing=Failover("SECONDARY" if health is None else "PRIMARY"),
            target=args.sorry if health is None else args.load_balancer,
            health_check_id=health,
        )
        return RoutedRecord(name, record, pulumi.ResourceOptions(parent=self))
