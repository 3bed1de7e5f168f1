"""Applications of EMR Serverless: they keep nothing, and begin a run that was lost again, in a zone of theirs that is healthy.

What a job has written is a bucket's: of the results there is what the last run that succeeded wrote, as far as it has been replicated;
what is missing is made again from what was read.
https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/disaster-recovery-resiliency.html
"""

from __future__ import annotations

from dataclasses import replace

from policies.graph import Graph, Resource
from policies.graph.zones import zones
from policies.recovery.model import NOTHING, I, Option, R, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import failover, unsure_of

from .common import at_least, unit

KIND = "batch"
APPLICATION = "aws:emrserverless/application:Application"
_TWO = 2


def read(graph: Graph) -> list[Unit]:
    """One unit for each application."""
    return [_application(graph, r) for r in graph.of(APPLICATION)]


def _application(graph: Graph, r: Resource) -> Unit:
    """AWS's own network, where none is named, is in several zones."""
    path = "networkConfiguration.subnetIds"
    return unit(graph, KIND, r, {"zones": zones(graph, r, path) if r.gives(path) else None})


def options(u: Unit, world: Surroundings) -> list[Option]:
    """A run that was lost is tried again in another zone; in the other region what was due is begun from what was read."""
    apart = at_least(u.fact("zones", _TWO), _TWO)
    again = failover(
        world.figures["batch.again"], u, "a run that was lost is begun again", "subnets in two zones"
    )
    found = [Option(name="another worker", survives=survive(I), rpo=NOTHING, managed=True, manual=False)]
    if apart is not False:
        name = "runs that were lost are tried again in another zone"
        zone = Option(name=name, survives=survive(Z), rpo=NOTHING, terms=(again,), managed=True, manual=False)
        found.append(replace(zone, unsure=unsure_of(apart)))
    siblings = world.siblings(u)
    begun = failover(world.figures["batch.again"], u, "jobs are begun there, of what has come over")
    found += [
        Option(name=f"jobs are begun in {s.region}", survives=survive(R), rpo=NOTHING, terms=(begun,))
        for s in siblings
    ]
    if not siblings and not world.awaits(u) and world.reaches_beyond(u):
        made = failover(
            world.figures["restore.infra"], u, "deployed again", "an application there that stands"
        )
        name = "deployed again in the other region, where jobs are begun"
        found.append(Option(name=name, survives=survive(R), rpo=NOTHING, terms=(made, begun)))
    return found
