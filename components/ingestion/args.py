"""What ingestion needs, and the limits of AWS IoT Core and Firehose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.checks import at_least, between, need
from components.logs import check_retention
from components.tags import Tags

NAME_LENGTH = 64
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
"""https://docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html"""
BUFFER_SECONDS, BUFFER_MIB = (0, 900), (1, 128)
"""https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html"""
_ROOT = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, kw_only=True)
class IngestionArgs:
    """What a region needs to take what devices send."""

    tags: Tags
    identifier: str
    """1 to 64 letters, digits and `_.-`; one of the account and region: the stream's name, and with `_` for all else the rule's."""
    region: str
    root: str
    """The first part of the topics: up to 64 letters, digits, `_` and `-`. A device sends to `<root>/<its thing's name>/...` alone."""
    bucket_arn: pulumi.Input[str]
    """Of the bucket that keeps what was sent, known once objects may be written there."""
    key_arn: pulumi.Input[str]
    """Customer key of the region: of the bucket, of the stream, of the letters and the log."""
    actions: Sequence[pulumi.Input[str]]
    """Topics that alarms notify; at least one."""
    buffer_seconds: int = 60
    """How long records wait for others before they are written together, 0 to 900: what may be lost with the region."""
    buffer_mib: int = 5
    """How much of them at most waits, 1 to 128."""
    log_days: int = 90

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse."""
        at_least("actions", self.actions, 1, "records that are refused unheard are lost")
        named = bool(_NAME.fullmatch(self.identifier))
        need(named, "identifier", repr(self.identifier), f"1 to {NAME_LENGTH} letters, digits, _, . and -")
        rooted = bool(_ROOT.fullmatch(self.root))
        need(rooted, "root", repr(self.root), "1 to 64 letters, digits, _ and -: one part of a topic")
        between("buffer_seconds", self.buffer_seconds, *BUFFER_SECONDS, "s")
        between("buffer_mib", self.buffer_mib, *BUFFER_MIB, "MiB")
        check_retention("log_days", self.log_days)
