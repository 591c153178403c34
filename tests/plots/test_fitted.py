"""Figures of fitted data and of isotherms: a panel a kind, measured numbers as markers, the model as lines."""

import numpy as np
import pytest

import hetsim as hs
from hetsim.fitting import Problem
from hetsim.measurements import CvCycle, MeasuredSpectrum
from hetsim.parameters.values import MeasuredRate

MODEL = "SPM"
CAPACITY = "Specific capacity [mA.h.g-1]"


@pytest.fixture(scope="module")
def fitted() -> hs.FitResult:
    """All kinds of data at once, made by the cell itself."""
    cell = hs.load("CZT", "lumped").with_particle(classes=1)
    point = hs.run(cell, hs.RateTest((0.2,), cycles=2), MODEL).points[0]
    trace = hs.run(cell, hs.GITT(0.2, 900, 1800, pulses=3), MODEL).trace
    sweep = hs.run(cell, hs.CV((1.0,), cycles=3, tolerance=None), MODEL).sweeps[0]
    [made] = hs.run(cell, hs.EIS(0.5, np.logspace(3, -1, 17).tolist()), MODEL).spectra
    data = [
        MeasuredRate((0.1, 2.0), (360.0, 240.0), "x"),
        hs.VoltageCurveData(0.2, point.insertion.capacity, point.insertion.voltage),
        trace,
        CvCycle(1.0, sweep.potential, sweep.current),
        MeasuredSpectrum(made.frequency, made.impedance, "Ohm.cm2", 0.5),
        hs.Polarisation(0.2, point.polarisation),
    ]
    return hs.fit(cell, data, [CAPACITY], model=MODEL)


def panels(figure) -> list:
    return [axes for axes in figure.axes if axes.axison]


def test_each_kind_has_a_panel_with_markers_and_lines(fitted):
    figure = hs.plots.fitted_data(fitted)
    drawn = panels(figure)
    assert len(drawn) == 6
    for axes in drawn[:5]:
        markers = [line for line in axes.lines if line.get_marker() == "o"]
        lines = [line for line in axes.lines if line.get_marker() in ("", "None")]
        assert markers
        assert lines
        assert "[" in axes.get_xlabel()
    assert drawn[5].texts[0].get_text() == "CZT (lumped), polarisation"


def test_markers_are_what_was_measured(fitted):
    rate = panels(hs.plots.fitted_data(fitted))[0]
    np.testing.assert_allclose(rate.lines[0].get_ydata(), [360.0, 240.0])
    assert isinstance(fitted.problem, Problem)


def test_an_isotherm_is_drawn_with_its_sites(fitted):
    found = hs.isotherm_from(fitted.problem.parts[1][1], sites=3)
    figure = hs.plots.isotherm(found)
    left, right = figure.axes
    assert len(left.lines) == 2  # markers and the isotherm
    # the charge between both ends, under the peaks
    curve = right.lines[0]
    x, y = curve.get_xdata(), curve.get_ydata()
    low, high = found.branches[0].potential.min(), found.branches[0].potential.max()
    held = found.capacity * (found.occupancy(low) - found.occupancy(high))
    assert np.sum(y * np.diff(x, prepend=2 * x[0] - x[1])) == pytest.approx(held, rel=1e-3)


def test_points_stay_legible_where_the_model_is_far_off():
    """The cell is full in the second pulse: beyond the cut-off the model has no voltage."""
    cell = hs.load("CZT", "lumped").with_particle(classes=1)
    trace = hs.run(cell, hs.GITT(0.2, 900, 1800, pulses=3), MODEL).trace
    small = cell.with_values({CAPACITY: 80.0})
    found = hs.fit(small, trace, ["Series resistance [Ohm.cm2]"], model=MODEL)
    axes = panels(hs.plots.fitted_data(found))[0]
    low, high = axes.get_ylim()
    markers = np.concatenate([line.get_ydata() for line in axes.lines if line.get_marker() == "o"])
    assert high - low <= 2.01 * np.ptp(markers)
