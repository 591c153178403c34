"""Running cyclic voltammetry."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from hetsim import names
from hetsim.cells.equilibrium import EMPTY, FULL, occupancy_at_rest
from hetsim.cells.half_cell import HalfCell
from hetsim.engine import VOLTAGE, Chain, Piece, Segment, engines, solution_later
from hetsim.engine.periodic import FEWER_SHIFTS, SHIFTS, Cycle, PeriodicSearch
from hetsim.engine.rough_cycles import Found, close_cycles, rough_search, rough_searches
from hetsim.errors import ParameterError
from hetsim.protocols import CV
from hetsim.protocols.cv import check_window
from hetsim.results import Array, CVSweep, Outcome, Voltammogram
from hetsim.simulation.potentiostat import Potentiostat, within_cut_offs
from hetsim.simulation.run import check_protocol, provenance, run_protocol
from hetsim.units import MV

AT_REST = 1e-6
"""A potential that is this close to that at rest is there [V]."""

RESIDUAL = 10.0
"""Largest change of any site's occupancy over a periodic cycle, in multiples of the tolerance."""


ROUGHLY = 1e-4
"""The least tolerance to which a periodic cycle is looked for with rough steps."""


AT_ONCE = 0.25
"""Of that tolerance, where cycles of all scan rates are looked for side by side: each then has one close cycle."""


LOSING = 2
"""Cycles of a cell that loses material: none is like the one before, and no search can look ahead of what is lost."""

_LOSES = (
    "the cell loses material, so no cycle is like the one before; after {} cycles the charge closes to {:.1e}; "
    "try tolerance=None and the number of cycles that is wanted"
)


@dataclass(frozen=True)
class Window:
    """Vertices and start of the cycles [V], and how many points of a sweep are kept."""

    lower: float
    upper: float
    start: float
    first: float
    points: int

    @property
    def branch(self) -> str:
        """The branch on which the cell rests before: it has not yet gone the way of the first sweep."""
        return "extraction" if self.first == self.lower else "insertion"

    def segments(self, rate: float) -> list[Segment]:
        """One cycle at a rate [V.s-1]: to the first vertex, to the other and back to the start."""
        other = self.upper if self.first == self.lower else self.lower
        corners = [self.start, self.first, other, self.start]
        return [self._ramp(a, b, rate) for a, b in pairwise(corners) if a != b]

    def approach(self, rest: float, rate: float) -> Segment | None:
        """The ramp from a potential at rest to the start, at a rate [V.s-1]; None if it is there."""
        if abs(self.start - rest) < AT_REST:
            return None
        slope = rate * float(np.sign(self.start - rest))
        return Segment(abs(self.start - rest) / rate, rest, slope, np.array([0.0, 1.0]))

    def _ramp(self, a: float, b: float, rate: float) -> Segment:
        share = abs(b - a) / (self.upper - self.lower)
        count = max(2, round(self.points * share) + 1)
        return Segment(abs(b - a) / rate, a, rate * np.sign(b - a), np.linspace(0, 1, count))


@check_protocol.register
def _check(protocol: CV, cell: HalfCell) -> None:
    window_of(protocol, cell)


@run_protocol.register
def _cv(protocol: CV, cell: HalfCell, model: str) -> Voltammogram:
    window = window_of(protocol, cell)
    bench, rest = at_rest(cell, model, window)
    sweeps: list[CVSweep] = []
    last = None
    known = _at_once(protocol, bench, rest, window)
    for rate in protocol.scan_rates:
        shifts = FEWER_SHIFTS
        if rate in known:
            sweep, pieces = known[rate]
        else:
            if last is None:
                last, shifts = _approach(bench, rest, window, rate), SHIFTS
            sweep, pieces = _at_rate(protocol, bench, window, rate, last, shifts)
        sweeps.append(sweep)
        last = pieces[-1] if sweep.outcome.good else None
    return Voltammogram(sweeps=tuple(sweeps), **provenance(cell, protocol, model))


def at_rest(cell: HalfCell, model: str, window: Window) -> tuple[Potentiostat, float]:
    """The cell as near to the start of the cycles as it rests, and its potential there [V]."""
    bench = Potentiostat(cell, model, VOLTAGE, 0.0)
    branch = window.branch
    occupancy = occupancy_at_rest(
        lambda theta: cell.open_circuit_potential(theta, branch), window.start
    )
    bench.start_at(occupancy, branch)
    return bench, float(cell.open_circuit_potential(occupancy, branch))


def _approach(bench: Potentiostat, rest: float, window: Window, rate: float) -> Piece | None:
    """The way to the start of the cycles; None if the cell is there, or does not come there."""
    ramp = window.approach(rest, rate * MV)
    if ramp is None:
        return None
    piece = bench.follow([ramp])[-1]
    return piece if piece.outcome is Outcome.COMPLETED else None


def _at_once(
    protocol: CV, bench: Potentiostat, rest: float, window: Window
) -> dict[float, tuple[CVSweep, list[Piece]]]:
    """The periodic cycles that are found side by side, all from the first approach, by scan rate."""
    tolerance, rates = protocol.tolerance, protocol.scan_rates
    if tolerance is None or len(rates) < 2 or _loses(bench):
        return {}
    last = _approach(bench, rest, window, rates[0])
    segments = [window.segments(rate * MV) for rate in rates]
    searches = [bench.built.periodic_search(bench.inputs) for _ in rates]
    begin = None if last is None else last.state
    enough, most = AT_ONCE * _enough(tolerance), protocol.cycles - 1
    rough = rough_searches(bench.built, bench.inputs, segments, begin, searches, enough, most)
    ready = [place for place, one in enumerate(rough) if one.ends]
    several, starts = [segments[place] for place in ready], [rough[place].start for place in ready]
    found = {}
    closely = close_cycles(bench.built, bench.inputs, several, starts)
    for place, one in zip(ready, closely, strict=True):
        if one is None:
            continue
        pieces, made = one
        chain = bench.chain(pieces)
        if chain.outcome is Outcome.COMPLETED and _is_periodic(
            chain, searches[place].change(made), tolerance
        ):
            sweep = _sweep(bench, rates[place], chain, rough[place].cycles + 1)
            found[rates[place]] = sweep, pieces
    return found


def _loses(bench: Potentiostat) -> bool:
    """Whether the cell loses material."""
    assert isinstance(bench.cell, HalfCell)
    return bench.cell.structure.ageing.loss is not None


def _enough(tolerance: float) -> float:
    """The largest change of an occupancy at which a rough search ends."""
    return RESIDUAL * max(tolerance, ROUGHLY)


def _is_periodic(chain: Chain, change: float, tolerance: float) -> bool:
    """Whether a cycle closes its charge and brings its states back; change : the largest of an occupancy."""
    return abs(_closure(chain)) <= tolerance and change <= RESIDUAL * tolerance


def _at_rate(
    protocol: CV,
    bench: Potentiostat,
    window: Window,
    rate: float,
    last: Piece | None,
    shifts: int,
) -> tuple[CVSweep, list[Piece]]:
    """Cycles at one scan rate [mV.s-1] until one is periodic; each begins where the last one ended.

    shifts : of the search for the periodic state
    """
    segments = window.segments(rate * MV)
    loses = _loses(bench)
    search = bench.built.periodic_search(bench.inputs, shifts)
    start = reached = None if last is None else last.state
    rough = _searched(protocol, bench, segments, start, search)
    start, reached = rough.start, rough.reached
    for cycle in range(rough.cycles + 1, protocol.cycles + 1):
        pieces, chain = _run(bench, segments, start, reached)
        if chain.outcome is not Outcome.COMPLETED:
            return _sweep(bench, rate, chain, cycle), pieces
        made = _made(chain)
        change = search.change(made)
        start = reached = made.last[:, np.newaxis]
        if protocol.tolerance is None:
            continue
        if _is_periodic(chain, change, protocol.tolerance):
            return _sweep(bench, rate, chain, cycle), pieces
        if loses:
            if cycle < LOSING:
                continue
            reason = _LOSES.format(cycle, _closure(chain))
            return _sweep(bench, rate, chain, cycle, Outcome.NOT_PERIODIC, reason), pieces
        start = search.next_start(made)
    if protocol.tolerance is None:
        return _sweep(bench, rate, chain, protocol.cycles), pieces
    reason = (
        f"after {protocol.cycles} cycles the charge closes to {abs(_closure(chain)):.1e} and the "
        f"largest change of an occupancy is {change:.1e}; try more cycles or a larger tolerance"
    )
    return _sweep(bench, rate, chain, protocol.cycles, Outcome.NOT_PERIODIC, reason), pieces


def _run(
    bench: Potentiostat, segments: list[Segment], start: Array | None, reached: Array | None
) -> tuple[list[Piece], Chain]:
    """A cycle from the state that was proposed, or else from the one that was reached."""
    pieces = bench.built.solve(bench.inputs, segments, start)
    chain = bench.chain(pieces)
    if chain.outcome is not Outcome.COMPLETED and start is not reached:
        # a state that was proposed can be one that no cell is in: a thin layer does not follow its particle
        pieces = bench.built.solve(bench.inputs, segments, reached)
        chain = bench.chain(pieces)
    return pieces, chain


def _searched(
    protocol: CV,
    bench: Potentiostat,
    segments: list[Segment],
    state: Array | None,
    search: PeriodicSearch,
) -> Found:
    """Where the last cycles may begin, which are run as closely as they are looked at."""
    if protocol.tolerance is None or _loses(bench):
        return Found(state, state)
    enough, most = _enough(protocol.tolerance), protocol.cycles - 1
    return rough_search(bench.built, bench.inputs, segments, state, search, enough, most)


def _made(chain: Chain) -> Cycle:
    """What a cycle did to the states."""
    time = np.concatenate([track.time for track in chain.tracks])
    states = np.hstack([track.states for track in chain.tracks])
    mean = np.trapezoid(states, time, axis=1) / (time[-1] - time[0])
    return Cycle(states[:, 0], states[:, -1], mean)


def _closure(chain: Chain) -> float:
    """Of a cycle."""
    return closure(np.concatenate(chain.charge))


def closure(charge: Array) -> float:
    """Charge in minus charge out of a cycle, over the charge that goes in [-].

    charge : that was passed until each point
    """
    steps = np.diff(charge)
    return float((charge[-1] - charge[0]) / steps[steps > 0].sum())


def _sweep(
    bench: Potentiostat,
    rate: float,
    chain: Chain,
    cycles: int,
    outcome: Outcome | None = None,
    reason: str = "",
) -> CVSweep:
    trace = bench.trace(chain)
    falls = [np.full(one.size, np.sign(one[0] - one[-1])) for one in chain.voltage if one.size]
    done = chain.outcome is Outcome.COMPLETED
    return CVSweep(
        scan_rate=rate,
        time=trace.time,
        potential=trace.voltage,
        current=trace.current,
        branch=np.concatenate([*falls, []]).astype(int),
        outcome=outcome or chain.outcome,
        reason=reason or chain.reason,
        cycles=cycles,
        closure=_closure(chain) if done else float("nan"),
        charge_balance=chain.charge_balance,
        active_mass=bench.active_mass,
        solution=solution_later(chain.tracks),
        engine=engines(chain.tracks),
    )


def window_of(protocol: CV, cell: HalfCell) -> Window:
    """Raises ParameterError for a window that the cell does not allow or where nothing reacts."""
    low, high = (cell.values.number(name) for name in (names.LOWER_CUT_OFF, names.UPPER_CUT_OFF))
    lower = low if protocol.lower is None else protocol.lower
    upper = high if protocol.upper is None else protocol.upper
    inserts = protocol.direction == "insertion"
    start = protocol.start
    if start is None:
        start = upper if inserts else lower
    check_window(lower, upper, start)
    for name, one in (("lower", lower), ("upper", upper)):
        within_cut_offs(cell, one, name, "CV")
    top = cell.open_circuit_potential(EMPTY, "extraction")
    bottom = cell.open_circuit_potential(FULL, "insertion")
    if lower >= top or upper <= bottom:
        raise ParameterError(
            f"CV: the window {lower:g} to {upper:g} V lies outside the open-circuit curve of "
            f"{cell.name}, which spans {bottom:.2f} to {top:.2f} V; nothing would react."
        )
    first = lower if inserts else upper
    if first == start:
        first = upper if inserts else lower
    return Window(lower, upper, start, first, protocol.points)
