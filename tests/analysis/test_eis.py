"""Circuits and the Kramers-Kronig check on spectra whose answer is known exactly."""

import sys

import numpy as np
import pytest

from hetsim import analysis
from hetsim.errors import MissingPackageError, ParameterError

pytest.importorskip("impedance")

FREQUENCY = np.logspace(5, -2, 71)
OMEGA = 2 * np.pi * FREQUENCY


def randles(series=5.0, transfer=20.0, capacity=1e-4, warburg=3.0):
    faradaic = transfer + warburg * (1 - 1j) / np.sqrt(OMEGA)
    return series + 1 / (1 / faradaic + 1j * OMEGA * capacity)


@pytest.mark.parametrize(
    "true", [(5.0, 20.0, 1e-4, 3.0), (2.0, 200.0, 1e-5, 30.0), (10.0, 5.0, 1e-3, 0.5)]
)
def test_values_of_an_exact_circuit_are_recovered(true):
    fit = analysis.fit_randles(FREQUENCY, randles(*true))
    found = (fit.series_resistance, fit.charge_transfer_resistance, fit.capacity, fit.warburg)
    assert found == pytest.approx(true, rel=1e-3, abs=0)
    assert fit.residual < 1e-4


def test_the_circuit_of_a_fit_is_the_spectrum_that_was_fitted():
    fit = analysis.fit_randles(FREQUENCY, randles())
    # an independent formula above; the fit ends at 1e-4
    assert fit.impedance(FREQUENCY) == pytest.approx(randles(), rel=1e-3, abs=0)
    assert fit.time_constant == pytest.approx(20.0 * 1e-4, rel=1e-3, abs=0)


def of_spheres(time, slope):
    """dE/dq over s H(s), H(s) = 3 (sqrt(p) coth sqrt(p) - 1)/p, p = s R^2/D: spheres that are filled [Ohm]."""
    s = 1j * OMEGA
    root = np.sqrt(s * time)
    return slope * time / (3 * (root / np.tanh(root) - 1))


@pytest.mark.parametrize("radius", [1e-7, 1e-6])
def test_warburg_of_spheres_gives_their_diffusivity(radius):
    """High above D/R^2 spheres are a half space: L = R/3."""
    slope, true = 3.0, radius**2 / 1e6  # R^2/D = 1e6 s: omega R^2/D is 6e4 at the lowest frequency
    z = 5.0 + 1 / (1 / (20.0 + of_spheres(1e6, slope)) + 1j * OMEGA * 1e-4)
    sigma = analysis.fit_randles(FREQUENCY, z).warburg
    found = analysis.warburg_diffusivity(sigma, slope, analysis.sphere(radius))
    # sqrt(2 D/omega)/R is 0.6 % in Im Z at the lowest frequency, twice in D
    assert found == pytest.approx(true, rel=0.012, abs=0)


def test_the_bend_of_a_finite_particle_is_cut_off():
    z = 5.0 + 1 / (1 / (20.0 + of_spheres(20.0, 5.0)) + 1j * OMEGA * 1e-4)
    whole, cut = (analysis.fit_randles(FREQUENCY, z, lowest) for lowest in (0.0, 10.0))
    assert cut.residual < 0.01 < whole.residual


@pytest.mark.parametrize("bad", [0.0, float("nan"), float("inf")])
def test_warburg_coefficient_that_is_none_is_refused(bad):
    with pytest.raises(ParameterError, match="must be finite and not 0"):
        analysis.warburg_diffusivity(bad, 1.0, 1e-6)


def test_too_few_frequencies_above_the_lowest_are_told():
    with pytest.raises(ParameterError, match="From 50000 Hz on the spectrum has 4 of its 71"):
        analysis.fit_randles(FREQUENCY, randles(), 5e4)


def test_order_of_the_frequencies_does_not_matter():
    one = analysis.fit_randles(FREQUENCY, randles())
    other = analysis.fit_randles(FREQUENCY[::-1], randles()[::-1])
    assert one == other


def test_an_exact_circuit_passes_kramers_kronig():
    # asked for: below 0.1 %
    assert analysis.kramers_kronig(FREQUENCY, randles()).largest < 1e-3


def test_a_finite_particle_passes_kramers_kronig():
    """Blocked diffusion ends in a capacitor, which the row of RC elements needs its own for."""
    root = np.sqrt(1j * OMEGA * 100)
    z = 3 + 10 / (root * np.tanh(root))
    assert analysis.kramers_kronig(FREQUENCY, z).largest < 1e-3


def test_a_drifting_cell_fails_kramers_kronig():
    """The charge transfer doubles while the spectrum is measured, from high to low frequency."""
    drifting = randles(transfer=20.0 * np.linspace(1, 2, len(FREQUENCY)), warburg=1.0)
    real_only = drifting.real * (1 + 0.02 * np.sin(3 * np.log(FREQUENCY))) + 1j * drifting.imag
    assert analysis.kramers_kronig(FREQUENCY, real_only).largest > 5e-3


def test_noise_is_left_over_and_not_fitted():
    random = np.random.default_rng(2)
    z = randles()
    noise = random.standard_normal((2, len(z))) * 0.005 * abs(z)
    check = analysis.kramers_kronig(FREQUENCY, z + noise[0] + 1j * noise[1])
    rms = np.sqrt(np.mean(np.r_[check.real, check.imaginary] ** 2))
    assert 0.003 < rms < 0.006  # 43 elements take a share of 142 residuals


@pytest.mark.parametrize(
    ("frequency", "impedance", "message"),
    [
        (FREQUENCY[:5], randles()[:5], "at least"),
        (-FREQUENCY, randles(), "positive frequencies"),
        (np.r_[FREQUENCY[:-1], FREQUENCY[0]], randles(), "twice"),
        (FREQUENCY, np.full(71, np.nan + 0j), "finite"),
        (FREQUENCY, randles()[:-1], "equally many"),
    ],
)
@pytest.mark.parametrize("function", [analysis.fit_randles, analysis.kramers_kronig])
def test_bad_spectrum_is_refused(function, frequency, impedance, message):
    with pytest.raises(ParameterError, match=message):
        function(frequency, impedance)


def test_without_the_package_the_remedy_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "impedance.models.circuits", None)
    with pytest.raises(MissingPackageError, match=r"hetsim\[impedance\]"):
        analysis.fit_randles(FREQUENCY, randles())


def test_nothing_is_printed(capsys):
    analysis.kramers_kronig(FREQUENCY, randles())
    assert capsys.readouterr() == ("", "")


def test_an_exact_circuit_has_no_remark_and_a_drifting_one_has():
    assert analysis.spectrum_analysis(FREQUENCY, randles()).remarks == ()
    noisy = randles() * (1 + 0.05 * np.sin(40 * np.log(FREQUENCY)))
    said = analysis.spectrum_analysis(FREQUENCY, noisy).remarks
    assert said[0].startswith("fails Kramers-Kronig")
    two_arcs = randles(warburg=0.1) + 20.0 / (1 + 1j * OMEGA * 0.2)
    assert "a second arc" in analysis.spectrum_analysis(FREQUENCY, two_arcs).remarks[0]
