"""The runbook of a system: what to look at and what to call to move it to a region, with the real names filled in."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

import pulumi

from architectures.parts.aurora.restores import TEXTS
from architectures.parts.runbook import fill, mark

HERE = Path(__file__).parent
_OF_STORES = re.compile(r"@([A-Z]+)_STORES@")
_PART = re.compile(r"<!-- (\w+): (\w+) -->\n")


def _of_stores() -> dict[tuple[str, str], str]:
    """What is done about each store, by the store and the phase in which it is done."""
    _, *parts = _PART.split((HERE / "stores.md").read_text(encoding="utf-8"))
    return {
        (store, phase): words
        for store, phase, words in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    }


def text(kind: str, values: Mapping[str, str], stores: Collection[str] = ()) -> str:
    """The runbook of that kind, which is the value of `switch.by`, what `plan_kind` says, or a kind of `TEXTS`; in Markdown.

    `stores` move, the database among them. Raises KeyError for a name that the text has and `values` lack.
    """
    # Where both regions serve, taking one in again moves nothing that one region writes.
    home = ["home"] if kind == "region-switch-both" and {"aurora", "cache", "files"} & {*stores} else []
    parts = TEXTS.get(kind) or [HERE / f"{part}.md" for part in ("look", kind, *home, "end")]
    whole = "".join(part.read_text(encoding="utf-8") for part in parts)
    done = {key: words for key, words in _of_stores().items() if key[0] in stores}
    whole = _OF_STORES.sub(
        lambda found: "".join(words for (_, phase), words in done.items() if phase == found[1].lower()), whole
    )
    return fill(whole, values)


def runbook(
    kind: str, values: Mapping[str, pulumi.Input[str]], stores: Collection[str] = ()
) -> pulumi.Output[str]:
    """The same, of names that are known once AWS has made them."""
    return pulumi.Output.all(**values).apply(lambda known: text(kind, known, stores))


def moved(
    kind: str,
    own: Mapping[str, pulumi.Input[str]],
    stores: Mapping[str, Mapping[str, pulumi.Input[str]]],
    **more: pulumi.Input[str],
) -> pulumi.Output[str]:
    """The runbook of a region whose parts are `own`, by the names of a system's output `parts`; `stores` has those of each store.

    One of them is the database: `aurora`, whose writer moves, or `dsql`, which every region writes.
    """
    writer = "aurora" in stores
    named: dict[str, pulumi.Input[str]] = {
        "TO_WRITE": " make this region's database the writer," if writer else "",
        "FOLLOWS": ", and its database follows this region's" if writer else "",
        **{mark(name): value for name, value in own.items()},
    }
    for parts in stores.values():
        named |= parts
    return runbook(kind, {**named, **more}, list(stores))
