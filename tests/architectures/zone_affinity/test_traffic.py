"""What it saves that requests stay in their zone, reckoned by hand."""

from __future__ import annotations

import pytest

from architectures.zone_affinity.sections import Traffic
from architectures.zone_affinity.traffic import crossing, estimate
from tests.architectures.conftest import outputs
from tests.architectures.zone_affinity.conftest import Stacks, both
from tests.test_settings import ROOT


def traffic(**given: float) -> Traffic:
    return Traffic.model_validate(given)


def test_by_hand() -> None:
    # 100 a second are 262.8 million requests a month. Two of three leave their zone on the way to the application with 20 kB, and again on
    # the way to the database with 10 kB: 262.8e6 * 2/3 * 30e3 B = 5256 GB, at 0.01 USD out and 0.01 USD in. With affinity the tenth that
    # writes goes on to cross: 262.8e6 * 0.1 * 2/3 * 10e3 B = 175.2 GB.
    found = estimate(traffic(), 3)
    assert found["evenSpread"] == {
        "gbPerMonth": 5256.0,
        "usdPerMonth": 105.12,
        "readMilliseconds": 1.33,
        "writeMilliseconds": 1.33,
    }
    assert found["zoneAffinity"] == {
        "gbPerMonth": 175.2,
        "usdPerMonth": 3.5,
        "readMilliseconds": 0.0,
        "writeMilliseconds": 0.67,
    }
    assert found["saved"] == {
        "gbPerMonth": 5080.8,
        "usdPerMonth": 101.62,
        "readMilliseconds": 1.33,
        "writeMilliseconds": 0.67,
    }


def test_what_only_reads_never_leaves_its_zone_and_what_only_writes_does_as_before() -> None:
    reads = crossing(traffic(writeShare=0), 3, affine=True)
    assert (reads.gb, reads.read_ms) == (0, 0)
    between = {"applicationKilobytes": 0, "writeShare": 1}
    even, affine = (crossing(traffic(**between), 3, affine=affine) for affine in (False, True))
    assert even.gb == affine.gb > 0


@pytest.mark.parametrize("zones", [2, 3, 4, 5])
def test_more_zones_are_crossed_more_often(zones: int) -> None:
    found = crossing(traffic(), zones, affine=False)
    assert found.read_ms == pytest.approx(2 * (zones - 1) / zones)
    assert found.gb == pytest.approx(5256 * (zones - 1) / zones * 3 / 2)


def test_both_stacks_put_it_out(stacks: Stacks) -> None:
    for stack in stacks.values():
        assert outputs(stack)["systems"]["shop"]["traffic"] == estimate(traffic(), 3)
    more = both(traffic={"requestsPerSecond": 1000})
    assert outputs(more["prod"])["systems"]["shop"]["traffic"]["saved"]["usdPerMonth"] == pytest.approx(
        1016.16
    )


def test_the_documentation_has_these_figures() -> None:
    found = estimate(traffic(), 3)
    text = (ROOT / "docs" / "architecture.md").read_text()
    for figure in next(iter(found.values())):
        row = " | ".join(f"{design[figure]:g}" for design in found.values())
        assert f" | {row} |\n" in text, figure
