"""The report as a page: it stands alone, says everything in words, and its bars add up."""

from __future__ import annotations

import html.parser
import itertools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from policies.recovery import Report, facts, judge, render_html, violations
from policies.recovery import page as page_
from policies.recovery.model import GRADES, Failure, Step, Verdict
from policies.recovery.page.html import el
from policies.recovery.page.legend import GRADES as GRADES_SAID
from policies.recovery.page.legend import STEPS, VERDICTS
from policies.recovery.page.said import figure, gathered, promise
from policies.recovery.page.waterfall import bars, spacing, ticks
from tests.policies.recovery.build import TIER1, UNKNOWN, home, res
from tests.policies.recovery.systems import dr, prod

STYLE = Path(page_.__file__).with_name("style.css").read_text(encoding="utf-8")
VOID = ("meta", "br")


@dataclass
class Element:
    tag: str
    attrs: dict[str, str]
    inside: list[Element | str] = field(default_factory=list)

    def all(self, tag: str, class_: str = "") -> list[Element]:
        mine = [self] if self.tag == tag and class_ in ("", *self.attrs.get("class", "").split()) else []
        return [*mine, *(e for i in self.inside if isinstance(i, Element) for e in i.all(tag, class_))]

    @property
    def text(self) -> str:
        return "".join(i if isinstance(i, str) else f" {i.text} " for i in self.inside).replace("\u00a0", " ")

    @property
    def said(self) -> str:
        return " ".join(self.text.split())


class Reader(html.parser.HTMLParser):
    """Builds a tree, and fails where elements don't close."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]
        self.feed(source)
        assert self.open == [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {k: v or "" for k, v in attrs})
        self.open[-1].inside.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read(report: Report) -> Element:
    return Reader(render_html(report)).root


def broken() -> Report:
    """Two systems: one that can't keep its promises, one of two tiers with what nobody judges."""
    return home(
        res("rds", "db", {"allocatedStorage": 100, "backupRetentionPeriod": 7,
                          "tags": {**TIER1, "rto-hours": "0.5", "workload": "orders"}}),
        res("bucket", "files", {"tags": {"workload": "reports", "dr-tier": "3"}}),
        res("rds", "pair", {"multiAz": True, "tags": {"workload": "reports", "dr-tier": "2", "dr:data-gib": UNKNOWN}}),
        res("aws:sqs/queue:Queue", "jobs"),
    )  # fmt: skip


REPORTS = {
    "both stacks": lambda: judge([*prod(), *dr()]),
    "by facts": lambda: judge(
        dr(facts=[facts(prod(), stack="prod", region="us-east-1", role="active")], plan=True)
    ),
    "alone": lambda: home(*prod()),
    "broken": broken,
}


@pytest.fixture(scope="module", params=REPORTS)
def report(request: pytest.FixtureRequest) -> Report:
    return REPORTS[request.param]()


@pytest.fixture(scope="module")
def page(report: Report) -> Element:
    return read(report)


def test_it_stands_alone(report: Report, page: Element) -> None:
    source = render_html(report)
    assert source.startswith("<!doctype html><html")
    assert not re.search(r"https?://|url\(|@import|<script|<link|<img|<iframe|<svg", source)
    everything = list(elements(page))
    ids = {e.attrs["id"] for e in everything if "id" in e.attrs}
    referred = [v for e in everything for k, v in e.attrs.items() if k in ("src", "href", "data", "action")]
    assert referred
    assert all(r.startswith("#") and r[1:] in ids for r in referred)


def elements(root: Element) -> Iterator[Element]:
    yield root
    for inside in root.inside:
        if isinstance(inside, Element):
            yield from elements(inside)


def test_the_summary_has_each_failure_of_each_system_against_its_objectives(
    report: Report, page: Element
) -> None:
    tables = {t.all("caption")[0].said: t for t in page.all("table", "summary")}
    assert set(tables) == {f"{t.system} tier {t.tier}" for r in report.failures.values() for t in r.tiers}
    for failure, result in report.failures.items():
        rows = {
            name: next(r for r in t.all("tr") if r.all("th")[0].said == failure) for name, t in tables.items()
        }
        for tier in result.tiers:
            cells = {
                c.attrs["data-head"]: c.said for c in rows.pop(f"{tier.system} tier {tier.tier}").all("td")
            }
            assert cells["back after"] == plain(f"{figure(tier.rto)} {promise(tier.limit)}")
            assert cells["verdict"] == tier.worst
            if tier.loser is None or tier.loser.rpo is None:
                assert cells["data lost"] == "keeps no data"
            else:
                loss = f"{figure(tier.loser.rpo)} {promise(tier.loser.objective.rpo)} {tier.loser.unit.name}"
                assert cells["data lost"] == plain(loss)
        assert {r.all("td")[0].said for r in rows.values()} <= {"nothing of it is concerned"}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_everything_that_was_found_is_told(report: Report, page: Element) -> None:
    for failure, result in report.failures.items():
        [section] = [s for s in page.all("section") if s.attrs.get("id") == failure]
        text = section.text
        folded = {
            d.all("summary")[0].all("b")[0].said: d for d in section.all("details") if d.all("summary")[0].all("b")
        }  # fmt: skip
        for n in result.nodes:
            inside = folded[n.unit.name].said
            assert n.unit.urn in section.text
            assert n.option in inside
            for t in n.terms:
                assert " ".join(t.why.split()) in inside
                assert t.setting in inside
        assert all(said in text for said in (*gathered(result.findings), *result.assumptions))
    whole = page.said
    assert all(note in whole for note in gathered(report.notes))
    assert all(" ".join(v.message.split()) in whole for v in violations(report))


def test_details_are_folded_away(page: Element) -> None:
    assert page.all("details")
    assert not [d for d in page.all("details") if "open" in d.attrs]
    told = [d for d in page.all("details", "resources") for d in d.all("details")]
    assert told
    assert all("urn:" not in d.all("summary")[0].text for d in told)


def test_no_time_is_told_in_raw_seconds(page: Element) -> None:
    [body] = page.all("body")
    texts = [
        body.text,
        *(v for e in elements(body) for k, v in e.attrs.items() if k in ("title", "aria-label")),
    ]
    for text in texts:
        raw = [m for m in re.findall(r"(\d+(?:\.\d+)?)\s*(?:s|sec|seconds)\b", text) if float(m) >= 60]
        assert not raw, text
        assert not re.search(r"\d\s*seconds", text)


def test_bars_begin_where_the_one_before_ends(report: Report) -> None:
    seen = 0
    for result in report.failures.values():
        for tier in result.tiers:
            found = bars(tier)
            assert sorted(map(id, (b.term for b in found))) == sorted(map(id, tier.terms))
            assert all(b.start == a.end for a, b in itertools.pairwise(found))
            steps = [list(Step).index(b.term.step) for b in found]
            assert steps == sorted(steps)
            assert all(0 <= b.low <= b.high for b in found)
            if found and math.isfinite(tier.rto.high):
                assert found[0].start == 0
                assert found[-1].end == tier.rto.high
                seen += len(found) > 1
    assert seen


def test_within_a_step_what_others_wait_for_comes_first() -> None:
    props = {"multiAz": True, "tags": {**TIER1, "workload": "web"}}
    back = res("rds", "back", props)
    tier = home(back, res("rds", "front", props, dependsOn=back)).failures[Failure.ZONE].tiers[0]
    assert [n.unit.name for n in tier.path] == ["front", "back"]
    waited = [b.term.urn.rsplit("::", 1)[-1] for b in bars(tier) if b.term.step is Step.FAIL_OVER]
    assert waited == ["back", "front"]


def lengths(element: Element) -> dict[str, float]:
    return {k: float(v) for k, v in re.findall(r"(left|width):([\d.]+)%", element.attrs.get("style", ""))}


def test_bars_are_drawn_where_they_belong(report: Report, page: Element) -> None:
    drawn = 0
    for failure, result in report.failures.items():
        [section] = [s for s in page.all("section") if s.attrs.get("id") == failure]
        tables = iter(section.all("table", "waterfall"))
        for tier in result.tiers:
            timed = [b for b in bars(tier) if b.high]
            if not timed:
                continue
            table = next(tables)
            rows = table.all("tbody")[0].all("tr")
            assert len(rows) == len(timed)
            scale = timed[-1].end / share(rows[-1])
            for row, bar in zip(rows, timed, strict=True):
                worst, best = (lengths(row.all("span", c)[0]) for c in ("bar", "best"))
                assert worst["left"] == best["left"] == pytest.approx(100 * bar.start / scale, abs=0.01)
                assert worst["width"] == pytest.approx(100 * bar.high / scale, abs=0.01)
                assert best["width"] == pytest.approx(100 * bar.low / scale, abs=0.01)
                limits = row.all("span", "limit")
                if limits:
                    assert lengths(limits[0])["left"] == pytest.approx(
                        100 * limit(tier.limit) / scale, abs=0.01
                    )
                else:
                    assert "far beyond" in table.said or "objective" not in table.said
                drawn += 1
            assert plain(figure(tier.rto)) in table.all("tfoot")[0].said
        assert next(tables, None) is None
    assert drawn


def limit(value: object) -> float:
    assert isinstance(value, int | float)
    return value


def share(row: Element) -> float:
    at = lengths(row.all("span", "bar")[0])
    return (at["left"] + at["width"]) / 100


@pytest.mark.parametrize("end", [1, 2, 3, 59, 60, 61, 3600, 7201, 40_000, 86_400, 10 * 86_400, 400 * 86_400])
def test_marks_are_few_round_and_within_the_scale(end: float) -> None:
    found = ticks(end)
    assert found[0] == 0
    assert 1 <= len(found) <= 5
    assert end / spacing(end) <= 4
    assert all(b - a == spacing(end) for a, b in itertools.pairwise(found))
    assert found[-1] < end
    assert len(figure(spacing(end)).split("\u00a0")) <= 2


def test_an_objective_far_beyond_is_told_in_words() -> None:
    db = {"multiAz": True, "tags": {"dr-tier": "1", "dr:data-gib": "1", "workload": "web"}}
    near, far = (
        read(home(res("rds", "db", {**db, "tags": {**db["tags"], "rto-hours": hours}})))  # type: ignore[dict-item]
        for hours in ("0.05", "24")
    )
    for page, told, lines in ((near, "objective 3 min", 3), (far, "objective 1 d: far beyond", 0)):
        table = page.all("table", "waterfall")[0]
        assert told in table.said
        assert len(table.all("span", "limit")) == lines


def test_what_fails_and_what_is_open_stand_apart() -> None:
    heads = [h.said for h in read(broken()).all("h2")]
    assert "What has to change" in heads
    assert "What can't be judged yet" not in heads
    heads = [h.said for h in read(home(*prod())).all("h2")]
    assert "What has to change" not in heads
    assert "What can't be judged yet" in heads


def test_no_way_back_is_said_where_bars_would_be() -> None:
    page = read(broken())
    [region] = [s for s in page.all("section") if s.attrs.get("id") == "region"]
    assert "No way back for files: " in region.said
    assert region.all("table", "waterfall") == []
    summary = page.all("table", "summary")[0]
    row = next(r for r in summary.all("tr") if r.all("th")[0].said == "region")
    assert "no way back for db" in row.said
    assert row.all("span", "never")
    assert not row.all("span", "limit")


def test_what_takes_no_time_says_so() -> None:
    page = read(home(res("bucket", "files", {"tags": TIER1})))
    [zone] = [s for s in page.all("section") if s.attrs.get("id") == "zone"]
    assert "Takes no time: regional service over several zones (files)." in zone.said


def test_what_is_not_known_is_told() -> None:
    tags = {**TIER1, "rto-hours": UNKNOWN, "rpo-minutes": UNKNOWN}
    page = read(home(res("rds", "db", {"multiAz": True, "tags": tags})))
    assert page.said.count("objective not known yet") > 4
    [region] = [s for s in read(home(*prod())).all("section") if s.attrs.get("id") == "region"]
    own = [i for i in region.inside if isinstance(i, Element) and i.tag == "details"]
    assert [d for d in own if d.said.startswith("Not known yet (")]
    assert "global database of db" in region.said


def test_the_summary_counts_loss_as_well_as_time() -> None:
    tags = {**TIER1, "rto-hours": "24", "rpo-minutes": "1", "workload": "web"}
    props = {"allocatedStorage": 1, "backupRetentionPeriod": 7, "tags": tags}
    zone = read(home(res("rds", "db", props))).all("table", "summary")[0].all("tr")[2]
    assert zone.all("th")[0].said == "zone"
    assert [b.said for b in zone.all("span", "badge")] == ["breached"]
    assert [b.attrs["class"] for b in zone.all("span", "bar")] == ["bar met-if", "bar breached"]


def test_nothing_to_judge() -> None:
    page = read(judge([]))
    assert page.all("h1")[0].said.startswith("Recovery of nothing")
    assert "nothing to judge" in page.said
    assert page.all("table") == []
    assert page.all("section") == []
    noted = read(home(res("aws:sqs/queue:Queue", "jobs")))
    assert [s.attrs["id"] for s in noted.all("section")] == ["notes"]


def test_what_is_said_of_several_stands_once_and_names_each_once() -> None:
    assert gathered(
        [
            "a: goes slowly",
            "topic, topic: not judged",
            "b: goes slowly",
            "c is of tier 1",
            "bucket: not judged",
        ]
    ) == ["a, b: goes slowly", "topic, bucket: not judged", "c is of tier 1"]
    queues = [res("aws:sqs/queue:Queue", "jobs", stack=stack) for stack in ("prod", "dr")]
    [notes] = read(judge(queues)).all("section")
    assert [item.said for item in notes.all("li")] == [
        "jobs: SQS queue: keeps data, and the estimator has no figures for it: not judged"
    ]


def test_what_resources_say_is_escaped() -> None:
    nasty = "<script>alert('x')</script>&"
    report = home(
        res(
            "table",
            nasty,
            {"tags": {**TIER1, "dr:rebuilt-from": '"><img src=x>', "workload": "<b onclick=x>"}},
        )
    )
    source = render_html(report)
    assert not re.search(r"<script|<img|<b onclick", source)
    assert "&lt;script&gt;" in source
    assert nasty in Reader(source).root.text
    made = Reader(el("p", nasty, title=f'"{nasty}')).root.all("p")[0]
    assert (made.inside, made.attrs) == ([nasty], {"title": f'"{nasty}'})


def test_the_legend_explains_every_word_and_line(page: Element) -> None:
    assert set(VERDICTS) == set(Verdict)
    assert set(STEPS) == set(Step)
    assert tuple(GRADES_SAID) == GRADES
    [legend] = [d for d in page.all("details") if d.attrs.get("id") == "legend"]
    terms = {d.all("dt")[0].said: d.all("dd")[0].said for d in legend.all("dl")[0:] for d in d.all("div")}
    assert terms == {**VERDICTS, **STEPS, **GRADES_SAID}
    assert "dashed line" in legend.said


def test_it_can_be_heard(page: Element) -> None:
    assert page.all("html")[0].attrs["lang"] == "en"
    assert [m for m in page.all("meta") if m.attrs.get("name") == "viewport"]
    assert len(page.all("h1")) == 1
    assert all(th.attrs.get("scope") in ("row", "col") for th in page.all("th"))
    for table in page.all("table"):
        assert table.all("thead")[0].all("th")
        for row in table.all("tbody")[0].all("tr"):
            assert len(row.all("th")) == 1
    for track in page.all("span", "track"):
        hidden = track.attrs.get("aria-hidden") == "true"
        assert hidden or (track.attrs["role"] == "img" and "takes" in track.attrs["aria-label"])


def colours(scheme: str) -> dict[str, str]:
    light, dark = STYLE.split("@media (prefers-color-scheme:dark)")
    found = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})", light))
    return found if scheme == "light" else found | dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})", dark))


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG21/#dfn-relative-luminance"""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(scheme: str) -> None:
    """Text at least 4.5 to 1, bars 3 to 1: WCAG 2.1, criteria 1.4.3 and 1.4.11."""
    given = colours(scheme)
    text = {"ink", "soft", "link", *VERDICTS}
    for name in (*text, "limit", "whole", *(s.replace(" ", "-") for s in STEPS)):
        least = 4.5 if name in text else 3
        assert contrast(given[name], given["paper"]) >= least, name
    assert contrast(given["ink"], given["shade"]) >= 4.5
    assert (scheme == "dark") == (luminance(given["paper"]) < luminance(given["ink"]))


def test_each_class_of_the_page_has_its_style() -> None:
    used = {
        c for r in REPORTS.values() for e in elements(read(r())) for c in e.attrs.get("class", "").split()
    }
    assert used
    assert not {c for c in used if f".{c}" not in STYLE}
