"""The report as one HTML page that needs nothing else: no script, no font, no image from anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from policies.recovery.report import Report, Violation, undetermined, violations

from .failures import failures
from .html import Html, bullets, el, join
from .legend import VERDICTS, badge, legend
from .said import gathered
from .summary import summary

_STYLE = Path(__file__).with_name("style.css")


def render_html(report: Report) -> str:
    """The page. Every word that comes from a resource is escaped."""
    title = f"Recovery of {_and(report.stacks) or 'nothing'}"
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width,initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("title", title),
        el("style", Html(_STYLE.read_text(encoding="utf-8"))),
    )
    body = el(
        "body", el("header", el("h1", title, " ", badge(report.verdict)), _said(report)), *_main(report)
    )
    return join((Html("<!doctype html>"), el("html", head, body, lang="en"), "\n"))


def _and(names: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _said(report: Report) -> Html:
    count = len({n.unit.urn for r in report.failures.values() for n in r.nodes})
    if not count:
        return el(
            "p", "Nothing here serves or keeps data that the estimator knows: there is nothing to judge."
        )
    what = "1 resource" if count == 1 else f"{count} resources"
    return el(
        "p",
        f"How long recovery takes and how much data is lost, estimated from what {what} declare{'s' * (count == 1)}. "
        f"Overall {report.verdict}: {VERDICTS[report.verdict]}.",
    )


def _main(report: Report) -> Iterator[Html]:
    judged = any(r.nodes for r in report.failures.values())
    if judged:
        yield el("section", el("h2", "Summary"), summary(report), legend(), id="summary")
    yield _messages("What has to change", violations(report))
    yield _messages("What can't be judged yet", undetermined(report))
    if judged:
        yield failures(report)
    if report.notes:
        yield el("section", el("h2", "Notes"), bullets(gathered(report.notes)), id="notes")


def _messages(head: str, found: list[Violation]) -> Html:
    if not found:
        return Html()
    items = (join((badge(v.verdict), " ", el("b", v.name), f": {v.message}")) for v in found)
    return el("section", el("h2", head), bullets(items))
