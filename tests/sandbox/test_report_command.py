"""`report`, and when there is a verdict at all: never for a graph that is only half there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sandbox import __main__ as cli
from sandbox.aws import server
from sandbox.engines import rehearsal
from sandbox.engines.model import Resource, StackResult, Violation
from sandbox.engines.runner import engine as runner_engine
from sandbox.report.recovery import judged, missing
from tests.sandbox.projects import InProcess, project, state_of

REGION = {"aws:region": "us-east-1"}
BUCKET = """
aws.s3.Bucket("files", tags={"dr-tier": "1", "workload": config.get("workload") or "web"})
if config.get_bool("broken"):
    aws.s3.Bucket("more", bucket="Not A Name")
"""
DENIES = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def never(args, report):
    report("nothing passes here")

PolicyPack("denies", enforcement_level=EnforcementLevel.MANDATORY, policies=[
    ResourceValidationPolicy("never", "Nothing is right.", never),
])
"""


@pytest.fixture
def sandbox(tmp_path, aws_endpoint, monkeypatch, capsys):
    """`sandbox(*arguments)` runs the command line on a small project whose AWS is this process's own."""
    monkeypatch.setattr(runner_engine, "Worker", InProcess)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    root = project(tmp_path / "project", BUCKET, stacks={"prod": REGION, "dr": REGION})
    state = state_of(aws_endpoint, tmp_path / "state")

    def run(*arguments):
        status = cli.main([*arguments], root=root, state=state)
        return status, *capsys.readouterr()

    run.root, run.state = root, state
    return run


@pytest.fixture
def rehearsed(sandbox, monkeypatch):
    """The same, where the AWS of a report is this process's own as well. Its state directories are kept in `seen`."""
    endpoint = (sandbox.state / "endpoint").read_text()
    sandbox.seen = []

    def start(state):
        sandbox.seen.append(state)
        state_of(endpoint, state)
        return server.running(state)

    monkeypatch.setattr(runner_engine.server, "start", start)
    monkeypatch.setattr(rehearsal.server, "stop", lambda state: None)
    return sandbox


def test_a_report_writes_the_page_of_all_stacks(rehearsed):
    status, out, _ = rehearsed("report")
    assert status == 0, out
    assert out.splitlines()[0].startswith("engine: runner")
    assert "page: report.html" in out
    page = Path("report.html").read_text(encoding="utf-8")
    assert re.search(r"<h1>Recovery of dr and prod ", page)
    assert "AWS on this machine" not in out, "it has ended"


def test_a_report_leaves_what_is_deployed_alone(rehearsed):
    rehearsed("up", "--engine", "runner", "--stack", "prod")
    before = sorted(p.name for p in rehearsed.state.rglob("*"))
    status, _, _ = rehearsed("report", "--report", "mine.html")
    assert status == 0
    assert Path("mine.html").is_file()
    assert sorted(p.name for p in rehearsed.state.rglob("*")) == before
    [private] = [s for s in rehearsed.seen if s != rehearsed.state]
    assert not private.exists()


def test_a_report_tells_of_what_policies_would_stop(rehearsed):
    pack = rehearsed.root / "policies"
    pack.mkdir()
    (pack / "PulumiPolicy.yaml").write_text("runtime: python\n")
    (pack / "__main__.py").write_text(DENIES)
    status, out, _ = rehearsed("preview", "--engine", "runner")
    assert (status, "nothing passes here" in out) == (1, True)
    status, out, _ = rehearsed("report")
    assert status == 0, out
    assert "nothing passes here" not in out
    assert "unattainable" in Path("report.html").read_text(encoding="utf-8"), "files has no copy elsewhere"


def test_a_report_of_a_program_that_fails_has_no_page(rehearsed):
    (rehearsed.root / "Pulumi.dr.yaml").write_text("config: {aws:region: us-east-1, small:broken: true}\n")
    status, out, _ = rehearsed("report")
    assert status == 1
    assert "not judged: dr is not there as a whole" in out
    assert "Recovery of" not in out
    assert not Path("report.html").exists()


def test_a_report_is_made_by_the_runner(sandbox):
    status, out, _ = sandbox("report", "--engine", "pulumi")
    assert status == 1
    assert "--engine pulumi: a report is made by the runner, allowed are auto, runner" in out


def test_a_reports_aws_ends_with_it(tmp_path):
    root = project(tmp_path / "project", BUCKET)
    page = tmp_path / "page.html"
    made = []
    start = server.start

    class Watched(runner_engine.RunnerEngine):
        def __init__(self, root, state):
            super().__init__(root, state)
            made.append(state)

        def up(self, stacks, listen):
            found = super().up(stacks, listen)
            assert server.running(self.state) is not None
            made.append(server.running(self.state))
            return found

    patch = pytest.MonkeyPatch()
    with patch.context() as changed:
        changed.setattr(rehearsal, "RunnerEngine", Watched)
        assert cli.main(["report", "--report", str(page)], root=root) == 0
    state, aws = made
    assert start is server.start
    assert page.is_file()
    assert not state.exists()
    with pytest.raises(server.ServerError):
        aws.call("GET", "/sandbox/health")


def result(name, *, errors=(), violations=(), resources=True):
    stack = Resource(
        f"urn:pulumi:{name}::p::pulumi:pulumi:Stack::p-{name}", "pulumi:pulumi:Stack", name, "", custom=False
    )
    return StackResult(
        name, resources=[stack] if resources else [], errors=list(errors), violations=list(violations)
    )


STOPS = Violation("r", "urn", "m", "mandatory")


@pytest.mark.parametrize(
    ("results", "asked", "lacks"),
    [
        ([result("prod"), result("dr")], ["prod", "dr"], []),
        ([result("prod", violations=[STOPS])], ["prod"], []),
        ([result("prod", violations=[STOPS])], ["prod", "dr"], ["dr"]),
        ([result("prod"), result("dr", errors=["broken"])], ["prod", "dr"], ["dr"]),
        ([result("prod", errors=["broken"], violations=[STOPS])], ["prod"], ["prod"]),
        ([result("prod", resources=False, violations=[STOPS])], ["prod"], ["prod"]),
    ],
)
def test_what_is_half_there_has_no_verdict(results, asked, lacks):
    assert missing(results, asked) == lacks
    assert (judged(results, asked) is None) == bool(lacks)


def test_nothing_at_all_has_no_verdict():
    assert judged([], []) is None


def test_a_failed_deployment_says_that_it_is_not_judged(sandbox):
    (sandbox.root / "Pulumi.dr.yaml").write_text("config: {aws:region: us-east-1, small:broken: true}\n")
    status, out, _ = sandbox("up", "--engine", "runner", "--report", "page.html")
    assert status == 1
    assert "not judged: dr is not there as a whole" in out
    assert not Path("page.html").exists()
    _, out, _ = sandbox("up", "--engine", "runner", "--json")
    assert json.loads(out)["recovery"] is None


def test_nothing_to_judge_is_never_met(sandbox):
    (sandbox.root / "__main__.py").write_text(
        "import pulumi_aws as aws\naws.ec2.Vpc('v', cidr_block='10.0.0.0/16')\n"
    )
    status, out, _ = sandbox("preview", "--engine", "runner")
    assert status == 0, out
    assert "not judged: nothing here serves or keeps data that the estimator knows" in out
    assert ": met" not in out


def test_a_plan_says_where_the_rest_is_known(sandbox):
    program = 'import pulumi_aws as aws\nv = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16")\naws.s3.Bucket("b", tags={"dr-tier": "1", "rto-hours": v.id})\n'
    (sandbox.root / "__main__.py").write_text(program)
    _, out, _ = sandbox("preview", "--engine", "runner", "--stack", "prod")
    assert "`python -m sandbox report` tries it" in out
    _, out, _ = sandbox("up", "--engine", "runner", "--stack", "prod")
    assert "tries it" not in out


def test_the_engines_line_is_the_first_that_make_shows():
    lines = (server.REPOSITORY / "Makefile").read_text(encoding="utf-8").splitlines()
    shown = [line for line in lines if re.search(r"-m sandbox (up|preview|report|status)\b", line)]
    assert len(shown) == 4
    assert all(line.startswith("\t@") for line in shown), "make prints what it runs, unless told not to"
