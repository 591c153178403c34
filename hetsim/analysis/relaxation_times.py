"""Distribution of relaxation times of an impedance, by pyimpspec (the optional extra `drt`)."""

from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.analysis.randles import checked_spectrum
from hetsim.errors import MissingPackageError, ParameterError

Array = NDArray[np.float64]

REGULARISATION = 1e-3
"""Weight of smoothness: two arcs of like size stand apart from a factor of 4 between their times on."""
SMALLEST = 0.01
"""Share of the polarisation below which a maximum is not listed as a peak."""


@dataclass(frozen=True)
class RelaxationPeak:
    """One maximum of a distribution.

    Parameters
    ----------
    time_constant : float
        Mean of ln tau between the minima around it, as a time [s]
    resistance : float
        Area between them: of an arc, its width in the Nyquist plot [Ohm]
    closed : bool
        Whether the distribution falls again on both sides. What is open rises to the end of the spectrum:
        diffusion or a capacitor whose time was not reached
    """

    time_constant: float
    resistance: float
    closed: bool

    @property
    def frequency(self) -> float:
        """Of the top of its arc [Hz]."""
        return 1 / (2 * np.pi * self.time_constant)


@dataclass(frozen=True)
class RelaxationTimes:
    """gamma(ln tau) of Z = R + int gamma/(1 + j omega tau) d ln tau, in the unit of the impedance.

    Parameters
    ----------
    time_constant : Array
        tau [s], rising; one for each frequency
    gamma : Array
        [Ohm] per unit of ln tau
    regularisation : float
        Weight of smoothness
    residual : float
        Rms of Re Z less what the distribution gives, over the rms of Z [-]
    """

    time_constant: Array
    gamma: Array
    regularisation: float
    residual: float

    @property
    def polarisation(self) -> float:
        """Area below the whole distribution [Ohm]."""
        return float(np.trapezoid(self.gamma, np.log(self.time_constant)))

    @property
    def peaks(self) -> tuple[RelaxationPeak, ...]:
        """Its maxima that hold SMALLEST of the polarisation or more, in order of time."""
        return tuple(
            peak for peak in self._maxima() if peak.resistance >= SMALLEST * self.polarisation
        )

    def _maxima(self) -> list[RelaxationPeak]:
        log_time, gamma = np.log(self.time_constant), self.gamma
        rises = np.diff(gamma, prepend=0.0) > 0
        falls = np.diff(gamma, append=0.0) <= 0
        tops = np.flatnonzero(rises & falls).tolist()
        lows = [a + int(np.argmin(gamma[a : b + 1])) for a, b in pairwise(tops)]
        found = []
        for top, (first, last) in zip(tops, pairwise([0, *lows, len(gamma) - 1]), strict=True):
            part = slice(first, last + 1)
            area = float(np.trapezoid(gamma[part], log_time[part]))
            mean = float(np.trapezoid((gamma * log_time)[part], log_time[part])) / area
            # at an end of the spectrum the minimum is that of the spectrum, not of the distribution
            open_left = first == 0 and gamma[0] > gamma[top] / 2
            open_right = last == len(gamma) - 1 and gamma[-1] > gamma[top] / 2
            found.append(RelaxationPeak(float(np.exp(mean)), area, not (open_left or open_right)))
        return found


def relaxation_times(
    frequency: Any, impedance: Any, regularisation: float | None = REGULARISATION
) -> RelaxationTimes:
    """Distribution of relaxation times of a spectrum, by Tikhonov's regularisation and non-negative least squares.

    Parameters
    ----------
    frequency : array_like
        [Hz]
    impedance : array_like
        Complex [Ohm], -Im > 0 for a capacitor; at least 10 points
    regularisation : float | None, default REGULARISATION
        Weight of smoothness: more makes peaks broader, less splits one into several. None lets pyimpspec
        choose, which is too little for spectra without noise

    Returns
    -------
    RelaxationTimes

    Raises
    ------
    ParameterError
        For a bad spectrum, a weight that is not positive, or a distribution that cannot be found.
    MissingPackageError
        Without pyimpspec.

    Notes
    -----
    The real part is fitted; the imaginary part follows if the spectrum obeys Kramers and Kronig (check it with
    `kramers_kronig` first). Limits: the time constants are those of the frequencies; a Warburg branch or a
    blocked particle has no end in it and stands as an open peak with ripples before it.

    References
    ----------
    A. Kulikovsky, J. Electrochem. Soc. 168 (2021) 044512, doi:10.1149/1945-7111/abf508.
    """
    f, z = checked_spectrum(frequency, impedance, 10)
    if regularisation is not None and not 0 < regularisation < np.inf:
        raise ParameterError(
            f"The regularisation of the relaxation times is {regularisation:g}; it must be positive."
        )
    package = _package()
    try:
        found = package.calculate_drt(
            package.DataSet(f, z),
            method="tr-nnls",
            lambda_value=-1.0 if regularisation is None else regularisation,
        )
    except (package.DRTError, RuntimeError, ValueError) as error:
        raise ParameterError(f"The relaxation times could not be found: {error}.") from error
    time, gamma = np.asarray(found.time_constants), np.asarray(found.gammas)
    order = np.argsort(time)
    left = (np.asarray(found.impedances) - z).real
    return RelaxationTimes(
        time[order],
        gamma[order],
        float(found.lambda_value),
        float(np.linalg.norm(left) / np.linalg.norm(z)),
    )


def _package() -> Any:
    """pyimpspec. Raises MissingPackageError with the remedy if it is not installed."""
    try:
        return import_module("pyimpspec")
    except ImportError as error:
        raise MissingPackageError(
            "The distribution of relaxation times uses the package pyimpspec (GPL), which is not installed; "
            'install it with: pip install "hetsim[drt]".'
        ) from error
