"""Images and start-up data: what runs is known, and carries no secret and no fixed address."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import re
from collections.abc import Iterator
from typing import Any, Final

from policies.graph import Resource, Unknown, strings

from .kernel.rule import Context, Finding, Scope, rule
from .tokens import FUNCTION

_REPOSITORY: Final = "aws:ecr/repository:Repository"
_REGISTRY: Final = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"
_STARTED: Final = {
    "aws:ec2/launchTemplate:LaunchTemplate": ("userData",),
    "aws:ec2/instance:Instance": ("userData", "userDataBase64"),
    "aws:ecs/taskDefinition:TaskDefinition": ("containerDefinitions",),
    FUNCTION: ("environment",),
}
"""By type, where it keeps what a server or a container starts with."""
_WORD: Final = r"\w*(?:password|passwd|secret_key|api_?key)\w*"
_SECRETS: Final = (
    ("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")),
    ("a password", re.compile(rf"(?im)^\s*(?:export\s+)?{_WORD}=[\"']?(?![$<{{\"'\s])[^\s\"']{{6,}}")),
    ("a password", re.compile(rf"(?i)\b{_WORD}[\"']?\s*[:=]\s*[\"'](?![$<{{])[^\s\"']{{6,}}[\"']")),
    ("a token", re.compile(r"\b(?:ghp_[A-Za-z0-9]{36}|xox[bp]-[A-Za-z0-9-]{20,})")),
)
"""What gives a secret away: assignments of a shell, and quoted values of other languages."""
_NAMED: Final = re.compile(r"(?i)(?:password|passwd|secret|token|api_?key)$")
_ADDRESS: Final = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d./])")


@rule("ecr-repository-immutable-scanned", _REPOSITORY, scope=Scope.GRAPH)
def ecr_repository_immutable_scanned(resource: Resource, context: Context) -> Iterator[Finding]:
    """Scanning may be the registry's: a RegistryScanningConfiguration counts for all of its repositories."""
    known = resource.known
    if not known.text("imageTagMutability", "MUTABLE").startswith("IMMUTABLE"):
        yield Finding("imageTagMutability is not IMMUTABLE.")
    if not context.graph.of(_REGISTRY) and not known.flag("imageScanningConfiguration.scanOnPush"):
        yield Finding("imageScanningConfiguration.scanOnPush is not true.")


def _texts(resource: Resource) -> Iterator[str]:
    """The texts that a server or a container starts with, decoded where they are in base64. Raises `NotKnownError`."""
    for name in _STARTED[resource.type]:
        if isinstance(resource.get(name), Unknown):
            resource.known.text(name)
        for text in strings(resource.get(name)):
            yield text
            try:
                yield base64.b64decode(text, validate=True).decode("utf-8")
            except (binascii.Error, ValueError):
                continue


def _environment(resource: Resource) -> Iterator[tuple[str, Any]]:
    """Names and values of a container's or a function's environment."""
    found = resource.get("environment.variables")
    yield from found.items() if isinstance(found, dict) else ()
    try:
        containers = json.loads(resource.known.text("containerDefinitions", "[]"))
    except (ValueError, RecursionError):
        return
    for container in containers if isinstance(containers, list) else ():
        pairs = container.get("environment") if isinstance(container, dict) else None
        for pair in pairs if isinstance(pairs, list) else ():
            if isinstance(pair, dict):
                yield str(pair.get("name")), pair.get("value")


@rule("aws-start-without-secrets", *_STARTED)
def aws_start_without_secrets(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Keys, private keys and passwords in user data; literal values of variables whose name says that they are secret."""
    for name, value in _environment(resource):
        if isinstance(value, str) and value and _NAMED.search(name) and not value.startswith("arn:"):
            yield Finding(f"variable {name} has a literal value.")
    found = {what for text in _texts(resource) for what, pattern in _SECRETS if pattern.search(text)}
    for what in sorted(found):
        yield Finding(f"it holds {what}.")


@rule("aws-start-without-addresses", *_STARTED)
def aws_start_without_addresses(resource: Resource, _context: Context) -> Iterator[Finding]:
    """IPv4 addresses, but for those that every machine has: loopback, link-local, unspecified."""
    found = {text for each in _texts(resource) for text in _ADDRESS.findall(each) if _is_fixed(text)}
    if found:
        yield Finding(f"it names {', '.join(sorted(found))}.")


def _is_fixed(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (
        address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast
    )
