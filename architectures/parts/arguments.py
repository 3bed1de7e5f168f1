"""What the components of a site are given. The settings' checks look at the same arguments before anything is registered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pulumi

from architectures.faults import PLACEHOLDER, Fault, refusals
from architectures.parts import names
from architectures.parts.sections import Autoshift, Firewall, Machine, Queue
from architectures.stack import Stack
from components.compute import Image
from components.data import WorkQueueArgs
from components.edge import CertificateArgs, Scope, WebAclArgs
from components.switch import ZonalAutoshiftArgs
from components.tags import Tags

FIREWALL_KEYS = {"rate_limit": "firewall.rateLimit", "count_only": "firewall.countOnly"}
"""Argument of a web ACL that a setting decides -> key within the system."""
AUTOSHIFT_KEYS = {
    "blocked_windows": "autoshift.blockedWindows",
    "blocked_dates": "autoshift.blockedDates",
}
"""Argument of the component that a setting decides -> key within the system."""
QUEUE_KEYS = {
    "visibility_seconds": "queue.visibilitySeconds",
    "receives": "queue.receives",
    "retention_seconds": "queue.retentionSeconds",
    "age_seconds": "queue.ageSeconds",
}
"""Argument of a queue that a setting decides -> key within whose queue it is."""
PLACEHOLDER_TAGS = Tags(
    environment="", system="", owner="", cost_center="", dr_tier=3, rto_hours=1, rpo_minutes=1
)


def placeholder_tags(*, rto_hours: float) -> Tags:
    """Tags for a check that looks at the recovery time objective alone."""
    return replace(PLACEHOLDER_TAGS, rto_hours=rto_hours)


def image(machine: Machine) -> Image:
    """The image that instances run."""
    if machine.image_id is not None:
        return Image(ami_id=machine.image_id)
    return Image(parameter=machine.image_parameter, release=machine.image_release)


def certificate(
    site: str | None, name: str, stack: Stack, *, tags: Tags, zone_id: pulumi.Input[str]
) -> CertificateArgs:
    """The arguments of the load balancer's certificate: for the site, else for a name that only those inside know."""
    return CertificateArgs(
        domain=site or names.inside(name, stack.region, stack.domain),
        alternative_names=[f"*.{site}"] if site else [],
        # The content's certificate, of the founding stack, has the same names and so the same record.
        validated_elsewhere=[site] if site else [],
        zone_id=zone_id,
        tags=tags,
    )


def placeholder_certificate(site: str | None, name: str, stack: Stack) -> CertificateArgs:
    """The certificate's arguments for its checks."""
    return certificate(site, name, stack, tags=PLACEHOLDER_TAGS, zone_id=PLACEHOLDER)


def firewall(
    given: Firewall,
    scope: Scope,
    name: str,
    stack: Stack,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str] | None,
) -> WebAclArgs:
    """The arguments of a web ACL of the site."""
    return WebAclArgs(
        scope=scope,
        prefix=stack.named(name),
        tags=tags,
        key_arn=key_arn,
        rate_limit=given.rate_limit,
        count_only=given.count_only,
    )


def placeholder_firewall(given: Firewall, name: str, stack: Stack) -> WebAclArgs:
    """The same for its checks."""
    return firewall(given, Scope.REGIONAL, name, stack, tags=PLACEHOLDER_TAGS, key_arn=None)


def autoshift(
    given: Autoshift,
    *,
    load_balancer_arn: pulumi.Input[str],
    alarm_arns: Mapping[str, pulumi.Input[str]],
) -> ZonalAutoshiftArgs:
    """Zonal autoshift of the load balancer: a practice run fails, and ends, when the system shows a symptom.

    The alarms of zones block none: a shift takes a zone's targets out of service, and so may make that zone's ring.
    """
    return ZonalAutoshiftArgs(
        resource_arn=load_balancer_arn,
        outcome_alarm_arns=alarm_arns,
        blocked_windows=given.blocked_windows,
        blocked_dates=given.blocked_dates,
    )


def autoshift_faults(given: Autoshift) -> Iterator[Fault]:
    """What zonal autoshift would refuse of it."""
    shift = autoshift(given, load_balancer_arn=PLACEHOLDER, alarm_arns={"alarm": PLACEHOLDER})
    yield from refusals(shift.check, AUTOSHIFT_KEYS)


def queue(
    given: Queue,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    actions: Sequence[pulumi.Input[str]],
    protect: bool,
) -> WorkQueueArgs:
    """The arguments of a queue of work."""
    return WorkQueueArgs(
        tags=tags,
        key_arn=key_arn,
        actions=actions,
        visibility_seconds=given.visibility_seconds,
        receives=given.receives,
        retention_seconds=given.retention_seconds,
        age_seconds=given.age_seconds,
        protect=protect,
    )


def queue_faults(given: Queue, stack: Stack) -> Iterator[Fault]:
    """What can't be of it."""
    placeholder = queue(
        given,
        tags=PLACEHOLDER_TAGS,
        key_arn=PLACEHOLDER,
        actions=[PLACEHOLDER],
        protect=stack.protect,
    )
    yield from refusals(placeholder.check, QUEUE_KEYS)
