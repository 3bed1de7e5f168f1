"""What is read of an export, what of it is judged, and what is said of the rest."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from policies.graph import SECRET, SIGNATURE, Graph, Unknown
from policies.graph.zones import SUBNETS
from policies.recovery import from_export, judge, violations
from policies.recovery.__main__ import main
from policies.recovery.model import Verdict
from tests.policies.recovery.build import TIER1, home, res, zones
from tests.policies.recovery.test_report import exported


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_exports_in_the_encodings_that_shells_write(
    tmp_path: Path, encoding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "prod.json"
    path.write_bytes(exported([res("bucket", "bücket", {"tags": TIER1})], "us-east-1").encode(encoding))
    assert main([str(path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["failures"]["region"]["nodes"][0]["name"] == "bücket"


def test_bytes_that_are_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(b'{"deployment": "\xff\xfe\xfa"}')
    assert main([str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_an_export_with_secrets_shown() -> None:
    def shown(value: Any) -> dict[str, str]:
        return {SIGNATURE: SECRET, "plaintext": json.dumps(value)}

    document = json.loads(exported([res("rds", "db", {"multiAz": True, "tags": TIER1})], "us-east-1"))
    row = document["deployment"]["resources"][-2]
    row["outputs"] = {**row["outputs"], "multiAz": shown(True), "backupRetentionPeriod": shown(7)}
    row["id"] = shown("db-1")
    found = from_export(json.dumps(document))[-1]
    assert (found.id, found.get("multiAz"), found.get("backupRetentionPeriod")) == ("db-1", True, 7)
    row["outputs"]["multiAz"] = {SIGNATURE: SECRET, "ciphertext": "v1:abc"}
    hidden = from_export(json.dumps(document))[-1]
    assert hidden.get("multiAz") == Unknown("db.multiAz")


def test_what_is_only_read_is_not_judged_but_referred_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = res("bucket", "old", {"tags": TIER1})
    versions = res("versioning", "v", {"versioningConfiguration": {"status": "Enabled"}}, bucket=old)
    document = json.loads(exported([old, versions], "us-east-1"))
    document["deployment"]["resources"][2]["external"] = True
    path = tmp_path / "read.json"
    path.write_text(json.dumps(document), "utf-8")
    assert main([str(path)]) == 2
    said = capsys.readouterr()
    assert (said.out, "nothing to judge" in said.err) == ("", True)
    seen = [dataclasses.replace(each, declared=False) for each in zones(2)]
    graph = Graph([*seen, lb := res("lb", "lb", subnets=seen)])
    assert graph.linked(lb, "subnets", *SUBNETS) == seen
    assert graph.of(*SUBNETS) == []


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        ("aws:sqs/queue:Queue", "it: SQS queue: keeps data"),
        ("aws:elasticsearch/domain:Domain", "it: Elasticsearch domain: keeps data"),
        ("aws:eks/cluster:Cluster", "it: EKS control plane: serves"),
        ("aws:cloudformation/stack:Stack", "it: CloudFormation stack: declares resources"),
        ("aws-native:rds:DBCluster", "it: aws-native:rds:DBCluster"),
        ("gcp:sql/databaseInstance:DatabaseInstance", "it: the estimator doesn't read what the provider gcp"),
        ("shop:index:Component", None),
        ("aws:iam/role:Role", None),
        ("random:index/randomId:RandomId", None),
        ("pulumi:pulumi:StackReference", None),
    ],
)
def test_what_is_not_judged_is_named(type_: str, said: str | None) -> None:
    it = dataclasses.replace(res(type_, "it"), custom=not type_.startswith("shop:"))
    notes = [n for n in judge([it]).notes if n.startswith("it")]
    assert [n.startswith(said or "") for n in notes] == ([True] if said else [])
    assert all(n.endswith(": not judged") for n in notes)
    assert judge([dataclasses.replace(it, declared=False)]).notes == ()


def test_those_of_one_type_are_named_in_one_line() -> None:
    """Each name once, also where both stacks have it."""
    queues = [res("aws:sqs/queue:Queue", name, stack=stack) for stack in ("prod", "dr") for name in "abc"]
    (note,) = judge(queues).notes
    assert note == "a, b, c: SQS queue: keeps data, and the estimator has no figures for it: not judged"


def test_nothing_to_judge_is_never_met(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert judge([]).verdict is Verdict.UNDETERMINED
    path = tmp_path / "empty.json"
    path.write_text(exported([res("aws:sns/topic:Topic", "news")], "us-east-1"), "utf-8")
    for form in ([], ["--json"], ["--html"]):
        assert main([str(path), *form]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert "empty.json: nothing to judge" in said.err
        assert "note: news: SNS topic" in said.err


def test_one_line_for_each_unit_and_failure_the_worst_first() -> None:
    tags = {"dr-tier": "1", "rto-hours": "0.01", "rpo-minutes": "1"}
    backed = {"backupRetentionPeriod": 7, "allocatedStorage": 10, "multiAz": True}
    found = violations(home(res("rds", "db", {**backed, "tags": tags}), res("table", "t", {"tags": TIER1})))
    keys = [(v.name, v.message.partition(" failure:")[0]) for v in found]
    assert len(keys) == len(set(keys))
    severities = [v.verdict.severity for v in found]
    assert severities == sorted(severities, reverse=True)
    assert severities[0] > severities[-1]
    corruption = next(v.message for v in found if v.message.startswith("RDS instance, corruption"))
    assert "recovery time" in corruption
    assert "data loss" in corruption
    assert "backup_retention_period=7" in corruption
    assert "\n" not in corruption
