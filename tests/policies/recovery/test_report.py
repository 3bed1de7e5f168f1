"""The report as JSON, table, HTML and by the command; on stacks as `pulumi stack export` writes them; quickly enough."""

from __future__ import annotations

import dataclasses
import json
import math
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from policies.graph import Unknown
from policies.recovery import Resource, from_export, judge, table, violations
from policies.recovery.__main__ import main
from policies.recovery.model import Failure, Step, Verdict
from tests.policies.recovery.build import TIER1, home, res
from tests.policies.recovery.systems import dr, prod

ROOT = Path(__file__).resolve().parents[3]


def deployed(value: Any, path: str) -> Any:
    """The value with something of its own in place of each part that isn't known."""
    if isinstance(value, dict):
        return {k: deployed(v, f"{path}-{k}") for k, v in value.items()}
    if isinstance(value, list):
        return [deployed(v, f"{path}-{i}") for i, v in enumerate(value)]
    return path if isinstance(value, Unknown) else value


def exported(resources: list[Resource], region: str) -> str:
    """As `pulumi stack export` writes a deployed stack: providers, ids, dependencies, property dependencies."""
    stack = resources[0].stack
    urn = f"urn:pulumi:{stack}::app::pulumi:providers:aws::default"
    rows: list[dict[str, Any]] = [
        {
            "urn": f"urn:pulumi:{stack}::app::pulumi:pulumi:Stack::app-{stack}",
            "type": "pulumi:pulumi:Stack",
            "custom": False,
        },
        {
            "urn": urn,
            "type": "pulumi:providers:aws",
            "id": "p1",
            "custom": True,
            "inputs": {"region": region},
            "outputs": {"region": region},
        },
    ]
    for r in resources:
        if r.type == "pulumi:pulumi:Stack":
            rows[0]["outputs"] = dict(r.props)
            continue
        known = deployed(r.props, f"{r.name}-of")
        for subnet in r.property_dependencies.get("availabilityZone", ()):
            known["availabilityZone"] = f"zone-of-{subnet}"
        rows.append(
            {
                "urn": r.urn,
                "type": r.type,
                "custom": True,
                "id": f"{r.name}-id",
                "inputs": known,
                "outputs": {"id": f"{r.name}-id", **known},
                "parent": rows[0]["urn"],
                "provider": f"{urn}::p1",
                "dependencies": sorted(r.dependencies),
                "propertyDependencies": {k: sorted(v) for k, v in r.property_dependencies.items()},
            }
        )
    rows.append(
        {
            "urn": f"urn:pulumi:{stack}::app::aws:rds/instance:Instance::gone",
            "type": "aws:rds/instance:Instance",
            "delete": True,
        }
    )
    return json.dumps({"version": 3, "deployment": {"manifest": {}, "resources": rows}})


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    found = []
    for stack, region in ((prod(), "us-east-1"), (dr(), "us-west-2")):
        path = tmp_path / f"{region}.json"
        path.write_text(exported(stack, region), encoding="utf-8")
        found.append(str(path))
    return found


def is_span(value: Any) -> bool:
    return set(value) == {"low", "high"} and all(
        v is None or (isinstance(v, int) and v >= 0) for v in value.values()
    )


def test_the_shape_of_the_json(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*files, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["stacks"] == ["dr", "prod"]
    assert set(report["failures"]) == {"instance", "zone", "region", "corruption"}
    for failure in report["failures"].values():
        assert {"rto", "rpo", "verdict", "dominant", "assumptions", "nodes"} <= set(failure)
        assert is_span(failure["rto"])
        assert is_span(failure["rpo"])
        assert failure["verdict"] in set(Verdict)
        assert {"term", "urn"} <= set(failure["dominant"])
        assert failure["dominant"]["urn"].startswith("urn:pulumi:")
        assert all(isinstance(a, str) for a in failure["assumptions"])
        for found in failure["nodes"]:
            assert {"urn", "option", "rto", "rpo", "verdict", "terms"} <= set(found)
            assert is_span(found["rto"])
            assert found["rpo"] is None or is_span(found["rpo"])
            for term in found["terms"]:
                assert term["term"] in set(Step)
                assert is_span({"low": term["low"], "high": term["high"]})
    assert report["failures"]["region"]["verdict"] == "met-if"


def test_no_way_back_is_null(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(exported([res("bucket", "files", {"tags": TIER1})], "us-east-1"), encoding="utf-8")
    assert main([str(path), "--json"]) == 1
    region = json.loads(capsys.readouterr().out)["failures"]["region"]
    assert (region["rto"], region["rpo"]) == ({"low": None, "high": None}, {"low": None, "high": None})
    assert (region["verdict"], region["dominant"]["term"]) == ("unattainable", "fail over")
    assert region["dominant"]["urn"].endswith("::files")


def test_exports_say_the_same_as_a_preview() -> None:
    after = judge(from_export(exported(prod(), "us-east-1")))
    before = home(*prod())
    for failure in Failure:
        a, b = after.failures[failure], before.failures[failure]
        assert (a.rto.low, a.rto.high, a.verdict) == (b.rto.low, b.rto.high, b.verdict), failure


def test_standard_input(files: list[str]) -> None:
    command = [sys.executable, "-m", "policies.recovery", "-", files[1], "--json"]
    ran = subprocess.run(
        command, cwd=ROOT, input=Path(files[0]).read_text(), capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["verdict"] == "met-if"


def test_the_estimator_needs_no_pulumi() -> None:
    code = "import sys; from policies import recovery; print(recovery.judge([]).verdict, 'pulumi' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.stdout.split() == ["undetermined", "False"], ran.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("{}", "no `deployment`"),
        ("[]", "no `deployment`"),
        ('{"deployment": {"resources": [{"type": 1}]}}', "urn or type"),
    ],
)
def test_a_file_that_is_no_export(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text, encoding="utf-8")
    assert main([str(path)]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "bad.json" in error


def test_a_missing_file_and_a_bad_configuration(
    tmp_path: Path, files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["nowhere.json"]) == 2
    config = tmp_path / "config.json"
    config.write_text('{"tiers": {"9": {}}}', encoding="utf-8")
    assert main([*files, "--config", str(config)]) == 2
    assert "'9'" in capsys.readouterr().err


def test_configuration_is_used(tmp_path: Path, files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "config.json"
    config.write_text('{"figures": {"decide.person": 60}}', encoding="utf-8")
    assert main([*files, "--json", "--config", str(config)]) == 0
    region = json.loads(capsys.readouterr().out)["failures"]["region"]
    # 36 + 60 + 600 + 430 + 60
    assert region["rto"]["high"] == 1186


def test_the_table_names_everything(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(files) == 0
    out = capsys.readouterr().out
    for word in (
        "instance failure: met",
        "region failure: met-if",
        "www <- web-lb <- web <- db",
        "global database's member in us-west-2",
    ):
        assert word in out


def test_findings() -> None:
    slow = res("table", "orders", {"tags": {"dr-tier": "3"}})
    template = res("template", "t", userData=slow)
    tags = [{"key": "dr-tier", "value": "1"}]
    web = res("asg", "web", {"desiredCapacity": 1, "tags": tags}, launchTemplate=template)
    report = home(slow, template, web)
    assert (
        "web is of tier 1 and can't work without orders of tier 3"
        in report.failures[Failure.INSTANCE].findings
    )


def test_stores_without_figures_are_named() -> None:
    report = home(
        res("aws:sqs/queue:Queue", "jobs"), res("aws:fsx/lustreFileSystem:LustreFileSystem", "scratch")
    )
    assert [n.split(":")[0] for n in report.notes] == ["jobs", "scratch"]


def test_a_log_bucket_is_not_judged() -> None:
    logs = res("bucket", "logs", {"tags": TIER1})
    lb = res("lb", "lb", {"tags": TIER1}, accessLogs=logs)
    report = home(logs, lb)
    assert [n.unit.name for n in report.failures[Failure.REGION].nodes] == ["lb"]
    assert report.notes == ("logs: only logs go there: not judged",)


def test_messages_name_term_resource_and_setting() -> None:
    report = home(
        res(
            "rds",
            "db",
            {"allocatedStorage": 100, "backupRetentionPeriod": 7, "tags": {**TIER1, "rto-hours": "0.5"}},
        )
    )
    messages = {v.message for v in violations(report)}
    zone = next(m for m in messages if "zone failure" in m)
    assert "objective 30 min" in zone
    assert "to fail over" in zone
    assert "What to change" in zone
    assert "InstanceAutomatedBackupsReplication" in next(m for m in messages if "region failure" in m)


def test_at_risk_fails_in_tier_1_only() -> None:
    for tier, count in (("1", 1), ("2", 0)):
        db = res(
            "rds", "db", {"multiAz": True, "tags": {"dr-tier": tier, "rto-hours": "0.03", "rpo-minutes": "5"}}
        )
        found = [v for v in violations(home(db)) if "zone failure" in v.message]
        assert len(found) == count


def own(props: Any, i: int) -> Any:
    """Names of their own for each copy of the system."""
    if isinstance(props, dict):
        return {k: own(v, i) for k, v in props.items()}
    if isinstance(props, list):
        return [own(v, i) for v in props]
    return f"{props}{i}" if props in ("shop", "www.example.com", "files-east") else props


def test_a_thousand_resources_quickly() -> None:
    many: list[Resource] = []
    base = prod()
    for i in range(1000 // len(base)):
        rename = {r.urn: r.urn + str(i) for r in base}
        many += [
            Resource(
                type=r.type,
                name=f"{r.name}{i}",
                urn=rename[r.urn],
                props=own(r.props, i),
                dependencies=frozenset(rename[d] for d in r.dependencies),
                property_dependencies={
                    k: frozenset(rename[d] for d in v) for k, v in r.property_dependencies.items()
                },
            )
            for r in base
        ]
    fillers = [res("aws:iam/role:Role", f"role{i}", {"name": f"role{i}"}) for i in range(1000 - len(many))]
    best = math.inf
    for _ in range(3):
        fresh = [dataclasses.replace(r) for r in (*many, *fillers)]  # without what was read before
        start = time.process_time()
        report = home(*fresh)
        best = min(best, time.process_time() - start)
    assert len(report.failures[Failure.ZONE].nodes) > 100
    assert best < 0.5


def test_the_table_of_nothing() -> None:
    assert "nothing" in table(judge([]))
