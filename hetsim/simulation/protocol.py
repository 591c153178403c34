"""Running a protocol of several steps."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import groupby
from typing import Any

import numpy as np

from hetsim import names
from hetsim.cells.full_cell import Cell, FullCell
from hetsim.engine import Chain, Piece, engines, joined_chain, measured_stretch, solution_later
from hetsim.engine.ledger import judged
from hetsim.errors import ParameterError
from hetsim.laws.electrode import active_mass
from hetsim.parameters.flat import flat_values
from hetsim.protocols import CCCV, EIS, ICI, ConstantCurrent, Protocol, Rest
from hetsim.protocols.protocol import (
    charge_of_round,
    inner_protocol,
    is_current_in_time,
    short_name,
)
from hetsim.protocols.text_step import TextStep
from hetsim.results import Array, Outcome, ProtocolRun, ProtocolStep, Spectrum, TimeTrace
from hetsim.simulation import steps
from hetsim.simulation.alternating_bench import AlternatingBench
from hetsim.simulation.potentiostat import PATIENCE, Potentiostat
from hetsim.simulation.run import check_protocol, provenance, run_protocol
from hetsim.units import MAH


@check_protocol.register
def _check(protocol: Protocol, cell: Cell) -> None:
    on_full_cells = (ConstantCurrent, Rest)
    if isinstance(cell, FullCell) and protocol.after is not None:
        raise ParameterError(
            f"Protocol: 'after' is {protocol.after!r}; {cell.name} is a full cell, which starts charged, each "
            "electrode on the branch of a charge."
        )
    if isinstance(cell, FullCell) and protocol.filling != 0:
        raise ParameterError(
            f"Protocol: 'filling' is {protocol.filling:g}; {cell.name} is a full cell, which starts charged, at 0."
        )
    for number, step in enumerate(protocol.leaves(), 1):
        single = for_cell(step, cell)
        if isinstance(cell, FullCell) and not isinstance(single, on_full_cells):
            raise ParameterError(
                f"Protocol: step {number} ({short_name(step)}) runs on half cells only; "
                f"{cell.name} is a full cell, which runs currents and rests."
            )
        check_protocol(single, cell)
    _check_rounds(protocol, cell)


def _check_rounds(protocol: Protocol, cell: Cell) -> None:
    """Raises ParameterError if any repeats until the cut-off pass no charge in a round."""
    if protocol.repeat is None:
        _charge_of_round(protocol, cell)
    for step in protocol.steps:
        inner = inner_protocol(step)
        if inner is not None:
            _check_rounds(inner, cell)


def _charge_of_round(protocol: Protocol, cell: Cell) -> float:
    """Charge that the currents of a protocol pass in one round [A.s.g-1], positive inserts."""
    singles = [for_cell(step, cell) for step in protocol.leaves()]
    return charge_of_round([one for one in singles if isinstance(one, ConstantCurrent)])


@check_protocol.register
def _check_named(protocol: ICI | CCCV, cell: Cell) -> None:
    check_protocol(protocol.protocol, cell)


@run_protocol.register
def _protocol(protocol: Protocol, cell: Cell, model: str) -> ProtocolRun:
    return _run(protocol, protocol, cell, model)


@run_protocol.register
def _named(protocol: ICI | CCCV, cell: Cell, model: str) -> ProtocolRun:
    return _run(protocol.protocol, protocol, cell, model)


def for_cell(step: Any, cell: Cell) -> Any:
    """A single step for a cell: a text with its currents in A/g, any other as it is."""
    if not isinstance(step, TextStep):
        return step
    values = flat_values(cell.values)
    return step.step(values[names.SPECIFIC_CAPACITY], active_mass(values.__getitem__))


def _run(protocol: Protocol, asked: Protocol | ICI | CCCV, cell: Cell, model: str) -> ProtocolRun:
    """asked : the protocol as the user wrote it, for the record"""
    log = _Log(AlternatingBench(cell, model, protocol))
    log.run(protocol)
    chain = log.chain()
    outcome, reason = log.outcome, log.reason
    drift = 0.0 if outcome.good else np.nan  # where nothing was solved, no charge passed
    if chain is not None:
        outcome, reason = judged(outcome, reason, chain.charge_balance)
        drift = chain.charge_balance
    return ProtocolRun(
        trace=log.trace(chain),
        outcome=outcome,
        reason=reason,
        charge_balance=drift,
        solution=None if chain is None else solution_later(chain.tracks),
        engine="" if chain is None else engines(chain.tracks),
        step_list=log.told(chain),
        spectra=tuple(log.spectra),
        per_gram_of=cell.per_gram_of if isinstance(cell, FullCell) else "",
        **provenance(cell, asked, model),
    )


# --- the steps as they run ------------------------------------------------------------------------


class _End(Enum):
    """How the repeats of a protocol ended; CUT_OFF where a current with a duration met the cut-off of the cell
    earlier, after which an outer protocol may go on."""

    DONE = auto()
    CUT_OFF = auto()
    STOPPED = auto()


@dataclass
class _Step:
    """A step as it was run; a spectrum has no pieces."""

    kind: str
    start: float
    bench: Potentiostat | None = None
    pieces: Sequence[Piece] = ()
    outcome: Outcome = Outcome.COMPLETED
    reason: str = ""
    voltage: float = np.nan
    current: float = np.nan

    @property
    def solved(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.track is not None]


@dataclass
class _Log:
    """A protocol as it goes."""

    bench: AlternatingBench
    steps: list[_Step] = field(default_factory=list)
    spectra: list[Spectrum] = field(default_factory=list)
    outcome: Outcome = Outcome.COMPLETED
    reason: str = ""
    _pulses: int = 0

    def run(self, protocol: Protocol) -> None:
        """All of it, until its end, until a step ends it or until Ctrl-C."""
        try:
            end = self._repeated(protocol)
        except KeyboardInterrupt:
            reason = f"stopped by the user after {len(self.steps)} steps"
            end = self._stop(Outcome.INTERRUPTED, reason)
        if end is _End.CUT_OFF:
            number, last = len(self.steps) - 1, self.steps[-1]
            self.outcome = Outcome.CUT_OFF
            self.reason = f"step {number} ({last.kind}) ended the protocol: {last.reason}"
        elif self.outcome.good and protocol.repeat is None:
            self.outcome = Outcome.CUT_OFF

    def _repeated(self, protocol: Protocol) -> _End:
        pulses = self._pulses
        for _ in range(protocol.repeat or self._enough(protocol)):
            end = self._round(protocol)
            if end is _End.CUT_OFF and protocol.repeat is None:
                return self._reached(pulses)
            if end is not _End.DONE:
                return end
        if protocol.repeat is None:
            return self._stop(
                Outcome.EXHAUSTED, "all sites were used before the cut-off was reached"
            )
        return _End.DONE

    def _reached(self, pulses_before: int) -> _End:
        """Repeats until the cut-off that have met it."""
        if self._pulses > pulses_before:
            return _End.DONE
        last = self.steps[-1]
        return self._stop(
            Outcome.INFEASIBLE,
            f"the first current {last.reason}; try a shorter one or a lower current",
        )

    def _round(self, protocol: Protocol) -> _End:
        for step in protocol.steps:
            inner = inner_protocol(step)
            end = self._one(step) if inner is None else self._repeated(inner)
            if end is not _End.DONE:
                return end
        return _End.DONE

    def _one(self, step: Any) -> _End:
        if isinstance(step, EIS):
            return self._spectrum(step)
        single = for_cell(step, self.bench.cell)
        start = self.bench.time
        bench, pieces = self.bench.solve(single)
        run = _Step(type(single).__name__, start, bench, pieces)
        self.steps.append(run)
        if pieces:
            run.outcome = steps.outcome_of(single, pieces[-1].outcome)
            run.reason = pieces[-1].reason
        beyond = run.outcome is Outcome.INFEASIBLE
        if is_current_in_time(single) and (beyond or run.outcome is Outcome.CUT_OFF):
            run.outcome = Outcome.CUT_OFF
            lasted = 0.0 if beyond else pieces[-1].end - pieces[-1].start
            run.reason = (
                f"met the cut-off after {steps.told_time(lasted)} of its {single.duration:g} s"
            )
            return _End.CUT_OFF
        if beyond and isinstance(single, ConstantCurrent) and single.until is not None:
            run.outcome, run.reason = (
                Outcome.LIMIT,
                "the voltage was beyond its end from the start",
            )
        if not run.outcome.good:
            return self._stop(run.outcome, run.reason)
        self._pulses += is_current_in_time(single)
        return _End.DONE

    def _spectrum(self, step: EIS) -> _End:
        found = self.bench.spectrum(step)
        self.spectra.append(found)
        run = _Step(
            "EIS", self.bench.time, None, (), found.outcome, found.reason, found.potential, 0.0
        )
        self.steps.append(run)
        return _End.DONE if found.outcome.good else self._stop(found.outcome, found.reason)

    def _stop(self, outcome: Outcome, reason: str) -> _End:
        self.outcome, self.reason = outcome, reason
        return _End.STOPPED

    def _enough(self, protocol: Protocol) -> int:
        """Rounds in which a little more than the full capacity would pass."""
        capacity = self.bench.values[names.SPECIFIC_CAPACITY]
        return math.ceil(
            PATIENCE * capacity * MAH / abs(_charge_of_round(protocol, self.bench.cell))
        )

    # --- what is told of them ----------------------------------------------------------------------

    def _solved(self) -> list[tuple[int, Potentiostat, Piece]]:
        """Every solved segment, with the number of its step and the bench that solved it."""
        return [
            (number, step.bench, piece)
            for number, step in enumerate(self.steps)
            for piece in step.solved
            if step.bench is not None
        ]

    def chain(self) -> Chain | None:
        """What was measured along all segments; None if nothing was solved."""
        solved = self._solved()
        if not solved:
            return None
        stretches = []
        for _, of_one in groupby(solved, key=lambda entry: id(entry[1])):
            entries = list(of_one)
            bench = entries[0][1]
            stretches.append(
                measured_stretch(bench.built, bench.inputs, [piece for *_, piece in entries])
            )
        return joined_chain(stretches, solved[-1][2], solved[-1][1].inputs)

    def trace(self, chain: Chain | None) -> TimeTrace:
        """One trace of all steps."""
        if chain is None:
            empty = np.array([])
            return TimeTrace(empty, empty, empty, empty.astype(int))
        numbers = [
            np.full(points.size, number)
            for points, (number, *_) in zip(chain.time, self._solved(), strict=True)
        ]
        mass = self.bench.active_mass
        return TimeTrace(
            np.concatenate(chain.time),
            np.concatenate(chain.current) / mass,
            np.concatenate(chain.voltage),
            np.concatenate(numbers),
            np.concatenate(chain.charge) / (MAH * mass),
        )

    def told(self, chain: Chain | None) -> tuple[ProtocolStep, ...]:
        """The table of steps."""
        mass = self.bench.active_mass
        per_piece: Iterable[tuple[Array, Array, Array]] = (
            () if chain is None else zip(chain.charge, chain.voltage, chain.current, strict=True)
        )
        pieces = iter(per_piece)
        told, passed = [], 0.0
        for number, step in enumerate(self.steps):
            before, voltage, current = passed, step.voltage, step.current
            for _ in step.solved:
                charges, voltages, currents = next(pieces)
                passed, voltage, current = charges[-1], voltages[-1], currents[-1] / mass
            told.append(
                ProtocolStep(
                    number=number,
                    kind=step.kind,
                    start=step.start,
                    duration=step.solved[-1].end - step.start if step.solved else 0.0,
                    charge=float(passed - before) / (MAH * mass),
                    final_voltage=float(voltage),
                    final_current=float(current),
                    outcome=step.outcome,
                    reason=step.reason,
                )
            )
        return tuple(told)
