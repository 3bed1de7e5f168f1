"""A recovery along its critical path: each bar begins where the one before it ends."""

from __future__ import annotations

import math
from dataclasses import dataclass

from policies.recovery.model import SHARED, Step, Term
from policies.recovery.rollup import TierResult

from .html import Html, el, join, percent
from .legend import class_of, grade, step
from .said import figure, promise

_FAR = 4
"""An objective more than so many times the whole recovery is told in words: the bars would vanish beside it."""
_TICKS = 4
"""At most so many marks on the scale."""
_LABELLED = 0.85
"""The share of the scale within which a mark's label still fits."""
_ROUND = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
"""Distances of marks that people count in, in seconds."""


@dataclass(frozen=True)
class Bar:
    """One step: when it begins at worst, how long it takes at best and at worst, in seconds."""

    term: Term
    start: float
    low: float
    high: float

    @property
    def end(self) -> float:
        """When it has ended at worst."""
        return self.start + self.high


def bars(tier: TierResult) -> list[Bar]:
    """The steps of a recovery in their order: within a step what others wait for comes first. An open end is drawn as its best."""
    shared = [t for t in tier.terms if t.step in SHARED]
    own = [t for n in reversed(tier.path) for t in n.terms if t.step not in SHARED]
    order = list(Step)
    found: list[Bar] = []
    for t in sorted([*shared, *own], key=lambda t: order.index(t.step)):
        low = t.time.low if math.isfinite(t.time.low) else 0.0
        high = t.time.high if math.isfinite(t.time.high) else low
        found.append(Bar(t, found[-1].end if found else 0.0, low, high))
    return found


def spacing(end: float) -> float:
    """Distance of the marks on a scale from 0 to `end` seconds."""
    days = math.ceil(end / _ROUND[-1] / _TICKS)
    return next((d for d in _ROUND if end / d <= _TICKS), days * _ROUND[-1])


def ticks(end: float) -> list[float]:
    """The marks themselves, as far as their labels fit."""
    return [i * spacing(end) for i in range(_TICKS + 1) if i * spacing(end) <= _LABELLED * end]


def waterfall(tier: TierResult) -> Html:
    """The critical path as a table with a time line; in words only where nothing takes time."""
    all_ = bars(tier)
    timed = [b for b in all_ if b.high]
    at_once = [f"{b.term.why} ({_name(b.term)})" for b in all_ if not b.high]
    if not timed:
        return _at_once(at_once or [f"{n.option} ({n.unit.name})" for n in tier.path if n.rto.recoverable])
    limit = tier.limit if isinstance(tier.limit, int | float) and math.isfinite(tier.limit) else None
    end = timed[-1].end
    shown = limit if limit is not None and limit <= _FAR * end else None
    scale = max(end, shown or 0)
    head = el(
        "tr",
        *(el("th", h, scope="col") for h in ("step", "what happens", "takes")),
        el("th", _axis(scale), scope="col", class_="time", aria_label="time line"),
    )
    return join(
        (
            el(
                "table",
                el("caption", _path(tier)),
                el("thead", head),
                el("tbody", *(_row(b, scale, shown) for b in timed)),
                el("tfoot", _total(tier, limit, shown, scale)),
                class_="waterfall",
                style=f"--tick:{percent(spacing(scale) / scale)}",
            ),
            _at_once(at_once),
        )
    )


def _path(tier: TierResult) -> Html:
    names = (el("b", n.unit.name) for n in tier.path)
    return join(("Critical path: ", join(names, " waits for ")))


def _row(bar: Bar, scale: float, limit: float | None) -> Html:
    name = class_of(bar.term.step)
    what = join((bar.term.why, el("small", _name(bar.term), class_="muted")))
    when = f"begins after {figure(bar.start)} at worst, takes {figure(bar.term.time)}"
    return el(
        "tr",
        el("th", step(bar.term.step), scope="row"),
        el("td", what),
        el("td", figure(bar.term.time), el("small", grade(bar.term.time.grade)), class_="takes"),
        el(
            "td",
            el(
                "span",
                el("span", class_=f"bar {name}", style=_place(bar.start, bar.high, scale)),
                el("span", class_=f"best {name}", style=_place(bar.start, bar.low, scale)),
                _limit(limit, scale),
                class_="track",
                role="img",
                aria_label=when,
                title=when,
            ),
            class_="time",
        ),
    )


def _place(start: float, length: float, scale: float) -> str:
    return f"left:{percent(start / scale)};width:{percent(length / scale)}"


def _limit(limit: float | None, scale: float) -> Html:
    return Html() if limit is None else el("span", class_="limit", style=f"left:{percent(limit / scale)}")


def _axis(scale: float) -> Html:
    marks = (
        el("span", figure(at) if at else "0", class_="tick", style=f"left:{percent(at / scale)}")
        for at in ticks(scale)
    )
    return el("span", *marks, class_="axis", aria_hidden="true")


def _total(tier: TierResult, limit: float | None, shown: float | None, scale: float) -> Html:
    far = limit is not None and shown is None
    against = promise(tier.limit) + (": far beyond the end of the scale" if far else "")
    whole = el(
        "span",
        el("span", class_="bar whole", style=_place(0, tier.rto.high, scale)),
        el("span", class_="best whole", style=_place(0, tier.rto.low, scale)),
        _limit(shown, scale),
        class_="track",
        aria_hidden="true",
    )
    return el(
        "tr",
        el("th", "in all", scope="row"),
        el("td", against),
        el("td", el("b", figure(tier.rto)), class_="takes"),
        el("td", whole if math.isfinite(tier.rto.high) else "", class_="time"),
    )


def _at_once(found: list[str]) -> Html:
    return el("p", f"Takes no time: {'; '.join(found)}.", class_="muted") if found else Html()


def _name(term: Term) -> str:
    return term.urn.rsplit("::", 1)[-1]
