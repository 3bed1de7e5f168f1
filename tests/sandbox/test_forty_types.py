"""A program of types without rows on the runner: deployed, updated, removed, and told of honestly."""

from __future__ import annotations

import json
import urllib.request

import pytest

from sandbox.engines.model import StackChoice
from sandbox.provider import services
from sandbox.report.document import document
from tests.sandbox.projects import HEAD, PROGRAMS, Runner, project, state_of

PROGRAM = (PROGRAMS / "forty_types" / "__main__.py").read_text()


@pytest.fixture
def run(aws_endpoint, tmp_path, monkeypatch):
    def start(program: str, note: str = "first") -> Runner:
        stacks = {"one": {"aws:region": "us-east-1", "small:note": note}}
        root = project(tmp_path / "project", "", stacks)
        (root / "__main__.py").write_text(program)
        return Runner(root, state_of(aws_endpoint, root / ".sandbox"), monkeypatch)

    return start


def kept(endpoint: str) -> dict[str, dict]:
    with urllib.request.urlopen(f"{endpoint}/sandbox/recorded") as answer:
        return json.loads(answer.read())


def test_forty_types_without_rows_are_deployed_updated_and_removed(run, aws_endpoint):
    runner = run(PROGRAM)
    [first] = runner.up()
    assert first.errors == [], first.errors
    made = [each for each in first.resources if each.type.startswith("aws:")]
    types = {each.type for each in made}
    assert len(types) >= 40
    assert not types & set(services.resources())
    assert {each.kind for each in made} == {"recorded"}
    assert sum(map(len, kept(aws_endpoint).values())) == len(made)
    assert first.outputs["brokers"].startswith("arn:aws:kafka:us-east-1:123456789012:cluster/msk-")
    assert first.outputs["search"].endswith("us-east-1.es.amazonaws.com") or "es" in first.outputs["search"]
    by_type = document("runner", 1.0, [first], [])["stacks"]["one"]["unchecked"]
    assert list(by_type["aws:budgets/budget:Budget"].values()) == [["limitAmount", "limitUnit"]]

    runner = run(PROGRAM, "second")
    [second] = runner.up()
    assert second.errors == []
    [budget] = [each for each in second.resources if each.type.endswith(":Budget")]
    assert budget.outputs["tagsAll"] == {"note": "second"}

    assert runner.engine.left() == ["one"]
    [gone] = runner.engine.down([StackChoice("one")], lambda _event: None)
    assert gone.errors == runner.engine.left() == []


def test_a_value_that_the_model_knows_to_be_wrong_is_refused(run):
    wrong = PROGRAM.replace("number_of_broker_nodes=2", "number_of_broker_nodes=99").replace(
        '"ARCHIVE"', '"BURN"'
    )
    message = run(wrong).fails()
    assert "numberOfBrokerNodes: aws:msk/cluster:Cluster: 99 is out of range; AWS allows 1 to 15" in message
    message = run(HEAD + 'aws.batch.JobQueue("j", priority=1, state="MAYBE")').fails()
    assert (
        "state: aws:batch/jobQueue:JobQueue: 'MAYBE' is not allowed; AWS allows ENABLED, DISABLED" in message
    )
