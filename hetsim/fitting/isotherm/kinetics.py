"""What a finite rate takes off the potential, by the model: the same experiment, run on a cell with the isotherm.

shift = u(theta) - V along a branch, with u the open-circuit potential of the cell at what it holds and V its simulated
voltage: series resistance, charge transfer, electrolyte, diffusion in the particles, and the way from one branch of
the hysteresis to the other. Added to what was measured, it leaves the isotherm, as far as the kinetics of the
cell are those of the electrode.
"""

from collections.abc import Callable
from dataclasses import replace

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


def corrected(branch: Branch, cell: HalfCell, model: str) -> Branch | None:
    """The branch with the shift that the model of a cell with the isotherm has; None where it does not run."""
    shift = _OF_KIND[branch.kind](branch, cell, model)
    if shift is None:
        return None
    start = max(branch.start, _crossed(branch, shift))
    return replace(branch, potential=branch.potential + shift, start=start)


def _crossed(branch: Branch, shift: Array) -> float:
    """Share of the charge at which the cell is on its branch: before, it is on the other side of it [-]."""
    wrong = (shift * branch.direction < -WRONG) & (branch.shares < LAST)
    return float(branch.shares[wrong].max(initial=0.0)) + (MARGIN if wrong.any() else 0.0)


def _along_curve(branch: Branch, cell: HalfCell, model: str) -> Array | None:
    """Of a constant current: an insertion from rest, and an extraction from where it ended."""
    [point] = run(cell, RateTest((branch.current,), cycles=1), model).points
    if not point.outcome.good or point.insertion is None or point.extraction is None:
        return None
    full = cell.values.number(names.SPECIFIC_CAPACITY)
    inserted = point.insertion.capacity / full
    occupancy = cell.extracted_occupancy + inserted
    trace = point.insertion
    if branch.direction < 0:
        trace = point.extraction
        occupancy = occupancy[-1] - trace.capacity / full
    shift = _equilibrium(cell, occupancy, branch.direction) - trace.voltage
    return np.interp(branch.shares, trace.capacity / trace.capacity[-1], shift)


def _along_sweep(branch: Branch, cell: HalfCell, model: str) -> Array | None:
    """Of a voltammogram: the first cycle from rest, by potential."""
    low, high = (cell.values.number(one) for one in (names.LOWER_CUT_OFF, names.UPPER_CUT_OFF))
    lower = max(low, float(branch.potential.min()))
    upper = min(high, float(branch.potential.max()))
    protocol = CV((branch.rate,), lower, upper, cycles=1, tolerance=None)
    [sweep] = run(cell, protocol, model).sweeps
    if not sweep.outcome.good:
        return None
    spans = np.diff(sweep.time) * (sweep.current[1:] + sweep.current[:-1]) / 2
    passed = np.concatenate([[0.0], np.cumsum(spans)]) / MAH
    full = cell.values.number(names.SPECIFIC_CAPACITY)
    occupancy = cell.extracted_occupancy + passed / full
    shift = _equilibrium(cell, occupancy, branch.direction) - sweep.potential
    here = sweep.branch == branch.direction
    order = np.argsort(sweep.potential[here])
    return np.interp(branch.potential, sweep.potential[here][order], shift[here][order])


def _along_rests(branch: Branch, cell: HalfCell, model: str) -> Array | None:
    """Of a titration: what its rests leave, by a replay of the record."""
    titration = branch.source
    assert titration is not None
    [numbers] = titration.simulated([cell], model)
    if numbers is None:
        return None
    rests = rests_of(titration)
    rested = numbers[-len(rests) :]
    protocol = titration.protocol
    start = occupancy_of(cell, protocol.filling)
    full = cell.values.number(names.SPECIFIC_CAPACITY)
    mine = [
        (held, v)
        for (_, sign, held), v in zip(rests, rested, strict=True)
        if sign == branch.direction
    ]
    occupancy = start + np.array([held for held, _ in mine]) / full
    return _equilibrium(cell, occupancy, branch.direction) - np.array([v for _, v in mine])


_OF_KIND: dict[str, Callable[[Branch, HalfCell, str], Array | None]] = {
    "voltage curve": _along_curve,
    "voltammogram": _along_sweep,
    "titration": _along_rests,
}


def _equilibrium(cell: HalfCell, occupancy: Array, direction: float) -> Array:
    """Open-circuit potential of a branch at occupancies [V]."""
    branch = "insertion" if direction > 0 else "extraction"
    inside = np.clip(occupancy, EMPTY, FULL)
    return np.array([float(cell.open_circuit_potential(one, branch)) for one in inside])
