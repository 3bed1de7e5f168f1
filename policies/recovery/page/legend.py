"""What the page's words, colours and lines mean."""

from __future__ import annotations

from collections.abc import Mapping

from policies.recovery.model import Step, Verdict

from .html import Html, el, fold, join

VERDICTS: Mapping[Verdict, str] = {
    Verdict.MET: "the worst case keeps the objective",
    Verdict.MET_IF: "the worst case keeps the objective, but at least half of it rests on assumptions (grade D)",
    Verdict.AT_RISK: "the best case keeps the objective, the worst does not; fails the preview in tier 1",
    Verdict.UNDETERMINED: "what isn't known yet decides",
    Verdict.BREACHED: "even the best case takes or loses more than the objective allows; fails the preview",
    Verdict.UNATTAINABLE: "nothing that is declared survives the failure; fails the preview",
}
STEPS: Mapping[Step, str] = {
    Step.DETECT: "until the failure is noticed",
    Step.DECIDE: "until somebody, or an automation, starts the recovery",
    Step.FAIL_OVER: "the mechanism itself, a failover or a restore",
    Step.PROPAGATE: "until clients see the new address",
    Step.CAPACITY: "until enough servers run",
}
GRADES: Mapping[str, str] = {
    "measured": "measured in a game day",
    "A": "AWS prints the figure",
    "B": "AWS says it in words",
    "C": "a third party measured it",
    "declared": "a tag or the configuration says so",
    "D": "an assumption: nobody publishes or measured it",
}


def badge(verdict: Verdict) -> Html:
    """A verdict, readable without its colour."""
    return el("span", str(verdict), class_=f"badge {verdict}", title=VERDICTS[verdict])


def step(name: Step) -> Html:
    """A step with its colour."""
    return join((el("span", class_=f"chip {class_of(name)}"), str(name)))


def class_of(name: Step) -> str:
    """The step's name in the style sheet."""
    return name.replace(" ", "-")


def grade(name: str) -> Html:
    """A grade with its meaning."""
    return el("abbr", name if name in ("measured", "declared") else f"grade {name}", title=GRADES[name])


def legend() -> Html:
    """How to read the page."""
    bar = el(
        "span",
        el("span", class_="bar fail-over", style="left:15%;width:60%"),
        el("span", class_="best fail-over", style="left:15%;width:25%"),
        el("span", class_="limit", style="left:90%"),
        class_="track sample",
        aria_hidden="true",
    )
    bars = el(
        "p",
        bar,
        "The outlined bar is the worst case, the filled part of it the best. In a recovery each bar begins where the one "
        "before it ends, at worst. The dashed line is the objective; where there is none, the objective lies far beyond.",
    )
    return fold(
        "How to read this page",
        bars,
        el("h3", "Verdicts"),
        _terms([(badge(v), words) for v, words in VERDICTS.items()]),
        el("h3", "Steps of a recovery"),
        _terms([(step(s), words) for s, words in STEPS.items()]),
        el("h3", "Grades: how good a figure is"),
        _terms([(el("b", name), words) for name, words in GRADES.items()]),
        id="legend",
    )


def _terms(rows: list[tuple[Html, str]]) -> Html:
    return el("dl", *(el("div", el("dt", term), el("dd", words)) for term, words in rows))
