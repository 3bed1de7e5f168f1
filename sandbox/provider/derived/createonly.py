"""Which inputs replace a resource: CloudFormation's schemas know, for the types they have.

The schemas come with cfn-lint, which moto's server needs. https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

import functools
import importlib.util
import json
from pathlib import Path
from typing import Any

from sandbox.provider import shapes
from sandbox.provider.derived.operations import bare, of, verb


@functools.cache
def _index() -> dict[tuple[str, str], Path]:
    """Schema files by the letters of service and type name."""
    spec = importlib.util.find_spec("cfnlint")
    if spec is None or not spec.submodule_search_locations:
        return {}
    home = Path(spec.submodule_search_locations[0]) / "data" / "schemas"
    listed: dict[str, str] = json.loads((home / "providers" / "us-east-1.json").read_text())
    index = {}
    for name, digest in listed.items():
        _, service, kind, *more = (*name.split("::"), "")
        if not more[:-1]:
            index[service.lower(), shapes.key(kind)] = home / "resources" / f"{digest}.json"
    return index


def properties(token: str, service: str, operation: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """The keys of all properties of the type in CloudFormation, and of those that only creation takes; None without a twin."""
    module, name = of(token)
    nouns = {shapes.key(n) for n in (name, bare(module, name), verb(operation)[1])}
    rooms = {module.replace("_", ""), service.replace("-", ""), *SERVICES.get(service, "").split()}
    path = next((_index()[r, n] for r in sorted(rooms) for n in sorted(nouns) if (r, n) in _index()), None)
    return _read(path) if path is not None else None


SERVICES = {
    "acm": "certificatemanager",
    "application-autoscaling": "applicationautoscaling",
    "bedrock-agent": "bedrock",
    "bedrock-agentcore-control": "bedrockagentcore",
    "amp": "aps",
    "cognito-identity": "cognito",
    "cognito-idp": "cognito",
    "ds": "directoryservice",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancingv2",
    "es": "elasticsearch",
    "firehose": "kinesisfirehose",
    "kafka": "msk",
    "macie2": "macie",
    "mq": "amazonmq",
    "opensearch": "opensearchservice",
    "route53-recovery-control-config": "route53recoverycontrol",
    "s3control": "s3",
    "sso-admin": "sso",
    "stepfunctions": "stepfunctions",
}
"""botocore's service -> CloudFormation's, where the letters differ."""


@functools.cache
def _read(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    schema: dict[str, Any] = json.loads(path.read_text())
    fixed = (entry.split("/")[2] for entry in schema.get("createOnlyProperties", ()) if entry.count("/") == 2)  # noqa: PLR2004
    return frozenset(map(shapes.key, schema["properties"])), frozenset(map(shapes.key, fixed))
