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
