"""One case alone, W operations at a time: the numbers are those of cases side by side."""

from typing import Any

import numpy as np
import pytest

import hetsim as hs
from hetsim.engine import built_model
from hetsim.engine.chains import Answers
from hetsim.engine.interpreter import Interpreter
from hetsim.engine.native.library import library
from hetsim.engine.operations import OPERATIONS
from hetsim.engine.parallel_elimination import Slots, factor_tape, rounds, solve_tape
from hetsim.engine.tape import Instruction
from hetsim.errors import ParameterError
from hetsim.simulation.rate_chains import rate_chains
from tests.helpers.engine import there

VARIANTS = ("sse2", "avx2", "avx512", "neon", "plain")


def cycled(of: Interpreter, built: Any, cell: hs.HalfCell, lanes: int) -> Answers:
    inputs = built.inputs(cell)
    chains = rate_chains(hs.RateTest([1.0, 5.0], cycles=1), inputs, 1, of)
    return of.run(inputs, chains, 1e-4, 1e-4, lanes=lanes, exact=False)


@pytest.mark.parametrize("machine_code", ["0", "1"])
@pytest.mark.parametrize("variant", VARIANTS)
def test_alone_as_side_by_side(
    variant: str, machine_code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two hosts, with algebraic states and corners, in vectors of each width. The elimination goes another way, so
    round-off differs, and the steps make 1e-9 of it."""
    monkeypatch.setenv("HETSIM_ENGINE", variant)
    monkeypatch.setenv("HETSIM_MACHINE_CODE", machine_code)
    try:
        there(library())
    except ParameterError:
        pytest.skip("not on this machine")
    cell = hs.load("CZT")
    built = built_model(cell, "SPMe")
    of = Interpreter(there(built.interpreter).model)
    alone, beside = (cycled(of, built, cell, lanes) for lanes in (1, 8))
    np.testing.assert_array_equal(alone.code, beside.code)
    np.testing.assert_allclose(alone.time, beside.time, rtol=1e-8)
    np.testing.assert_allclose(alone.state, beside.state, rtol=0, atol=1e-7)
    np.testing.assert_array_equal(alone.steps, beside.steps)


# --- the elimination -------------------------------------------------------------------------------


def played(code: list[Instruction], memory: dict[int, float]) -> None:
    for kind, to, *operands in code:
        x, y, z = (memory[one] for one in operands)
        before = memory.get(to, 0.0)
        memory[to] = {
            "INV": lambda x=x: 1 / x,
            "TIMES": lambda x=x, before=before: before * x,
            "LESS_PRODUCT": lambda x=x, y=y, z=z: z - x * y,
            "MUL": lambda x=x, y=y: x * y,
            "ADD": lambda x=x, y=y: x + y,
            "SUB": lambda x=x, y=y: x - y,
            "ASSIGN": lambda x=x: x,
        }[OPERATIONS[kind]]()


def solved(matrix: np.ndarray, right: np.ndarray, pivots: dict[int, int]) -> np.ndarray:
    """By the tapes of the elimination, run one after the other."""
    size = len(matrix)
    entries = [(int(line), int(column)) for line, column in np.argwhere(matrix)]
    known = {one: 1 + place for place, one in enumerate(entries)}
    memory = {0: 0.0, **{known[one]: float(matrix[one]) for one in entries}}
    order = rounds(size, entries, pivots)
    slots = Slots(known, 1000)
    played(factor_tape(order, slots, 0), memory)
    memory |= {5000 + line: float(x) for line, x in enumerate(right)}
    played(solve_tape(order, lambda *one: slots.of[one], 5000, 9000), memory)
    return np.array([memory[5000 + line] for line in range(size)])


@pytest.mark.parametrize("seed", range(5))
def test_elimination_solves_what_numpy_solves(seed: int) -> None:
    """A sparse matrix with some full lines, and pivots away from the diagonal, chosen by their place: to 1e-9."""
    rng = np.random.default_rng(seed)
    size = 30
    matrix = np.where(rng.random((size, size)) < 2.0 / size, rng.normal(size=(size, size)), 0.0)
    matrix[-2:] = rng.normal(size=(2, size))
    matrix += np.diag(4 + rng.random(size))
    matrix[[3, 8]] = matrix[[8, 3]]
    right = rng.normal(size=size)
    pivots = {k: {3: 8, 8: 3}.get(k, k) for k in range(size)}
    found = solved(matrix, right, pivots)
    np.testing.assert_allclose(found, np.linalg.solve(matrix, right), rtol=0, atol=1e-9)


def test_places_in_a_chain_are_halved_in_each_round() -> None:
    """Cyclic reduction: 40 places of a chain are done in six rounds, and not in 40 that wait for each other."""
    size = 40
    matrix = (
        np.diag(np.full(size, 3.0)) + np.diag(np.ones(size - 1), 1) + np.diag(np.ones(size - 1), -1)
    )
    entries = [(int(line), int(column)) for line, column in np.argwhere(matrix)]
    assert len(rounds(size, entries, {k: k for k in range(size)})) <= 7
    right = np.linspace(-1, 1, size)
    found = solved(matrix, right, {k: k for k in range(size)})
    np.testing.assert_allclose(found, np.linalg.solve(matrix, right), rtol=0, atol=1e-13)
