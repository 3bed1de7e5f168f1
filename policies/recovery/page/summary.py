"""On top: each system's four failures, time and loss against what they promise."""

from __future__ import annotations

import math
from collections.abc import Iterator

from policies.graph import Unknown
from policies.recovery.model import Estimate, Failure, Verdict
from policies.recovery.report import Report
from policies.recovery.rollup import TierResult

from .html import Html, el, join, percent
from .legend import badge
from .said import figure, promise

_HEADS = ("failure", "back after", "data lost", "verdict", "longest step")


def headed(tier: TierResult) -> str:
    """What stands above everything about one system."""
    return f"{tier.system}, tier {tier.tier}"


def summary(report: Report) -> Html:
    """A table for each system and tier."""
    keys = sorted({(t.system, t.tier) for r in report.failures.values() for t in r.tiers})
    return join(_table(report, *key) for key in keys)


def _table(report: Report, system: str, tier: str) -> Html:
    rows = [_row(f, _of(report, f, system, tier)) for f in report.failures]
    head = el("thead", el("tr", *(el("th", h, scope="col") for h in _HEADS)))
    caption = el("caption", el("b", system), f" tier {tier}")
    return el("table", caption, head, el("tbody", *rows), class_="summary")


def _of(report: Report, failure: Failure, system: str, tier: str) -> TierResult | None:
    found = (t for t in report.failures[failure].tiers if (t.system, t.tier) == (system, tier))
    return next(found, None)


def _row(failure: Failure, tier: TierResult | None) -> Html:
    name = el("th", el("a", str(failure), href=f"#{failure}"), scope="row")
    if tier is None:
        return el("tr", name, el("td", "nothing of it is concerned", colspan="4", class_="muted"))
    return el(
        "tr",
        name,
        _cell("back after", "back", _against(tier.rto, tier.limit, tier.verdict)),
        _cell("data lost", "loss", _loss(tier)),
        _cell("verdict", "verdict", badge(tier.worst)),
        _cell("longest step", "longest", join(_longest(tier))),
    )


def _cell(head: str, place: str, inside: Html) -> Html:
    """The head is shown again where the table is too narrow for a row of heads."""
    return el("td", inside, data_head=head, class_=place)


def _loss(tier: TierResult) -> Html:
    store = tier.loser
    if store is None or store.rpo is None:
        return el("span", "keeps no data", class_="muted")
    shown = _against(store.rpo, store.objective.rpo, store.rpo_verdict)
    return join((shown, el("small", store.unit.name, class_="muted")))


def _longest(tier: TierResult) -> Iterator[Html | str]:
    lost = [n.unit.name for n in tier.nodes if n.verdict is Verdict.UNATTAINABLE]
    if lost:
        yield f"no way back for {', '.join(lost)}"
        return
    worst = tier.dominant
    if worst is None or not worst.time.high:
        yield el("span", "takes no time", class_="muted")
        return
    yield f"{worst.step}: {worst.why}, {figure(worst.time)}"
    if worst.setting and tier.verdict.severity > Verdict.MET.severity:
        yield el("small", f"to change: {worst.setting}", class_="muted")


def _against(time: Estimate, limit: float | Unknown | None, verdict: Verdict) -> Html:
    """A figure, what is promised, and both as a bar."""
    words = join((el("strong", figure(time)), el("small", promise(limit))))
    return (
        words if limit is None or isinstance(limit, Unknown) else join((words, _meter(time, limit, verdict)))
    )


def _meter(time: Estimate, limit: float, verdict: Verdict) -> Html:
    """Best and worst on a scale that ends at the objective, or at the worst where that is more."""
    if not time.recoverable:
        return el(
            "span",
            el("span", class_="bar never", style="left:0;width:100%"),
            class_="track meter",
            aria_hidden="true",
        )
    full = max((x for x in (time.low, time.high, limit) if math.isfinite(x)), default=0) or 1
    low, high = (min(x, full) for x in (time.low, time.high))
    return el(
        "span",
        el("span", class_=f"bar {verdict}", style=f"left:0;width:{percent(high / full)}"),
        el("span", class_=f"best {verdict}", style=f"left:0;width:{percent(low / full)}"),
        el("span", class_="limit", style=f"left:{percent(limit / full)}"),
        class_="track meter",
        aria_hidden="true",
    )
