"""Asks a provider of components for one, and records what it registers: with a monitor that answers like an AWS of few words.

`python -m tests.sandbox.awsx.recording PORT` asks the provider on PORT, which may be awsx's own, for every case of `golden.json` and
writes the file anew.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Mapping
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, resource_pb2, resource_pb2_grpc

GOLDEN = Path(__file__).with_name("golden.json")
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_DEPTH = 4
"""How deep the golden file is indented."""
STACK = "urn:pulumi:dev::small::pulumi:pulumi:Stack::small-dev"
TARGET = "urn:pulumi:dev::small::aws:lb/targetGroup:TargetGroup::t"
FEATURES = ("SECRETS", "RESOURCE_REFERENCES", "OUTPUT_VALUES", "ALIAS_SPECS", "DELETED_WITH")
REGION = {"region": "us-east-1", "name": "us-east-1", "id": "us-east-1", "description": "", "endpoint": ""}
ACCOUNT = {"accountId": "123456789012", "arn": "arn:aws:iam::123456789012:root", "id": "1", "userId": "u"}


def struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    made = struct_pb2.Struct()
    made.update(values)
    return made


def plain(given: struct_pb2.Struct) -> Any:
    """A struct as Python has it; an object given for a policy is the text that the aws provider makes of it."""
    found = json_format.MessageToDict(given)
    if isinstance(found.get("policy"), dict):
        found["policy"] = json.dumps(_whole(found["policy"]), sort_keys=True, separators=(",", ":"))
    return found


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return int(value) if isinstance(value, float) else value


class Recorder(resource_pb2_grpc.ResourceMonitorServicer):
    """Knows one target group; `preview` leaves ARNs unknown."""

    def __init__(self, *, preview: bool) -> None:
        self.preview = preview
        self.registered: list[dict[str, Any]] = []
        self.outputs: dict[str, Any] = {}
        self.known = {TARGET: ("" if preview else "t-id", {"arn": self.unless("arn:t"), "port": 8080})}

    def unless(self, value: str) -> str:
        return UNKNOWN if self.preview else value

    def GetDeploymentInfo(self, request, context):
        found = [getattr(resource_pb2, f"RESOURCE_MONITOR_FEATURE_{name}") for name in FEATURES]
        return resource_pb2.DeploymentInfo(supportedFeatures=found)

    def SupportsFeature(self, request, context):
        old = ("secrets", "resourceReferences", "outputValues", "aliasSpecs", "deletedWith")
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in old)

    def RegisterResource(self, request, context):
        above = request.parent.split("::")[2]
        chain = "" if above == "pulumi:pulumi:Stack" else f"{above}$"
        urn = f"urn:pulumi:dev::small::{chain}{request.type}::{request.name}"
        inputs = plain(request.object)
        self.registered.append(
            {
                "urn": urn.removeprefix("urn:pulumi:dev::small::"),
                "parent": request.parent.removeprefix("urn:pulumi:dev::small::"),
                "custom": request.custom,
                "protect": bool(request.protect),
                "inputs": inputs,
                "dependencies": sorted(_short(each) for each in request.dependencies),
                "from": {
                    name: sorted(map(_short, found.urns))
                    for name, found in sorted(request.propertyDependencies.items())
                    if found.urns
                },
                "formerly": sorted(alias.spec.type for alias in request.aliases),
            }
        )
        state = dict(inputs)
        if request.custom:
            state["arn"] = self.unless(f"arn:aws:{request.type}:{request.name}")
            state["name"] = inputs.get("name", f"{request.name}-1234567")
            if request.type.endswith(":Repository"):
                state["repositoryUrl"] = self.unless(f"registry/{request.name}")
        id_ = f"{request.name}-id" if request.custom and not self.preview else ""
        self.known[urn] = (id_, state)
        return resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=struct(state))

    def RegisterResourceOutputs(self, request, context):
        self.outputs[_short(request.urn)] = sorted(plain(request.outputs))
        return empty_pb2.Empty()

    def Invoke(self, request, context):
        if request.tok == "pulumi:pulumi:getResource":
            urn = json_format.MessageToDict(request.args)["urn"]
            id_, state = self.known[urn]
            answer = {"urn": urn, "id": id_, "state": state}
        else:
            answer = REGION if request.tok.endswith("getRegion") else ACCOUNT
        return resource_pb2.ResourceInvokeResponse(**{"return": struct(answer)})


def _short(urn: str) -> str:
    return urn.removeprefix("urn:pulumi:dev::small::")


@contextlib.contextmanager
def _served(monitor: Recorder) -> Iterator[str]:
    server = grpc.server(futures.ThreadPoolExecutor(16))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(monitor, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(1).wait()


def construct(
    port: int, token: str, name: str, inputs: Mapping[str, Any], *, preview: bool = False
) -> dict[str, Any]:
    """What the provider on `port` registers for a component. Raises grpc.RpcError when it refuses."""
    monitor = Recorder(preview=preview)
    with _served(monitor) as address, grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        request = provider_pb2.ConstructRequest(
            project="small",
            stack="dev",
            organization="organization",
            dryRun=preview,
            monitorEndpoint=address,
            type=token,
            name=name,
            parent=STACK,
            protect=True,
            inputs=struct(inputs),
            accepts_output_values=True,
        )
        answer = provider_pb2_grpc.ResourceProviderStub(channel).Construct(request, timeout=60)
    return {
        "registered": sorted(monitor.registered, key=lambda found: found["urn"]),
        "outputs": monitor.outputs,
        "state": sorted(plain(answer.state)),
        "urn": _short(answer.urn),
    }


def main(port: int) -> None:
    cases = json.loads(GOLDEN.read_text())
    for case in cases.values():
        for when, preview in (("up", False), ("preview", True)):
            case[when] = construct(port, case["token"], case["name"], case["inputs"], preview=preview)
            if preview and case["preview"] == case["up"]:
                del case["preview"]
    GOLDEN.write_text(written(cases))


def written(cases: Mapping[str, Any]) -> str:
    """The cases as JSON, a line for each registration."""
    text = json.dumps(cases, indent=1, ensure_ascii=False, sort_keys=True)
    lines: list[str] = []
    for line in text.split("\n"):  # not at the line separators that a text may hold
        depth = len(line) - len(line.lstrip())
        if depth > _DEPTH:
            lines[-1] += (" " if lines[-1].endswith(",") else "") + line.strip()
        elif depth == _DEPTH and line.strip()[0] in "]}" and lines[-1].lstrip()[0] in '{"':
            lines[-1] += line.strip()
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(int(sys.argv[1]))
