"""What the components of mail that is sent are given. The settings' checks look at the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import pulumi

from architectures.content import names
from architectures.content.sections import Outgoing
from architectures.faults import PLACEHOLDER, Fault, fault, refusals
from architectures.parts.arguments import PLACEHOLDER_TAGS, queue_faults
from architectures.parts.code import PROGRAM, files, package
from architectures.stack import Stack
from components.compute import FunctionArgs, Source
from components.mail import MailDomainArgs
from components.permissions import Statement
from components.tags import Tags

CODE, SHARED = PROGRAM / "functions" / "mail", PROGRAM / "functions" / "serverless_api"
SHARED_FILES = ("__init__.py", "idempotency.py", "retry.py")
SECONDS = 30
"""Time for a batch."""
BATCH = 5
"""Mails of one, each of which may take 3 s and what the table takes."""
DOMAIN_KEYS = {"domain": "mail.domain", "region": "mail"}
FUNCTION_KEYS = {
    "source.visibility_seconds": "mail.queue.visibilitySeconds",
    "source.at_once": "mail.atOnce",
}
_LOCAL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._+-]{0,62}[A-Za-z0-9])?")


def rules(name: str, stack: Stack) -> str:
    """What the configuration set is called."""
    return stack.named(name, "mail")


def domain(
    given: Outgoing,
    name: str,
    stack: Stack,
    *,
    tags: Tags = PLACEHOLDER_TAGS,
    zone_id: pulumi.Input[str] = PLACEHOLDER,
    topic_arn: pulumi.Input[str] = PLACEHOLDER,
) -> MailDomainArgs:
    """The arguments of the domain's identity; without tags, zone and topic for their checks."""
    return MailDomainArgs(
        tags=tags,
        domain=given.domain,
        zone_id=zone_id,
        region=stack.region,
        name=rules(name, stack),
        policy=stack.founder,
        actions=[topic_arn],
    )


def function(
    given: Outgoing,
    *,
    tags: Tags = PLACEHOLDER_TAGS,
    key_arn: pulumi.Input[str] = PLACEHOLDER,
    topic_arn: pulumi.Input[str] = PLACEHOLDER,
    queue_arn: pulumi.Input[str] = PLACEHOLDER,
    receiving: Sequence[Statement] = (),
    variables: Mapping[str, pulumi.Input[str]] | None = None,
    statements: Sequence[Statement] = (),
) -> FunctionArgs:
    """The arguments of the function that sends; what isn't given is left out for their checks."""
    return FunctionArgs(
        tags=tags,
        code=files([*package(CODE), *(SHARED / each for each in SHARED_FILES)], PROGRAM),
        handler=f"functions.mail.{names.SEND}.handler",
        about="Sends mail that waits, each once, and writes down what becomes of it",
        key_arn=key_arn,
        actions=[topic_arn],
        timeout_seconds=SECONDS,
        variables=variables or {},
        statements=statements,
        source=Source(
            arn=queue_arn,
            statements=receiving,
            visibility_seconds=given.queue.visibility_seconds,
            batch=BATCH,
            at_once=given.at_once,
        ),
    )


def faults(given: Outgoing, name: str, stack: Stack) -> Iterator[Fault]:
    """What can't be of the setting `mail`."""
    if not given.domain.endswith(f".{stack.domain}"):
        allowed = (
            f"a domain below {stack.domain}: what receivers are told of it, they are told of all its mail"
        )
        yield fault("mail.domain", repr(given.domain), allowed)
    if not _LOCAL.fullmatch(given.sender):
        yield fault("mail.sender", repr(given.sender), "1 to 64 letters, digits and ._+-, such as no-reply")
    yield from refusals(domain(given, name, stack).check, DOMAIN_KEYS)
    yield from ((f"mail.{key}", said) for key, said in queue_faults(given.queue, stack))
    yield from refusals(function(given).check, FUNCTION_KEYS)


def hosts(given: Outgoing, stack: Stack) -> list[str]:
    """DNS names that it takes."""
    return [given.domain, f"bounce-{stack.region}.{given.domain}"]
