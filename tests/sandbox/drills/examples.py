"""Examples' systems side by side in both stacks: the ground that they share is deployed once for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import yaml

from sandbox.drills.ground import Ground, deployed
from sandbox.engines.model import StackChoice
from tests.sandbox.projects import made_in_process
from tests.test_examples import config
from tests.test_settings import ROOT

STACKS = ("prod", "dr")
NETWORK, ENDPOINTS, SYSTEMS = "holdfast:network", "interfaceEndpoints", "holdfast:systems"
PROMISED = {"holdfast:objectives": "objectives", "holdfast:strategy": "strategy"}
"""What a stack says for its systems, and what a system says for itself: each keeps what its own example says."""


def example(name: str, stack: str) -> dict[str, Any]:
    """What an example's file says."""
    return config(ROOT / "examples" / name, stack)


def beside(*configurations: Mapping[str, Any]) -> dict[str, Any]:
    """All their systems on the first one's ground, with the endpoints of all. ValueError when names or grounds don't fit."""
    ground, endpoints, systems = _ground(configurations[0]), set[str](), dict[str, Any]()
    for each in configurations:
        if _ground(each) != ground:
            raise ValueError("they stand on different grounds")
        if taken := systems.keys() & each[SYSTEMS].keys():
            raise ValueError(f"two systems are called {', '.join(taken)}")
        endpoints |= set(each[NETWORK].get(ENDPOINTS, ()))
        promised = {key: each[said] for said, key in PROMISED.items() if said in each}
        systems |= {name: {**promised, **system} for name, system in each[SYSTEMS].items()}
    network = {**ground[NETWORK], ENDPOINTS: sorted(endpoints)}
    return {**configurations[0], NETWORK: network, SYSTEMS: systems}


def _ground(said: Mapping[str, Any]) -> dict[str, Any]:
    """What systems share, without their endpoints."""
    found = {key: value for key, value in said.items() if key not in (*PROMISED, SYSTEMS)}
    return {**found, NETWORK: {key: value for key, value in said[NETWORK].items() if key != ENDPOINTS}}


@contextmanager
def configured_so(folder: Path, configurations: Mapping[str, Mapping[str, Any]]) -> Iterator[Ground]:
    """What is deployed with each stack's configuration, which is written to the folder."""
    stacks = []
    for stack, said in configurations.items():
        file = folder / f"{stack}.yaml"
        file.write_text(yaml.safe_dump({"config": said}), encoding="utf-8")
        stacks.append(StackChoice(stack, config_file=file))
    with deployed(ROOT, "runner", stacks, lambda _event: None) as found:
        yield found


def grounded(folder: Path, configurations: Mapping[str, Mapping[str, Any]]) -> AbstractContextManager[Ground]:
    """The same, deployed in this process."""
    return made_in_process(configured_so(folder, configurations))
