"""The workflows of this repository: they ask for little, name what they run by commit, and believe nobody who can type."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.test_settings import ROOT

FOLDER = ROOT / ".github"
WORKFLOWS = sorted((FOLDER / "workflows").glob("*.y*ml"))
ACTIONS = sorted((FOLDER / "actions").rglob("action.y*ml"))
STACKS = {path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml")}
SETUP = "./.github/actions/stack"
READS, SIGNS = {"contents": "read"}, {"contents": "read", "id-token": "write"}
PINNED = re.compile(r"[\w-]+/[\w./-]+@[0-9a-f]{40}")
TRUSTED = re.compile(r"github\.(ref|repository)|vars\.\w+|matrix\.\w+")
"""What an expression may name besides the inputs of who may start a workflow."""


def read(path: Path) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


def events(path: Path) -> set[str]:
    said = read(path)[True]  # YAML 1.1 takes `on` for yes
    return {said} if isinstance(said, str) else set(said)


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = read(path)["jobs"]
    return found


def steps(path: Path) -> Iterator[dict[str, Any]]:
    if path in ACTIONS:
        yield from read(path)["runs"]["steps"]
    else:
        for job in jobs(path).values():
            yield from job["steps"]


def by_name(name: str) -> Path:
    return next(path for path in WORKFLOWS if path.stem == name)


each = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
every = pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=lambda path: path.stem)


def test_there_are_those_that_are_told_of() -> None:
    assert [path.stem for path in WORKFLOWS] == ["checks", "digest", "preview", "up"]
    assert len(ACTIONS) == 1
    assert {path.stem: events(path) for path in WORKFLOWS} == {
        "checks": {"pull_request", "push"},
        "preview": {"pull_request"},
        "up": {"push", "workflow_dispatch"},
        "digest": {"workflow_dispatch"},
    }
    for name in ("checks", "up"):
        assert read(by_name(name))[True]["push"] == {"branches": ["main"]}


@each
def test_a_job_may_read_and_be_signed_for_where_it_asks_aws(path: Path) -> None:
    whole = read(path)["permissions"]
    assert whole in ({}, READS)
    for job in jobs(path).values():
        asks = any(step.get("uses") == SETUP for step in job["steps"])
        assert job.get("permissions", whole) == (SIGNS if asks else READS)
        assert job["timeout-minutes"] <= 180
        assert ("environment" in job) == asks


@every
def test_whatever_is_used_is_named_by_its_commit(path: Path) -> None:
    used = [step["uses"] for step in steps(path) if "uses" in step]
    assert used
    for name in used:
        assert name == SETUP or PINNED.fullmatch(name), name
    lines = [line for line in path.read_text("utf-8").splitlines() if "uses:" in line and SETUP not in line]
    assert all(re.search(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line) for line in lines)
    versions = {
        line.split("uses: ")[1]
        for p in (*WORKFLOWS, *ACTIONS)
        for line in p.read_text("utf-8").splitlines()
        if "uses: " in line
    }
    assert len({name.split("@")[0] for name in versions}) == len(versions), "one version of each"


@every
def test_nothing_is_put_into_a_script_that_somebody_typed(path: Path) -> None:
    for step in steps(path):
        assert "${{" not in step.get("run", "")
        if str(step.get("uses", "")).startswith("actions/checkout@"):
            assert step["with"] == {"persist-credentials": False}
    text = path.read_text("utf-8")
    assert "secrets." not in text
    assert "pull_request_target" not in text
    assert not re.search(r"AKIA|aws-secret-access-key|aws-access-key-id", text)
    assert "github.event" not in text.replace(
        "github.event.pull_request.head.repo.full_name == github.repository", ""
    )


@pytest.mark.parametrize(
    ("stacks", "ended", "deployed"),
    [
        ("", "success", {"prod", "dr"}),
        ("", "failure", {"prod"}),
        ("both", "success", {"prod", "dr"}),
        ("prod", "success", {"prod"}),
        ("dr", "skipped", {"dr"}),
    ],
    ids=["a push", "a push of which the first fails", "both", "prod alone", "dr alone"],
)
def test_a_lost_region_does_not_keep_the_other_stack_from_its_deployment(
    stacks: str, ended: str, deployed: set[str]
) -> None:
    asked = read(by_name("up"))[True]["workflow_dispatch"]["inputs"]["stacks"]
    assert asked["type"] == "choice"
    assert set(asked["options"]) == {"both", *STACKS}
    known = {"inputs.stacks": repr(stacks), "needs.prod.result": repr(ended)}
    words = {"!cancelled()": "True", "&&": "and", "||": "or", **known}

    def runs(job: dict[str, Any]) -> bool:
        said = job["if"]
        for word, meant in words.items():
            said = said.replace(word, meant)
        return bool(eval(said, {"__builtins__": {}}))

    assert {name for name, job in jobs(by_name("up")).items() if runs(job)} == deployed


@each
def test_expressions_name_what_nobody_outside_decides(path: Path) -> None:
    for said in re.findall(r"\$\{\{ *(.*?) *\}\}", path.read_text("utf-8")):
        inside = said.replace("inputs.stack == 'prod' && 'us-east-1' || 'us-west-2'", "inputs.stack")
        typed = path.stem == "digest" and re.fullmatch(r"inputs\.(stack|system|group|part|digest)", inside)
        assert typed or TRUSTED.fullmatch(inside), said


def test_environments_are_the_stacks_own() -> None:
    assert {"prod", "dr"} == STACKS
    up = jobs(by_name("up"))
    assert {name: job["environment"] for name, job in up.items()} == {name: name for name in STACKS}
    assert up["dr"]["needs"] == "prod"
    for stack in STACKS:
        release = read(ROOT / "examples" / "delivery" / f"{stack}.yaml")["config"]["holdfast:systems"][
            "release"
        ]
        assert release["deploy"]["environment"] == up[stack]["environment"]
    inputs = read(by_name("digest"))[True]["workflow_dispatch"]["inputs"]
    assert set(inputs["stack"]["options"]) == STACKS
    assert jobs(by_name("digest"))["deploy"]["environment"] == "${{ inputs.stack }}"
    (preview,) = jobs(by_name("preview")).values()
    assert preview["environment"] == "preview"
    assert {each["stack"] for each in preview["strategy"]["matrix"]["include"]} == STACKS


def test_regions_are_the_stacks_own() -> None:
    regions = {stack: read(ROOT / f"Pulumi.{stack}.yaml")["config"]["aws:region"] for stack in STACKS}
    include = jobs(by_name("preview"))["preview"]["strategy"]["matrix"]["include"]
    assert {each["stack"]: each["region"] for each in include} == regions
    for stack, job in jobs(by_name("up")).items():
        (setup,) = [step for step in job["steps"] if step.get("uses") == SETUP]
        assert setup["with"]["region"] == regions[stack]
    (setup,) = [step for step in jobs(by_name("digest"))["deploy"]["steps"] if step.get("uses") == SETUP]
    assert setup["with"]["region"] == (
        f"${{{{ inputs.stack == 'prod' && '{regions['prod']}' || '{regions['dr']}' }}}}"
    )


def test_roles_are_variables_and_a_preview_has_one_of_its_own() -> None:
    roles = {
        path.stem: {step["with"]["role"] for step in steps(path) if step.get("uses") == SETUP}
        for path in WORKFLOWS
    }
    assert roles == {
        "checks": set(),
        "preview": {"${{ vars.AWS_PREVIEW_ROLE_ARN }}"},
        "up": {"${{ vars.AWS_UP_ROLE_ARN }}"},
        "digest": {"${{ vars.AWS_UP_ROLE_ARN }}"},
    }


def test_deployments_wait_for_each_other_and_none_is_cut_off() -> None:
    for name in ("up", "digest"):
        assert read(by_name(name))["concurrency"] == {"group": "stacks", "cancel-in-progress": False}


def test_every_stack_is_judged_by_the_pack() -> None:
    for name in ("preview", "up", "digest"):
        commands = [line for step in steps(by_name(name)) for line in step.get("run", "").splitlines()]
        runs = [line for line in commands if re.match(r"pulumi (up|preview)", line)]
        assert runs
        assert all("--policy-pack policies" in line and "--non-interactive" in line for line in runs)


def test_checks_are_the_projects_own() -> None:
    assert [step["run"] for step in steps(by_name("checks")) if "run" in step] == [".ci/run"]


@pytest.mark.parametrize(
    ("digest", "system", "part", "taken"),
    [
        ("sha256:" + "a" * 64, "shop", "web", True),
        ("latest", "shop", "web", False),
        ("sha256:abc", "shop", "web", False),
        ("sha256:" + "a" * 64 + "\nx", "shop", "web", False),
        ("sha256:" + "A" * 64, "shop", "web", False),
        ("sha256:" + "a" * 64, "shop.services", "web", False),
        ("sha256:" + "a" * 64, "shop", "web;id", False),
    ],
)
def test_a_digest_is_looked_at_before_anything_else(digest: str, system: str, part: str, taken: bool) -> None:
    first = next(steps(by_name("digest")))
    given = {"DIGEST": digest, "SYSTEM": system, "PART": part, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(["bash", "-c", first["run"]], env=given, check=False, capture_output=True)
    assert (done.returncode == 0) == taken
