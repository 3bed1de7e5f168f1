"""One record of a name: the only one, or one of several that answer by failover, latency, geolocation or weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import ArgumentError, between, one_of
from components.edge import checks
from components.facts import Fact, fact
from components.options import handed_down

CONTINENTS = ("AF", "AN", "AS", "EU", "NA", "OC", "SA")
MAX_TTL = 60
"""Seconds. AWS advises 60 or less for records that fail over; a client may keep an answer that long."""


@dataclass(frozen=True, kw_only=True)
class Alias:
    """A resource of AWS as answer: no TTL of its own (a load balancer's is 60 s), no charge for queries."""

    name: pulumi.Input[str]
    """DNS name of the resource, or a record of the same hosted zone."""
    zone_id: pulumi.Input[str]
    """Hosted zone of the resource, not of the record."""
    cloudfront: bool = False
    """A CloudFront distribution, whose health Route 53 can't evaluate."""
    evaluated: bool = True
    """False: the record's health check alone decides. For a load balancer whose target group is empty for some seconds on purpose, and
    that Route 53 would leave at once."""


@dataclass(frozen=True, kw_only=True)
class Values:
    """Plain answers, such as addresses of systems outside AWS."""

    records: Sequence[pulumi.Input[str]]
    ttl: int = MAX_TTL
    """Seconds, 1 to 60."""


@dataclass(frozen=True)
class Failover:
    """PRIMARY answers while it's healthy, SECONDARY when it isn't. A name has one of each."""

    role: str


@dataclass(frozen=True)
class Latency:
    """Of the healthy records, the one whose region is nearest to the client's resolver answers."""

    region: str


@dataclass(frozen=True, kw_only=True)
class Geolocation:
    """Answers clients of a place; `country="*"` answers all others. It enforces no residency."""

    continent: str | None = None
    """AF, AN, AS, EU, NA, OC or SA."""
    country: str | None = None
    """Two-letter code (ISO 3166-1), or `*` for the default."""
    subdivision: str | None = None
    """State of the US, or oblast of UA."""


@dataclass(frozen=True)
class Weighted:
    """Answers in proportion to its weight, 0 to 255. 0: only when all others are unhealthy."""

    weight: int


Routing = Failover | Latency | Geolocation | Weighted


@dataclass(frozen=True, kw_only=True)
class RoutedRecordArgs:
    """What a record needs."""

    zone_id: pulumi.Input[str]
    name: str
    """Full domain name."""
    target: Alias | Values
    set_identifier: str | None = None
    """Tells the records of one name apart, 1 to 128 characters; given exactly when `routing` is."""
    routing: Routing | None = None
    """None: the name's only record."""
    type: str = "A"
    """A or AAAA; with plain values also CNAME."""
    health_check_id: pulumi.Input[str] | None = None
    """Required for PRIMARY, and for plain values except SECONDARY: nothing else takes a dead answer away."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that undoes resilience."""
        checks.domain("name", self.name, wildcard=True)
        if (self.set_identifier is None) != (self.routing is None):
            given = "set_identifier" if self.routing is None else "routing"
            raise ArgumentError(given, "it alone", "both set_identifier and routing, or neither")
        if self.set_identifier is not None:
            between("set_identifier.length", len(self.set_identifier), 1, 128, "characters")
        plain = isinstance(self.target, Values)
        one_of("type", self.type, ("A", "AAAA", "CNAME") if plain else ("A", "AAAA"))
        if self.routing is not None:
            _validate_routing(self.routing)
        primary = self.routing == Failover("PRIMARY")
        spare = self.routing == Failover("SECONDARY")
        unwatched = isinstance(self.target, Alias) and not (self.target.evaluated or self.target.cloudfront)
        plain = plain or unwatched
        if self.health_check_id is None and (primary or (plain and self.routing is not None and not spare)):
            what = "PRIMARY" if primary else "an alias that is not evaluated" if unwatched else "plain values"
            raise ArgumentError("health_check_id", f"None for {what}", "the id of a health check")
        if isinstance(self.target, Values):
            between("target.ttl", self.target.ttl, 1, MAX_TTL, "s")
            most = 1 if self.type == "CNAME" else 400
            between("target.records.length", len(self.target.records), 1, most, f"for type {self.type}")


class RoutedRecord(pulumi.ComponentResource):
    """One record set, with a routing policy or alone.

    Creates: the record. An alias evaluates its target's health, except a CloudFront distribution's, which
    has none. Survives: loss of any region; answers change by health checks alone, on Route 53's data plane.
    Costs: queries.
    Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html
    """

    fqdn: pulumi.Output[str]
    recovery_fact: Fact
    """Without the check that the record follows, which is known where the check is made."""

    def __init__(self, name: str, args: RoutedRecordArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:edge:RoutedRecord", name, {}, handed_down(opts))
        policy, target = args.routing, args.target
        alias, values = (target, None) if isinstance(target, Alias) else (None, target)
        record = aws.route53.Record(
            f"{name}-record",
            zone_id=args.zone_id,
            name=args.name,
            type=args.type,
            set_identifier=args.set_identifier,
            aliases=[
                {
                    "name": alias.name,
                    "zone_id": alias.zone_id,
                    "evaluate_target_health": alias.evaluated and not alias.cloudfront,
                }
            ]
            if alias
            else None,
            records=list(values.records) if values else None,
            ttl=values.ttl if values else None,
            failover_routing_policies=[{"type": policy.role}] if isinstance(policy, Failover) else None,
            latency_routing_policies=[{"region": policy.region}] if isinstance(policy, Latency) else None,
            geolocation_routing_policies=[
                {"continent": policy.continent, "country": policy.country, "subdivision": policy.subdivision}
            ]
            if isinstance(policy, Geolocation)
            else None,
            weighted_routing_policies=[{"weight": policy.weight}] if isinstance(policy, Weighted) else None,
            health_check_id=args.health_check_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.fqdn = record.fqdn
        side = policy.role if isinstance(policy, Failover) else None
        self.recovery_fact = fact(
            "dns",
            f"{name}-record",
            group=args.name,
            routing=type(policy).__name__.lower() if policy else "simple",
            side=side,
            role="replica" if side == "SECONDARY" else "active",
            evaluates=alias is not None and alias.evaluated and not alias.cloudfront,
            ttl_s=values.ttl if values else None,
        )
        self.register_outputs({"fqdn": self.fqdn})


def _validate_routing(policy: Routing) -> None:
    if isinstance(policy, Failover):
        one_of("routing.role", policy.role, ("PRIMARY", "SECONDARY"))
    elif isinstance(policy, Weighted):
        between("routing.weight", policy.weight, 0, 255)
    elif isinstance(policy, Latency):
        if not policy.region:
            raise ArgumentError("routing.region", "''", "the region that the target is in")
    else:
        _validate_place(policy)


def _validate_place(place: Geolocation) -> None:
    if (place.continent is None) == (place.country is None):
        given = f"continent {place.continent!r} and country {place.country!r}"
        raise ArgumentError("routing", given, "exactly one of them")
    if place.continent is not None:
        one_of("routing.continent", place.continent, CONTINENTS)
    elif place.country != "*" and not (place.country and len(place.country) == 2 and place.country.isupper()):  # noqa: PLR2004
        raise ArgumentError("routing.country", repr(place.country), "two capital letters, or *")
    if place.subdivision is not None and place.country not in ("US", "UA"):
        allowed = "None but with country US or UA"
        raise ArgumentError("routing.subdivision", repr(place.subdivision), allowed)
