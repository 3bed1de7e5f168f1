"""What the components of videos that are converted are given. The settings' checks look at the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import pulumi

from architectures.content import arguments, names
from architectures.content.sections import Video
from architectures.faults import PLACEHOLDER, Fault, fault, refusals
from architectures.parts.arguments import PLACEHOLDER_TAGS, queue_faults
from architectures.stack import Stack
from components.compute import FunctionArgs, Source
from components.permissions import Statement
from components.tags import Tags
from components.video import ConverterArgs
from functions.content.jobs import BITS

BATCH, AT_ONCE = 5, 2
"""Originals for an invocation, and invocations at one time: MediaConvert lets an account begin few jobs a second.
https://docs.aws.amazon.com/general/latest/gr/mediaconvert.html"""
FUNCTION_KEYS = {"source.visibility_seconds": "video.queue.visibilitySeconds"}
_PREFIX = re.compile(r"[A-Za-z0-9_-]{1,32}/")


def converter(
    given: Video,
    name: str,
    stack: Stack,
    *,
    tags: Tags = PLACEHOLDER_TAGS,
    bucket_arn: pulumi.Input[str] = PLACEHOLDER,
    key_arn: pulumi.Input[str] = PLACEHOLDER,
) -> ConverterArgs:
    """The arguments of the queue of jobs and their role."""
    return ConverterArgs(
        tags=tags,
        name=stack.named(name, "video"),
        region=stack.region,
        bucket_arn=bucket_arn,
        key_arn=key_arn,
        reads=f"*/{given.uploads}*",
        writes=f"*/{given.results}*",
    )


def function(
    given: Video,
    *,
    tags: Tags = PLACEHOLDER_TAGS,
    key_arn: pulumi.Input[str] = PLACEHOLDER,
    topic_arn: pulumi.Input[str] = PLACEHOLDER,
    queue_arn: pulumi.Input[str] = PLACEHOLDER,
    receiving: Sequence[Statement] = (),
    variables: Mapping[str, pulumi.Input[str]] | None = None,
    statements: Sequence[Statement] = (),
) -> FunctionArgs:
    """The arguments of the function that begins jobs; what isn't given is left out for their checks."""
    source = Source(
        arn=queue_arn,
        statements=receiving,
        visibility_seconds=given.queue.visibility_seconds,
        batch=BATCH,
        at_once=AT_ONCE,
    )
    return arguments.function(
        names.CONVERT,
        tags=tags,
        key_arn=key_arn,
        topic_arn=topic_arn,
        variables=variables or {},
        statements=statements,
        source=source,
    )


def faults(given: Video, stack: Stack) -> Iterator[Fault]:
    """What can't be of the setting `video`."""
    for key, prefix in (("uploads", given.uploads), ("results", given.results)):
        if not _PREFIX.fullmatch(prefix):
            allowed = "1 to 32 letters, digits, - and _, and a slash, such as videos/"
            yield fault(f"video.{key}", repr(prefix), allowed)
    if given.uploads == given.results:
        allowed = f"another than uploads, {given.uploads!r}: what is made of an original would be one again"
        yield fault("video.results", repr(given.results), allowed)
    wrong = [each for each in given.widths if each not in BITS]
    if wrong or not given.widths or len(set(given.widths)) < len(given.widths):
        got = ", ".join(map(str, given.widths)) or "none"
        yield fault("video.widths", got, f"one or more of {', '.join(map(str, BITS))}, each once")
    yield from ((f"video.{key}", said) for key, said in queue_faults(given.queue, stack))
    yield from refusals(function(given).check, FUNCTION_KEYS)
