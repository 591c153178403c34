"""Impedance spectra of a file."""

import numpy as np
import pytest

from hetsim.errors import MeasurementError
from hetsim.measurements import read_spectrum_csv

FREQUENCY = np.logspace(3, -1, 20)
IMPEDANCE = 5 + 20 / (1 + 2j * np.pi * FREQUENCY * 0.01)


def write(path, header, *columns):
    np.savetxt(path, np.column_stack(columns), delimiter=",", header=header, comments="")
    return path


def test_a_spectrum_comes_back_from_high_to_low_frequency(tmp_path):
    path = write(
        tmp_path / "x.csv",
        "frequency_Hz,real_Ohm,imaginary_Ohm",
        FREQUENCY[::-1],
        IMPEDANCE.real[::-1],
        IMPEDANCE.imag[::-1],
    )
    (one,) = read_spectrum_csv(path)
    assert one.frequency.tolist() == pytest.approx(FREQUENCY.tolist())
    assert one.impedance == pytest.approx(IMPEDANCE)
    assert (one.unit, one.filling, one.label) == ("Ohm", None, "spectrum")


def test_fillings_are_spectra_and_the_area_goes_first(tmp_path):
    twice = [np.tile(one, 2) for one in (FREQUENCY, IMPEDANCE.real, IMPEDANCE.imag)]
    path = write(
        tmp_path / "x.csv",
        "filling,frequency [Hz],real [Ohm.cm2],imaginary [Ohm.cm2],real [Ohm],imaginary [Ohm]",
        np.repeat([0.2, 0.8], 20),
        *twice,
        twice[1] / 2,
        twice[2] / 2,
    )
    found = read_spectrum_csv(path)
    assert [one.filling for one in found] == [0.2, 0.8]
    assert found[1].label == "filling 0.8"
    assert {one.unit for one in found} == {"Ohm.cm2"}
    assert found[1].impedance == pytest.approx(IMPEDANCE)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f, z: (f, z.conj()), "imaginary part is positive at most frequencies, as of -Im Z"),
        (lambda f, z: (-f, z), "a frequency is -1000 Hz; it must be positive"),
        (lambda f, z: (np.r_[f[:-1], f[0]], z), "frequency 1000 Hz stands twice"),
        (lambda f, z: (f[:5], z[:5]), "has 5 rows; at least 10"),
        (lambda f, z: (f, np.full(20, np.nan + 1j)), "must be a finite number"),
    ],
)
def test_bad_spectrum_is_refused(tmp_path, change, message):
    f, z = change(FREQUENCY, IMPEDANCE)
    path = write(tmp_path / "x.csv", "frequency_Hz,real_Ohm,imaginary_Ohm", f, z.real, z.imag)
    with pytest.raises(MeasurementError, match=message):
        read_spectrum_csv(path)


def test_each_filling_needs_its_own_ten(tmp_path):
    filling = np.r_[np.zeros(15), np.ones(5)]
    columns = (filling, FREQUENCY, IMPEDANCE.real, IMPEDANCE.imag)
    path = write(tmp_path / "x.csv", "filling,frequency_Hz,real_Ohm,imaginary_Ohm", *columns)
    with pytest.raises(MeasurementError, match="filling 1: 5 frequencies"):
        read_spectrum_csv(path)


def test_another_unit_is_named(tmp_path):
    path = write(
        tmp_path / "x.csv", "frequency_Hz,real_Ohm_m2,imaginary_Ohm_m2", *(3 * [FREQUENCY])
    )
    with pytest.raises(MeasurementError, match="'real_Ohm_cm2' is missing; found: frequency_Hz"):
        read_spectrum_csv(path)


def test_spectra_at_one_filling_are_told_apart_by_their_number(tmp_path):
    """Two states of a protocol can have the same filling and another voltage."""
    n = FREQUENCY.size
    path = write(
        tmp_path / "x.csv",
        "spectrum,filling,frequency_Hz,real_Ohm,imaginary_Ohm",
        np.repeat([0, 1], n),
        np.full(2 * n, 0.5),
        np.tile(FREQUENCY, 2),
        np.r_[IMPEDANCE.real, 2 * IMPEDANCE.real],
        np.r_[IMPEDANCE.imag, 2 * IMPEDANCE.imag],
    )
    found = read_spectrum_csv(path)
    assert [one.number for one in found] == [0, 1]
    assert [one.label for one in found] == ["spectrum 0 (filling 0.5)", "spectrum 1 (filling 0.5)"]
    assert found[1].impedance == pytest.approx(2 * IMPEDANCE)
