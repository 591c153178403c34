"""What a solved segment holds along its time, read in more than one way."""

import numpy as np
import pytest

import hetsim as hs
from hetsim import names
from hetsim.engine import Piece, built_model, constant_current
from hetsim.engine.native.library import library
from hetsim.engine.path import Path
from hetsim.engine.tracks import InterpretedTrack, look_together
from hetsim.laws.electrode import active_mass

pytestmark = pytest.mark.skipif(library() is None, reason="the engine's library is not here")


@pytest.fixture
def pieces() -> list[Piece]:
    """An insertion and the extraction after it, at different currents."""
    cell = hs.load("CZT")
    built = built_model(cell, "SPM")
    inputs = built.inputs(cell)
    mass = active_mass(inputs.__getitem__)
    [first] = built.solve(inputs, [constant_current(inputs, mass, 1e5)])
    [second] = built.solve(inputs, [constant_current(inputs, -2 * mass, 1e5)], first.state)
    return [first, second]


def tracks_of(pieces: list[Piece]) -> list[InterpretedTrack]:
    tracks = [piece.track for piece in pieces if isinstance(piece.track, InterpretedTrack)]
    assert len(tracks) == 2
    return tracks


def test_the_state_at_the_end_is_the_last_of_all(pieces: list[Piece]) -> None:
    for track in tracks_of(pieces):
        np.testing.assert_array_equal(track.end_state, track.states[:, -1:])


def test_a_look_along_many_times_is_that_at_each(pieces: list[Piece]) -> None:
    """More times than lanes, the last of them in a block that is not full."""
    [track, _] = tracks_of(pieces)
    times = np.linspace(0, track.time[-1], 75)
    [along] = track.read_at([names.VOLTAGE], times)
    alone = [track.read_at([names.VOLTAGE], np.array([time]))[0][0] for time in times]
    np.testing.assert_array_equal(along, alone)


def test_tracks_looked_at_together_hold_what_each_holds_alone(pieces: list[Piece]) -> None:
    tracks = tracks_of(pieces)
    wanted = (names.VOLTAGE, names.CURRENT_NOW, names.CHARGE_PASSED)
    alone = [[track.read_at([name], track.time)[0] for name in wanted] for track in tracks]
    look_together(tracks)
    for track, expected in zip(tracks, alone, strict=True):
        for name, values in zip(wanted, expected, strict=True):
            np.testing.assert_array_equal(track.read(name), values)


def test_what_is_seen_along_steps_is_what_is_seen_at_their_states(pieces: list[Piece]) -> None:
    """By the C file, and by numpy: to round-off, of which a voltage of 1e-12 V is much."""
    for track in tracks_of(pieces):
        times = np.sort(np.append(track.time, np.linspace(0, track.time[-1], 77)))
        seen = track.interpreter.look(track.fixed, track.imposed, track.path.states(times))
        for name in (names.VOLTAGE, names.CHARGE_PASSED):
            [along] = track.read_at([name], times)
            np.testing.assert_allclose(along, seen[name], rtol=1e-12, atol=1e-14)


def test_times_find_their_steps_among_those_of_many_segments() -> None:
    """Begins of steps and times just beside them, in segments of very different lengths."""
    begins = [np.array([0.0, 1e-3, 0.4, 2.0]), np.array([0.0, 1e5, 3e5]), np.array([0.0, 1e-7])]
    rows = [
        [chain, segment, begin, 1.0]
        for chain in range(2)
        for segment, several in enumerate(begins)
        for begin in several
    ]
    path = Path(np.hstack([np.array(rows), np.zeros((len(rows), 2))]), 1)
    for chain in range(2):
        for segment, several in enumerate(begins):
            times = np.sort(np.concatenate([several, np.nextafter(several[1:], 0), several + 1e-9]))
            first, end = path.places(chain, segment)
            assert (path.chain[first], path.segment[end - 1]) == (chain, segment)
            at, _ = path.along(chain, segment, times)
            alone, _ = path.part(chain, segment).at(times)
            np.testing.assert_array_equal(at - first, alone)
