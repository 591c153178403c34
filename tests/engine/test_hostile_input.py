"""Values that no cell has end in codes on the engine: no crash, no hang, nothing written where nothing belongs."""

from typing import Any

import numpy as np
import pytest

import hetsim as hs
from hetsim import names
from hetsim.engine import built_model
from hetsim.engine.interpreter import LONGEST, Answers, Chains, Ended, Interpreter, interpreter
from hetsim.laws.electrode import active_mass

HOSTILE = (np.nan, np.inf, -np.inf, 0.0, -1.0, 1e300, -1e300, 1e-300, 5e-324)
GOOD_ENDS = (Ended.CUT_OFF, Ended.TIME_OVER)


@pytest.fixture(scope="module", params=["SPM", "DFN"])
def prepared(request: pytest.FixtureRequest) -> tuple[Interpreter, dict[str, float], Any]:
    """The engine, the values of a cell, and what a discharge at 1 A/g imposes."""
    cell = hs.load("CZT", "lumped")
    built = built_model(cell, request.param)
    engine = interpreter(built)
    assert engine is not None
    values = built.inputs(cell)
    imposed = [
        active_mass(values.__getitem__),
        values[names.LOWER_CUT_OFF],
        values[names.UPPER_CUT_OFF] + 10,
        4 * values[names.SPECIFIC_CAPACITY],
    ]
    return engine, values, imposed


def discharged(
    engine: Interpreter, values: dict[str, Any], imposed: Any, **options: Any
) -> Answers:
    """Chains of two segments: a discharge, and the same again from where it ended."""
    rows = np.asarray(imposed, float)
    chains = Chains(
        np.arange(len(rows), dtype=np.int32) % max(np.size(one) for one in values.values()),
        np.repeat(rows[:, None], 2, axis=1),
        np.array([[1, 1, -1], [-1, -1, -1]], np.int32),
        np.ones(2, np.int32),
        np.zeros(2, np.int32),
    )
    found = engine.run(values, chains, 1e-4, 1e-4, half=True, path=3, **options)
    assert set(found.code.ravel()) <= {int(one) for one in Ended}
    assert (found.code[:, 0] != Ended.NOT_REACHED).all()
    assert (found.steps <= LONGEST + 1).all()
    return found


@pytest.mark.parametrize("lanes", [8, 32])
def test_hostile_values_end_in_codes_and_leave_their_neighbours_alone(
    prepared: tuple[Interpreter, dict[str, float], Any], lanes: int
) -> None:
    """Each value in turn is each hostile number, beside a sound case in the same lanes."""
    engine, values, imposed = prepared
    cases = [(name, number) for name in engine.model.value_names for number in HOSTILE]
    columns: dict[str, Any] = {name: np.full(1 + len(cases), x) for name, x in values.items()}
    for place, (name, number) in enumerate(cases, start=1):
        columns[name][place] = number
    found = discharged(engine, columns, [imposed] * (1 + len(cases)), lanes=lanes)
    alone = discharged(engine, values, [imposed], lanes=lanes)
    assert found.code[0].tolist() == alone.code[0].tolist()
    assert found.code[0, 0] == Ended.CUT_OFF
    # lanes do not share a number: the same operations on the same values
    np.testing.assert_array_equal(found.shown[0], alone.shown[0])
    np.testing.assert_array_equal(found.time[0], alone.time[0])
    ended_well = np.isin(found.code, GOOD_ENDS)
    assert np.isfinite(found.shown[ended_well][:, [0, 2]]).all()
    print(
        found.steps[ended_well][~np.isfinite(found.shown[ended_well][:, 1, 0])],
        found.time[ended_well][~np.isfinite(found.shown[ended_well][:, 1, 0])],
    )
    assert (found.time[ended_well] >= 0).all()


@pytest.mark.parametrize("place", range(4))
def test_hostile_segments_end_in_codes(
    prepared: tuple[Interpreter, dict[str, float], Any], place: int
) -> None:
    """Currents up to 1e6 A/g, cut-offs and durations that are no numbers."""
    engine, values, imposed = prepared
    rows = []
    for number in (*HOSTILE, 1e6 * imposed[0], -1e6 * imposed[0]):
        rows.append([*imposed[:place], number, *imposed[place + 1 :]])
    found = discharged(engine, values, [imposed, *rows])
    assert found.code[0, 0] == Ended.CUT_OFF
    ended_well = np.isin(found.code, GOOD_ENDS)
    assert np.isfinite(found.time[ended_well]).all()
    assert np.isfinite(found.shown[ended_well][:, [0, 2]]).all()


@pytest.mark.parametrize("count", [1, 7, 8, 9, 31, 32, 33, 65])
def test_any_number_of_chains(
    prepared: tuple[Interpreter, dict[str, float], Any], count: int
) -> None:
    engine, values, imposed = prepared
    for lanes in (8, 32):
        found = discharged(engine, values, [imposed] * count, lanes=lanes)
        assert (found.code[:, 0] == Ended.CUT_OFF).all()
        assert np.ptp(found.time[:, 0]) == 0.0
