"""The CLI's event log: what happened to each resource, what the policy pack found, what failed."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sandbox.engines.messages import missing_package, missing_provider, never_deployed, no_output
from sandbox.engines.model import HIDDEN, Event, Listener, Resource, Violation
from sandbox.protocol import SECRET, SIGNATURE

_DONE = {
    "create": "created",
    "create-replacement": "created",
    "replace": "replaced",
    "update": "updated",
    "delete": "deleted",
    "delete-replaced": "deleted",
    "read": "read",
    "same": "same",
}
_COLOR = re.compile(r"<\{%[^%]*%\}>|\x1b\[[0-9;]*m")
_CRASH = re.compile(r"^(?:[\w.]+\.)?(\w*(?:SettingsError|ValidationError|ValueError)): ", re.MULTILINE)
_UNHANDLED = "Program failed with an unhandled exception"


def clean(text: str) -> str:
    """Take the CLI's colours out of a text."""
    return _COLOR.sub("", text).strip()


def _plugin(found: re.Match[str], _project: str) -> str:
    version = re.search(r"at version v([\w.-]+)", found.string)
    return missing_provider(found[1], version[1] if version else "")


_MISTAKES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], str]], ...] = (
    (re.compile(r'unknown stack "([^"]*)"'), lambda found, project: never_deployed(found[1], project)),
    (re.compile(r"no resource plugin 'pulumi-resource-([\w-]+)' found"), _plugin),
    (
        re.compile(r"^ModuleNotFoundError: No module named '([^']*)'$", re.MULTILINE),
        lambda found, _: missing_package(found[1], sys.executable),
    ),
    (re.compile(r"stack_reference\.py[^\0]*\nKeyError: '([^']*)'$"), lambda found, _: no_output(found[1])),
    (
        re.compile(
            r"^Exception: invoke of \S+ failed: (?:invocation of \S+ returned an error: )?(.*)\Z",
            re.MULTILINE,
        ),
        lambda found, _: found[1],
    ),
)
"""What the CLI says at length, and what is said of it instead; a function gets the match and the project's name."""


def _mistake(message: str, project: str) -> str:
    """Keep the message alone where the traceback ends in an error that the program raises for a user's mistake."""
    for pattern, say in _MISTAKES:
        if found := pattern.search(message):
            return say(found, project)
    ends = list(_CRASH.finditer(message)) if message.startswith(_UNHANDLED) else []
    return message[ends[-1].end() :].strip() if ends else message


def reveal(value: Any) -> Any:
    """Replace secrets, which the CLI shows encrypted."""
    if isinstance(value, Mapping):
        hidden = value.get(SIGNATURE) == SECRET
        return HIDDEN if hidden else {key: reveal(found) for key, found in value.items()}
    return [reveal(found) for found in value] if isinstance(value, list) else value


def _has_secret(value: Any) -> bool:
    if isinstance(value, Mapping):
        return value.get(SIGNATURE) == SECRET or any(map(_has_secret, value.values()))
    return isinstance(value, list) and any(map(_has_secret, value))


def resource(state: Mapping[str, Any]) -> Resource:
    """One resource of the CLI's state or of its plan."""
    urn, outputs = state["urn"], state.get("outputs") or {}
    return Resource(
        urn=urn,
        type=state["type"],
        name=urn.rsplit("::", 1)[-1],
        parent=state.get("parent") or "",
        custom=bool(state.get("custom")),
        id=state.get("id") or "",
        protect=bool(state.get("protect")),
        inputs=reveal(state.get("inputs") or {}),
        outputs=reveal(outputs),
        secrets=frozenset(name for name, value in outputs.items() if _has_secret(value)),
        dependencies=state.get("dependencies") or (),
        property_dependencies=state.get("propertyDependencies") or {},
    )


def plan(printed: str) -> list[dict[str, Any]]:
    """The steps of a plan from what `pulumi preview --json` printed: unlike the event log they tell what depends on what."""
    start = printed.find("\n{") + 1 if not printed.startswith("{") else 0
    digest, _ = json.JSONDecoder().raw_decode(printed[start:])
    return list(digest.get("steps") or [])


def planned(steps: Iterable[Mapping[str, Any]], seen: Mapping[str, Resource]) -> dict[str, Resource]:
    """The resources of a plan, by URN; of those that stay the same only the event log, `seen`, has ids and outputs."""
    states = (step.get("newState") for step in steps if "delete" not in step["op"])
    found = {}
    for each in (resource(state) for state in states if state):
        known = seen.get(each.urn, each)
        outputs = each.outputs or known.outputs
        secrets = each.secrets if each.outputs else known.secrets
        found[each.urn] = replace(each, id=each.id or known.id, outputs=outputs, secrets=secrets)
    return found


class Log:
    """Collects the events of one plan, update or destruction."""

    def __init__(self, project: str, stack: str, listen: Listener) -> None:
        self.project, self.stack, self.listen = project, stack, listen
        self.errors: list[str] = []
        self.violations: dict[Violation, None] = {}
        self.planned: dict[str, Resource] = {}
        self.changes: dict[str, int] = {}
        self.steps: dict[str, str] = {}
        self.changed: list[str] = []
        self.drift: dict[str, list[str]] = {}

    def take(self, event: Mapping[str, Any]) -> None:
        """Take one line of the event log."""
        if "policyEvent" in event:
            self._policy(event["policyEvent"])
        elif "diagnosticEvent" in event:
            self._diagnostic(event["diagnosticEvent"])
        elif "resOutputsEvent" in event:
            self._done(event["resOutputsEvent"])
        elif "resourcePreEvent" in event:
            self._planned(event["resourcePreEvent"])
        elif "summaryEvent" in event:
            self._summary(event["summaryEvent"])

    def _policy(self, found: Mapping[str, Any]) -> None:
        level = {"remediate": "advisory"}.get(found["enforcementLevel"], found["enforcementLevel"])
        urn, message = found.get("resourceUrn", ""), clean(found["message"])
        self.violations[Violation(found["policyName"], urn, message, level)] = None

    def _diagnostic(self, found: Mapping[str, Any]) -> None:
        message = _mistake(clean(found["message"]), self.project)
        if found["severity"] == "error" and message:
            urn = found.get("urn", "")
            text = f"{urn.rsplit('::', 1)[-1]} ({urn}): {message}" if urn and urn not in message else message
            if text not in (*self.errors, "preview failed", "update failed", "destroy failed"):
                self.errors.append(text)
        elif found["severity"] == "warning":
            self.listen(Event(self.stack, "log", message=f"warning: {message}"))

    def _planned(self, found: Mapping[str, Any]) -> None:
        metadata = found["metadata"]
        new = metadata.get("new")
        self._step(metadata)
        if new and metadata["op"] not in ("delete", "delete-replaced"):
            self.planned[metadata["urn"]] = resource(new)
        if found.get("planning") and metadata["op"] != "same":
            self._tell("planned", metadata)

    def _step(self, metadata: Mapping[str, Any]) -> None:
        op = "replace" if "replace" in metadata["op"] else metadata["op"]
        internal = metadata["type"].startswith(("pulumi:providers:", "pulumi:pulumi:StackReference"))
        if op not in ("same", "read", "refresh") and not internal:
            self.steps[metadata["urn"]] = op

    def _done(self, found: Mapping[str, Any]) -> None:
        metadata = found["metadata"]
        new = metadata.get("new")
        if new:
            self.planned[metadata["urn"]] = resource(new)
        if found.get("planning"):
            return
        if (
            metadata.get("old")
            and metadata["type"].startswith("aws:")
            and metadata["op"] in ("update", "delete")
        ):
            self.drift[metadata["urn"]] = sorted(metadata.get("diffs") or ())
        if metadata["op"] not in ("same", "read"):
            self.changed.append(metadata["urn"])
        self._tell(_DONE.get(metadata["op"], metadata["op"]), metadata)

    def _tell(self, action: str, metadata: Mapping[str, Any]) -> None:
        if metadata["type"].startswith("aws:"):
            name = metadata["urn"].rsplit("::", 1)[-1]
            self.listen(Event(self.stack, action, metadata["type"], name))

    def _summary(self, found: Mapping[str, Any]) -> None:
        self.changes = dict(found.get("resourceChanges") or {})
