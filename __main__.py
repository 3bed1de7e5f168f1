"""Holdfast: one stack's systems, on the ground of its region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from architectures.foundation import Foundation
from architectures.peer import AGREEMENT, Peer, earlier
from architectures.registry import KINDS
from architectures.system import Place, System
from architectures.telling import SettingsError, lines
from settings import GROUND, Settings

RECOVERY_SCHEMA = 1
"""Form of the output `recovery`, see docs/recovery.md."""


async def joined(settings: Settings) -> Peer | None:
    """The stack that founded the systems, when it isn't this one. Ends the program where the two say different things."""
    if settings.recovery.peer_stack is None:
        return None
    peer = Peer(settings.recovery.peer_stack)
    if faults := list(settings.agreement().faults(await peer.agreement(), peer.stack)):
        raise pulumi.RunError(lines(faults))
    return peer


async def before(settings: Settings) -> Mapping[str, Mapping[str, Any]]:
    """What this stack put out of each system when it was last deployed; asked only where a system's settings look back."""
    if not any(system.looks_back(settings.stack) for system in settings.placed.values()):
        return {}
    found: Mapping[str, Mapping[str, Any]] = (await earlier()).get("systems", {})
    return found


def placed(
    settings: Settings, ground: Foundation, peer: Peer | None, known: Mapping[str, Mapping[str, Any]]
) -> dict[str, System]:
    """Place each system; `known` is what this stack put out of them before."""
    systems: dict[str, System] = {}
    for name, system in settings.placed.items():
        place = Place(
            stack=settings.stack,
            ground=ground,
            tags=settings.tags(name),
            peer=peer.system(name) if peer else None,
            earlier=known.get(name, {}),
            others=dict(systems),
        )
        systems[name] = KINDS[system.kind].place(name, system, place)
    return systems


def first_step(settings: Settings, ground: Foundation) -> pulumi.Output[str]:
    """What is to be done before the systems can be placed."""
    servers = pulumi.Output.from_input(ground.outputs["nameServers"]).apply(", ".join)
    return pulumi.Output.format(
        "At the registrar of {0} name the servers {1}; then set holdfast:dns.delegated to true and run `pulumi up` again.",
        settings.dns.domain,
        servers,
    )


async def main() -> pulumi.Inputs:
    """Declare the stack; what it returns is put out."""
    try:
        settings = Settings.load()
    except SettingsError as error:
        raise pulumi.RunError(str(error)) from None
    peer = await joined(settings)
    known = await before(settings)
    ground = Foundation(GROUND, settings.foundation(peer.foundation if peer else None))
    systems, agreement = placed(settings, ground, peer, known), settings.agreement()
    return {
        "foundation": {**ground.outputs, AGREEMENT: agreement.stack},
        "systems": {
            name: {**system.outputs, AGREEMENT: agreement.systems[name]} for name, system in systems.items()
        },
        "recovery": {
            "schema": RECOVERY_SCHEMA,
            "stack": pulumi.get_stack(),
            "region": settings.region,
            "role": "active" if settings.stack.active else "standby",
            "members": [member for system in systems.values() for member in system.recovery],
        },
        **({} if settings.dns.delegated else {"next": first_step(settings, ground)}),
        **({"recovery_peers": [peer.value("recovery")]} if peer else {}),
    }


pulumi.run(main)
