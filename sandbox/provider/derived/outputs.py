"""What AWS would compute for a recorded resource: its id, its ARN, and what a property's name and type tell.

States and other words of an enum are not made up: such an output stays unset. So do facts that only a running thing has.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.provider import models, schema, shapes
from sandbox.provider.api import ACCOUNT
from sandbox.provider.derived.facts import FACTS
from sandbox.provider.derived.importform import form, name_of
from sandbox.provider.derived.likeness import alike, arn
from sandbox.provider.derived.operations import bare, of


@dataclass
class Made:
    """A resource as it is made: what is known of it so far."""

    token: str
    service: str
    operation: str
    region: str
    inputs: Mapping[str, Any]
    own: str = ""
    """The part of its id that AWS makes up, or its name."""
    made_up: bool = True
    outputs: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        name = name_of(self.token)
        given = {**self.inputs, **names_of_prefixes(self.token, self.inputs)}.get(name or "")
        self.made_up = "own" in form(self.token).parts or name is None
        unnamed = f"tf-{_stamp()}"  # what Pulumi's provider calls things whose name is not given
        self.own = (
            alike(form(self.token).example.split("/")[-1], self.region)
            if self.made_up
            else str(given or unnamed)
        )


def names_of_prefixes(token: str, inputs: Mapping[str, Any]) -> dict[str, str]:
    """Names that the provider makes from a prefix: the prefix, then 26 digits of time and count."""
    found = schema.schema(token).inputs
    given = [n for n in inputs if n.endswith("Prefix") and n.removesuffix("Prefix") in found and inputs[n]]
    bases = {
        n.removesuffix("Prefix"): inputs[n] for n in given if inputs.get(n.removesuffix("Prefix")) is None
    }
    return {name: f"{prefix}{_stamp()}" for name, prefix in bases.items()}


def _stamp() -> str:
    return f"{datetime.now(UTC):%Y%m%d%H%M%S%f}"[:18] + uuid.uuid4().hex[:8]


def compute(made: Made) -> tuple[str, dict[str, Any]]:
    """The id and the outputs that no input gives."""
    found = schema.schema(made.token)
    made.outputs = names_of_prefixes(made.token, made.inputs)
    name = name_of(made.token)
    if name is not None and not made.made_up and made.inputs.get(name) is None:
        made.outputs[name] = made.own
    made.outputs |= {
        name: _filled(made, value) for name, value in FACTS.outputs.get(":".join(of(made.token)), {}).items()
    }
    for name, type_ in found.outputs.items():
        if name in made.inputs or name in made.outputs or name in schema.APART:
            continue
        given = (
            name in found.inputs and name != "arn"
        )  # a stream's ARN may be an input, and is computed all the same
        value = schema.default(made.token, name) if given else _computed(made, name, type_)
        if value is not None:
            made.outputs[name] = value
    return identify(made), made.outputs


def _filled(made: Made, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _filled(made, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(made, inner) for inner in value]
    return str(value).format(own=made.own, region=made.region)


def identify(made: Made) -> str:
    """The id, in the form that the documentation of the type gives."""
    shape = form(made.token)
    fixed = {"own": made.own, "account": ACCOUNT, "region": made.region}
    known = {**made.outputs, **{k: v for k, v in made.inputs.items() if v is not None}}
    parts = []
    for part in shape.parts:
        value = fixed[part] if part in fixed and part not in known else known.get(part)
        if value is None and part == "arn":
            value = arn(made.token, made.service, made.operation, made.region, made.own)
        text = value if isinstance(value, str) else None if value is None else str(value).lower()
        parts.append(text or (ACCOUNT if "ccount" in part else made.own))
    return shape.separator.join(parts)


def is_fixed(token: str) -> bool:
    """Whether the id comes from inputs alone, so that two of the same inputs are the same thing."""
    inputs = schema.schema(token).inputs
    return all(part in inputs or part in ("account", "region") for part in form(token).parts)


def _computed(made: Made, name: str, type_: Any) -> Any:
    text, number = schema.is_text(type_), schema.is_number(type_)
    if not (text or number) or (text and _is_enum(made, name)):
        return None
    for pattern, rule in NUMBERS if number else TEXTS:
        if re.search(pattern, name):
            return rule(made, name)
    module, cls = of(made.token)
    nouns = {shapes.key(f"{n}{tail}") for n in (cls, bare(module, cls)) for tail in ("Id", "Identifier")}
    return made.own if text and made.made_up and shapes.key(name) in nouns else None


def _is_enum(made: Made, name: str) -> bool:
    """Whether AWS's answer says this property in words of an enum."""
    answer = models.members(models.response(made.service, made.operation))
    everything = {**{m: s for inner in answer.values() for m, s in models.members(inner).items()}, **answer}
    member = shapes.find(name, everything)
    return member is not None and bool(getattr(everything[member], "enum", None))


def _arn(made: Made, name: str) -> str | None:
    module, cls = of(made.token)
    mine = {shapes.key(f"{n}Arn") for n in ("", cls, bare(module, cls), cls[len(module) :])}
    if shapes.key(name) in mine:
        return arn(made.token, made.service, made.operation, made.region, made.own)
    return None


def _host(made: Made, _name: str) -> str:
    label = re.sub("[^a-z0-9-]+", "-", made.own.lower()).strip("-")[:63]
    return f"{label}.{models.model(made.service).metadata['endpointPrefix'].split('.')[-1]}.{made.region}.amazonaws.com"


def _now(_made: Made, _name: str) -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


Rule = Callable[[Made, str], Any]
TEXTS: tuple[tuple[str, Rule], ...] = (
    (r"^arn$|Arn$", _arn),
    (
        r"^(owner|account|awsAccount|ownerAccount|registry|creatorAccount)(Id)?$|^ownerId$",
        lambda _made, _name: ACCOUNT,
    ),
    (r"^(creat|lastUpdate|lastModified|update|modif)\w*(At|Date|Time|Timestamp)?$", _now),
    (r"^uniqueId$", lambda made, _name: made.own),
    (r"(^u|U)rl$|Uri$|^uri$", lambda made, name: f"https://{_host(made, name)}"),
    (r"([eE]ndpoint|[dD]nsName|[hH]ost[nN]ame|^address)$", _host),
    (r"^(latest|default)?[vV]ersion(Id|Number)?$|^revision$", lambda _made, _name: "1"),
    (r"([eE]tag|[fF]ingerprint|[lL]ockToken)$", lambda _made, _name: uuid.uuid4().hex),
)
"""What a text is by its name; the first that fits."""
NUMBERS: tuple[tuple[str, Rule], ...] = (
    (r"^(latest|default)?[vV]ersion(Number)?$|^(latest)?[rR]evision$", lambda _made, _name: 1),
)
"""What a number is by its name."""
