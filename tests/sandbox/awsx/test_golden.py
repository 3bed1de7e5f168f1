"""What the sandbox's awsx registers is what awsx's own provider did: `golden.json`, recorded from release 3.11 by `recording`.

Types, names, parents, inputs, dependencies, aliases, protection, outputs; at `up` and, where it differs, in a preview.
"""

from __future__ import annotations

import json

import pytest

from sandbox.awsx.components import COMPONENTS
from tests.sandbox.awsx.recording import GOLDEN, construct, written

CASES = json.loads(GOLDEN.read_text())


@pytest.mark.parametrize("label", CASES)
def test_the_children_are_those_of_awsx(awsx_port, label):
    case = CASES[label]
    for when, preview in (("up", False), ("preview", True)):
        found = construct(awsx_port, case["token"], case["name"], case["inputs"], preview=preview)
        expected = case.get(when, case["up"])
        for ours, theirs in zip(found["registered"], expected["registered"], strict=True):
            assert ours == theirs, when
        assert found == expected, when


def test_every_component_has_a_case():
    assert {case["token"] for case in CASES.values()} == set(COMPONENTS)


def test_the_file_is_as_it_would_be_written():
    assert GOLDEN.read_text() == written(CASES)
