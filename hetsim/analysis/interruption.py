"""Intermittent current interruption: diffusion coefficient and resistance from short rests in a current."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hetsim.analysis.closed_form import ONE_SIDE, START, in_one_direction
from hetsim.analysis.diffusion_length import DiffusionLength, stated
from hetsim.analysis.pulses import Interruption, as_trace, interruptions
from hetsim.analysis.straight_line import Line, straight_line
from hetsim.errors import ParameterError
from hetsim.results.quantities import CAPACITY, CURRENT, DIFFUSIVITY, RESISTANCE, Quantity
from hetsim.results.tables import table
from hetsim.units import MAH

Array = NDArray[np.float64]

WINDOW = (START, 5.0)
"""Time after an interruption over which the voltage is taken as linear in sqrt(t) [s]."""
FEWEST = 5
"""Samples up to which the window is made longer where none is stated."""
LINEAR = 0.99
"""R^2 below which a relaxation is not called linear in sqrt(t)."""
SHORT = 0.0075
"""D t/(3 L)^2 of the end of the window above which a relaxation is no longer short: the D that is found on spheres is
then a half too high."""


@dataclass(frozen=True)
class InterruptionResult:
    """What one interruption gives.

    interruption : the rest and the current before it
    line : of the voltage against sqrt(t) in the window [V], [s^1/2]
    slope : dE_OC/dt_I, of the voltage without its resistive part over the time with current [V.s-1]
    diffusivity : (4/pi) L^2 [(dE_OC/dt_I) / (dE/d sqrt t)]^2 [m2.s-1]
    low, high : 95 % interval of it, by the slope of the line
    jump : from the last voltage with current to the line followed back to t = 0 [V]
    remarks : why not to trust it; empty if nothing speaks against it
    """

    interruption: Interruption
    line: Line
    slope: float
    diffusivity: float
    low: float
    high: float
    jump: float
    remarks: tuple[str, ...]

    @property
    def resistance(self) -> float:
        """|jump / current|, ohmic drop and kinetics, times the active mass [Ohm.g]."""
        return abs(self.jump / self.interruption.current)


@dataclass(frozen=True)
class InterruptionAnalysis:
    """Every interruption, with the length that its diffusion coefficient stands and falls with.

    Parameters
    ----------
    length : DiffusionLength
        L, with where it comes from
    results : tuple[InterruptionResult, ...]
        One for each interruption
    window : tuple[float, float]
        Time after the interruption that was fitted [s]
    """

    length: DiffusionLength
    results: tuple[InterruptionResult, ...]
    window: tuple[float, float]

    @property
    def diffusivities(self) -> Array:
        """[m2.s-1]; not a number where the voltage relaxes against its slope."""
        return np.array([result.diffusivity for result in self.results])

    @property
    def median_diffusivity(self) -> float:
        """Median diffusivity of the interruptions that give one [m2.s-1]."""
        known = self.diffusivities[np.isfinite(self.diffusivities)]
        return float(np.median(known)) if len(known) else float("nan")

    def to_frame(self) -> pd.DataFrame:
        """One row an interruption, with units in the names."""
        rests = [result.interruption for result in self.results]
        return table(
            {
                Quantity("start", "s"): [rest.start for rest in rests],
                Quantity("passed", CAPACITY.unit): [rest.passed for rest in rests],
                Quantity("interruption", "s"): [rest.duration for rest in rests],
                CURRENT: [rest.current for rest in rests],
                Quantity("voltage before", "V"): [rest.before for rest in rests],
                Quantity("slope with current", "V.s-1"): [one.slope for one in self.results],
                Quantity("slope of sqrt(t)", "V.s-1/2"): [one.line.slope for one in self.results],
                Quantity("R2 of sqrt(t)"): [one.line.r_squared for one in self.results],
                Quantity("length", "m"): self.length.metres,
                DIFFUSIVITY: self.diffusivities,
                Quantity("diffusivity low", DIFFUSIVITY.unit): [one.low for one in self.results],
                Quantity("diffusivity high", DIFFUSIVITY.unit): [one.high for one in self.results],
                Quantity("jump", "V"): [one.jump for one in self.results],
                RESISTANCE: [one.resistance for one in self.results],
                Quantity("remarks", ""): ["; ".join(one.remarks) for one in self.results],
            }
        )


def intermittent_current_interruption(
    trace: Any,
    length: DiffusionLength | float | None = None,
    window: tuple[float, float] | None = None,
) -> InterruptionAnalysis:
    """Apparent diffusion coefficient and resistance of every interruption of a current (ICI).

    D = (4/pi) L^2 [(dE_OC/dt_I) / (dE/d sqrt t_off)]^2,   t_off << L^2/D,   L = V/S

    Parameters
    ----------
    trace : TimeTrace | TraceRun | pd.DataFrame
        Anything with time [s], current [A.g-1] and voltage [V]; the rests are found from the current
    length : DiffusionLength | float | None, default None
        L, a `DiffusionLength` or the thickness of a layer [m]. There is no default: D scales with
        its square
    window : tuple[float, float] | None, default None
        Time after an interruption for dE/d sqrt t [s]: from where double layer and kinetics have
        settled to where the voltage bends. None is WINDOW, 1 to 5 s, or longer until there are five
        samples in it

    Returns
    -------
    InterruptionAnalysis

    Raises
    ------
    ParameterError
        Without a length, without two interruptions of a current in one direction, for a window that is
        not two times in order, or where an interruption ends before it or has fewer than 3 samples in it.

    Notes
    -----
    A current that ends is one of opposite sign that begins: in a half space its surface moves by
    2 (dq/dt) L sqrt(t/(pi D)) in units of the mean, so that dE/d sqrt t = -2 (dE/dq) (dq/dt) L/sqrt(pi D);
    (dE/dq)(dq/dt) is dE_OC/dt_I. The latter is the slope of a parabola through the line's intercept at this
    interruption and at its neighbours, over the time with current; at the first and the last, through the
    nearest three. The intercept less the last voltage with current is the jump.
    Limits: one phase, constant D, no storage at the surface; t << R^2/D, as on spheres with L = R/3 the
    relaxation is R^2/D (r(T) - T), T = D t/R^2, whose sqrt(t) bends: D is high by the share
    2 (sqrt(pi T_1) + sqrt(pi T_2)) of both ends of the window at first, 5 % for 1 to 5 s at T_2 = 1e-4.
    A current that has flowed for some 0.2 R^2/D; before that the slope is that of a surface ahead of its mean.
    `fit_interruptions` has neither limit.

    References
    ----------
    Y.-C. Chien et al., Nat. Commun. 14 (2023) 2289, doi:10.1038/s41467-023-37989-6;
    Z. Geng et al., Electrochim. Acta 404 (2022) 139727, doi:10.1016/j.electacta.2021.139727.
    """
    chosen = stated(length)
    if window is not None and not 0 <= window[0] < window[1] < np.inf:
        raise ParameterError(
            f"The window of an interruption is {window}; it must be two times [s] from 0 on, in order."
        )
    branches = in_one_direction(interruptions(as_trace(trace)))
    window = window or _enough_samples([one for branch in branches for one in branch])
    results: list[InterruptionResult] = []
    for branch in branches:
        lines = [_line(one, window) for one in branch]
        slopes = _slopes(branch, lines)
        results += [
            _result(one, line, slope, chosen, window, k in (0, len(branch) - 1))
            for k, (one, line, slope) in enumerate(zip(branch, lines, slopes, strict=True))
        ]
    return InterruptionAnalysis(chosen, tuple(results), window)


def _enough_samples(found: Sequence[Interruption]) -> tuple[float, float]:
    """WINDOW, longer where an interruption has fewer than FEWEST samples in it."""
    start, end = WINDOW
    for one in found:
        after = one.time[one.time >= start]
        if len(after):
            end = max(end, float(after[:FEWEST][-1]))
    return start, end


def _line(one: Interruption, window: tuple[float, float]) -> Line:
    inside = (one.time >= window[0]) & (one.time <= window[1])
    count = int(np.count_nonzero(inside))
    where = f"The interruption at {one.start:g} s"
    if one.duration < window[1] and count < 3:
        raise ParameterError(
            f"{where} lasts {one.duration:g} s with {count} samples from {window[0]:g} s on; the window of "
            f"the fit, {window[0]:g} to {window[1]:g} s, needs at least 3 in it: state another one."
        )
    if count < 3:
        raise ParameterError(
            f"{where} has {count} samples from {window[0]:g} to {window[1]:g} s; a line in sqrt(t) "
            "needs at least 3."
        )
    return straight_line(np.sqrt(one.time[inside]), one.voltage[inside])


def _slopes(branch: Sequence[Interruption], lines: Sequence[Line]) -> Array:
    """dE_OC/dt_I at each interruption [V.s-1]."""
    charge = np.array([one.passed for one in branch]) * MAH
    per_charge = np.gradient(
        [line.intercept for line in lines], charge, edge_order=2 if len(branch) > 2 else 1
    )
    return np.asarray(per_charge) * np.array([one.current for one in branch])


def _result(
    one: Interruption,
    line: Line,
    slope: float,
    length: DiffusionLength,
    window: tuple[float, float],
    at_end: bool,
) -> InterruptionResult:
    against = slope * line.slope >= 0  # the voltage relaxes towards where it came from
    diffusivity = np.nan if against else 4 / np.pi * (length.metres * slope / line.slope) ** 2
    width = line.half_width() / abs(line.slope) if line.slope else np.nan
    low = diffusivity / (1 + width) ** 2
    high = diffusivity / (1 - width) ** 2 if width < 1 else np.inf
    remarks = []
    if against:
        remarks.append("relaxes against its slope")
    if line.r_squared < LINEAR:
        remarks.append(f"not linear in sqrt(t), R2 {line.r_squared:.3f}")
    if diffusivity * window[1] > SHORT * (3 * length.metres) ** 2:
        remarks.append("window not short against R2/D")
    if at_end:
        remarks.append(ONE_SIDE)
    return InterruptionResult(
        one,
        line,
        slope,
        float(diffusivity),
        float(low),
        float(high),
        line.intercept - one.before,
        tuple(remarks),
    )
