"""`--policy-pack-config FILE`, and exemptions in a stack's configuration: what the runner's pack makes of them, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from sandbox import __main__ as cli
from sandbox.arguments import choices, parser
from sandbox.aws import server
from sandbox.engines import project as projects
from sandbox.engines.configuration import StackConfig
from sandbox.engines.model import StackChoice, StackResult
from sandbox.engines.pulumi_cli.stack import StackWork
from sandbox.engines.runner import engine as runner_engine
from sandbox.engines.runner.state import Deployed
from tests.sandbox.projects import InProcess, project, state_of

RULE = "dynamodb-table-deletion-protection"
TABLE = """
aws.dynamodb.Table("orders", attributes=[{"name": "id", "type": "S"}], hash_key="id", billing_mode="PAY_PER_REQUEST")
"""
SOON = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)).isoformat()
EXEMPTION = {"resource": "orders", "reason": "rebuilt nightly", "until": SOON}
NOTE = f"orders: exempt until {SOON}: rebuilt nightly. Let go: deletionProtectionEnabled is not true."
REGION = {"aws:region": "us-east-1"}


@pytest.fixture
def sandbox(tmp_path, aws_endpoint, monkeypatch, capsys):
    """`sandbox(*arguments, rules=...)` runs the command line on a table that nothing protects, judged by that rule of our pack."""
    monkeypatch.setattr(runner_engine, "Worker", InProcess)
    monkeypatch.setenv("COLUMNS", "200")
    root = project(tmp_path / "project", TABLE, stacks={"one": REGION})
    (root / "policies").symlink_to(server.REPOSITORY / "policies", target_is_directory=True)
    state = state_of(aws_endpoint, tmp_path / "state")
    file = tmp_path / "rules.json"

    def run(*arguments, **rule):
        rules = {"all": "disabled", RULE: {"enforcementLevel": "mandatory", **rule}}
        file.write_text(json.dumps(rules))
        status = cli.main(
            [*arguments, "--engine", "runner", "--policy-pack-config", str(file)], root=root, state=state
        )
        return status, capsys.readouterr().out

    run.root, run.state, run.file = root, state, file
    return run


def tables(boto):
    return boto("dynamodb").list_tables()["TableNames"]


def test_without_an_exemption_the_rule_refuses(sandbox, boto):
    status, out = sandbox("up")
    assert status == 1
    assert f"policy mandatory: {RULE} orders" in out
    assert "aws-store-encrypted" not in out, "the file switches every other rule off"
    assert tables(boto) == []


def test_with_one_in_the_file_it_is_let_go_and_told(sandbox, boto):
    status, out = sandbox("up", exempt=[EXEMPTION])
    assert status == 0, out
    assert f"policy advisory: {RULE} orders" in out
    assert NOTE in out
    assert len(tables(boto)) == 1


def test_with_one_in_the_stacks_configuration_it_is_let_go_and_told(sandbox, boto):
    settings = (
        f"config:\n  aws:region: us-east-1\n  holdfast:exemptions:\n    - {{rule: {RULE}, resource: orders, "
    )
    # A date without quotes is what people write.
    (sandbox.root / "Pulumi.one.yaml").write_text(f"{settings}reason: rebuilt nightly, until: {SOON}}}\n")
    status, out = sandbox("up")
    assert status == 0, out
    assert NOTE in out
    assert len(tables(boto)) == 1


def test_one_that_nothing_needs_is_told_for_itself(sandbox):
    more = {**EXEMPTION, "resource": "nosuch"}
    status, out = sandbox("preview", exempt=[EXEMPTION, more])
    assert status == 0
    assert NOTE in out
    assert f"{RULE}: exempt[1]: the exemption of 'nosuch' (rebuilt nightly) matches no resource" in out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "it can't be read: No such file or directory"),
        ("{", "it is not JSON: Expecting property name"),
        ("[]", "expected an object of rules, got list"),
    ],
)
def test_a_file_that_is_none_is_one_line_before_the_work(sandbox, capsys, tmp_path, text, said):
    file = tmp_path / "wrong.json"
    if text is not None:
        file.write_text(text)
    for command in ("up", "preview", "report"):
        status = cli.main(
            [command, "--policy-pack-config", str(file)], root=sandbox.root, state=sandbox.state
        )
        out = capsys.readouterr().out
        assert status == 1
        assert f"error: --policy-pack-config {file}: {said}" in out
        assert "engine:" not in out


def test_an_empty_file_configures_nothing(sandbox, capsys):
    sandbox.file.write_text("\n")
    arguments = ["preview", "--engine", "runner", "--policy-pack-config", str(sandbox.file)]
    assert cli.main(arguments, root=sandbox.root, state=sandbox.state) == 1
    assert f"policy mandatory: {RULE} orders" in capsys.readouterr().out


def test_without_a_pack_there_is_nothing_to_configure(sandbox):
    (sandbox.root / "policies").unlink()
    status, out = sandbox("preview")
    assert status == 1
    assert f"{sandbox.root} has no policy pack (policies/PulumiPolicy.yaml)" in out


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            {"until": "soon"},
            f"error: policy configuration: {RULE}: exempt[0].until: 'soon' is no date (YYYY-MM-DD)",
        ),
        ({"reason": ""}, f"error: policy configuration: {RULE}: exempt[0].reason: '' is empty"),
    ],
)
def test_what_the_pack_refuses_is_one_line(sandbox, entry, said):
    status, out = sandbox("up", exempt=[{**EXEMPTION, **entry}])
    assert status == 1
    assert [line for line in out.splitlines() if line.startswith("error")] == [said]
    assert "Traceback" not in out


def test_what_the_pack_refuses_of_a_stacks_configuration_is_one_line(sandbox):
    wrong = json.dumps([{"rule": "no-such-rule", **EXEMPTION}])
    status, out = sandbox("up", "--config", f"holdfast:exemptions={wrong}")
    assert status == 1
    said = "error: stack configuration: holdfast:exemptions[0].rule: unknown rule 'no-such-rule'"
    assert [line for line in out.splitlines() if line.startswith("error")] == [said]


@pytest.mark.parametrize("command", ["preview", "report"])
def test_recovery_goes_by_the_objectives_in_the_file(sandbox, capsys, tmp_path, monkeypatch, command):
    endpoint = (sandbox.state / "endpoint").read_text()
    # The AWS of a report is this process's own as well.
    monkeypatch.setattr(
        runner_engine.server, "start", lambda _: SimpleNamespace(endpoint=endpoint, pid=1, reset=lambda: None)
    )
    page = tmp_path / "page.html"
    sandbox.file.write_text(json.dumps({"all": "advisory", "recovery-objectives": {"defaultTier": 2}}))
    arguments = [command, "--json", "--report", str(page), "--policy-pack-config", str(sandbox.file)]
    cli.main([*arguments, "--engine", "runner"], root=sandbox.root, state=sandbox.state)
    found = json.loads(capsys.readouterr().out)["recovery"]["failures"]["region"]["systems"]
    assert [system["tier"] for system in found] == ["2"]
    assert page.exists()


def test_objectives_that_cannot_be_are_one_line(sandbox, capsys):
    sandbox.file.write_text(json.dumps({"recovery-objectives": {"defaultTier": 9}}))
    arguments = ["report", "--policy-pack-config", str(sandbox.file)]
    assert cli.main(arguments, root=sandbox.root, state=sandbox.state) == 1
    said = "--policy-pack-config: recovery-objectives: default-tier: '9', expected 1, 2 or 3"
    assert said in capsys.readouterr().out


def test_a_stack_that_is_deployed_again_keeps_its_configuration_of_the_pack(sandbox, tmp_path):
    known = projects.load(sandbox.root)
    sandbox.file.write_text("{}")
    options = parser().parse_args(["up", "--policy-pack-config", str(sandbox.file)])
    (chosen,) = choices(known, options)
    assert chosen.policy_config == sandbox.file
    for choice in (chosen, StackChoice("two")):
        deployed = Deployed(tmp_path / choice.name)
        deployed.keep(known, choice, StackResult(choice.name))
        assert [kept.choice for kept in deployed.stacks()] == [choice]


class Cli:
    """Stands in for the Pulumi CLI: it remembers with what it is begun."""

    def __init__(self, root: Path):
        self.project, self.begun = projects.load(root), []

    def config_file(self, name, _config):
        return Path(f"{name}.yaml")

    def begin(self, _label, arguments, _environment):
        self.begun.append(arguments)
        return self


@pytest.mark.parametrize("guarded", [True, False])
def test_the_pulumi_cli_is_given_the_file_with_the_pack(sandbox, guarded):
    if not guarded:
        (sandbox.root / "policies").unlink()
    stand_in = Cli(sandbox.root)
    choice = StackChoice("one", policy_config=sandbox.file)
    StackWork(stand_in, choice, StackConfig({}), None, None)._start("preview")
    (arguments,) = stand_in.begun
    pack = ["--policy-pack", str(sandbox.root / "policies"), "--policy-pack-config", str(sandbox.file)]
    assert [each for each in arguments if "polic" in each or each == str(sandbox.file)] == (
        pack if guarded else []
    )
