"""The elimination that is planned once from a pattern, beside numpy."""

from typing import Any

import casadi
import numpy as np
import pytest

from hetsim.engine.chains import Ended
from hetsim.engine.elimination import elimination_order
from tests.helpers.small_model import SmallModel, run


def sparse(rng: np.random.Generator, size: int, algebraic: int) -> np.ndarray:
    """A random matrix with two or three entries a line, whose algebraic lines have a zero on the diagonal.

    Each algebraic line holds a large entry of its own, in the column of the next algebraic state: their block has
    an inverse.
    """
    matrix = np.where(rng.random((size, size)) < 2.0 / size, rng.normal(size=(size, size)), 0.0)
    np.fill_diagonal(matrix, -2 - rng.random(size))
    first = size - algebraic
    for k in range(algebraic):
        line = first + k
        matrix[line, line] = 0.0
        matrix[line, first + (k + 1) % algebraic] = 5 + rng.random()
    return matrix


@pytest.mark.parametrize("seed", range(10))
def test_order_solves_what_numpy_solves(seed: int) -> None:
    """Gauss by the planned pivots, with no other entries than those that were planned: to 1e-9 of numpy, as pivots
    are chosen by their place and not by their size."""
    rng = np.random.default_rng(seed)
    size, algebraic = 25, 6
    matrix, right = sparse(rng, size, algebraic), rng.normal(size=size)
    first = size - algebraic
    pivots = {k: k for k in range(first)}
    pivots |= {first + (k + 1) % algebraic: first + k for k in range(algebraic)}
    entries = list(zip(*map(list, np.nonzero(matrix)), strict=True))
    order = elimination_order(size, entries, pivots)
    assert sorted(one.column for one in order) == list(range(size))
    assert all(pivots[one.column] == one.line for one in order)
    left, b = matrix.copy(), right.copy()
    for one in order:
        for line in one.lines:
            share = left[line, one.column] / left[one.line, one.column]
            left[line, one.column] = 0.0
            left[line, list(one.columns)] -= share * left[one.line, list(one.columns)]
            b[line] -= share * b[one.line]
        # nothing is left in the column of the pivot, and nothing in its line that was not planned
        done = [other.line for other in order[: order.index(one)]]
        others = [k for k in range(size) if k != one.line and k not in done]
        assert not left[others, one.column].any()
    found = np.zeros(size)
    for one in reversed(order):
        beside = list(one.columns)
        found[one.column] = (b[one.line] - left[one.line, beside] @ found[beside]) / left[
            one.line, one.column
        ]
    np.testing.assert_allclose(found, np.linalg.solve(matrix, right), rtol=1e-9, atol=1e-9)


def test_arrow_has_no_fill_in() -> None:
    """A dense line and column are taken last: as many entries after the elimination as before."""
    size = 20
    entries = [(k, k) for k in range(size)]
    entries += [(0, k) for k in range(1, size)] + [(k, 0) for k in range(1, size)]
    order = elimination_order(size, entries, {k: k for k in range(size)})
    assert sum(1 + len(one.lines) + len(one.columns) for one in order) == len(entries)


@pytest.mark.parametrize("seed", range(5))
def test_consistent_start_of_linear_lines_is_that_of_numpy(seed: int) -> None:
    """The C file finds the algebraic states from zero by Newton steps of 0.3 at most; the last one is exact for
    linear lines, to 1e-12 (round-off of some twenty products)."""
    rng = np.random.default_rng(100 + seed)
    size, algebraic = 20, 5
    first = size - algebraic
    matrix, constant = sparse(rng, size, algebraic), rng.normal(size=size)
    fixed = rng.normal(size=first)

    def rate(t: Any, y: Any, p: Any) -> Any:
        return casadi.mtimes(casadi.DM(matrix), y) + constant

    model = SmallModel(
        size, rate, lambda t, y, p: [*map(float, fixed), *[0.0] * algebraic], algebraic
    )
    found = run(model.interpreter(), [[0.0, 0.0]])
    assert found.code[0, 0] == Ended.TIME_OVER
    block, known = matrix[first:, first:], matrix[first:, :first] @ fixed + constant[first:]
    np.testing.assert_array_equal(found.state[0, :first], fixed)
    np.testing.assert_allclose(
        found.state[0, first:], np.linalg.solve(block, -known), rtol=1e-12, atol=1e-12
    )
