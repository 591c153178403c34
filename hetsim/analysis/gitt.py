"""Diffusion coefficient, linearity in sqrt(t) and polarisation of every pulse of a GITT."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hetsim.analysis.diffusion_length import DiffusionLength, stated
from hetsim.analysis.pulses import Pulse, TimeTrace, pulses
from hetsim.analysis.straight_line import Line, straight_line
from hetsim.errors import ParameterError
from hetsim.results.quantities import (
    CAPACITY,
    CURRENT,
    DIFFUSIVITY,
    DIFFUSIVITY_FROM_STEPS,
    Quantity,
)
from hetsim.results.tables import table

WINDOW = (0.1, 1.0)
"""Part of a pulse over which the voltage is taken to be linear in sqrt(t), as shares of its length."""
JUMP = (0.02, 0.1)
"""Part of a pulse whose sqrt(t) line is followed back to its first instant, for the jump: behind the
charging of the double layer, before the bend."""
LINEAR = 0.99
"""R^2 below which a pulse is not called linear in sqrt(t)."""
DRIFT = 0.02
"""Drift over the second half of a rest, as a share of the step, above which it was too short."""
SATURATED = 0.5
"""Share of the transient in the step above which the pulse is no longer short against L^2/D."""


@dataclass(frozen=True)
class PulseResult:
    """What one pulse gives.

    pulse : the pulse
    line : of the voltage against sqrt(t) in the window [V], [s^1/2]
    jump : of the voltage at the first instant, ohmic drop and kinetics [V]
    step : dE_s, from rest to rest [V]
    transient : dE_t, over the pulse without the jump [V]
    relaxation : from the end of the pulse to the end of the rest, without the jump [V]
    diffusivity : (4/pi) L^2 ((dE_s/tau) / (dE/d sqrt t))^2 [m2.s-1]
    diffusivity_from_steps : (4/(pi tau)) L^2 (dE_s/dE_t)^2 [m2.s-1]
    remarks : why not to trust it; empty if nothing speaks against it
    """

    pulse: Pulse
    line: Line
    jump: float
    step: float
    transient: float
    relaxation: float
    diffusivity: float
    diffusivity_from_steps: float
    remarks: tuple[str, ...]

    @property
    def polarisation(self) -> float:
        """Whole distance of the voltage at the end of the pulse from the rest after it [V]."""
        return float(self.pulse.voltage[-1]) - self.pulse.after


@dataclass(frozen=True)
class GittAnalysis:
    """Every pulse, with the length that its diffusion coefficient stands and falls with.

    Parameters
    ----------
    length : DiffusionLength
        L, with where it comes from
    results : tuple[PulseResult, ...]
        One for each pulse
    """

    length: DiffusionLength
    results: tuple[PulseResult, ...]

    @property
    def diffusivities(self) -> np.ndarray:
        """[m2.s-1]; not a number where the steps have opposite signs."""
        return np.array([result.diffusivity for result in self.results])

    @property
    def median_diffusivity(self) -> float:
        """Median diffusivity of the pulses that give one [m2.s-1]."""
        known = self.diffusivities[np.isfinite(self.diffusivities)]
        return float(np.median(known)) if len(known) else float("nan")

    def to_frame(self) -> pd.DataFrame:
        """One row a pulse, with units in the names."""
        pulses = [result.pulse for result in self.results]
        return table(
            {
                Quantity("start", "s"): [pulse.start for pulse in pulses],
                Quantity("passed", CAPACITY.unit): [pulse.passed for pulse in pulses],
                Quantity("pulse", "s"): [pulse.duration for pulse in pulses],
                CURRENT: [pulse.current for pulse in pulses],
                Quantity("rest voltage before", "V"): [pulse.before for pulse in pulses],
                Quantity("rest voltage after", "V"): [pulse.after for pulse in pulses],
                Quantity("step", "V"): [result.step for result in self.results],
                Quantity("transient", "V"): [result.transient for result in self.results],
                Quantity("jump", "V"): [result.jump for result in self.results],
                Quantity("relaxation", "V"): [result.relaxation for result in self.results],
                Quantity("R2 of sqrt(t)"): [result.line.r_squared for result in self.results],
                Quantity("length", "m"): self.length.metres,
                DIFFUSIVITY: self.diffusivities,
                DIFFUSIVITY_FROM_STEPS: [result.diffusivity_from_steps for result in self.results],
                Quantity("remarks", ""): ["; ".join(result.remarks) for result in self.results],
            }
        )


def weppner_huggins(
    trace: TimeTrace,
    length: DiffusionLength | float | None = None,
    window: tuple[float, float] = WINDOW,
) -> GittAnalysis:
    """Apparent diffusion coefficient of every pulse.

    D = (4/pi) L^2 [(dE_s/tau) / (dE/d sqrt t)]^2,   tau << L^2/D,   L = m V_M/(M S)
    D = (4/(pi tau)) L^2 (dE_s/dE_t)^2   if E is linear in sqrt(t) over the whole pulse

    Parameters
    ----------
    trace : TimeTrace
        Anything with time [s], current [A.g-1] and voltage [V]
    length : DiffusionLength | float | None, default None
        L, a `DiffusionLength` or the thickness of a layer [m]. There is no default: D scales with
        its square
    window : tuple[float, float], default WINDOW
        Part of the pulse for dE/d sqrt t, as shares of its length

    Returns
    -------
    GittAnalysis

    Raises
    ------
    ParameterError
        Without a length or without a pulse.

    Notes
    -----
    Limits: one phase, one particle size, constant D and dE/dc over a pulse, no hysteresis, no storage
    at the surface; a rest long enough for dE_s; tau << L^2/D. On spheres with L = R/3 the second form is
    low by the share sqrt(pi D tau)/R of D, within 5 % up to D tau/R^2 = 8e-4 (`gitt_ratio`), and the
    first by 1 + sqrt(first end of the window) times as much. Where E is linear in the occupancy, dE_s <= dE_t
    bounds the second by 4 L^2/(pi tau): a number of the experimenter's, not of the material, when it is met.

    References
    ----------
    W. Weppner and R. A. Huggins, J. Electrochem. Soc. 124 (1977) 1569, doi:10.1149/1.2133112, eqs. 24
    and 25.
    """
    chosen = stated(length)
    low, high = window
    if not 0 <= low < high <= 1:
        raise ParameterError(
            f"The window of the pulse is {window}; it must be two shares of its length, 0 to 1, in order."
        )
    return GittAnalysis(
        chosen, tuple(_result(pulse, chosen.metres, window) for pulse in pulses(trace))
    )


def sqrt_time_line(pulse: Pulse, window: tuple[float, float] = WINDOW) -> Line:
    """E = slope sqrt(t) + intercept over part of a pulse [V], [V.s-1/2].

    Semi-infinite diffusion makes it exact; R^2 says how nearly. A bend at the start is double layer or
    kinetics, a bend at the end the finite size.

    Parameters
    ----------
    pulse : Pulse
        One pulse of a trace
    window : tuple[float, float], default WINDOW
        Part of the pulse that is fitted, as shares of its length

    Returns
    -------
    Line

    Raises
    ------
    ParameterError
        For fewer than 3 samples there.
    """
    share = pulse.time / pulse.duration
    inside = (share >= window[0]) & (share <= window[1]) & (share > 0)
    if np.count_nonzero(inside) < 3:
        raise ParameterError(
            f"The pulse at {pulse.start:g} s has {np.count_nonzero(inside)} samples from {window[0]:g} to "
            f"{window[1]:g} of its length; a line in sqrt(t) needs at least 3."
        )
    return straight_line(np.sqrt(pulse.time[inside]), pulse.voltage[inside])


def _result(pulse: Pulse, length: float, window: tuple[float, float]) -> PulseResult:
    line = sqrt_time_line(pulse, window)
    first = _onset(pulse)
    step = pulse.after - pulse.before
    end = float(pulse.voltage[-1])
    transient = end - first
    jump = first - pulse.before
    tau = pulse.duration
    usable = step * transient > 0
    by_steps = 4 / (np.pi * tau) * (length * step / transient) ** 2 if usable else float("nan")
    sloping = step * line.slope > 0
    by_slope = 4 / np.pi * (length * step / tau / line.slope) ** 2 if sloping else float("nan")
    return PulseResult(
        pulse,
        line,
        jump,
        step,
        transient,
        pulse.after - end + jump,
        by_slope,
        by_steps,
        tuple(_remarks(pulse, line, step, transient)),
    )


def _onset(pulse: Pulse) -> float:
    """Voltage just after the current came on: the sqrt(t) line of an early part followed back."""
    share = pulse.time / pulse.duration
    early = (share >= JUMP[0]) & (share <= JUMP[1])
    if np.count_nonzero(early) < 3:
        early = np.arange(len(share)) < 3
    return straight_line(np.sqrt(pulse.time[early]), pulse.voltage[early]).intercept


def _remarks(pulse: Pulse, line: Line, step: float, transient: float) -> list[str]:
    remarks = []
    if step * transient <= 0:
        remarks.append("step and transient have opposite signs")
    elif step / transient > SATURATED:
        remarks.append("pulse not short against L2/D")
    if line.r_squared < LINEAR:
        remarks.append(f"not linear in sqrt(t), R2 {line.r_squared:.3f}")
    if abs(pulse.drift) > DRIFT * abs(step):
        remarks.append("still drifting at the end of the rest")
    return remarks


def gitt_ratio(
    times: Sequence[float] | np.ndarray, surface_rise: np.ndarray, length_over_radius: float
) -> np.ndarray:
    """D that Weppner and Huggins' short form finds over the true one, by theory [-].

    Parameters
    ----------
    times : Sequence[float] | np.ndarray
        T = D tau/R^2 of the pulse
    surface_rise : np.ndarray
        r(T), of `hetsim.laws.pulse` or, for a spread of sizes with a share that is filled at once,
        of `laws.diffusion_spread.surface_response`
    length_over_radius : float
        L/R, 1/3 for spheres, 1 for a layer

    Returns
    -------
    np.ndarray

    Notes
    -----
    With dE_s over T and dE_t over r(T):   D_app/D = (4/pi) (L/R)^2 T / r(T)^2
    Limits: a small pulse (constant dE/dc), a rest to equilibrium, the jump known.
    """
    t = np.asarray(times, dtype=float)
    return 4 / np.pi * length_over_radius**2 * t / np.asarray(surface_rise) ** 2
