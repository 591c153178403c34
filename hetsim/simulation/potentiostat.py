"""A cell on a built model, with the units of the laboratory at its terminals."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from hetsim import names
from hetsim.architectures.fields import SWITCH
from hetsim.cells.half_cell import HalfCell
from hetsim.engine import Chain, Drive, Piece, Segment, driven_model
from hetsim.errors import ParameterError
from hetsim.results import Array, Outcome, TimeTrace, TraceRun
from hetsim.simulation.run import provenance


def square_root_times(points: int) -> Array:
    """Shares of a duration that are evenly spaced in the square root of time, as diffusion wants."""
    return np.linspace(0, 1, points) ** 2


SWITCHED = 1e-3
"""Share of a current at which a change of branch is complete [-]; ten times less changes a voltammogram
by less than 0.1 % of its peak, ten times more by 0.3 %."""

SLOW = 36000.0
"""Time for a full charge that softens the branches where a protocol names no rate [s]."""


class Bench:
    """One cell at a state of charge, ready for a current or a voltage.

    filling : 0 extracted to 1 inserted, at rest
    """

    def __init__(self, cell: HalfCell, model: str, filling: float, drive: Drive) -> None:
        self.cell = cell
        self.built = driven_model(cell, model, drive)
        self.inputs = self.built.inputs(cell, occupancy_of(cell, filling))

    def start_at(self, occupancy: float) -> None:
        """From rest at a mean occupancy instead."""
        self.inputs = self.built.inputs(self.cell, occupancy)

    def soften_branches(self, duration: float) -> None:
        """Change the branch over a thousandth of the current that passes a full charge in a time [s].

        Where the potential is given and the current is looked for, a change as sharp as under a given
        current would hide from the solver that a current begins to flow: tens of millivolts late.
        """
        loading = self.inputs["Active mass loading [mg.cm-2]"] * 10  # g.m-2
        charge = 3.6 * self.inputs["Specific capacity [mA.h.g-1]"] * loading  # C.m-2
        self.inputs[names.BRANCH_SWITCH] = min(SWITCH, 10 / (SWITCHED * charge / duration))

    @property
    def active_mass(self) -> float:
        """[g]"""
        loading, area = (
            self.inputs[name] for name in ("Active mass loading [mg.cm-2]", "Electrode area [cm2]")
        )
        return 1e-3 * loading * area

    def follow(
        self, segments: Iterable[Segment], last: Piece | None = None, start: float = 0.0
    ) -> list[Piece]:
        """Segment after segment from where another ended, or from rest at a time [s]."""
        if last is None:
            return self.built.solve(self.inputs, segments, start=start)
        return self.built.solve(self.inputs, segments, last.state, last.after)

    def chain(self, pieces: Sequence[Piece]) -> Chain:
        return self.built.chain(self.inputs, pieces)

    def trace(self, chain: Chain) -> TimeTrace:
        """Of all segments, each a step."""
        if not chain.time:
            empty = np.array([])
            return TimeTrace(empty, empty, empty, empty.astype(int))
        steps = [np.full(one.size, number) for number, one in enumerate(chain.time)]
        current = np.concatenate(chain.current) / self.active_mass
        return TimeTrace(
            np.concatenate(chain.time),
            current,
            np.concatenate(chain.voltage),
            np.concatenate(steps),
        )


def occupancy_of(cell: HalfCell, filling: float) -> float:
    """Mean occupancy at a state of charge: 0 is at rest at the upper cut-off, 1 at the lower one."""
    empty, full = cell.extracted_occupancy, cell.inserted_occupancy
    return empty + filling * (full - empty)


def within_cut_offs(cell: HalfCell, voltage: float, name: str, where: str) -> None:
    """Raises ParameterError for a voltage outside the cut-offs of a cell."""
    low, high = (
        float(cell.values[f"{one} voltage cut-off [V]"])  # type: ignore[arg-type]
        for one in ("Lower", "Upper")
    )
    if not low <= voltage <= high:
        raise ParameterError(
            f"{where}: '{name}' is {voltage:g} V; allowed: {low:g} to {high:g} V, the cut-offs of "
            f"{cell.name}."
        )


def traced(
    bench: Bench,
    pieces: Sequence[Piece],
    protocol: Any,
    model: str,
    outcome: Outcome,
    reason: str = "",
) -> TraceRun:
    """The result of solved segments; a charge that does not balance is the worse outcome."""
    chain = bench.chain(pieces)
    if outcome.good and chain.outcome is Outcome.NOT_BALANCED:
        outcome, reason = chain.outcome, chain.reason
    return TraceRun(
        trace=bench.trace(chain),
        outcome=outcome,
        reason=reason,
        charge_balance=chain.charge_balance,
        solution=chain.solution,
        **provenance(bench.cell, protocol, model),
    )
