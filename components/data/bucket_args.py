"""What a bucket needs, and the checks on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.checks import need, one_of
from components.tags import Tags

STORAGE_CLASSES = {
    "STANDARD_IA": 30,
    "ONEZONE_IA": 30,
    "INTELLIGENT_TIERING": 0,
    "GLACIER_IR": 0,
    "GLACIER": 0,
    "DEEP_ARCHIVE": 0,
}
"""Storage classes of transitions, with the fewest days an object must be old.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
"""
ONE_ZONE = "ONEZONE_IA"


@dataclass(frozen=True, kw_only=True)
class Transition:
    """When objects move to a cheaper storage class."""

    days: int
    """Days after creation."""
    storage_class: str
    """STANDARD_IA (from 30 days), INTELLIGENT_TIERING, GLACIER_IR, GLACIER or DEEP_ARCHIVE."""


@dataclass(frozen=True, kw_only=True)
class BucketReplica:
    """Where a bucket's objects are copied to."""

    region: str
    """Region of the copy, another than the bucket's."""
    kms_key_arn: pulumi.Input[str] | None = None
    """Key of that region; None when the bucket itself uses SSE-S3."""
    home_region: str | None = None
    """Region of the bucket itself: what is written to the copy, and what changes there, is copied back. None: one way only.
    Either bucket can then be written to, whichever region serves; two writes of one object within the lag both stay as versions,
    and the later one is current in both."""
    alarm_actions: Sequence[pulumi.Input[str]] = ()
    """Topics of that region that are told when the copy falls behind; none: no alarms there."""


@dataclass(frozen=True, kw_only=True)
class BucketArgs:
    """What a bucket needs."""

    tags: Tags
    kms_key_arn: pulumi.Input[str] | None = None
    """Customer key (SSE-KMS with a bucket key). None: SSE-S3, the only one that load balancer logs can be
    written with."""
    replica: BucketReplica | None = None
    """Copy every object to a bucket in another region, within 15 minutes by agreement (replication time
    control)."""
    own_policy: bool = True
    """The component writes the bucket's policy (TLS only). False: somebody else does, with
    `tls_only_statements`."""
    log_writers: Sequence[str] = ()
    """Service principals that may write, for this account's resources, e.g.
    "logdelivery.elasticloadbalancing.amazonaws.com"."""
    logs: bool = False
    """It keeps logs or reports, for which no recovery waits; whoever writes them has a role of its own. One with `log_writers` does."""
    noncurrent_days: int = 90
    """Days that overwritten and deleted objects can be brought back; 1 or more."""
    abort_multipart_days: int = 7
    """Days after which uploads never finished are removed; 1 or more."""
    expiration_days: int | None = None
    """Days after which objects expire, e.g. logs. None: never."""
    transitions: Sequence[Transition] = ()
    alarm_actions: Sequence[pulumi.Input[str]] = ()
    """Topics of this region that are told of copies that failed and, with `replica.home_region`, of those that come late from
    there; none: no alarms here. Only with a replica."""
    protect: bool = True
    """Pulumi refuses to delete or replace the bucket. AWS deletes no bucket that has objects."""

    @property
    def of_logs(self) -> bool:
        """Whether it keeps logs: with weaker objectives and no backup."""
        return self.logs or bool(self.log_writers)

    def check(self) -> None:
        """Raise ArgumentError on an argument that AWS would refuse or that undoes resilience."""
        for argument in ("noncurrent_days", "abort_multipart_days", "expiration_days"):
            days = getattr(self, argument)
            need(days is None or days >= 1, argument, days, "1 day or more")
        granted = self.own_policy or not self.log_writers
        need(granted, "log_writers", repr(list(self.log_writers)), "none with own_policy False")
        if self.replica is not None:
            alike = (self.replica.kms_key_arn is None) == (self.kms_key_arn is None)
            need(alike, "replica.kms_key_arn", "one of the two", "a key exactly when kms_key_arn is given")
            away = self.replica.region != self.replica.home_region
            need(away, "replica.home_region", repr(self.replica.region), "another than replica.region")
        lonely = self.replica is None and bool(self.alarm_actions)
        need(not lonely, "alarm_actions", "some", "none without a replica")
        self._check_transitions()

    def _check_transitions(self) -> None:
        before = -1
        for transition in self.transitions:
            one_of("transitions.storage_class", transition.storage_class, STORAGE_CLASSES)
            kept = transition.storage_class != ONE_ZONE
            need(
                kept, "transitions.storage_class", ONE_ZONE, "STANDARD_IA: a lost zone would take the objects"
            )
            least = max(STORAGE_CLASSES[transition.storage_class], before + 1)
            allowed = f"{least} or more for {transition.storage_class}"
            need(transition.days >= least, "transitions.days", transition.days, allowed)
            before = transition.days
        if self.expiration_days is not None:
            allowed = f"more than the last transition's {before} days"
            need(self.expiration_days > before, "expiration_days", self.expiration_days, allowed)
