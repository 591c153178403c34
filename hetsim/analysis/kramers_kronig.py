"""Kramers-Kronig check of an impedance, by impedance.py (the optional extra `impedance`)."""

import io
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

import numpy as np

from hetsim.analysis.randles import checked_spectrum, package

PER_DECADE = 6
"""RC elements a decade: enough for a Warburg branch, which needs 2 for 1 % and 5 for 0.01 %."""


@dataclass(frozen=True)
class KramersKronig:
    """What a row of RC elements, which is causal and linear, leaves of a spectrum.

    Parameters
    ----------
    frequency : np.ndarray
        [Hz], falling
    real, imaginary : np.ndarray
        Residuals over |Z| [-]
    """

    frequency: np.ndarray
    real: np.ndarray
    imaginary: np.ndarray

    @property
    def largest(self) -> float:
        """Largest residual of either part over |Z| [-]."""
        return float(max(np.abs(self.real).max(), np.abs(self.imaginary).max()))


def kramers_kronig(frequency: Any, impedance: Any, per_decade: int = PER_DECADE) -> KramersKronig:
    """Linear Kramers-Kronig test: Z = R + sum R_k / (1 + j omega tau_k) + 1/(j omega C) by least squares.

    Parameters
    ----------
    frequency : array_like
        [Hz]
    impedance : array_like
        Complex [Ohm]; at least 10 points
    per_decade : int, default PER_DECADE
        Time constants a decade; at most 70 % as many as there are frequencies are used, or noise
        would be fitted

    Returns
    -------
    KramersKronig

    Raises
    ------
    ParameterError
        For a bad spectrum or without impedance.py.

    Notes
    -----
    A spectrum of a linear, causal, stable cell leaves residuals of its noise; drift leaves more.

    References
    ----------
    M. Schoenleber, D. Klotz, E. Ivers-Tiffee, Electrochim. Acta 131 (2014) 20,
    doi:10.1016/j.electacta.2014.01.034.
    """
    f, z = checked_spectrum(frequency, impedance, 10)
    validation = package("impedance.validation")
    count = round(min(per_decade * np.log10(f[0] / f[-1]) + 1, 0.7 * len(f)))
    # impedance 1.7 writes its numbers into a text and evaluates it, which numpy 2's 'np.float64(1.0)'
    # breaks; and it prints as it goes
    with np.printoptions(legacy="1.25"), redirect_stdout(io.StringIO()):
        _, _, _, real, imaginary = validation.linKK(
            f, z, c=None, max_M=int(count), fit_type="complex", add_cap=True
        )
    return KramersKronig(f, np.asarray(real), np.asarray(imaginary))
