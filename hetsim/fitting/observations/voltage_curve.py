"""A voltage curve: one insertion or extraction at a constant current."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from hetsim import names
from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.observations.base import Observation, each_or_none, relative
from hetsim.fitting.observations.correlation import PARTS, evenly, widened
from hetsim.protocols import RateTest
from hetsim.results import Array
from hetsim.simulation import run

VOLTS = 0.01
"""Of a voltage [V]: contacts and the polarisation of the metal differ by as much between repeated half cells; the
instrument reads to 1 mV."""
CHARGE = 0.02
"""Of the charge of the whole curve, relative: the active mass, as of a printed capacity."""
PLACE = 0.01
"""Of the place along the curve, as a share of its charge [-]: where it starts is not exactly where the model does."""
CYCLES = 2
"""Cycle that a curve is of if nothing is said: papers show the second or third one."""
SAME_END = 0.05
"""How far a curve may end from the cut-off of the cell [V]."""


@dataclass(frozen=True, repr=False, eq=False)
class VoltageCurveData(Observation):
    """Voltage against the charge of one insertion or extraction at a constant current, cut-off to cut-off.

    Two things are compared: the charge of the whole curve (as ln Q) and the voltage at equal shares of that charge.
    An error of the active mass stretches the whole charge axis, so it is in the first alone. The noise of a voltage
    holds an error of the place along the curve times its slope there, so that a steep part weighs little.

    Parameters
    ----------
    current : float
        [A.g-1], positive inserts
    charge : array_like
        Specific charge since the start of the curve [mA.h.g-1], rising
    voltage : array_like
        [V]
    cycles : int, default CYCLES
        Which cycle at this current it is; the cell begins extracted, at rest
    level : float, default VOLTS
        Standard deviation of a voltage [V]
    charge_level : float, default CHARGE
        Relative standard deviation of the charge of the whole curve
    parts : float, default PARTS
        How many independent parts the curve has (fitting.observations.correlation)

    Raises
    ------
    ParameterError
        For unequal lengths, fewer than eight samples, numbers that are not finite, a charge that does not rise, a
        current of zero, or a noise that is not positive.
    """

    current: float
    charge: Array
    voltage: Array
    cycles: int = CYCLES
    level: float = VOLTS
    charge_level: float = CHARGE
    parts: float = PARTS

    def __post_init__(self) -> None:
        charge, voltage = (np.asarray(one, dtype=float) for one in (self.charge, self.voltage))
        where = f"The voltage curve at {self.current:g} A/g"
        if not np.isfinite(self.current) or self.current == 0:
            raise ParameterError(f"{where}: the current must be a number that is not zero.")
        if charge.shape != voltage.shape or charge.ndim != 1 or len(charge) < 8:
            raise ParameterError(
                f"{where} has {charge.size} charges and {voltage.size} voltages; it needs equally many, at least 8."
            )
        if not (np.isfinite(charge).all() and np.isfinite(voltage).all()):
            raise ParameterError(f"{where}: charge and voltage must be finite numbers only.")
        if np.any(np.diff(charge) < 0) or charge[-1] <= max(charge[0], 0):
            raise ParameterError(
                f"{where}: the charge must rise from the start of the curve, in mAh/g; take one insertion or one "
                "extraction."
            )
        object.__setattr__(self, "charge", charge)
        object.__setattr__(self, "voltage", voltage)
        for noise, what in (
            (self.level, "voltage"),
            (self.charge_level, "charge"),
            (self.parts, "curve, as a number of independent parts,"),
        ):
            relative(noise, what)
        _ = self.protocol

    def __repr__(self) -> str:
        return f"<VoltageCurveData {self.current:g} A/g: {len(self.charge)} samples, {self.charge[-1]:.4g} mAh/g>"

    @property
    def kind(self) -> str:
        return "voltage curve"

    @cached_property
    def protocol(self) -> RateTest:
        return RateTest((abs(self.current),), cycles=self.cycles)

    @cached_property
    def shares(self) -> Array:
        """Where along the curve voltages are compared, as shares of its charge."""
        return evenly(self.parts)

    @cached_property
    def data(self) -> Array:
        return _numbers(self.charge, self.voltage, self.shares)

    @cached_property
    def noise(self) -> Array:
        edges = np.linspace(0, 1, len(self.shares) + 1)
        at_edges = np.interp(edges * self.charge[-1], self.charge, self.voltage)
        slopes = np.diff(at_edges) / np.diff(edges)  # over each part: single samples scatter
        voltages = np.hypot(self.level, PLACE * slopes)
        end = self.level / max(abs(slopes[-1]), self.level)  # at most one: the end is a plateau
        return np.concatenate(
            [
                [np.hypot(self.charge_level, end)],
                widened(voltages, min(self.parts, len(self.shares))),
            ]
        )

    @property
    def independent(self) -> float:
        return 1 + min(self.parts, len(self.shares))

    @property
    def bears(self) -> int:
        return 6

    def simulated(self, cells: Sequence[HalfCell], model: str) -> list[Array | None]:
        def of(cell: HalfCell) -> Array | None:
            [point] = run(cell, self.protocol, model).points
            trace = point.insertion if self.current > 0 else point.extraction
            if not point.outcome.good or trace is None:
                return None
            return _numbers(trace.capacity, trace.voltage, self.shares)

        return each_or_none(cells, of)

    @property
    def highest_capacity(self) -> float:
        return float(self.charge[-1])

    @property
    def coordinates(self) -> Mapping[str, Any]:
        return {
            "current [A.g-1]": self.current,
            "share of charge": np.concatenate([[1.0], self.shares]),
        }

    @property
    def quantity(self) -> str:
        return "ln(charge), then voltage [V]"

    def check(self, cell: HalfCell) -> None:
        cut_off = names.LOWER_CUT_OFF if self.current > 0 else names.UPPER_CUT_OFF
        end, allowed = float(self.voltage[-1]), cell.values.number(cut_off)
        if abs(end - allowed) > SAME_END:
            raise ParameterError(
                f"The voltage curve at {self.current:g} A/g ends at {end:.3g} V and '{cut_off}' of {cell.name} is "
                f"{allowed:g} V; a curve runs to the cut-off: cell.with_values({{'{cut_off}': {end:.3g}}})."
            )


def _numbers(charge: Array, voltage: Array, shares: Array) -> Array:
    """ln of the whole charge, and the voltage at shares of it."""
    whole = charge[-1]
    return np.concatenate([[np.log(whole)], np.interp(shares * whole, charge, voltage)])
