"""The command line on programs that are not this repository's: where they are, what they are given, what they lack."""

from __future__ import annotations

import json

import pytest
import yaml

from sandbox import __main__ as cli
from sandbox.engines.runner import engine as runner_engine
from tests.sandbox.projects import InProcess, state_of

PROGRAM = """
import pulumi
import pulumi_aws as aws
config = pulumi.Config()
pulumi.export("name", config.get("name"))
pulumi.export("stack", pulumi.get_stack())
pulumi.export("hidden", config.get_secret("password"))
pulumi.export("id", aws.ec2.Vpc("v", cidr_block="10.0.0.0/16").id)
"""


@pytest.fixture
def sandbox(tmp_path, aws_endpoint, monkeypatch, capsys):
    """`sandbox(*arguments)` is `python -m sandbox` on the project made by `sandbox.write`: exit status, document, messages."""
    monkeypatch.setattr(runner_engine, "Worker", InProcess)
    root, state = tmp_path / "project", state_of(aws_endpoint, tmp_path / "state")

    def write(files, **project):
        root.mkdir(exist_ok=True)
        document = {"name": "small", "runtime": "python", **project}
        (root / "Pulumi.yaml").write_text(yaml.safe_dump(document))
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)

    def run(*arguments, project=root):
        given = [*arguments, "--project", str(project), "--state", str(state), "--engine", "runner", "--json"]
        status = cli.main(given)
        out, err = capsys.readouterr()
        return status, json.loads(out), err

    run.write, run.root = write, root
    return run


def outputs(document, stack="dev"):
    assert document["errors"] == []
    assert document["stacks"][stack]["errors"] == []
    return document["stacks"][stack]["outputs"]


def test_a_project_without_stack_files_has_the_stack_dev(sandbox):
    sandbox.write({"__main__.py": PROGRAM})
    status, document, _ = sandbox("up")
    assert status == 0, json.dumps(document)
    assert list(document["stacks"]) == ["dev"]
    assert outputs(document)["stack"] == "dev"
    assert outputs(document)["id"].startswith("vpc-")


def test_another_stack_may_be_named(sandbox):
    sandbox.write({"__main__.py": PROGRAM})
    _, document, _ = sandbox("preview", "--stack", "blue")
    assert outputs(document, "blue")["stack"] == "blue"


def test_values_given_stand_over_those_of_the_file(sandbox):
    sandbox.write(
        {"__main__.py": PROGRAM, "Pulumi.dev.yaml": "config: {small:name: file, small:key: {secure: x}}"}
    )
    status, document, _ = sandbox("preview", "--config", "name=line")
    assert status == 1
    (error,) = document["errors"]
    assert "'small:key' is encrypted" in error
    assert "--config small:key=VALUE" in error
    _, document, _ = sandbox("preview", "--config", "name=line", "--config", "small:key=plain")
    assert outputs(document)["name"] == "line"


def test_keys_declared_secret_are_secret(sandbox):
    sandbox.write({"__main__.py": PROGRAM}, config={"password": {"type": "string", "secret": True}})
    status, document, _ = sandbox("preview")
    assert status == 1
    assert "--config password=VALUE" in document["errors"][0]
    _, document, _ = sandbox("preview", "--config", "password=p")
    assert outputs(document)["hidden"] == "[secret]"


@pytest.mark.parametrize(
    ("main", "files"),
    [
        ("app", {"app/__main__.py": "import helper\n" + PROGRAM, "app/helper.py": ""}),
        ("app/program.py", {"app/program.py": PROGRAM}),
        (
            "app/",
            {"app/__main__.py": "assert open('beside.txt').read() == 'x'\n" + PROGRAM, "app/beside.txt": "x"},
        ),
    ],
    ids=["directory", "file", "runs where it is"],
)
def test_the_program_may_stand_elsewhere(sandbox, main, files):
    sandbox.write(files, main=main)
    status, document, _ = sandbox("preview")
    assert (status, outputs(document)["stack"]) == (0, "dev")


def test_virtual_environments_and_toolchains_are_not_asked_for(sandbox):
    runtime = {"name": "python", "options": {"toolchain": "poetry", "virtualenv": "nosuch"}}
    sandbox.write({"__main__.py": PROGRAM}, runtime=runtime)
    status, _, _ = sandbox("preview")
    assert status == 0


@pytest.mark.parametrize(
    ("files", "project", "said"),
    [
        ({"index.ts": ""}, {"runtime": "nodejs"}, "runtime is 'nodejs'; the sandbox runs Python programs"),
        ({"other.py": ""}, {}, "has no __main__.py"),
        ({"__main__.py": ""}, {"main": "src"}, "main is 'src', which does not exist"),
        ({"__main__.py": ""}, {"config": ["a"]}, "config must be a mapping of keys, got ['a']"),
        (
            {"__main__.py": "", "Pulumi.dev.yaml": "config: [a]"},
            {},
            "Pulumi.dev.yaml: config must be a mapping",
        ),
    ],
    ids=["language", "no program", "main", "declared", "configuration"],
)
def test_what_is_no_program_is_one_line(sandbox, files, project, said):
    sandbox.write(files, **project)
    status, document, _ = sandbox("preview")
    assert status == 1
    (error,) = document["errors"]
    assert said in error
    assert "\n" not in error


def test_a_directory_that_is_not_there_is_one_line(sandbox, tmp_path):
    status, document, _ = sandbox("preview", project=tmp_path / "nosuch")
    assert (status, document["errors"]) == (
        1,
        [f"--project {tmp_path / 'nosuch'}: there is no such directory"],
    )


def test_a_missing_package_is_one_line_that_names_it(sandbox):
    sandbox.write({"__main__.py": "import pulumi_nosuch.thing\n"})
    status, document, _ = sandbox("preview")
    assert status == 1
    (error,) = document["stacks"]["dev"]["errors"]
    assert error.startswith("the program imports 'pulumi_nosuch', which ")
    assert "\n" not in error


def test_config_without_a_value_is_refused(sandbox):
    sandbox.write({"__main__.py": PROGRAM})
    _, document, _ = sandbox("preview", "--config", "name")
    assert document["errors"] == ["--config 'name': expected KEY=VALUE, such as aws:region=us-east-1"]


def test_projects_on_one_sandbox_read_each_other(sandbox, tmp_path):
    sandbox.write({"__main__.py": PROGRAM})
    other = tmp_path / "other"
    other.mkdir()
    (other / "Pulumi.yaml").write_text("name: other\nruntime: python\n")
    (other / "__main__.py").write_text(
        'import pulumi\npulumi.export("read", pulumi.StackReference("someone/small/dev").require_output("id"))\n'
    )
    status, document, _ = sandbox("up", project=other)
    assert status == 1
    (error,) = document["stacks"]["dev"]["errors"]
    assert "'someone/small/dev' is referenced but has never been deployed here" in error
    assert "it is of project 'small'" in error
    _, first, _ = sandbox("up")
    _, second, _ = sandbox("up", project=other)
    assert outputs(second)["read"] == outputs(first)["id"], (
        "the second project's deployment leaves the first's alone"
    )
    _, again, told = sandbox("up")
    assert "other/dev" in told, "what an empty AWS would lose is deployed again, and said"
    assert list(again["stacks"]) == ["dev", "other/dev"]
    assert outputs(again, "other/dev")["read"] == outputs(again)["id"]
