"""Speaks the engine's policy protocol (`pulumirpc.Analyzer`) for a pack.

The SDK's own `PolicyPack` fixes one level per policy and ends a policy's run at the first unknown value. The protocol itself
carries a level with every violation, so the pack answers it directly: a rule is mandatory for the tiers that need it and
advisory for the others, under one name and one configuration; an unknown value silences a rule for one resource only; a wrong
configuration is refused before anything is judged; and a stack is decoded once for all rules.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from concurrent import futures
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2 as wire
from pulumi.runtime.proto import analyzer_pb2_grpc, plugin_pb2

from policies.graph.messages import plain_map, raw_map, resource_of

from .config import schema
from .judge import Judge, Judgement, Level, default_level
from .rule import Rule, Scope
from .schemas import ConfigError

VERSION: Final = "0.1.0"
_LARGEST_MESSAGE: Final = 400 * 1024 * 1024
"""Bytes; a whole stack comes in one message. The SDK's limit."""

_TO_WIRE: Final = {
    Level.ADVISORY: wire.ADVISORY,
    Level.MANDATORY: wire.MANDATORY,
    Level.DISABLED: wire.DISABLED,
    Level.REMEDIATE: wire.REMEDIATE,
}
_FROM_WIRE: Final = {number: level for level, number in _TO_WIRE.items()}


class PackServicer(analyzer_pb2_grpc.AnalyzerServicer):
    """The engine's questions, put to a judge."""

    def __init__(self, name: str, rules: Sequence[Rule]) -> None:
        self._name = name
        # A provider without a region takes it from the environment, which a pack on the same machine shares.
        self._judge = Judge(
            rules, home=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION", "")
        )

    def GetPluginInfo(self, _request: Any, _context: grpc.ServicerContext) -> Any:  # noqa: N802
        """The pack's version."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetAnalyzerInfo(self, _request: Any, _context: grpc.ServicerContext) -> Any:  # noqa: N802
        """The rules with their metadata, levels and configuration schemas."""
        info = wire.AnalyzerInfo(
            name=self._name,
            displayName="Holdfast",
            version=VERSION,
            supportsConfig=True,
            description="Resilience rules for AWS, enforced by recovery tier.",
            provider="aws",
        )
        info.policies.extend(policy_info(rule) for rule in self._judge.rules)
        return info

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Levels and settings, as the engine has put them together. A mistake ends the operation with its message."""
        given = {
            name: (_FROM_WIRE[found.enforcementLevel], plain_map(found.properties))
            for name, found in request.policyConfig.items()
        }
        try:
            self._judge.configure(given)
        except ConfigError as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"policy configuration: {error}")
        return empty_pb2.Empty()

    def ConfigureStack(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Which stack is judged, and its configuration: exemptions may stand in it. No rule depends on anything else of it."""
        try:
            self._judge.configure_stack(request.config)
        except ConfigError as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"stack configuration: {error}")
        return wire.AnalyzerStackConfigureResponse()

    def Analyze(self, request: Any, _context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Judge one resource."""
        return self._response(list(self._judge.resource(resource_of(request))))

    def AnalyzeStack(self, request: Any, _context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Judge a stack."""
        return self._response(list(self._judge.stack(map(resource_of, request.resources))))

    def Remediate(self, request: Any, _context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Put right what the rules at level `remediate` can. Unknown values and secrets go back as they came."""
        response = wire.RemediateResponse()
        for rule in self._judge.rules:
            if self._judge.levels[rule.name] is not Level.REMEDIATE or rule.remediate is None:
                continue
            if self._judge.exempts(rule, request.urn):
                continue
            changed = rule.remediate(request.type, raw_map(request.properties), self._judge.options(rule))
            if changed is None:
                continue
            request.properties.Clear()
            request.properties.update(changed)
            response.remediations.add(
                policyName=rule.name,
                policyPackName=self._name,
                policyPackVersion=VERSION,
                description=rule.why,
                properties=request.properties,
            )
        return response

    def _response(self, judgements: list[Judgement]) -> Any:
        response = wire.AnalyzeResponse()
        for found in judgements:
            response.diagnostics.add(
                policyName=found.rule.name,
                policyPackName=self._name,
                policyPackVersion=VERSION,
                description=found.rule.why,
                message=f"{found.rule.why}\n{found.message}",
                urn=found.urn,
                enforcementLevel=_TO_WIRE[found.level],
                severity=_severity(found.rule),
            )
        return response


def _severity(rule: Rule) -> Any:
    return wire.PolicySeverity.Value(f"POLICY_SEVERITY_{rule.severity.upper()}")


def policy_info(rule: Rule) -> Any:
    """A rule's metadata in the protocol's words."""
    info = wire.PolicyInfo(
        name=rule.name,
        displayName=rule.name,
        description=rule.why,
        enforcementLevel=_TO_WIRE[default_level(rule)],
        policy_type=wire.POLICY_TYPE_RESOURCE if rule.scope is Scope.RESOURCE else wire.POLICY_TYPE_STACK,
        severity=_severity(rule),
        remediation_steps=rule.remedy,
        url=rule.page,
    )
    info.configSchema.properties.update(schema(rule))
    info.framework.name = "AWS Well-Architected Framework"
    info.framework.reference = rule.pillar
    return info


def serve(name: str, rules: Sequence[Rule]) -> None:
    """Serve a pack on a free port of the loopback interface, print the port for the engine, and never return."""
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=4),
        options=[
            ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
            ("grpc.max_send_message_length", _LARGEST_MESSAGE),
        ],
    )
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(PackServicer(name, rules), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        server.stop(0)
