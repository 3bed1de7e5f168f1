"""Holdfast: one stack's systems, on the ground of its region."""

from __future__ import annotations

import pulumi

from architectures.foundation import Foundation
from architectures.peer import Peer
from architectures.registry import KINDS
from architectures.system import Place, System
from settings import GROUND, Settings, SettingsError

RECOVERY_SCHEMA = 1
"""Form of the output `recovery`, see docs/recovery.md."""


def placed(settings: Settings, ground: Foundation, peer: Peer | None) -> dict[str, System]:
    """Place each system."""
    return {
        name: KINDS[system.kind].place(
            name,
            system,
            Place(
                stack=settings.stack,
                ground=ground,
                tags=settings.tags(name),
                peer=peer.system(name) if peer else None,
            ),
        )
        for name, system in settings.systems.items()
    }


def main() -> None:
    """Declare the stack."""
    try:
        settings = Settings.load()
    except SettingsError as error:
        raise pulumi.RunError(str(error)) from None
    peer = Peer(settings.recovery.peer_stack) if settings.recovery.peer_stack else None
    ground = Foundation(GROUND, settings.foundation(peer.foundation if peer else None))
    systems = placed(settings, ground, peer)

    pulumi.export("foundation", ground.outputs)
    pulumi.export("systems", {name: system.outputs for name, system in systems.items()})
    pulumi.export(
        "recovery",
        {
            "schema": RECOVERY_SCHEMA,
            "stack": pulumi.get_stack(),
            "region": settings.region,
            "role": "active" if settings.stack.active else "standby",
            "members": [member for system in systems.values() for member in system.recovery],
        },
    )
    if peer:
        pulumi.export("recovery_peers", [peer.value("recovery")])


main()
