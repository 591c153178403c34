"""Equivalent circuit of an impedance, by impedance.py (the optional extra `impedance`)."""

import warnings
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.analysis.diffusion_length import DiffusionLength, stated
from hetsim.errors import MissingPackageError, ParameterError

Complex = NDArray[np.complex128]


@dataclass(frozen=True)
class RandlesFit:
    """R_s - [(R_ct - Z_W) parallel to C], in the unit of the impedance (Ohm or Ohm.cm2).

    Parameters
    ----------
    series_resistance, charge_transfer_resistance : float
        [Ohm]
    capacity : float
        [F]
    warburg : float
        Sigma of Z_W = sigma (1 - j) omega^-1/2 [Ohm.s-1/2]
    errors : tuple[float, ...]
        Standard error of each, in this order
    residual : float
        Rms of Z - fit over the rms of Z [-]
    """

    series_resistance: float
    charge_transfer_resistance: float
    capacity: float
    warburg: float
    errors: tuple[float, ...]
    residual: float

    @property
    def time_constant(self) -> float:
        """R_ct C [s]: of the arc."""
        return self.charge_transfer_resistance * self.capacity

    def impedance(self, frequency: Any) -> Complex:
        """Of the circuit [Ohm] at frequencies [Hz]."""
        omega = 2 * np.pi * np.asarray(frequency, dtype=float)
        faradaic = self.charge_transfer_resistance + self.warburg * (1 - 1j) / np.sqrt(omega)
        total = self.series_resistance + 1 / (1 / faradaic + 1j * omega * self.capacity)
        return np.asarray(total, dtype=complex)


def package(name: str) -> Any:
    """A module of impedance.py. Raises MissingPackageError with the remedy if it is not installed."""
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingPackageError(
            "Circuit fits and the Kramers-Kronig check use the package impedance, which is not installed; "
            'install it with: pip install "hetsim[impedance]".'
        ) from error


def checked_spectrum(frequency: Any, impedance: Any, least: int) -> tuple[NDArray[Any], Complex]:
    """[Hz], [Ohm]. Raises ParameterError unless equally many, finite, frequencies positive and distinct."""
    f, z = np.asarray(frequency, dtype=float), np.asarray(impedance, dtype=complex)
    if len(f) != len(z) or len(f) < least:
        raise ParameterError(
            f"An impedance needs equally many frequencies and values, at least {least}; "
            f"got {len(f)} and {len(z)}."
        )
    if not (np.all(f > 0) and np.all(np.isfinite(f)) and np.all(np.isfinite(z))):
        raise ParameterError("An impedance needs positive frequencies [Hz] and finite values.")
    if len(np.unique(f)) < len(f):
        raise ParameterError("An impedance has a frequency twice.")
    order = np.argsort(f)[::-1]
    return f[order], z[order]


def fit_randles(frequency: Any, impedance: Any, lowest: float = 0.0) -> RandlesFit:
    """Fit a Randles circuit with semi-infinite diffusion.

    Parameters
    ----------
    frequency : array_like
        [Hz]
    impedance : array_like
        Complex [Ohm], -Im > 0 for a capacitor; at least 8 points
    lowest : float, default 0.0
        Frequency from which on the spectrum is fitted [Hz]

    Returns
    -------
    RandlesFit

    Raises
    ------
    ParameterError
        For a bad spectrum, a fit that does not converge, or without impedance.py.

    Notes
    -----
    Limits: one arc and one 45 degree branch; a finite particle bends up at low frequency, which this
    circuit has not: cut the spectrum there, at omega R^2/D of 1000 for a Warburg coefficient of spheres
    within a few percent.

    References
    ----------
    J. E. B. Randles, Discuss. Faraday Soc. 1 (1947) 11, doi:10.1039/DF9470100011.
    """
    f, z = _from(lowest, *checked_spectrum(frequency, impedance, 8))
    circuits = package("impedance.models.circuits")
    guess = _guess(f, z)
    circuit = circuits.CustomCircuit("R0-p(R1-W1,C1)", initial_guess=guess)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the steps on the way; the residual says how it ended
        try:
            circuit.fit(f, z, weight_by_modulus=True)
        except (RuntimeError, ValueError) as error:
            raise ParameterError(f"The Randles circuit could not be fitted: {error}.") from error
        fitted = circuit.predict(f)
    resistance, transfer, sigma, capacity = circuit.parameters_
    series, ct, warburg, c = circuit.conf_
    residual = float(np.linalg.norm(z - fitted) / np.linalg.norm(z))
    return RandlesFit(
        float(resistance),
        float(transfer),
        float(capacity),
        float(sigma),
        (float(series), float(ct), float(c), float(warburg)),
        residual,
    )


def warburg_diffusivity(warburg: float, slope: float, length: DiffusionLength | float) -> float:
    """Diffusion coefficient from the Warburg coefficient of a circuit [m2.s-1].

    D = (1/2) [L (dE/dq) / sigma]^2

    Parameters
    ----------
    warburg : float
        sigma of Z_W = sigma (1 - j) omega^-1/2 [Ohm.s-1/2], or [Ohm.cm2.s-1/2]
    slope : float
        dE/dq of the open-circuit voltage of the electrode at rest [V.C-1], or [V.cm2.C-1] with q per area
    length : DiffusionLength | float
        Volume over the area that ions enter by; a number is the thickness of a layer [m]

    Returns
    -------
    float

    Raises
    ------
    ParameterError
        Unless Warburg coefficient and slope are finite and not 0.

    Notes
    -----
    In a half space the surface follows a current by (dE/dq) L/sqrt(j omega D), and 1/sqrt(j) = (1 - j)/sqrt(2).
    Limits: omega >> D/L^2; what spheres are off by is sqrt(2 D/omega)/R at first. D scales with L^2.

    References
    ----------
    C. Ho, I. D. Raistrick, R. A. Huggins, J. Electrochem. Soc. 127 (1980) 343, doi:10.1149/1.2129668.
    """
    if not (np.isfinite(warburg) and np.isfinite(slope) and warburg and slope):
        raise ParameterError(
            f"The Warburg coefficient is {warburg:g} and dE/dq {slope:g}; both must be finite and not 0."
        )
    return float((stated(length).metres * slope / warburg) ** 2 / 2)


def _from(lowest: float, f: NDArray[Any], z: Complex) -> tuple[NDArray[Any], Complex]:
    """The part of a spectrum from a frequency on."""
    kept = f >= lowest
    if np.count_nonzero(kept) < 8:
        raise ParameterError(
            f"From {lowest:g} Hz on the spectrum has {np.count_nonzero(kept)} of its {len(f)} frequencies; "
            "a Randles circuit needs at least 8."
        )
    return f[kept], z[kept]


def _guess(f: NDArray[Any], z: Complex) -> list[float]:
    """Series resistance from the left end, the arc from the top of -Im, diffusion from the right end."""
    series = max(float(z.real.min()), 1e-9)
    omega = 2 * np.pi * f
    sigma = max(float(-z.imag[-1] * np.sqrt(omega[-1])), 1e-9)
    arc = z - sigma * (1 - 1j) / np.sqrt(omega)
    top = int(np.argmax(-arc.imag[: max(len(f) * 3 // 4, 1)]))
    transfer = max(2 * float(-arc.imag[top]), 1e-6 * abs(z[-1]))
    return [series, transfer, sigma, 1 / (omega[top] * transfer)]
