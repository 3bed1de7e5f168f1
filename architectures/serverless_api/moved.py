"""What of a serverless API with a database moves to the other region: the writer. Functions run wherever they are called."""

from __future__ import annotations

from architectures.parts.data_plane import Moving
from architectures.parts.switching import Planned
from architectures.parts.way_over import Moved
from architectures.peer import Outputs
from architectures.serverless_api.serving import Serving
from architectures.serverless_api.settings import ServerlessApiSettings
from architectures.stack import Stack


def moved(settings: ServerlessApiSettings, stack: Stack, serving: Serving) -> Moved:
    """Of this region, and, for a plan, of the other one too."""
    database = serving.database
    assert database is not None  # noqa: S101  without one nothing is switched, the settings make sure
    writer = database.made.moves
    assert writer is not None  # noqa: S101  the same where no data crosses

    def planned(peer: Outputs) -> Planned:
        theirs, here, there = peer.part("parts"), stack.region, stack.peer_region
        return Planned(
            groups={},
            database=writer.moves(stack, lambda _own: theirs.text("clusterArn")),
            health={here: serving.parts["alarmArn"], there: theirs.text("alarmArn")},
        )

    return Moved(
        moving=lambda: Moving(database=writer.moves(stack, stack.of_peer)),
        planned=planned,
        health_path=settings.health_path,
    )
