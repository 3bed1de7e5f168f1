"""Starts a policy pack and speaks the engine's side of the policy protocol to it."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.output import Unknown
from pulumi.runtime.proto import analyzer_pb2 as wire
from pulumi.runtime.proto import analyzer_pb2_grpc

from sandbox.protocol import UNKNOWN_TEXT

from .configuration import LEVELS, PolicyConfigError, reconcile

_START_SECONDS: Final = 30
_LAST_WORDS_SECONDS: Final = 3
_LARGEST_MESSAGE: Final = 400 * 1024 * 1024
_UNSPECIFIED: Final = "POLICY_SEVERITY_"


@dataclass(frozen=True, kw_only=True)
class ProviderInput:
    """The provider of a resource, its settings as the engine has them: strings, and JSON in strings."""

    type: str = "pulumi:providers:aws"
    urn: str = ""
    name: str = "default"
    props: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PolicyInput:
    """One resource to be judged. Unknown values in `props` are `pulumi.output.Unknown` or the engine's own text."""

    type: str
    urn: str
    name: str
    props: Mapping[str, Any] = field(default_factory=dict)
    protect: bool = False
    ignore_changes: Sequence[str] = ()
    parent: str = ""
    dependencies: Sequence[str] = ()
    property_dependencies: Mapping[str, Sequence[str]] = field(default_factory=dict)
    provider: ProviderInput | None = None


@dataclass(frozen=True, kw_only=True)
class Violation:
    """What a rule says against a resource."""

    rule: str
    urn: str
    message: str
    level: str
    """advisory or mandatory."""
    severity: str
    description: str
    remediation: str
    """What to do, from the rule's metadata."""


class PolicyHost:
    """A pack in a process of its own, for the time of a `with` block.

    Raises `PolicyConfigError` for a wrong configuration and `RuntimeError` when the pack does not start.
    """

    def __init__(
        self,
        pack_dir: Path,
        project: str,
        stack: str,
        config: Mapping[str, Any] | None = None,
        *,
        stack_config: Mapping[str, str] | None = None,
        dry_run: bool = True,
    ) -> None:
        """`config` is what a `--policy-pack-config` file holds, `stack_config` the stack's own configuration by full key."""
        self._pack = Path(pack_dir)
        self._project, self._stack, self._dry_run = project, stack, dry_run
        self._given, self._stack_config = dict(config or {}), dict(stack_config or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: grpc.Channel | None = None
        self._stub: Any = None
        self._info: Any = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the pack as the engine's language host does, and configure it."""
        environment = {
            **os.environ,
            "PULUMI_PROJECT": self._project,
            "PULUMI_STACK": self._stack,
            "PULUMI_ORGANIZATION": "organization",
            "PULUMI_DRY_RUN": "true" if self._dry_run else "false",
            "PULUMI_CONFIG": json.dumps(self._stack_config),
        }
        command = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:0", str(self._pack.resolve())]
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process; a full pipe would stop it
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter and a folder of the project
            command, cwd=self._pack, env=environment, stdout=subprocess.PIPE, stderr=self._errors
        )
        try:
            options = [
                ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
                ("grpc.max_send_message_length", _LARGEST_MESSAGE),
            ]
            self._channel = grpc.insecure_channel(f"127.0.0.1:{self._port()}", options=options)
            self._stub = analyzer_pb2_grpc.AnalyzerStub(self._channel)
            self.configure_stack(self._stack_config)
            self._info = self._stub.GetAnalyzerInfo(empty_pb2.Empty())
            self.configure(self._given)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the pack's process."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._process is not None:
            self._process.terminate()
            self._process.communicate()
            self._process = None
            self._errors.close()

    def _port(self) -> int:
        process = self._process
        if process is None or process.stdout is None:
            raise RuntimeError("the policy pack is not running")
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            ready = selector.select(_START_SECONDS)
        first = process.stdout.readline().strip() if ready else b""
        if not first.isdigit():
            _end(process)
            self._errors.seek(0)
            trouble = self._errors.read().decode(errors="replace").strip()
            raise RuntimeError(
                f"policy pack {self._pack} did not start: it said {first!r} for its port\n{trouble}"
            )
        return int(first)

    def configure(self, config: Mapping[str, Any]) -> None:
        """Configure the rules as the engine does: schema defaults, the pack's own, then what is given.

        `config` is what a `--policy-pack-config` file holds: by rule a level, or an object with `enforcementLevel` and settings;
        `all` for the level of every rule. Raises `PolicyConfigError` for what the pack refuses.
        """
        request = wire.ConfigureAnalyzerRequest()
        for name, (level, properties) in reconcile(self._info, config).items():
            request.policyConfig[name].enforcementLevel = LEVELS[level]
            request.policyConfig[name].properties.update(marshal(properties))
        _ask(self._stub.Configure, request)

    def configure_stack(self, config: Mapping[str, str]) -> None:
        """Tell the pack which stack it judges and how that is configured. Raises `PolicyConfigError` for what the pack refuses."""
        _ask(
            self._stub.ConfigureStack,
            wire.AnalyzerStackConfigureRequest(
                stack=self._stack,
                project=self._project,
                organization="organization",
                dry_run=self._dry_run,
                config=config,
            ),
        )

    def rules(self) -> list[dict[str, Any]]:
        """The metadata of each rule, with the protocol's own names."""
        return [json_format.MessageToDict(policy) for policy in self._info.policies]

    def analyze(self, resource: PolicyInput) -> list[Violation]:
        """What the resource rules say against one resource's inputs."""
        return self._violations(self._stub.Analyze(_fill(wire.AnalyzeRequest(), resource)), resource.urn)

    def analyze_stack(self, resources: Iterable[PolicyInput]) -> list[Violation]:
        """What the stack rules say against a stack's resources, inputs and outputs."""
        request = wire.AnalyzeStackRequest()
        for resource in resources:
            message = _fill(request.resources.add(), resource)
            message.parent = resource.parent
            message.dependencies.extend(resource.dependencies)
            for name, urns in resource.property_dependencies.items():
                message.propertyDependencies[name].urns.extend(urns)
        return self._violations(self._stub.AnalyzeStack(request), "")

    def remediate(self, resource: PolicyInput) -> dict[str, Any]:
        """The resource's properties after the remediations of rules at level `remediate`."""
        response = self._stub.Remediate(_fill(wire.AnalyzeRequest(), resource))
        done = [each.properties for each in response.remediations if each.HasField("properties")]
        found = json_format.MessageToDict(done[-1]) if done else dict(resource.props)
        return {str(name): value for name, value in found.items()}

    def _violations(self, response: Any, urn: str) -> list[Violation]:
        remedies = {policy.name: policy.remediation_steps for policy in self._info.policies}
        return [
            Violation(
                rule=each.policyName,
                urn=urn or each.urn,
                message=each.message,
                level=wire.EnforcementLevel.Name(each.enforcementLevel).lower(),
                severity=wire.PolicySeverity.Name(each.severity).removeprefix(_UNSPECIFIED).lower(),
                description=each.description,
                remediation=remedies.get(each.policyName, ""),
            )
            for each in response.diagnostics
        ]


def _ask(method: Callable[[Any], Any], request: Any) -> None:
    try:
        method(request)
    except grpc.RpcError as error:
        if error.code() is grpc.StatusCode.INVALID_ARGUMENT:
            raise PolicyConfigError(str(error.details())) from None
        raise


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let a process that is failing say why, then end it."""
    try:
        process.wait(timeout=_LAST_WORDS_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _fill(message: Any, resource: PolicyInput) -> Any:
    message.type, message.urn, message.name = resource.type, resource.urn, resource.name
    message.properties.update(marshal(resource.props))
    message.options.protect = resource.protect
    message.options.ignoreChanges.extend(resource.ignore_changes)
    message.options.parent = resource.parent
    if resource.provider is not None:
        provider = message.provider
        provider.type, provider.urn, provider.name = (
            resource.provider.type,
            resource.provider.urn,
            resource.provider.name,
        )
        provider.properties.update(marshal(resource.provider.props))
    return message


def marshal(value: Any) -> Any:
    """A property value as the protocol has it: unknown values as the engine's text, null values left out of maps."""
    if isinstance(value, Unknown):
        return UNKNOWN_TEXT
    if isinstance(value, Mapping):
        return {str(name): marshal(item) for name, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [marshal(item) for item in value]
    return value
