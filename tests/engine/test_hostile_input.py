"""Values that no cell has end in codes on the engine: no crash, no hang, nothing read or written beyond an array.

scripts/sanitize_engine.py runs these tests with the C file under the sanitizers.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest

import hetsim as hs
from hetsim import names
from hetsim.engine import built_model
from hetsim.engine.chains import LONGEST, Answers, Chains, Ended
from hetsim.engine.interpreter import Interpreter
from hetsim.laws.electrode import active_mass
from tests.helpers.engine import there

HOSTILE = (np.nan, 0.0, 1e300, np.inf, -np.inf, -1.0, -1e300, 1e-300, 5e-324)
GOOD_ENDS = (Ended.CUT_OFF, Ended.TIME_OVER)


@dataclass(frozen=True)
class Prepared:
    """A model on the engine, the values of a cell, and what a discharge at 1 A/g imposes."""

    engine: Interpreter
    values: dict[str, float]
    imposed: list[float]


@pytest.fixture(autouse=True)
def little_room(monkeypatch):
    """There is room for fewer steps than are taken."""
    monkeypatch.setattr("hetsim.engine.interpreter._STEPS", 2)
    monkeypatch.setattr("hetsim.engine.interpreter._MANY_STEPS", 2)


@cache
def prepared(kind: str) -> Prepared:
    cell = hs.load("CZT", "lumped")
    built = built_model(cell, kind)
    engine = there(built.interpreter)
    values = built.inputs(cell)
    imposed = [
        active_mass(values.__getitem__),
        values[names.LOWER_CUT_OFF],
        values[names.UPPER_CUT_OFF] + 10,
        4 * values[names.SPECIFIC_CAPACITY],
    ]
    return Prepared(engine, values, imposed)


def discharged(
    of: Prepared, values: dict[str, Any], rows: list[list[float]], lanes: int
) -> Answers:
    """Chains of two segments: a discharge, and the same again from where it ended.

    Everything that the engine writes is asked for, and there is room for fewer steps than are taken.
    """
    chains = Chains(
        np.arange(len(rows), dtype=np.int32) % max(np.size(one) for one in values.values()),
        np.repeat(np.array(rows)[:, None], 2, axis=1),
        np.array([[1, 1, -1], [-1, -1, -1]], np.int32),
        np.ones(2, np.int32),
        np.zeros(2, np.int32),
    )
    found = of.engine.run(values, chains, 1e-4, 1e-4, half=1, path=True, lanes=lanes)
    assert set(found.code.ravel()) <= {int(one) for one in Ended}
    assert (found.code[:, 0] != Ended.NOT_REACHED).all()
    assert (found.steps <= LONGEST).all()
    ended_well = np.isin(found.code, GOOD_ENDS)
    assert np.isfinite(found.time[ended_well]).all()
    # at half of the time there is nothing where the start was the end
    assert np.isfinite(found.shown[ended_well][:, [0, 2]]).all()
    return found


@pytest.mark.parametrize(
    ("kind", "lanes", "numbers"),
    [("SPM", 32, HOSTILE), ("SPM", 8, HOSTILE), ("SPM", 1, HOSTILE[:3]), ("DFN", 8, HOSTILE[:2])],
)
def test_hostile_values_end_in_codes_and_leave_their_neighbours_alone(
    kind: str, lanes: int, numbers: tuple[float, ...]
) -> None:
    """Each value in turn is each number, beside a sound case in the same lanes."""
    of = prepared(kind)
    cases = [(name, number) for name in of.engine.model.value_names for number in numbers]
    columns: dict[str, Any] = {name: np.full(1 + len(cases), x) for name, x in of.values.items()}
    for place, (name, number) in enumerate(cases, start=1):
        columns[name][place] = number
    found = discharged(of, columns, [of.imposed] * (1 + len(cases)), lanes)
    alone = discharged(of, of.values, [of.imposed], lanes)
    assert found.code[0].tolist() == alone.code[0].tolist()
    assert found.code[0, 0] == Ended.CUT_OFF
    # lanes share no number: the same operations on the same values
    np.testing.assert_array_equal(found.shown[0], alone.shown[0])
    np.testing.assert_array_equal(found.time[0], alone.time[0])


@pytest.mark.parametrize("place", range(4))
def test_hostile_segments_end_in_codes(place: int) -> None:
    """Currents up to 1e6 A/g, cut-offs and durations that are no numbers."""
    of = prepared("SPM")
    numbers = (*HOSTILE, 1e6 * of.imposed[0], -1e6 * of.imposed[0])
    rows = [[*of.imposed[:place], one, *of.imposed[place + 1 :]] for one in numbers]
    found = discharged(of, of.values, [of.imposed, *rows], 32)
    assert found.code[0, 0] == Ended.CUT_OFF


@pytest.mark.parametrize("count", [1, 7, 8, 9, 31, 32, 33, 65])
@pytest.mark.parametrize("lanes", [1, 8, 32])
def test_any_number_of_chains_fills_the_lanes(count: int, lanes: int) -> None:
    of = prepared("SPM")
    found = discharged(of, of.values, [of.imposed] * count, lanes)
    assert (found.code[:, 0] == Ended.CUT_OFF).all()
    assert np.ptp(found.time[:, 0]) == 0.0
