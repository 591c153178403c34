"""CZT, CT and ZT share their hosts: what the fit of all three promises."""

import numpy as np
import pytest

import hetsim as hs

POLARISATION = "Polarisation at 0.1 A/g [V]"
HOSTS = [
    f"Component {letter} site {what}" for letter in "AB" for what in ("potentials [V]", "shares")
]


def test_the_hosts_are_those_of_the_controls() -> None:
    czt, ct, zt = (hs.load(name) for name in ("CZT", "CT", "ZT"))
    for name in (
        *HOSTS,
        "Component A diffusivity [m2.s-1]",
        "Component B site capacity [mA.h.g-1]",
    ):
        assert czt.values[name] == ct.values[name] == zt.values[name]


@pytest.mark.parametrize(
    ("name", "mean", "largest"), [("CZT", 3.0, 6.0), ("CT", 8.0, 8.0), ("ZT", 8.0, 8.0)]
)
def test_the_fresh_points_are_met(name: str, mean: float, largest: float) -> None:
    data = hs.measured(name)
    found = hs.compare(hs.run(hs.load(name), hs.RateTest(data.currents)), data)
    assert found.mean_abs_error_percent <= mean
    assert found.max_abs_error_percent <= largest


@pytest.mark.parametrize("name", ["CT", "ZT"])
def test_the_aged_points_are_met_by_the_aged_cell(name: str) -> None:
    cell = hs.load(name).with_ageing(hs.ChargeDrivenLoss())
    for point in hs.measured(name).aged:
        run = hs.run(
            cell, hs.Cycling(point.current, point.after_cycles, jump=point.after_cycles // 5)
        )
        assert run.outcome.good
        # the tellurides lose more than half, and two points have one value of loss
        assert run.cycles[-1].insertion == pytest.approx(point.capacity, rel=0.1)


def test_polarisations_are_met_in_their_order() -> None:
    found, printed = [], []
    for name in ("CZT", "CT", "ZT"):
        cell = hs.load(name)
        found.append(hs.run(cell, hs.RateTest([0.1])).points[0].polarisation)
        printed.append(cell.system.facts[POLARISATION].number)
    assert np.abs(np.subtract(found, printed)).max() <= 0.1
    assert found == sorted(found)
