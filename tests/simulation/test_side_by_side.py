"""Titrations, voltammograms and spectra of many cells side by side: the numbers of each cell alone."""

from functools import cache

import numpy as np
import pytest

import hetsim as hs
from hetsim.engine import BuiltModel
from hetsim.errors import ParameterError
from hetsim.results import Outcome
from hetsim.simulation.cv_many import swept
from hetsim.simulation.eis import spectra_from_rest
from hetsim.simulation.replay import replayed_voltages

MODEL = "SPM"
CAPACITY = "Specific capacity [mA.h.g-1]"
RESISTANCE = "Series resistance [Ohm.cm2]"


@cache
def cells() -> list[hs.HalfCell]:
    """Three that differ in what every kind of data sees."""
    base = hs.load("CZT", "lumped").with_particle(classes=3)
    return [
        base.with_values({CAPACITY: capacity, RESISTANCE: resistance})
        for capacity, resistance in ((400.0, 5.0), (450.0, 20.0), (500.0, 60.0))
    ]


RECORD = hs.Replay(
    [0, 60, 600, 700, 2400, 2450, 3000], [0, 0.3, 0.3, 0, 0, -0.1, -0.1], filling=0.4
)


def test_replayed_voltages_are_those_of_each_cell_alone():
    together = replayed_voltages(cells(), RECORD, MODEL)
    for cell, found in zip(cells(), together, strict=True):
        trace = hs.run(cell, RECORD, MODEL).trace
        np.testing.assert_allclose(
            found, np.interp(RECORD.time, trace.time, trace.voltage), atol=1e-9
        )
    assert np.abs(together[0] - together[1]).max() > 1e-3  # else nothing would tell the cells apart


def test_a_cell_that_cannot_be_carried_through_is_left_to_run_and_spoils_no_other():
    full = cells()[0].with_values({CAPACITY: 60.0})  # 3 A/g for ten minutes are 500 mAh/g
    record = hs.Replay([0, 600], [3.0, 3.0])
    assert hs.run(full, record, MODEL).outcome is not Outcome.COMPLETED
    wide = cells()[2].with_values({CAPACITY: 900.0})
    found = replayed_voltages([full, wide, full], record, MODEL)
    assert found[0] is None
    assert found[2] is None
    assert replayed_voltages([full, full], record, MODEL) == [None, None]
    trace = hs.run(wide, record, MODEL).trace
    np.testing.assert_allclose(
        found[1], np.interp(record.time, trace.time, trace.voltage), atol=1e-9
    )


def test_sweeps_are_those_of_each_cell_alone():
    protocol = hs.CV([0.5, 5.0], cycles=2, tolerance=None, points=60)
    together = swept(cells()[:2], protocol, MODEL)
    for cell, found in zip(cells()[:2], together, strict=True):
        for one, alone in zip(found, hs.run(cell, protocol, MODEL).sweeps, strict=True):
            assert (one.scan_rate, one.cycles) == (alone.scan_rate, alone.cycles)
            np.testing.assert_array_equal(one.branch, alone.branch)
            np.testing.assert_allclose(one.time, alone.time, rtol=1e-9)
            np.testing.assert_allclose(one.potential, alone.potential, atol=1e-9)
            largest = np.abs(alone.current).max()
            # each is within 3e-5 of a close solution; a sum that is ordered otherwise changes the last digits of a
            # step, and those may decide about another one
            np.testing.assert_allclose(one.current, alone.current, atol=6e-5 * largest)
            assert one.closure == pytest.approx(alone.closure, abs=1e-5)
            assert one.charge_balance < 1e-6


def test_sweeps_side_by_side_have_a_fixed_number_of_cycles():
    with pytest.raises(ParameterError, match="tolerance=None, got 1e-05"):
        swept(cells(), hs.CV([1.0]), MODEL)


def test_a_window_that_a_cell_does_not_allow_is_left_to_run():
    protocol = hs.CV([5.0], upper=2.9, cycles=1, tolerance=None, points=20)
    narrow = cells()[0].with_values({"Upper voltage cut-off [V]": 2.5})
    first, other = swept([narrow, cells()[1]], protocol, MODEL)
    assert first is None
    assert other is not None


def test_spectra_are_those_of_each_cell_alone():
    protocol = hs.EIS(0.5, [1e3, 1.0, 1e-2])
    for cell, found in zip(cells(), spectra_from_rest(cells(), protocol, MODEL, 0.5), strict=True):
        [alone] = hs.run(cell, protocol, MODEL).spectra
        np.testing.assert_allclose(found.impedance, alone.impedance, rtol=1e-9)
        assert found.potential == pytest.approx(alone.potential, abs=1e-9)


def test_without_the_engine_every_cell_is_left_to_run(monkeypatch):
    monkeypatch.setattr(BuiltModel, "interpreter", property(lambda _: None))
    assert replayed_voltages(cells(), RECORD, MODEL) == [None] * 3
    protocol = hs.CV([5.0], cycles=1, tolerance=None, points=20)
    assert swept(cells(), protocol, MODEL) == [None] * 3
    assert spectra_from_rest(cells(), hs.EIS(0.5, [1.0]), MODEL, 0.5) == [None] * 3
