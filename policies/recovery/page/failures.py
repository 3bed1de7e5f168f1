"""One failure after the other: its critical paths, what they rest on, and each resource folded away."""

from __future__ import annotations

from collections.abc import Iterator

from policies.recovery.advice import advice
from policies.recovery.estimate import Node
from policies.recovery.kinds import KINDS
from policies.recovery.model import Failure, Verdict
from policies.recovery.report import Report
from policies.recovery.rollup import FailureResult, TierResult

from .html import Html, bullets, el, fold, join
from .legend import badge, grade, step
from .said import figure, gathered, promise
from .summary import headed
from .waterfall import waterfall

LOST = {
    Failure.INSTANCE: "A machine, a node or a disk is lost.",
    Failure.ZONE: "A zone is lost: everything in it at once.",
    Failure.REGION: "A region is lost: everything in it at once.",
    Failure.CORRUPTION: "Data is changed or deleted by mistake, and replication copies that faithfully.",
}


def failures(report: Report) -> Html:
    """A section for each failure."""
    return join(_failure(r) for r in report.failures.values())


def _failure(result: FailureResult) -> Html:
    head = el("h2", f"{result.failure.capitalize()} failure ", badge(result.verdict))
    told = el("p", LOST[result.failure], class_="muted")
    inside = join(_inside(result)) if result.nodes else el("p", "Nothing here is concerned.")
    return el("section", head, told, inside, id=str(result.failure))


def _inside(result: FailureResult) -> Iterator[Html]:
    for tier in result.tiers:
        yield el("h3", headed(tier), " ", badge(tier.worst))
        yield _no_way_back(result.failure, tier)
        yield waterfall(tier)
        yield _open(tier.unknown)
    if result.findings:
        yield join((el("h3", "Worth knowing"), bullets(gathered(result.findings))))
    if result.assumptions:
        count = len(result.assumptions)
        yield fold(f"What this rests on ({count})", bullets(result.assumptions))
    resources = [_resource(n) for t in result.tiers for n in t.nodes]
    yield fold(f"Each resource ({len(resources)})", *resources, class_="resources")


def _no_way_back(failure: Failure, tier: TierResult) -> Html:
    return bullets(
        f"No way back for {n.unit.name}: {advice(n.unit.kind, failure) or 'declare one'}."
        for n in tier.nodes
        if n.verdict is Verdict.UNATTAINABLE
    )


def _open(unknown: tuple[str, ...]) -> Html:
    return fold(f"Not known yet ({len(unknown)})", bullets(unknown)) if unknown else Html()


def _resource(node: Node) -> Html:
    unit = node.unit
    loss = "" if node.rpo is None else f"loses {figure(node.rpo)}"
    line = join(
        (
            el("b", unit.name, class_="name"),
            el("span", node.option, class_="option"),
            el("span", figure(node.rto), class_="back"),
            el("span", loss, class_="loss"),
            badge(node.verdict),
        )
    )
    facts = [
        ("kind", KINDS[unit.kind].words),
        ("region", unit.region or "not told"),
        ("recovery time", f"{figure(node.rto)}; {promise(node.objective.rto)}"),
        *([("data loss", f"{figure(node.rpo)}; {promise(node.objective.rpo)}")] if node.rpo else []),
        ("URN", unit.urn),
    ]
    listed = el("dl", *(el("div", el("dt", name), el("dd", value)) for name, value in facts))
    return fold(line, listed, _terms(node), _open(node.unknown))


def _terms(node: Node) -> Html:
    if not node.terms:
        return Html()
    head = el(
        "tr", *(el("th", h, scope="col") for h in ("step", "takes", "grade", "what happens", "to change"))
    )
    rows = (
        el(
            "tr",
            el("th", step(t.step), scope="row"),
            el("td", figure(t.time)),
            el("td", grade(t.time.grade)),
            el("td", t.why),
            el("td", t.setting, data_head="to change"),
        )
        for t in node.terms
    )
    return el("table", el("thead", head), el("tbody", *rows), class_="terms")
