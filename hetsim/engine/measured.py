"""What is measured along solved segments of a built model: steps, chains and stretches."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from hetsim import names
from hetsim.engine.built import BuiltModel
from hetsim.engine.chains import Answers, Chains
from hetsim.engine.interpreted import SolvedChains
from hetsim.engine.ledger import balance, charge_of, judged
from hetsim.engine.segments import Chain, Piece, Step, constant_current, step_without_result
from hetsim.engine.stretches import Stretch, joined, joined_chain
from hetsim.engine.tracks import InterpretedTrack, PyBaMMTrack, Track, look_together, looked_at
from hetsim.results import Array
from hetsim.units import HOUR

TRACE = (1 - np.cos(np.pi * np.linspace(0, 1, 301))) / 2
"""Times at which the voltage of a step is kept, as shares of it: dense at both ends, where it is steep, and half of its
charge among them."""


def measured_step(
    built: BuiltModel,
    inputs: Mapping[str, float],
    current: float,
    longest: float,
    state: Array | None,
    *,
    by_pybamm: bool = False,
) -> Step:
    """Constant current until the cut-off of its direction.

    current : [A], positive inserts
    longest : time after which the step is given up [s]
    state : state vector to start from; None starts from the equilibrium of the inputs
    by_pybamm : PyBaMM has the word, not the interpreter
    """
    segment = constant_current(inputs, current, longest)
    if by_pybamm:
        piece = built.solve_one(inputs, segment, state)
    else:
        [piece] = built.solve(inputs, [segment], state)
    return _step(built, inputs, piece)


def measured_steps(
    built: BuiltModel,
    inputs: Mapping[str, float],
    chains: Chains,
    answers: Answers,
    which: Any,
    with_trace: Any,
) -> list[Step]:
    """Some of the constant currents of chains of one cell that the interpreter has solved, each to its cut-off.

    which : chain and segment of each, [n, 2];  with_trace : whether its voltage is wanted all along, [n]
    """
    of = built.interpreter
    assert of is not None
    found = SolvedChains(of, lambda: built.model, answers, inputs)
    pieces, traced = [], []
    for (chain, number), with_voltage in zip(which.tolist(), with_trace, strict=True):
        *imposed, longest = chains.imposed[chain, number].tolist()
        named = dict(zip(of.model.imposed_names, imposed, strict=True))
        segment = constant_current(inputs, named[names.CURRENT], longest)
        row = chains.imposed[chain, number, :-1]
        piece = found.piece((chain, number), segment, named, row)
        assert piece is not None
        pieces.append(piece)
        traced.append(piece.track if with_voltage else None)
    times = [piece.start + (piece.end - piece.start) * TRACE for piece in pieces]
    at_all = [(track, each) for track, each in zip(traced, times, strict=True) if track]
    looks = iter(looked_at(*map(list, zip(*at_all, strict=True))) if at_all else ())
    steps = []
    for (chain, number), piece, track, each in zip(
        which.tolist(), pieces, traced, times, strict=True
    ):
        if piece.track is None:
            steps.append(step_without_result(piece.outcome, piece.reason))
        elif track is not None:
            seen = next(looks)
            steps.append(_measured(built, inputs, piece, each, seen[names.VOLTAGE], seen))
        else:
            kept = dict(zip(of.model.inventories, answers.kept[chain, number].T, strict=True))
            voltage = answers.shown[chain, number, [0, 2], 0]
            ends = np.array([piece.start, piece.end])
            steps.append(_measured(built, inputs, piece, ends, voltage, kept))
    return steps


def _step(built: BuiltModel, inputs: Mapping[str, float], piece: Piece) -> Step:
    """What was measured along a constant current."""
    if piece.track is None:
        return step_without_result(piece.outcome, piece.reason)
    times = piece.start + (piece.end - piece.start) * TRACE
    voltage, *held = piece.track.read_at((names.VOLTAGE, *built.inventories), times)
    return _measured(
        built, inputs, piece, times, voltage, dict(zip(built.inventories, held, strict=True))
    )


def _measured(
    built: BuiltModel,
    inputs: Mapping[str, float],
    piece: Piece,
    times: Array,
    voltage: Array,
    held: Mapping[str, Array],
) -> Step:
    """The step of a constant current, with the ions that each inventory held at the first and the last time."""
    passed = [piece.segment.level * (times[[0, -1]] - piece.start)]
    drift = max(
        balance(passed, [charge_of(sign * held[name][[0, -1]], inputs)], inputs)
        for name, sign in built.inventories.items()
    )
    outcome, reason = judged(piece.outcome, piece.reason, drift)
    return Step(outcome, reason, times, voltage, drift, piece.track)


def measured_chain(
    built: BuiltModel, inputs: Mapping[str, float], pieces: Sequence[Piece]
) -> Chain:
    """What is measured along solved segments of a half cell; the last one says how it ended."""
    return joined_chain([measured_stretch(built, inputs, pieces)], pieces[-1], inputs)


def measured_stretch(
    built: BuiltModel, inputs: Mapping[str, float], pieces: Sequence[Piece]
) -> Stretch:
    """What is read along solved segments of this model."""
    tracks = [piece.track for piece in pieces if piece.track is not None]
    if not tracks:
        return Stretch((), (), (), (), {}, ())
    along = _reader(tracks)
    ends = np.cumsum([0, *(len(track.time) for track in tracks)]).tolist()

    def of_each(whole: Array) -> list[Array]:
        return [whole[begin:end] for begin, end in pairwise(ends)]

    held = {name: charge_of(sign * along(name), inputs) for name, sign in built.inventories.items()}
    if built.has_double_layer:
        in_layer = built.layer(inputs) * along(names.LAYER_CHARGE)
        held = {name: charge - in_layer for name, charge in held.items()}
    return Stretch(
        time=[track.time for track in tracks],
        voltage=of_each(along(names.VOLTAGE)),
        current=of_each(along(names.CURRENT_NOW)),
        charge=of_each(HOUR * along(names.CHARGE_PASSED)),
        held={name: of_each(charge) for name, charge in held.items()},
        tracks=tracks,
    )


def _reader(tracks: Sequence[Track]) -> Callable[[str], Array]:
    """A variable along some tracks, one after the other; of PyBaMM's all at once, which prepares it only once."""
    interpreted = [track for track in tracks if isinstance(track, InterpretedTrack)]
    if interpreted:
        look_together(interpreted)
    if not all(isinstance(track, PyBaMMTrack) for track in tracks):
        return lambda name: np.concatenate([track.read(name) for track in tracks])
    whole = joined([track.solution for track in tracks])
    return lambda name: np.asarray(whole[name].entries)
