"""Diffusion coefficients from the closed form of the particle: pulses, rests and interruptions of any length."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.stats import t as student

from hetsim.analysis.closed_form_samples import Curve, Samples, of_interruption, of_pulse
from hetsim.analysis.diffusion_length import DiffusionLength, stated
from hetsim.analysis.pulses import (
    Interruption,
    Pulse,
    as_trace,
    current_pieces,
    interruptions,
    pulses,
)
from hetsim.analysis.surface_history import history_of, surface_rise
from hetsim.errors import ParameterError
from hetsim.results.quantities import CAPACITY, CURRENT, DIFFUSIVITY, RESISTANCE, Quantity
from hetsim.results.tables import table

Array = NDArray[np.float64]

SETTLE = 0.01
"""Share of a pulse, behind each switch of its current, in which double layer and kinetics may still charge."""
START = 1.0
"""Time after an interruption from which on only diffusion is taken to be left [s]."""
CONFIDENCE = 0.95
SLOWEST, FASTEST, A_DECADE = 1e-7, 30.0, 6
"""D t/size^2 of a pulse or an interruption between which its D is looked for, and the trials a decade."""
WIDE = 2.0
"""Upper over lower end of the interval above which a diffusivity is called poorly determined."""
MISFIT = 0.005
"""Rms of what is left beyond noise, as a share of the change of the voltage by diffusion, above which the particle
is called another one: a spread of 1 leaves 0.7 % and a fast share of 0.3 leaves 2.3 %."""
BEYOND = 0.25
"""How far the surface may go beyond the known voltages, in steps between them, without a remark."""
ONE_SIDE = "slope of the voltage known from one side only"
"""Remark of the first and the last interruption: what the voltage would do on the other side is extrapolated."""


@dataclass(frozen=True)
class ClosedFormFit:
    """What one pulse or one interruption gives.

    start : its first instant, or that of the interruption [s]
    passed : specific charge up to there [mA.h.g-1]
    current : of the pulse, or before the interruption [A.g-1]
    duration : of the pulse, or of the interruption [s]
    diffusivity : [m2.s-1]; not a number where the samples do not hold one
    low, high : 95 % interval of it, from the scatter of the voltage about the fit in these samples and in
        the two voltages that give dE/dq; a misfit that is no scatter is not in it
    jump : of the voltage at the switch, ohmic drop and kinetics [V]
    residual : rms of the voltage from the fit [V]
    change : largest change of the voltage by diffusion in the samples [V]
    remarks : why not to trust it; empty if nothing speaks against it
    """

    start: float
    passed: float
    current: float
    duration: float
    diffusivity: float
    low: float
    high: float
    jump: float
    residual: float
    change: float
    remarks: tuple[str, ...]

    @property
    def resistance(self) -> float:
        """|jump / current|, ohmic drop and kinetics, times the active mass [Ohm.g]."""
        return abs(self.jump / self.current)


@dataclass(frozen=True)
class ClosedFormFits:
    """Every pulse or interruption, with the particle that was taken.

    Parameters
    ----------
    length : DiffusionLength
        Of the particle, with where it comes from
    results : tuple[ClosedFormFit, ...]
        One for each pulse or interruption
    spread, fast_fraction : float, optional
        Standard deviation of ln(R^2/D) and share filled at once that were taken as known [-]
    """

    length: DiffusionLength
    results: tuple[ClosedFormFit, ...]
    spread: float = 0.0
    fast_fraction: float = 0.0

    @property
    def diffusivities(self) -> Array:
        """[m2.s-1]; not a number where the samples do not hold one."""
        return np.array([result.diffusivity for result in self.results])

    @property
    def median_diffusivity(self) -> float:
        """Median diffusivity of those that give one [m2.s-1]."""
        known = self.diffusivities[np.isfinite(self.diffusivities)]
        return float(np.median(known)) if len(known) else float("nan")

    def to_frame(self) -> pd.DataFrame:
        """One row a pulse or interruption, with units in the names."""

        def of_each(name: str) -> list[Any]:
            return [getattr(result, name) for result in self.results]

        return table(
            {
                Quantity("start", "s"): of_each("start"),
                Quantity("passed", CAPACITY.unit): of_each("passed"),
                Quantity("duration", "s"): of_each("duration"),
                CURRENT: of_each("current"),
                DIFFUSIVITY: self.diffusivities,
                Quantity("diffusivity low", DIFFUSIVITY.unit): of_each("low"),
                Quantity("diffusivity high", DIFFUSIVITY.unit): of_each("high"),
                Quantity("jump", "V"): of_each("jump"),
                RESISTANCE: of_each("resistance"),
                Quantity("residual", "V"): of_each("residual"),
                Quantity("remarks", ""): ["; ".join(one.remarks) for one in self.results],
            }
        )


def fit_pulses(
    trace: Any,
    length: DiffusionLength | float | None = None,
    spread: float = 0.0,
    fast_fraction: float = 0.0,
    settle: float = SETTLE,
    rest: bool = True,
) -> ClosedFormFits:
    """Diffusion coefficient of every pulse of a GITT by the exact surface of the particle.

    E(t) = U(q_s(t; R^2/D)) + jump while the current flows,   q_s(t) = sum_k dI_k (R^2/D) r(D (t - t_k)/R^2)

    Parameters
    ----------
    trace : TimeTrace | TraceRun | pd.DataFrame
        Anything with time [s], current [A.g-1] and voltage [V]
    length : DiffusionLength | float | None, default None
        `sphere(R)` or `layer(thickness)`; V/S is taken as spheres of R = 3 V/S, a number as a layer [m].
        There is no default: D scales with its square
    spread : float, default 0.0
        Known standard deviation of ln(R^2/D) of spheres, log-normal, shares by capacity; D is that of
        the median
    fast_fraction : float, default 0.0
        Known share of the capacity that is filled at once
    settle : float, default SETTLE
        Share of a pulse behind each switch that is left out
    rest : bool, default True
        Fit the rest after the pulse as well

    Returns
    -------
    ClosedFormFits

    Raises
    ------
    ParameterError
        Without a length or without a pulse between two rests, for a spread or share that is none, or
        fewer than 4 samples of a pulse.

    Notes
    -----
    D and the jump are fitted to each pulse; r(T) is exact (`laws.pulse`), so D tau/R^2 may be anything at
    which the voltage still shows the diffusion. U is a cubic spline through the voltages at the ends of the
    rests, each at the q_s it has there: its curvature over a pulse and a rest that was too short are taken
    into account. Beyond the first and the last of them it is a straight line.
    Limits: a trace that begins at rest, one phase, the stated particles, constant D over a pulse and the time
    before it that it remembers, one voltage for each state in one direction (a hysteresis that turns within a
    rest is not).

    References
    ----------
    J. Crank, The Mathematics of Diffusion, 2nd ed. (1975), eq. 6.45 (sphere) and 4.49 (layer).
    """
    chosen, measured = stated(length), as_trace(trace)
    if not 0 <= settle < 1:
        raise ParameterError(
            f"'settle' is {settle:g}; it must be a share of the pulse, at least 0 and below 1."
        )
    history = history_of(current_pieces(measured), surface_rise(chosen, spread, fast_fraction))
    results: list[ClosedFormFit] = []
    for _, group in groupby(pulses(measured), key=lambda one: one.current > 0):
        branch = list(group)
        first = branch[0]
        ends = [_end_of_rest(pulse) for pulse in branch]
        curve = Curve(
            history,
            np.array([first.start, *(time for time, _ in ends)]),
            np.array([first.before, *(voltage for _, voltage in ends)]),
        )
        samples = [of_pulse(pulse, settle, rest) for pulse in branch]
        results += _fitted(curve, samples, chosen)
    return ClosedFormFits(chosen, tuple(results), spread, fast_fraction)


def fit_interruptions(
    trace: Any,
    length: DiffusionLength | float | None = None,
    spread: float = 0.0,
    fast_fraction: float = 0.0,
    start: float = START,
    end: float | None = None,
) -> ClosedFormFits:
    """Diffusion coefficient of every interruption of a current by the exact surface of the particle.

    E(t) = W(q_s(t; R^2/D)) + jump during an interruption,   W through the last voltages with current

    Parameters
    ----------
    trace : TimeTrace | TraceRun | pd.DataFrame
        Anything with time [s], current [A.g-1] and voltage [V]
    length : DiffusionLength | float | None, default None
        As in `fit_pulses`
    spread, fast_fraction : float, default 0.0
        As in `fit_pulses`
    start : float, default START
        Time after the interruption from which on it is fitted [s], behind double layer and kinetics
    end : float | None, default None
        Time up to which it is fitted [s]; None is all of it

    Returns
    -------
    ClosedFormFits

    Raises
    ------
    ParameterError
        Without a length, without two interruptions in one direction, or for fewer than 4 samples from
        `start` to `end`.

    Notes
    -----
    What `intermittent_current_interruption` reads from the first sqrt(t) of the relaxation holds for
    D t/R^2 << 1 and after a current that has flowed for some 0.2 R^2/D; this holds for any of both.
    Resistance and current are taken as the same at the ends of neighbouring currents. Limits else as
    in `fit_pulses`.
    """
    chosen, measured = stated(length), as_trace(trace)
    history = history_of(current_pieces(measured), surface_rise(chosen, spread, fast_fraction))
    results: list[ClosedFormFit] = []
    for branch in in_one_direction(interruptions(measured)):
        curve = Curve(
            history,
            np.array([one.start for one in branch]),
            np.array([one.before for one in branch]),
        )
        samples = [of_interruption(one, start, end) for one in branch]
        first, *inner, last = _fitted(curve, samples, chosen)
        results += [_with_remark(first, ONE_SIDE), *inner, _with_remark(last, ONE_SIDE)]
    return ClosedFormFits(chosen, tuple(results), spread, fast_fraction)


def _with_remark(fit: ClosedFormFit, remark: str) -> ClosedFormFit:
    return replace(fit, remarks=(*fit.remarks, remark))


def in_one_direction(found: Sequence[Interruption]) -> list[list[Interruption]]:
    """Neighbouring interruptions of currents of one sign, at least two each.

    Raises ParameterError if no current was interrupted twice.
    """
    branches = [list(group) for _, group in groupby(found, key=lambda one: one.current > 0)]
    several = [branch for branch in branches if len(branch) > 1]
    if not several:
        raise ParameterError(
            f"The trace has {len(found)} interruption{'' if len(found) == 1 else 's'} and needs two of a "
            "current in one direction: "
            "the slope of the voltage between them stands for that of the open-circuit voltage."
        )
    return several


def _end_of_rest(pulse: Pulse) -> tuple[float, float]:
    return pulse.start + pulse.duration + float(pulse.rest_time[-1]), pulse.after


# --- the fit --------------------------------------------------------------------------------------


def _fitted(
    curve: Curve, samples: Sequence[Samples], length: DiffusionLength
) -> list[ClosedFormFit]:
    """First a search over all time constants, then each on its own around its best."""
    longest = max(one.duration for one in samples)
    shortest = min(one.duration for one in samples)
    low, high = np.log(shortest / FASTEST), np.log(longest / SLOWEST)
    trials = np.linspace(low, high, int((high - low) / np.log(10) * A_DECADE) + 1)
    thin = [one.thin() for one in samples]
    left = np.array([[_left(curve, one, trial) for one in thin] for trial in trials])
    return [_fit(curve, one, length, trials, left[:, k], samples) for k, one in enumerate(samples)]


def _split(curve: Curve, samples: Samples, log_time: float) -> tuple[Array, float] | None:
    """What is left of the voltage, and the jump, at a time constant."""
    shape = curve.shape(samples, float(np.exp(log_time)))
    if shape is None:
        return None
    jump = float(np.mean((samples.voltage - shape)[samples.jumped]))
    return samples.voltage - shape - jump * samples.jumped, jump


def _left(curve: Curve, samples: Samples, log_time: float) -> float:
    """Sum of squares [V2]."""
    found = _split(curve, samples, log_time)
    return np.inf if found is None else float(found[0] @ found[0])


def _fit(
    curve: Curve,
    samples: Samples,
    length: DiffusionLength,
    trials: Array,
    left: Array,
    others: Sequence[Samples],
) -> ClosedFormFit:
    best = int(np.argmin(left))
    around = left[max(best - 1, 0) : best + 2]
    inner = len(around) == 3 and bool(np.isfinite(around).all())
    log_time = float(trials[best])
    if inner:
        log_time = minimize_scalar(
            lambda one: _left(curve, samples, one),
            bounds=(trials[best - 1], trials[best + 1]),
            method="bounded",
            options={"xatol": 1e-5},
        ).x
    split = _split(curve, samples, log_time)
    residual, jump = split if split is not None else (np.full(2, np.nan), float("nan"))
    rms = float(np.sqrt(np.mean(residual**2)))
    diffusivity = length.size**2 / np.exp(log_time) if inner else float("nan")
    width, change = _width(curve, samples, log_time, residual) if inner else (np.nan, np.nan)
    return ClosedFormFit(
        samples.start,
        samples.passed,
        samples.current,
        samples.duration,
        diffusivity,
        diffusivity * np.exp(-width),
        diffusivity * np.exp(width),
        jump,
        rms,
        change,
        tuple(_remarks(curve, samples, log_time, residual if inner else None, change, width)),
    )


def _width(curve: Curve, samples: Samples, log_time: float, residual: Array) -> tuple[float, float]:
    """Half width of the interval of ln D, and the change of the voltage by diffusion in the samples [V].

    The scatter s of the samples gives the covariance s^2 (J^T J)^-1 of ln D and the jump. Each known voltage has
    the same scatter; the spline is linear in them, so that column k of `basis`, what a volt more in one of
    them adds to the samples, moves ln D by (J^T J)^-1 J^T basis_k.
    """
    h = 0.01
    up, down = (curve.shape(samples, float(np.exp(log_time + sign * h))) for sign in (1, -1))
    shape = curve.shape(samples, float(np.exp(log_time)))
    if up is None or down is None or shape is None or len(residual) < 3:
        return float("nan"), float("nan")
    jacobian = np.column_stack([(up - down) / (2 * h), samples.jumped.astype(float)])
    basis = curve.basis(samples, float(np.exp(log_time)))
    inverse = np.linalg.pinv(jacobian.T @ jacobian)
    by_known = (inverse @ jacobian.T @ basis)[0]
    variance = float(residual @ residual) / (len(residual) - 2)
    total = variance * (inverse[0, 0] + float(by_known @ by_known))
    quantile = float(student.ppf((1 + CONFIDENCE) / 2, len(residual) - 2))
    return quantile * float(np.sqrt(total)), float(np.ptp(shape))


def _remarks(
    curve: Curve,
    samples: Samples,
    log_time: float,
    residual: Array | None,
    change: float,
    width: float,
) -> list[str]:
    if residual is None:
        return ["no diffusion seen between jump and rest"]
    remarks = []
    charge = curve.charge(float(np.exp(log_time)))
    reached = curve.history(samples.time, float(np.exp(log_time)))
    beyond = max(reached.max() - charge.max(), charge.min() - reached.min())
    known = np.abs(np.diff(charge)).min()
    if beyond > BEYOND * known:
        remarks.append("surface beyond the known voltages")
    systematic = _systematic(residual)
    if systematic > MISFIT * change:
        remarks.append(f"particle of another form, {100 * systematic / change:.1f} % left")
    if np.exp(2 * width) > WIDE:
        remarks.append("D poorly determined")
    return remarks


def _systematic(residual: Array) -> float:
    """Rms of what neighbouring samples have in common [V]; 0 where noise could have made it.

    The mean product of neighbours is the mean square of a smooth misfit. The scatter s of a sample, from second
    differences, is in each known voltage, too, and moves all samples beside it: a misfit counts above 3 s.
    """
    together = float(np.mean(residual[1:] * residual[:-1]))
    scatter = float(np.mean(np.diff(residual, 2) ** 2)) / 6
    return float(np.sqrt(together)) if together > 9 * scatter else 0.0
