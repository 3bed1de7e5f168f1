"""The command line of drills: what it refuses, and what it leaves."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sandbox import __main__ as cli
from sandbox.aws.clockwork.clock import lasting
from sandbox.drills import checks, command, evidence, system
from sandbox.drills.checks import Check
from sandbox.drills.failed import DrillError
from sandbox.drills.promise import Promise, Span, promise
from sandbox.drills.rehearse import Result
from sandbox.drills.scenarios import ALL, BY_NAME
from tests.sandbox.projects import project

PLACE = {
    "loadBalancer": "lb.us-east-1.elb.amazonaws.com",
    "databaseEndpoint": "db",
    "site": "https://www.example.org",
}


def stack(region: str, role: str, **changes: Any) -> dict[str, Any]:
    said = {**PLACE, "databases": {"original": {"globalClusterIdentifier": "shop"}}, **changes}
    return {
        "foundation": {"region": region, "zoneId": "Z1"},
        "recovery": {"role": role},
        "systems": {"web": {key: value for key, value in said.items() if value is not None}},
    }


PAIR = [stack("us-east-1", "active"), stack("us-west-2", "standby")]


def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    root = project(tmp_path / "project", 'aws.sqs.Queue("jobs")')
    status = cli.main(["drill", *arguments], root=root, state=tmp_path / "state")
    return status, capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--scenario", "flood"],
            "--scenario flood: there is no such drill, allowed are instance, zone, region-loss",
        ),
        (["--pace", "3"], "--pace 3: allowed is 0 (low end of each figure) to 1 (high end)"),
        (
            ["--engine", "pulumi"],
            "--engine pulumi: drills are deployed by the runner, allowed are auto, runner",
        ),
        (["--evidence", "/dev/null/here"], "--evidence /dev/null/here: it can't be written"),
    ],
)
def test_what_cannot_be_is_told_before_the_work(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    status, out = run(tmp_path, capsys, *arguments)
    assert status == 1
    assert f"error: {message}" in out


def test_two_at_once_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = tmp_path / "state"
    state.mkdir()
    with (state / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        status, out = run(tmp_path, capsys, "--scenario", "zone")
    assert status == 1
    assert "another sandbox command is at work" in out


def test_a_program_without_systems_has_nothing_to_drill(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out = run(tmp_path, capsys)
    assert status == 1
    assert "error: there is no system to drill: the stacks put out none" in out


def test_scenarios_are_asked_for_by_name_each_once() -> None:
    assert command.asked(None) == list(ALL)
    assert command.asked(["zone", "instance", "zone"]) == [BY_NAME["zone"], BY_NAME["instance"]]
    assert len(BY_NAME) == len(ALL)


def test_a_system_is_what_two_stacks_say_of_it() -> None:
    found = system.read("web", PAIR)
    assert (found.home.region, found.away.region, found.site) == (
        "us-east-1",
        "us-west-2",
        "www.example.org",
    )
    assert found.place("us-west-2") is found.other
    assert found.place("eu-west-1") is None
    assert system.read("web", list(reversed(PAIR))).home == found.home
    assert system.names(PAIR) == ["web"]


@pytest.mark.parametrize(
    ("stacks", "message"),
    [
        ([], "--system web: no stack has such a system, allowed are none"),
        (PAIR[:1], "system web: a drill needs it in two stacks, it is in 1"),
        (
            [stack("us-east-1", "active", site=None), PAIR[1]],
            "system web: a drill needs a site, and an API, or a load balancer with a database, a pair's watcher, services, nodes or an environment, where it is active",
        ),
        ([PAIR[0], stack("us-west-2", "active")], "system web: exactly one of the two stacks must be active"),
        (
            [stack("us-east-1", "active", databases={}), stack("us-west-2", "standby", databases={})],
            "a drill needs a global database: the stacks put out none",
        ),
    ],
)
def test_a_system_that_cannot_be_drilled_says_why(stacks: list[Any], message: str) -> None:
    with pytest.raises(DrillError) as error:
        system.read("web", stacks)
    assert message in str(error.value)


def test_where_nothing_serves_in_the_other_region_only_a_lost_region_is_rebuilt_there() -> None:
    alone = system.read("web", [PAIR[0], stack("us-west-2", "standby", loadBalancer=None)])
    assert (alone.other, alone.global_cluster) == (None, "")
    said = command.unfit(ALL, [alone])
    assert [each.partition(" of ")[0] for each in said] == ["switchover"]
    assert command.unfit(ALL, [system.read("web", PAIR)]) == []
    with pytest.raises(DrillError, match="switchover of web: nothing of it serves in the other region"):
        command.unfit([BY_NAME["switchover"]], [alone])
    for reach in (lambda: alone.away, lambda: BY_NAME["region-loss"].ends_in(alone)):
        with pytest.raises(DrillError, match="system web: nothing of it stands in the other region"):
            reach()
    assert BY_NAME["zone"].ends_in(alone) is alone.home


def test_a_pair_without_a_database_is_drilled_for_what_is_lost_in_its_region() -> None:
    watched = {"databaseEndpoint": None, "databases": None, "parts": {"watcher": "function"}}
    pair = system.read(
        "web", [stack("us-east-1", "active", **watched), stack("us-west-2", "standby", **watched)]
    )
    assert (pair.kept, pair.stores, pair.global_cluster, pair.home.endpoint) == (True, False, "", "")
    assert not system.read("web", PAIR).kept
    said = command.unfit(ALL, [pair])
    assert [each.partition(" of ")[0] for each in said] == [
        "region-loss",
        "corruption",
        "switchover",
        "bad-release",
    ]
    assert (
        "it has no database, and only the loss of an instance or of its zone is rehearsed without one"
        in said[0]
    )


@pytest.mark.parametrize(("most", "holds"), [(0, False), (1, True), (2, False)])
def test_of_a_pair_one_is_registered_at_a_time(most: int, holds: bool) -> None:
    assert checks.alone(most).holds is holds


def test_systems_that_cannot_be_drilled_are_left_out() -> None:
    outputs = [{**each, "systems": {**each["systems"], "batch": {"databases": {}}}} for each in PAIR]
    ground: Any = SimpleNamespace(
        names=lambda: system.names(outputs), system=lambda name: system.read(name, outputs)
    )
    found, left_out = command.chosen(ground, None)
    assert [each.name for each in found] == ["web"]
    assert [message.split(":")[0] for message in left_out] == ["system batch"]
    with pytest.raises(DrillError, match="system batch: a drill needs a site"):
        command.chosen(ground, "batch")


def test_a_promise_is_the_systems_time_and_its_databases_loss() -> None:
    tier = {"system": "web", "rto": {"low": 5, "high": 9}, "path": ["urn:db", "urn:lb"], "units": []}
    node = {"urn": "urn:db", "kind": "Aurora cluster", "rpo": {"low": 1, "high": 2}, "option": "replica"}
    node["terms"] = [
        {"term": step, "low": low} for step, low in (("detect", 8), ("fail over", 3), ("propagate", 1))
    ]
    aside = {"urn": "urn:other", "kind": "Aurora cluster", "terms": [{"term": "fail over", "low": 7}]}
    servers = {"urn": "urn:lb", "kind": "load balancer", "terms": [{"term": "detect", "low": 6}]}
    report = {"failures": {"region": {"systems": [tier], "nodes": [aside, node, servers]}}}
    assert promise(report, "region", "web") == Promise(Span(5, 9), Span(1, 2), "replica", least=4)
    with pytest.raises(DrillError, match="does not judge api for the loss of: region"):
        promise(report, "region", "api")
    node["kind"] = "DynamoDB table"
    with pytest.raises(DrillError, match="web has no Aurora cluster or Aurora DSQL cluster on its way back"):
        promise(report, "region", "web")
    without = promise(report, "region", "web", stores=False)  # what looks in intervals may be due at once
    assert without == Promise(Span(5, 9), Span(0, 0), "replica", least=3)
    node |= {"kind": "Aurora DSQL cluster", "rpo": {"low": 0, "high": 0}, "urn": "urn:everywhere"}
    tier["units"] = ["urn:everywhere"]  # on nobody's way: it goes on by itself
    assert promise(report, "region", "web") == Promise(Span(5, 9), Span(0, 0), "replica", least=0)
    servers["terms"] = [{"term": "capacity", "low": 2}, {"term": "propagate", "low": 60}]
    assert promise(report, "region", "web").least == 2
    assert (lasting("decide.person", 0), lasting("decide.person", 1)) == (600, 1800)


def failed() -> Result:
    result = Result(BY_NAME["zone"], system.read("web", PAIR), 0.5)
    result.checks = [Check("serves", False, "nobody <answers>"), Check("writes", True, "db")]
    result.causes = ["no reader & no standby"]
    result.timeline = [{"at": 3.0, "who": "RDS", "what": "<writes>", "where": "us-east-1"}]
    return result


def test_a_failed_drills_page_names_the_cause_and_is_safe_to_open(tmp_path: Path) -> None:
    data, html = evidence.write(failed(), tmp_path / "new" / "folder")
    assert json.loads(data.read_text())["causes"] == ["no reader & no standby"]
    page = html.read_text()
    assert "no reader &amp; no standby" in page
    assert "&lt;writes&gt;" in page
    assert "nobody &lt;answers&gt;" in page
    assert "<writes>" not in page
    assert page.count("does not hold") == 1
    assert "never" in page


def test_passed_means_that_something_was_checked_and_all_of_it_holds() -> None:
    result = failed()
    assert not result.passed
    result.causes = []
    assert not result.passed
    result.checks = [Check("writes", True, "db")]
    assert result.passed
    result.checks = []
    assert not result.passed


def test_the_document_lists_every_drill_as_it_is() -> None:
    text = (Path(__file__).resolve().parents[3] / "docs" / "drills.md").read_text(encoding="utf-8")
    table = text.split("\n\n")[2].splitlines()[2:]
    acts = {"none": "nobody"}
    assert table == [
        f"| `{each.name}` | {each.about} | {acts.get(each.act, each.act)} | {each.loses} |" for each in ALL
    ]
