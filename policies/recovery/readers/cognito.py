"""User pools of Cognito: in several zones by themselves, and in one region, with no copy or backup that the provider could ask for.

A function that migrates users makes them in a pool that doesn't know them, with new passwords: what it knows of them is a store of its own.
https://docs.aws.amazon.com/cognito/latest/developerguide/disaster-recovery-resiliency.html
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-import-using-lambda.html
"""

from __future__ import annotations

from dataclasses import replace

from policies.graph import Graph, Resource, Unknown
from policies.recovery.model import NOTHING, I, Option, R, Step, X, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import failover, term, unsure_of

from .common import unit

KIND = "cognito"
POOL, IDENTITIES = "aws:cognito/userPool:UserPool", "aws:cognito/identityPool:IdentityPool"
_PARTS = ("aws:cognito/userPoolClient:UserPoolClient", "aws:cognito/userPoolDomain:UserPoolDomain")
_MIGRATES = "lambdaConfig.userMigration"


def read(graph: Graph) -> list[Unit]:
    """One unit for each user pool, with its clients, its pages and the identity pools that take its tokens."""
    return [_pool(graph, r) for r in graph.of(POOL)]


def _pool(graph: Graph, r: Resource) -> Unit:
    parts = graph.users(r, "userPoolId", *_PARTS)
    takers = graph.users(r, "cognitoIdentityProviders", IDENTITIES)
    facts = {"migrates": _migrates(r)}
    return unit(graph, KIND, r, facts, owned=[each.urn for each in (*parts, *takers)])


def _migrates(r: Resource) -> bool | Unknown:
    """Whether a function is asked for users whom the pool doesn't know; its ARN needn't be known."""
    found = r.get(_MIGRATES)
    if isinstance(found, Unknown) and not found.path.endswith(_MIGRATES):
        return found
    return found is not None


def options(u: Unit, world: Surroundings) -> list[Option]:
    """Zones by itself; users who come over to the pool of another region, or come back to this one, with new passwords."""
    found = [
        Option(
            name="a pool in several zones", survives=survive(I, Z), rpo=NOTHING, managed=True, manual=False
        )
    ]
    migrates = u.fact("migrates", False)
    if migrates is False:
        return found
    # Nobody starts anything: the other pool stands, and takes whoever asks.
    pointed = term(
        Step.PROPAGATE,
        world.figures["propagate.new_endpoint"],
        u,
        "clients are pointed at the other region's pool",
        "clients that know both pools",
    )
    password = failover(world.figures["cognito.new_password"], u, "a user sets a new password by mail")
    siblings = world.siblings(u)
    over = Option(
        name="",
        survives=survive(I, Z, R),
        rpo=world.figures["dynamodb.global_lag"],
        terms=(password, pointed),
        manual=False,
        unsure=unsure_of(migrates),
    )
    found += [
        replace(over, name=f"users come over to the pool in {s.region}")
        for s in siblings
        if s.fact("migrates", False) is not False
    ]
    if not siblings and not world.awaits(u) and world.reaches_beyond(u):
        again = failover(world.figures["restore.infra"], u, "a pool is made", "a pool there that stands")
        name = "users come over to a pool that is made in the other region"
        found.append(replace(over, name=name, terms=(again, password, pointed), manual=True))
    back = Option(
        name="users come back with new passwords",
        survives=survive(X),
        rpo=NOTHING,
        terms=(password,),
        unsure=unsure_of(migrates),
    )
    return [*found, back]
