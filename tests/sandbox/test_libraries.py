"""Which services of pulumi_aws a program's text names, so that they are loaded before threads ask for them."""

from __future__ import annotations

import pytest

from sandbox.awsx import SERVICES
from sandbox.engines import libraries


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('import pulumi_aws as aws\naws.sqs.Queue("q")\n', {"sqs"}),
        (
            "from pulumi_aws import (\n    sqs,  # a queue\n    sns as topics,\n    Provider,\n)\n",
            {"sqs", "sns"},
        ),
        ("import pulumi_aws.sqs\nfrom pulumi_aws.sns import Topic\n", {"sqs", "sns"}),
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


def test_a_name_that_is_no_service_does_no_harm(tmp_path):
    (tmp_path / "__main__.py").write_text("from pulumi_aws import nosuch_service\n")
    libraries.load(tmp_path)
