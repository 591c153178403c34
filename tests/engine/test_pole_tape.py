"""The tape of a pole of the exact step, beside numpy in complex numbers."""

import numpy as np
import pytest

from hetsim.engine.elimination import EliminationTapes
from hetsim.engine.pole_tape import NUMBERS, pole_tape
from hetsim.engine.tape import Memory, finished
from tests.helpers.played_tape import play

SIZE = 12


@pytest.mark.parametrize("seed", range(8))
def test_it_solves_what_numpy_solves(seed: int) -> None:
    """With entries that only fill in, some lines without one on the diagonal, and masses that are not one."""
    random = np.random.default_rng(seed)
    matrix = np.where(random.random((SIZE, SIZE)) < 0.2, random.normal(size=(SIZE, SIZE)), 0.0)
    np.fill_diagonal(matrix, 3 + random.random(SIZE))
    matrix[[1, 5], [1, 5]] = 0.0
    mass = random.choice([1.0, 2.5], SIZE)
    start, push, before = random.normal(size=(3, SIZE))
    time, pole, above = 0.3, complex(-2.0, 5.0), complex(0.7, -0.4)
    kept = [0, 1, 4, 5, 11]

    entries = {(int(i), int(j)): place for place, (i, j) in enumerate(np.argwhere(matrix))}
    computed = len({*entries, *((line, line) for line in range(SIZE))})
    memory = Memory({})
    sizes = {"state": SIZE, "rate": SIZE, "right": SIZE, "pole": len(NUMBERS)}
    places = {name: memory.block(size) for name, size in sizes.items()}
    places["matrix"] = memory.block(0)
    pivots = {line: line for line in range(SIZE)}
    of = EliminationTapes(list(entries), entries, pivots, places, memory)
    assert len(entries) > computed, "nothing fills in"
    code = pole_tape([*of.factor, *of.solve], entries, computed, mass, kept, places, memory)
    tape = finished({"pole": code}, memory)["pole"]

    constants = len(memory.constants)
    numbers = np.full(constants + memory.size + memory.registers, np.nan)
    numbers[:constants] = list(memory.constants)
    inverse = 1 / pole
    blocks = {
        "state": before,
        "rate": push,
        "right": start,
        "matrix": [matrix[one] for one in list(entries)[:computed]],
        "pole": [
            1 / time,
            *(part / time for part in (pole.real, pole.imag)),
            *(inverse.real, inverse.imag),
            *(2 * above.real, 2 * above.imag),
        ],
    }
    for name, given in blocks.items():
        first = constants + places[name]
        numbers[first : first + len(given)] = given
    play(tape, numbers)

    left = np.diag(mass * pole / time) + matrix
    part = np.linalg.solve(left, mass * start / time + push / pole)
    found = numbers[constants + places["state"] :][:SIZE]
    others = np.setdiff1d(np.arange(SIZE), kept)
    np.testing.assert_array_equal(found[others], before[others])
    np.testing.assert_allclose(found[kept], (before - 2 * (above * part).real)[kept], rtol=1e-9)
