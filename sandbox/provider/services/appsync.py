"""AppSync: GraphQL APIs, their schema and their endpoints."""

from __future__ import annotations

from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read


def _uri(scheme: str, host: str) -> str:
    return f"join('', ['{scheme}://', id, '.appsync-{host}.', region, '.amazonaws.com/graphql'])"


def _definition(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """The schema as the bytes that AWS takes."""
    return {**params, "definition": str(ctx.inputs["schema"]).encode()}


API = simulated(
    "aws:appsync/graphQLApi:GraphQLApi",
    id="graphqlApi.apiId",
    read=Read("GetGraphqlApi", {"apiId": "id"}, path="graphqlApi"),
    update=(
        Call("UpdateGraphqlApi", {"apiId": "id"}, whole=True),
        Call("StartSchemaCreation", {"apiId": "id"}, take=("schema",), adjust=_definition),
    ),
    delete=(Call("DeleteGraphqlApi", {"apiId": "id"}),),
    outputs={
        "arn": "arn",
        "uris": f"{{GRAPHQL: {_uri('https', 'api')}, REALTIME: {_uri('wss', 'realtime-api')}}}",
    },
)

RESOURCES = (API,)
