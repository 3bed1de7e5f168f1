"""Which services of pulumi_aws a program's text names, so that they are loaded before threads ask for them."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from sandbox.aws import server
from sandbox.awsx import SERVICES
from sandbox.engines import libraries
from sandbox.garbage import collect_rarely


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('import pulumi_aws as aws\naws.sqs.Queue("q")\n', {"sqs"}),
        (
            "from pulumi_aws import (\n    sqs,  # a queue\n    sns as topics,\n    Provider,\n)\n",
            {"sqs", "sns"},
        ),
        ("import pulumi_aws.sqs\nfrom pulumi_aws.sns import Topic\n", {"sqs", "sns"}),
        ("from pulumi_aws \\\n    import sqs\n", {"sqs"}),
        ("import os, pulumi_aws . sns as topics\n", {"sns"}),
        ("from pulumi_aws import sqs\nthis is no Python", set()),
    ],
)
def test_services_named_by_a_program(tmp_path, monkeypatch, text, named):
    loaded = set()
    monkeypatch.setattr(libraries, "services", lambda *names: loaded.update(names))
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "program.py").write_text(text)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "other.py").write_text("import pulumi_aws.eks")
    libraries.load(tmp_path)
    assert loaded == named | set(SERVICES)


def test_only_what_imports_services_by_name_is_parsed(tmp_path, monkeypatch):
    parsed = []
    parser = SimpleNamespace(parse=parsed.append, walk=lambda _: ())
    monkeypatch.setattr(libraries, "ast", parser)
    texts = ["import pulumi_aws as aws\naws.sqs.Queue('q')\n", "import os\n", "from pulumi_aws import sqs\n"]
    for number, text in enumerate(texts):
        (tmp_path / f"file{number}.py").write_text(text)
    libraries.load(tmp_path)
    assert parsed == texts[2:]


def test_a_name_that_is_no_service_does_no_harm(tmp_path):
    (tmp_path / "__main__.py").write_text("from pulumi_aws import nosuch_service\n")
    libraries.load(tmp_path)


APART = {
    "__main__.py": "import pulumi_aws as aws\naws.sqs.Queue('q')",
    "rooms/data.py": "import pulumi_aws\npulumi_aws.dynamodb.Table('t')",
    "tests/test_it.py": "import pulumi_aws as aws\naws.batch.JobQueue('j')",
    "pack/PulumiPolicy.yaml": "runtime: python",
    "pack/rules.py": "import pulumi_aws as aws\naws.dax.Cluster('c')",
    "other/Pulumi.yaml": "name: other",
    "other/__main__.py": "import pulumi_aws as aws\naws.mq.Broker('b')",
}


def test_what_lies_in_the_programs_folder_and_is_no_part_of_it_loads_nothing(tmp_path, monkeypatch):
    for name, text in APART.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    loaded = set()
    monkeypatch.setattr(libraries, "services", lambda *names: loaded.update(names))
    libraries.load(tmp_path)
    assert loaded == {"sqs", "dynamodb"} | set(SERVICES)


def test_neither_tests_nor_the_sandbox_make_this_program_load_more(monkeypatch):
    loaded = set()
    monkeypatch.setattr(libraries, "services", lambda *names: loaded.update(names))
    libraries.load(Path(libraries.__file__).parents[2])
    assert {"rds", "lb", "backup"} <= loaded
    assert not {"budgets", "gamelift", "mq"} & loaded


@pytest.mark.parametrize("collects", [True, False])
def test_libraries_are_never_looked_through_for_garbage(collects, monkeypatch):
    monkeypatch.setattr(libraries, "_LOADED", set())
    before, frozen = gc.isenabled(), gc.get_freeze_count()
    (gc.enable if collects else gc.disable)()
    try:
        libraries.services("sqs")
        assert gc.isenabled() == collects
        assert gc.get_freeze_count() > frozen  # and it stays so: else the whole suite would be looked through
    finally:
        (gc.enable if before else gc.disable)()


def test_what_became_garbage_meanwhile_is_not_kept_when_nothing_new_is_loaded():
    libraries.services("sqs")
    libraries.components()
    frozen = gc.get_freeze_count()
    kept = [[] for _ in range(100)]
    libraries.services("sqs")
    libraries.components()
    assert len(kept) == 100
    assert gc.get_freeze_count() <= frozen  # what is frozen may still end


def test_what_is_loaded_is_no_garbage_and_the_rest_is_looked_through_seldom():
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    gc.set_threshold(700, 10, 10)
    try:
        kept = [[] for _ in range(100)]
        collect_rarely()
        assert gc.isenabled()
        assert gc.get_freeze_count() >= frozen + len(kept)
        assert gc.get_threshold()[0] > 700
    finally:
        gc.set_threshold(*before)


AWSX = """
import sys, types
from pathlib import Path
from sandbox.engines import libraries

libraries.load(Path(sys.argv[1]))
modules = {name: module for name, module in sys.modules.items() if name.startswith("pulumi_awsx.")}
assert "pulumi_awsx.awsx" in modules and "pulumi_awsx.ecs" in modules
assert {type(module) for module in modules.values()} == {types.ModuleType}  # a lazy one has a type of its own
"""


def test_all_of_awsx_is_loaded_also_where_only_what_the_program_imports_uses_it(tmp_path):
    (tmp_path / "__main__.py").write_text("import elsewhere")
    command = [sys.executable, "-c", AWSX, str(tmp_path)]
    done = subprocess.run(command, cwd=server.REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
