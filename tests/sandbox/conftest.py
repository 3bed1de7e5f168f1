"""An AWS in this process: the sandbox's own application with all extensions, emptied before each test that uses it."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.aws.app import configure_moto

if TYPE_CHECKING:
    from sandbox.drills.ground import Ground

configure_moto()


@dataclass(frozen=True)
class Whole:
    """This repository's own two stacks, deployed by `python -m sandbox up`, with the policy pack. Who changes its AWS changes a copy."""

    state: Path
    endpoint: str
    results: Sequence[Any]
    """A StackResult for each stack."""
    said: Any
    """What `--json` prints."""


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """Deployed once for all that only look at it: their files stand in one group, which one worker runs."""
    from sandbox.__main__ import main
    from sandbox.engines.runner.engine import RunnerEngine

    state, results, up = tmp_path_factory.mktemp("whole"), [], RunnerEngine.up

    def kept(self: RunnerEngine, *arguments: Any, **options: Any) -> Any:
        results.extend(up(self, *arguments, **options))
        return results

    printed, told = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as changed, contextlib.redirect_stdout(printed):
        changed.setattr(RunnerEngine, "up", kept)
        with contextlib.redirect_stderr(told):
            status = main(["up", "--engine", "runner", "--json"], state=state)
    assert status == 0, told.getvalue() + printed.getvalue()
    yield Whole(state, (state / "endpoint").read_text().strip(), results, json.loads(printed.getvalue()))
    with contextlib.redirect_stdout(printed):
        assert main(["down", "--engine", "runner"], state=state) == 0, printed.getvalue()


@pytest.fixture(scope="session")
def strategies() -> Iterator[Ground]:
    """A system of each strategy, which are drilled, and beside them those whose runbooks are followed."""
    from tests.sandbox.drills import rehearsals
    from tests.sandbox.projects import made_in_process
    from tests.sandbox.runbooks import BESIDE

    with made_in_process(rehearsals.ground(BESIDE)) as found:
        yield found


def untouched(name: str) -> Any:
    """A module as its library has it, of which nothing was replaced."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    return fresh


@pytest.fixture(scope="session")
def sdk() -> Any:
    """The SDK's module of conversions."""
    return untouched("pulumi.runtime.rpc")


@pytest.fixture(scope="session")
def aws_server() -> Iterator[Any]:
    """The running server object; `aws_server.app` is the WSGI application."""
    from sandbox.aws.serve import make_server

    server = make_server()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    """The address of an empty AWS."""
    aws_server.app.reset()
    return f"http://127.0.0.1:{aws_server.port}"


@pytest.fixture
def boto(aws_endpoint: str) -> Callable[..., Any]:
    """`boto(service, region="us-east-1")` is a boto3 client of the empty AWS."""
    from sandbox.aws.client import client

    return lambda service, region="us-east-1": client(aws_endpoint, service, region)


@pytest.fixture
def provider(aws_endpoint: str) -> Any:
    """The sandbox's provider in us-east-1, without default tags."""
    from sandbox.provider import Provider

    return Provider(endpoint=aws_endpoint, region="us-east-1", default_tags=None)
