"""What a provider is configured with, and what of it the sandbox plays."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.provider.api import ACCOUNT
from sandbox.provider.context import ProviderError
from sandbox.provider.core import Provider

_UNPLAYED: Mapping[str, str] = {
    "assumeRoles": "the sandbox has one account and decides no access",
    "assumeRoleWithWebIdentity": "the sandbox has one account and decides no access",
    "endpoints": "every call goes to the sandbox",
    "ignoreTags": "tags are kept as they are",
}
"""Settings that would change what happens on AWS and change nothing here."""


@dataclass(frozen=True)
class Settings:
    """One configuration of the aws provider."""

    region: str
    tags: Mapping[str, str]
    """Default tags."""
    unplayed: tuple[str, ...]
    """A sentence for each setting that the sandbox doesn't play."""


def settings(args: Mapping[str, Any], region: str | None) -> Settings:
    """Read a provider's settings as the engine hands them over; `region` is the one of the environment.

    Raises ProviderError when there is no region, or when the sandbox's account is not one of those allowed.
    """
    found = args.get("region") or region
    if not isinstance(found, str):
        raise ProviderError("aws:region is not set; the sandbox needs a region")
    allowed, forbidden = structure(args.get("allowedAccountIds")), structure(args.get("forbiddenAccountIds"))
    if (allowed and ACCOUNT not in map(str, allowed)) or ACCOUNT in map(str, forbidden or ()):
        raise ProviderError(f"AWS account ID not allowed: {ACCOUNT} (the sandbox's account)")
    tags = (structure(args.get("defaultTags")) or {}).get("tags") or {}
    unplayed = (
        f"{name} changes nothing here: {why}" for name, why in _UNPLAYED.items() if structure(args.get(name))
    )
    return Settings(found, {str(key): str(value) for key, value in tags.items()}, tuple(unplayed))


def configured(
    endpoint: str,
    args: Mapping[str, Any],
    region: str | None,
    say: Callable[[str], None],
    *,
    force_delete: bool = False,
) -> Provider:
    """The aws provider with the settings of `args`; `say` hears of each that changes nothing here."""
    found = settings(args, region)
    for sentence in found.unplayed:
        say(f"an aws provider's setting {sentence}")
    return Provider(endpoint, found.region, found.tags, force_delete=force_delete)


def structure(value: Any) -> Any:
    """A setting that the engine hands over as JSON text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
