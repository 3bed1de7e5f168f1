"""What all rooms' tests share."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from sandbox.garbage import collect_rarely

# Time is measured in benchmarks; a busy machine must not fail a test. Every run tries the same
# examples, so that what fails was changed; HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.register_profile("explore", deadline=None)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "suite")
settings.load_profile(PROFILE)
if PROFILE == "suite":
    # Hypothesis tries words of all modules that are loaded, too: which ones depends on what ran before, and to read them takes seconds.
    providers._get_local_constants = lambda: providers._local_constants


GROUPS = {
    "rehearsals": ("tests/sandbox/drills/test_rehearsals.py", "tests/sandbox/test_runbook.py"),
    "whole": (
        "tests/sandbox/drills/test_steps.py",
        "tests/sandbox/drills/test_three_tier.py",
        "tests/sandbox/test_refresh_programs.py",
        "tests/sandbox/test_up.py",
    ),
    "managed": (
        "tests/sandbox/drills/test_apex.py",
        "tests/sandbox/drills/test_beanstalk.py",
        "tests/sandbox/drills/test_content.py",
        "tests/sandbox/drills/test_kubernetes.py",
        "tests/sandbox/drills/test_serverless_api.py",
    ),
    "services": (
        "tests/sandbox/drills/test_containers.py",
        "tests/sandbox/drills/test_runbook_dsql.py",
        "tests/sandbox/drills/test_sharded_database.py",
        "tests/sandbox/drills/test_zone_affinity.py",
    ),
    "examples": (
        "tests/architectures/active_standby/",
        "tests/architectures/apex/",
        "tests/architectures/cells/",
        "tests/architectures/containers/",
        "tests/architectures/content/",
        "tests/architectures/data_platform/",
        "tests/architectures/delivery/",
        "tests/architectures/elastic_beanstalk/",
        "tests/architectures/kubernetes/",
        "tests/architectures/replicated_disk/",
        "tests/architectures/serverless_api/",
        "tests/architectures/sharded_database/",
        "tests/architectures/test_recovery_facts.py",
        "tests/architectures/test_strategies.py",
        "tests/architectures/test_systems_page.py",
        "tests/architectures/three_tier/test_rehearsals.py",
        "tests/architectures/three_tier/test_swap.py",
        "tests/architectures/workers/",
        "tests/architectures/workflow/",
        "tests/architectures/zone_affinity/",
        "tests/functions/test_workers_group.py",
        "tests/sandbox/drills/test_scheduled_messages.py",
        "tests/sandbox/test_kafka.py",
        "tests/test_examples.py",
        "tests/test_urns.py",
    ),
    "stores": (
        "tests/architectures/three_tier/test_query_cache.py",
        "tests/architectures/three_tier/test_sessions.py",
        "tests/architectures/three_tier/test_stores.py",
        "tests/policies/test_shared_stores.py",
    ),
}
"""Files and folders whose tests share what takes long to make, or take long: one worker runs a group, and they come first."""


def group(file: str) -> str:
    """A file's group; most have one of their own."""
    return next((name for name, files in GROUPS.items() if file.startswith(files)), file)


class _Backwards(pytest.Package):
    """A folder whose files are read last to first."""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        return reversed(list(super().collect()))


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Every other worker reads from the end: what one has compiled, with assertions rewritten, the other finds."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    if int(number) % 2 == 0 or not (path / "__init__.py").is_file():
        return None
    found: pytest.Collector = _Backwards.from_parent(parent, path=path)
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Groups first, then files that deploy, so that no worker is left alone with a long one at the end."""
    names = list(GROUPS)

    def place(item: pytest.Item) -> tuple[int, bool, str]:
        file = item.nodeid.partition("::")[0]
        found = group(file)
        return (
            names.index(found) if found in names else len(names),
            not file.startswith("tests/sandbox/"),
            file,
        )

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand out groups in their order. xdist's `loadgroup` would change node ids, which pytest 9.2 no longer looks at."""
    from xdist.scheduler import LoadScopeScheduling

    class Groups(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group(nodeid.partition("::")[0])

    config.option.loadscopereorder = False
    return Groups(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[Any]:
    """What is collected lives to the end: to look for garbage meanwhile would take a third of the time. Then tests run, most of them the program."""
    gc.disable()
    try:
        return (yield)
    finally:
        collect_rarely()
        # A run takes apart what it leaves when it ends: to look before would find nothing.
        gc.set_threshold(1_000_000, 1_000, 1_000)
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """What is there goes with the process: to take it apart before takes ten seconds."""
    gc.freeze()
