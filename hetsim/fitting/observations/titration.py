"""A titration: pulses of current and rests, replayed with the current that flowed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from hetsim.analysis.pulses import Piece, as_trace, current_pieces
from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.observations.base import Observation, each_or_none, relative
from hetsim.fitting.observations.correlation import PARTS, along_root, widened
from hetsim.fitting.observations.voltage_curve import CHARGE, VOLTS
from hetsim.protocols import Replay
from hetsim.results import Array, Outcome
from hetsim.simulation import run
from hetsim.simulation.replay import replayed_voltages

CHANGE = 0.05
"""Of a change of the voltage along a step, as a share of the largest one of the step: the isotherm's slope that an
electrode has at a place is known no better."""
READING = 1e-3
"""Of a change of the voltage [V]: what an instrument reads to."""
A_STEP = 2
"""Independent numbers of a pulse or a rest: a jump and what diffusion adds to it."""
SAMPLES = 6
"""That are kept of a pulse or a rest, evenly spaced in the square root of time."""

INSTANT = 1e-6
"""Samples that are closer in time are one, before and after a switch [s]."""


@dataclass(frozen=True)
class _Reading:
    """A number of a titration: a voltage of the record, less another one if it is a change.

    at, less : places in the thinned record;  noise : standard deviation [V]
    """

    at: int
    less: int | None
    noise: float


@dataclass(frozen=True, repr=False, eq=False)
class TitrationData(Observation):
    """A record of pulses and rests (GITT, ICI or the like). Its own current is imposed on the cell.

    Compared are the changes of the voltage along each pulse and rest, since the end of the step before, and the
    voltage at the end of each rest. The changes tell resistance, kinetics and diffusion, and are read to a millivolt;
    the rested voltages tell the isotherm, whose error is larger and smooth. Apart, an isotherm that is a
    little off does not blur the diffusion.

    Parameters
    ----------
    trace : TimeTrace | TraceRun | pd.DataFrame
        Time [s], current [A.g-1] (positive inserts), voltage [V], with the current of each pulse constant
    filling : float | None, default None
        Where it starts, at rest, 0 extracted to 1 inserted; None is 0 if the first pulse inserts, else 1
    after : str | None, default None
        Branch on which it rests there, "insertion" or "extraction"; None as in `hs.Replay`
    level : float, default VOLTS
        Standard deviation of a rested voltage [V]
    change : float, default CHANGE
        Standard deviation of a change, as a share of the largest of its step
    charge_level : float, default CHARGE
        Relative error of the charge passed: it moves a rested voltage along the isotherm
    parts : float, default PARTS
        How many independent parts of the isotherm the record can show: pulses or rests beyond count as repeated
        (fitting.observations.correlation)

    Raises
    ------
    ParameterError
        For a trace without a pulse, columns that do not fit, or a noise that is not positive.
    """

    trace: Any
    filling: float | None = None
    after: str | None = None
    level: float = VOLTS
    change: float = CHANGE
    charge_level: float = CHARGE
    parts: float = PARTS

    def __post_init__(self) -> None:
        object.__setattr__(self, "trace", as_trace(self.trace))
        for noise, what in (
            (self.level, "rested voltage"),
            (self.change, "change of the voltage"),
            (self.charge_level, "charge"),
            (self.parts, "titration, as a number of independent parts,"),
        ):
            relative(noise, what)
        if not any(piece.current for piece in self.pieces) or not self._readings:
            raise ParameterError(
                "The trace has no pulse of current after another step, so there is nothing that a titration shows; "
                f"it has {len(self.trace.time)} samples."
            )
        _ = self.protocol

    def __repr__(self) -> str:
        pulses = sum(bool(piece.current) for piece in self.pieces)
        return f"<TitrationData: {pulses} pulses, {len(self.trace.time)} samples>"

    @property
    def kind(self) -> str:
        return "titration"

    @cached_property
    def pieces(self) -> list[Piece]:
        """Pulses and rests."""
        pieces = current_pieces(self.trace)
        return [piece for k, piece in enumerate(pieces) if not k or piece.duration > 0]

    @cached_property
    def _record(self) -> tuple[Array, Array, Array]:
        """The thinned record: time [s], the mean current of its step [A.g-1], voltage [V]; ends of steps first."""
        time, voltage = (
            np.asarray(one, dtype=float) for one in (self.trace.time, self.trace.voltage)
        )
        places, currents = [0], [self.pieces[0].current]
        for piece in self.pieces:
            inside = piece.samples.start + along_root(time[piece.samples], SAMPLES)
            later = [int(one) for one in inside if time[one] > time[places[-1]] + INSTANT]
            places += later
            currents += [piece.current] * len(later)
        return time[places], np.array(currents), voltage[places]

    @cached_property
    def protocol(self) -> Replay:
        """The current of each step, constant at its mean."""
        time, current, _ = self._record
        first = next(piece.current for piece in self.pieces if piece.current)
        filling = (0.0 if first > 0 else 1.0) if self.filling is None else self.filling
        return Replay(time.tolist(), current.tolist(), filling=filling, after=self.after)

    @cached_property
    def _readings(self) -> list[_Reading]:
        """All numbers, changes first, with their noise before it is widened."""
        time, _, voltage = self._record
        ends = [int(np.searchsorted(time, piece.end + INSTANT)) - 1 for piece in self.pieces]
        changes: list[_Reading] = []
        for k in range(1, len(self.pieces)):
            places = range(ends[k - 1] + 1, ends[k] + 1)
            apart = [abs(voltage[at] - voltage[ends[k - 1]]) for at in places]
            of_each = float(np.hypot(READING, self.change * max(apart, default=0.0)))
            changes += [_Reading(at, ends[k - 1], of_each) for at in places]
        return [*changes, *self._rested(ends)]

    def _rested(self, ends: Sequence[int]) -> list[_Reading]:
        """Ends of rests after charge has passed; their noise holds the error of the charge times the slope."""
        voltage = self._record[2]
        passed = np.cumsum([piece.charge for piece in self.pieces])
        rests = [k for k, piece in enumerate(self.pieces) if not piece.current and passed[k]]
        if not rests:
            return []
        charge = passed[rests]
        rested = voltage[[ends[k] for k in rests]]
        order = np.argsort(charge, kind="stable")
        slopes = np.zeros(len(rests))
        apart = np.diff(charge[order])
        if len(rests) > 1 and np.all(apart > 0):
            slopes[order] = np.gradient(rested[order], charge[order])
        noise = np.hypot(self.level, self.charge_level * slopes * charge)
        return [_Reading(ends[k], None, float(one)) for k, one in zip(rests, noise, strict=True)]

    @cached_property
    def data(self) -> Array:
        return self._numbers(self._record[2])

    def _numbers(self, voltage: Array) -> Array:
        return np.array(
            [
                voltage[one.at] - (0.0 if one.less is None else voltage[one.less])
                for one in self._readings
            ]
        )

    @cached_property
    def _counts(self) -> tuple[float, float]:
        """Independent changes and independent rested voltages."""
        readings = self._readings
        changes = sum(one.less is not None for one in readings)
        rested = len(readings) - changes
        steps = len(self.pieces) - 1
        pulses = sum(bool(piece.current) for piece in self.pieces)
        new = min(1.0, self.parts / pulses)
        return min(changes, A_STEP * steps * new), min(float(rested), self.parts)

    @cached_property
    def noise(self) -> Array:
        readings = self._readings
        changes = [one.noise for one in readings if one.less is not None]
        rested = [one.noise for one in readings if one.less is None]
        of_changes, of_rested = self._counts
        kept = [widened(changes, of_changes)]
        if rested:
            kept.append(widened(rested, of_rested))
        return np.concatenate(kept)

    @property
    def independent(self) -> float:
        return sum(self._counts)

    @property
    def bears(self) -> int:
        return 6

    def simulated(self, cells: Sequence[HalfCell], model: str) -> list[Array | None]:
        time = self._record[0]

        def of(cell: HalfCell) -> Array | None:
            made = run(cell, self.protocol, model)
            if made.outcome not in (Outcome.COMPLETED, Outcome.CUT_OFF):
                return None
            # at a switch the first of the two voltages is that of the step that ends
            first = np.diff(made.trace.time, prepend=-np.inf) > INSTANT
            return self._numbers(np.interp(time, made.trace.time[first], made.trace.voltage[first]))

        together = replayed_voltages(cells, self.protocol, model)
        return each_or_none(
            cells, of, [one if one is None else self._numbers(one) for one in together]
        )

    @property
    def highest_capacity(self) -> float:
        return float(np.ptp(np.cumsum([0.0, *(piece.charge for piece in self.pieces)])))

    @property
    def coordinates(self) -> Mapping[str, Any]:
        readings = self._readings
        return {
            "time [s]": self._record[0][[one.at for one in readings]],
            "what": ["rested" if one.less is None else "change" for one in readings],
        }

    @property
    def quantity(self) -> str:
        return "voltage [V]"
