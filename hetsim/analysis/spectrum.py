"""One impedance spectrum: is it one, what circuit fits, what times are in it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.analysis.kramers_kronig import KramersKronig, kramers_kronig
from hetsim.analysis.randles import RandlesFit, checked_spectrum, fit_randles
from hetsim.analysis.relaxation_times import REGULARISATION, RelaxationTimes, relaxation_times
from hetsim.errors import MissingPackageError

VALID = 0.01
"""Residual over |Z| of the Kramers-Kronig test above which a spectrum is called drifting or noisy."""
FITS = 0.02
"""Residual of the Randles circuit above which it is called another circuit."""


@dataclass(frozen=True)
class SpectrumAnalysis:
    """What a spectrum gives, in the unit of its impedance (Ohm or Ohm.cm2).

    Parameters
    ----------
    frequency : NDArray[np.float64]
        [Hz], falling
    impedance : NDArray[np.complex128]
        [Ohm]
    lowest : float
        Frequency from which on the circuit was fitted [Hz]
    randles : RandlesFit
        The circuit
    kramers_kronig : KramersKronig
        Residuals of a row of RC elements
    relaxation_times : RelaxationTimes | None
        Their distribution; None without pyimpspec
    why_not : str, default ''
        Why there is no distribution
    """

    frequency: NDArray[np.float64]
    impedance: NDArray[np.complex128]
    lowest: float
    randles: RandlesFit
    kramers_kronig: KramersKronig
    relaxation_times: RelaxationTimes | None
    why_not: str = ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """Why not to trust the numbers; empty if nothing speaks against them."""
        said = []
        if self.kramers_kronig.largest > VALID:
            said.append(
                f"fails Kramers-Kronig, {100 * self.kramers_kronig.largest:.1f} % left: drift, "
                "nonlinearity or noise"
            )
        if self.randles.residual > FITS:
            said.append(
                f"no Randles circuit, {100 * self.randles.residual:.1f} % left: a second arc, or low "
                "frequencies to be cut"
            )
        return tuple(said)


def spectrum_analysis(
    frequency: Any,
    impedance: Any,
    lowest: float = 0.0,
    regularisation: float | None = REGULARISATION,
) -> SpectrumAnalysis:
    """Randles circuit, Kramers-Kronig test and distribution of relaxation times of a spectrum.

    Parameters
    ----------
    frequency : array_like
        [Hz]
    impedance : array_like
        Complex [Ohm], -Im > 0 for a capacitor; at least 10 points
    lowest : float, default 0.0
        Frequency from which on the circuit is fitted [Hz]: above the bend of a finite particle
    regularisation : float | None, default REGULARISATION
        Of `relaxation_times`

    Returns
    -------
    SpectrumAnalysis

    Raises
    ------
    ParameterError
        For a bad spectrum or a fit that does not converge.
    MissingPackageError
        Without impedance.py. Without pyimpspec there is no distribution, and `why_not` says so.
    """
    f, z = checked_spectrum(frequency, impedance, 10)
    times, why_not = None, ""
    try:
        times = relaxation_times(f, z, regularisation)
    except MissingPackageError as error:
        why_not = str(error)
    return SpectrumAnalysis(
        f, z, lowest, fit_randles(f, z, lowest), kramers_kronig(f, z), times, why_not
    )
