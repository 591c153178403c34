"""Every system runs, in every model; and those that were measured are met within the limits that were set."""

import numpy as np
import pytest
from shipped import SOME

import hetsim as hs
from hetsim.parameters.system_file import read_system
from scripts.systems_page import FULL, own_fits

MEASURED = [name for name in SOME if read_system(name).measured]
KNOWN_MISSES = {"ZnSe-C-Li": (4.5, 13.0)}
"""Mean and largest error [%] of curves that cannot be met, and their files say why: 441 mAh/g at the first
current and 333 when it returns belong to two states of one electrode."""
JOINT, JOINT_LIMIT = ("CT", "ZT"), 10.0
"""Fitted in one with CZT, with which they share what the seven points of CZT decide [%]."""
USUAL = (0.1, 10.0)
"""Lowest and highest current where nothing was measured [A.g-1]."""


def ends(name: str) -> tuple[float, ...]:
    """Lowest and highest current [A.g-1] of a system's curve."""
    measured = read_system(name).measured
    currents = measured[0].currents if measured else USUAL
    return tuple(dict.fromkeys((min(currents), max(currents))))


@pytest.mark.parametrize("name", SOME)
def test_system_runs_in_every_model_at_its_lowest_and_highest_current(name: str) -> None:
    cell = hs.load(name).with_particle(classes=2)  # the builds are shared; two classes are cheap
    protocol = hs.RateTest(ends(name), from_equilibrium=True)
    full = cell.values["Specific capacity [mA.h.g-1]"]
    by_model = {}
    for model in ("SPM", "SPMe", "DFN"):
        curve = hs.run(cell, protocol, model)
        for point in curve.points:
            assert point.outcome.good, (model, point.current, point.reason)
            assert 0 < point.capacity <= full
            assert point.charge_balance < 1e-6
        by_model[model] = curve.capacities
    # the electrolyte only takes voltage, and at the lowest current little of it; a plateau near the
    # cut-off makes of 20 mV some percent of capacity
    if ends(name)[0] <= 0.5:
        assert by_model["SPMe"][0] == pytest.approx(by_model["SPM"][0], rel=0.05)
        assert by_model["DFN"][0] == pytest.approx(by_model["SPMe"][0], rel=0.02)
    assert np.all(by_model["SPMe"] <= by_model["SPM"] * (1 + 1e-6))


@pytest.mark.parametrize("name", MEASURED)
def test_measured_curve_is_met(name: str) -> None:
    """Full curves: 4 % on average, 10 % at each point, four fitted values; else 5 % at each, two."""
    cell = hs.load(name)
    found = hs.compare(hs.run(cell, hs.RateTest(cell.measured.currents)), cell.measured)
    own = own_fits(cell.system)
    assert len(found.errors) == len(cell.measured.currents)
    if len(found.errors) >= FULL:
        mean, largest = KNOWN_MISSES.get(name, (4.0, 10.0))
        assert found.mean_abs_error_percent <= mean
        assert found.max_abs_error_percent <= largest
        assert len(own) <= 4
    else:
        assert found.max_abs_error_percent <= (JOINT_LIMIT if name in JOINT else 5.0)
        # a loss is fitted to what was measured after cycles
        assert len(own) <= max(2, len(found.errors) + len(cell.system.aged))
