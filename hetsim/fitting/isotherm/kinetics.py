"""What a finite rate takes off the potential, by the model: the same experiment, run on a cell with the isotherm.

shift = u(theta) - V along a branch, with u the open-circuit potential of the cell at what it holds and V its simulated
voltage: series resistance, charge transfer, electrolyte, diffusion in the particles, and the way from one branch of
the hysteresis to the other. Added to what was measured, it leaves the isotherm, as far as the kinetics of the
cell are those of the electrode.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from hetsim import names
from hetsim.cells.equilibrium import EMPTY, FULL
from hetsim.cells.half_cell import HalfCell
from hetsim.fitting.isotherm.branches import Branch, rests_of
from hetsim.protocols import CV, RateTest
from hetsim.results import Array
from hetsim.simulation import run
from hetsim.simulation.potentiostat import occupancy_of
from hetsim.units import MAH

WRONG = 1e-3
"""A simulated voltage that is beyond the open-circuit curve by this is on the way from the other branch [V]."""
LAST = 0.5
"""Share of the charge by which that way is over [-]."""
MARGIN = 0.01
"""Share of the charge that is left out beside [-]."""


def corrected(branches: Sequence[Branch], cell: HalfCell, model: str) -> list[Branch] | None:
    """The branches with the shift that the model of a cell with the isotherm has; None where it does not run."""
    runs: dict[object, Any] = {}
    found = []
    for branch in branches:
        experiment = branch.kind, branch.rate or branch.current
        if experiment not in runs:
            runs[experiment] = _RUN[branch.kind](branch, cell, model)
        if runs[experiment] is None:
            return None
        shift = _SHIFT[branch.kind](branch, cell, runs[experiment])
        found.append(_moved(branch, shift))
    return found


def _moved(branch: Branch, shift: Array) -> Branch:
    start = max(branch.start, crossed(branch, shift))
    return replace(branch, potential=branch.potential + shift, start=start)


def crossed(branch: Branch, shift: Array) -> float:
    """Share of the charge at which the cell is on its branch: before, it is on the other side of it [-]."""
    wrong = (shift * branch.direction < -WRONG) & (branch.shares < LAST)
    return float(branch.shares[wrong].max(initial=0.0)) + (MARGIN if wrong.any() else 0.0)


# --- runs, the same for both branches of an experiment --------------------------------------------


def _cycle(branch: Branch, cell: HalfCell, model: str) -> Any:
    """A constant current: an insertion from rest, and an extraction from where it ended."""
    [point] = run(cell, RateTest((branch.current,), cycles=1), model).points
    good = point.outcome.good and point.insertion is not None and point.extraction is not None
    return point if good else None


def _sweeps(branch: Branch, cell: HalfCell, model: str) -> Any:
    """The first cycle of a voltammogram, from rest."""
    low, high = (cell.values.number(one) for one in (names.LOWER_CUT_OFF, names.UPPER_CUT_OFF))
    lower = max(low, float(branch.potential.min()))
    upper = min(high, float(branch.potential.max()))
    protocol = CV((branch.rate,), lower, upper, cycles=1, tolerance=None)
    [sweep] = run(cell, protocol, model).sweeps
    return sweep if sweep.outcome.good else None


def _rests(branch: Branch, cell: HalfCell, model: str) -> Any:
    """The voltages at the end of the rests of a titration, by a replay of the record."""
    assert branch.source is not None
    [numbers] = branch.source.simulated([cell], model)
    return None if numbers is None else numbers[-len(rests_of(branch.source)) :]


_RUN: dict[str, Callable[[Branch, HalfCell, str], Any]] = {
    "voltage curve": _cycle,
    "voltammogram": _sweeps,
    "titration": _rests,
}


# --- what they take off the potential along a branch ----------------------------------------------


def _along_curve(branch: Branch, cell: HalfCell, point: Any) -> Array:
    """By the share of the charge."""
    full = cell.values.number(names.SPECIFIC_CAPACITY)
    trace = point.insertion
    occupancy = cell.extracted_occupancy + trace.capacity / full
    if branch.direction < 0:
        trace = point.extraction
        occupancy = occupancy[-1] - trace.capacity / full
    shift = _equilibrium(cell, occupancy, branch.direction) - trace.voltage
    return np.interp(branch.shares, trace.capacity / trace.capacity[-1], shift)


def _along_sweep(branch: Branch, cell: HalfCell, sweep: Any) -> Array:
    """By the potential."""
    spans = np.diff(sweep.time) * (sweep.current[1:] + sweep.current[:-1]) / 2
    passed = np.concatenate([[0.0], np.cumsum(spans)]) / MAH
    occupancy = cell.extracted_occupancy + passed / cell.values.number(names.SPECIFIC_CAPACITY)
    shift = _equilibrium(cell, occupancy, branch.direction) - sweep.potential
    here = sweep.branch == branch.direction
    order = np.argsort(sweep.potential[here])
    return np.interp(branch.potential, sweep.potential[here][order], shift[here][order])


def _along_rests(branch: Branch, cell: HalfCell, rested: Any) -> Array:
    """Rest by rest."""
    assert branch.source is not None
    pairs = zip(rests_of(branch.source), rested, strict=True)
    mine = [(held, v) for (_, sign, held), v in pairs if sign == branch.direction]
    passed = np.array([held for held, _ in mine])
    start = occupancy_of(cell, branch.source.protocol.filling)
    occupancy = start + passed / cell.values.number(names.SPECIFIC_CAPACITY)
    return _equilibrium(cell, occupancy, branch.direction) - np.array([v for _, v in mine])


_SHIFT: dict[str, Callable[[Branch, HalfCell, Any], Array]] = {
    "voltage curve": _along_curve,
    "voltammogram": _along_sweep,
    "titration": _along_rests,
}


def _equilibrium(cell: HalfCell, occupancy: Array, direction: float) -> Array:
    """Open-circuit potential of a branch at occupancies [V]."""
    branch = "insertion" if direction > 0 else "extraction"
    inside = np.clip(occupancy, EMPTY, FULL)
    return np.asarray(cell.open_circuit_potential(inside, branch), dtype=float)
