"""The application of the example's bundle, asked as the platform's server asks it; and what its configuration file says."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest
import yaml

from components.compute import Bundle
from tests.test_settings import ROOT

HERE = ROOT / "architectures" / "elastic_beanstalk" / "sample_app"


@pytest.fixture(scope="module")
def application() -> Any:
    spec = importlib.util.spec_from_file_location("beanstalk_sample", HERE / "application.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return validator(module.application)


def ask(application: Any, path: str) -> tuple[str, dict[str, str], Any]:
    """Status, headers and content; the validator fails on what WSGI doesn't allow."""
    environ: dict[str, Any] = {"SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": ""}
    setup_testing_defaults(environ)
    started: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
        started.extend((status, dict(headers)))
        return bytes

    answer = application(environ, start)
    try:
        content = b"".join(answer)
    finally:
        answer.close()
    return started[0], started[1], json.loads(content)


@pytest.mark.parametrize(
    "variables", [{}, {"GREETING": "Good morning", "AWS_REGION": "us-west-2"}], ids=["none", "some"]
)
@pytest.mark.parametrize("path", ["/health", "/health/deep"])
def test_it_is_healthy(
    application: Any, path: str, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GREETING", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    status, headers, content = ask(application, path)
    assert (status, content["status"]) == ("200 OK", "ok")
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_it_says_what_its_environment_tells_it(application: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GREETING", raising=False)
    monkeypatch.delenv("AWS_REGION", raising=False)
    assert ask(application, "/")[2] == {"greeting": "Hello", "region": None}
    monkeypatch.setenv("GREETING", "Good morning")
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    assert ask(application, "/")[2] == {"greeting": "Good morning", "region": "us-west-2"}


def test_what_is_not_there_is_told(application: Any) -> None:
    assert ask(application, "/admin")[0] == "404 Not Found"


def test_its_group_replaces_what_does_not_answer() -> None:
    said = yaml.safe_load((HERE / ".ebextensions" / "servers.config").read_text())
    group = said["Resources"]["AWSEBAutoScalingGroup"]
    assert group["Properties"] == {"HealthCheckType": "ELB", "HealthCheckGracePeriod": 300}


def test_the_same_content_is_the_same_version(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name / "lib").mkdir(parents=True)
        (tmp_path / name / "application.py").write_text("a")
        (tmp_path / name / "lib" / "b.py").write_text("b")
    one, two = Bundle(tmp_path / "one"), Bundle(tmp_path / "two")
    assert one.label == two.label
    (tmp_path / "two" / "__pycache__").mkdir()
    (tmp_path / "two" / "__pycache__" / "application.pyc").write_bytes(b"x")
    assert (two.label, two.size) == (one.label, one.size), "what Python leaves behind is no content"
    (tmp_path / "two" / "lib" / "b.py").rename(tmp_path / "two" / "lib" / "c.py")
    assert two.label != one.label
    (tmp_path / "one" / "lib" / "b.py").write_text("c")
    assert one.label != two.label, "read anew"
