"""Distribution of relaxation times of arcs that are known exactly."""

import sys

import numpy as np
import pytest

from hetsim import analysis
from hetsim.analysis.relaxation_times import RelaxationTimes
from hetsim.errors import MissingPackageError, ParameterError

FREQUENCY = np.logspace(5, -2, 71)
OMEGA = 2 * np.pi * FREQUENCY


def arcs(*pairs, series=5.0):
    """Of (resistance [Ohm], time [s]) in a row."""
    return series + sum(resistance / (1 + 1j * OMEGA * time) for resistance, time in pairs)


def test_peaks_of_a_distribution_are_its_areas_and_mean_times():
    """Two Gaussians in ln tau, far apart: no package is asked."""
    time = np.geomspace(1e-5, 1e2, 701)
    x = np.log(time)

    def gauss(area, at):
        return area * np.exp(-((x - np.log(at)) ** 2) / 2 / 0.25) / np.sqrt(2 * np.pi * 0.25)

    found = RelaxationTimes(time, gauss(20.0, 1e-3) + gauss(5.0, 1.0), 1e-3, 0.0)
    assert [one.resistance for one in found.peaks] == pytest.approx([20, 5], rel=1e-6)
    assert [one.time_constant for one in found.peaks] == pytest.approx([1e-3, 1.0], rel=1e-6)
    assert [one.closed for one in found.peaks] == [True, True]
    assert found.peaks[0].frequency == pytest.approx(1 / (2e-3 * np.pi), rel=1e-6)
    assert found.polarisation == pytest.approx(25, rel=1e-6)


def test_what_rises_to_the_end_is_open_and_what_is_small_is_no_peak():
    time = np.geomspace(1e-3, 1e3, 61)
    x = np.log10(time)
    # a maximum of some 0.01 Ohm beside 43 Ohm, above a rise of 1e-3 there
    small = 0.01 * np.exp(-((x + 2) ** 2) * 10)
    found = RelaxationTimes(time, 10.0 ** (x - 1) + small, 1e-3, 0.0)
    assert [one.closed for one in found.peaks] == [False]


def test_without_the_package_the_remedy_is_told_and_the_rest_is_done(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyimpspec", None)
    with pytest.raises(
        MissingPackageError, match=r"\(GPL\), which is not installed.*hetsim\[drt\]"
    ):
        analysis.relaxation_times(FREQUENCY, arcs((20, 1e-3)))
    pytest.importorskip("impedance")
    found = analysis.spectrum_analysis(FREQUENCY, arcs((20, 1e-3)))
    assert found.relaxation_times is None
    assert "hetsim[drt]" in found.why_not


@pytest.mark.parametrize("bad", [0.0, -1.0, float("nan")])
def test_weight_that_is_not_positive_is_refused(bad):
    with pytest.raises(ParameterError, match="must be positive"):
        analysis.relaxation_times(FREQUENCY, arcs((20, 1e-3)), bad)


def test_short_spectrum_is_refused():
    with pytest.raises(ParameterError, match="at least 10"):
        analysis.relaxation_times(FREQUENCY[:5], arcs((20, 1e-3))[:5])


# --- with the package, which is GPL and not among those of the tests -------------------------------


@pytest.fixture
def package():
    return pytest.importorskip("pyimpspec")


@pytest.mark.parametrize(
    "pairs", [((20.0, 2e-3), (10.0, 0.1)), ((20.0, 2e-3), (20.0, 8e-3)), ((7.0, 0.3),)]
)
def test_arcs_are_told_apart(package, pairs):
    found = analysis.relaxation_times(FREQUENCY, arcs(*pairs))
    # ten frequencies a decade, and the weight of smoothness
    assert [one.resistance for one in found.peaks] == pytest.approx(
        [one for one, _ in pairs], rel=0.02
    )
    assert [one.time_constant for one in found.peaks] == pytest.approx(
        [one for _, one in pairs], rel=0.05
    )
    assert all(one.closed for one in found.peaks)
    assert found.residual < 2e-3


def test_noise_of_three_per_mille_leaves_two_arcs(package):
    random = np.random.default_rng(1)
    z = arcs((20.0, 2e-3), (10.0, 0.1))
    noise = random.standard_normal((2, len(z))) * 0.003
    found = analysis.relaxation_times(FREQUENCY, z * (1 + noise[0] + 1j * noise[1]))
    assert [one.resistance for one in found.peaks] == pytest.approx([20, 10], rel=0.03)


def test_a_warburg_branch_ends_open(package):
    z = 5 + 1 / (1 / (20 + 3 * (1 - 1j) / np.sqrt(OMEGA)) + 1j * OMEGA * 1e-4)
    first, *_, last = analysis.relaxation_times(FREQUENCY, z).peaks
    # R_ct C = 2 ms, 20 Ohm; what the foot of the branch adds
    assert first.time_constant == pytest.approx(2e-3, rel=0.05)
    assert first.resistance == pytest.approx(20, rel=0.03)
    assert (first.closed, last.closed) == (True, False)
