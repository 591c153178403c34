"""The matrix of a step, from derivatives that are multiplied along the operations, beside casadi's Jacobian."""

from collections.abc import Callable
from typing import Any

import casadi
import numpy as np
import pytest

from hetsim.engine.derivatives import with_matrix
from hetsim.engine.taped_model import NotTapedError
from hetsim.engine.written import Written, simplified, written

KINDS: dict[str, Callable[..., float]] = {
    "ADD": lambda a, b: a + b, "SUB": lambda a, b: a - b, "MUL": lambda a, b: a * b,
    "DIV": lambda a, b: a / b, "NEG": lambda a: -a, "SQ": lambda a: a * a, "TWICE": lambda a: 2 * a,
    "INV": lambda a: 1 / a, "EXP": np.exp, "LOG": np.log, "SQRT": np.sqrt, "TANH": np.tanh,
    "SINH": np.sinh, "COSH": np.cosh, "ASINH": np.arcsinh, "FABS": abs, "POW": lambda a, b: a**b,
    "FMIN": min, "FMAX": max, "IF_ELSE_ZERO": lambda a, b: b if a else 0.0, "NOT": lambda a: float(not a),
    "LT": lambda a, b: float(a < b), "LE": lambda a, b: float(a <= b), "SIGN": np.sign,
    "SIN": np.sin, "COS": np.cos, "LOG1P": np.log1p, "EXPM1": np.expm1, "HYPOT": np.hypot,
    "COPYSIGN": np.copysign, "HELD_EXP": lambda a: np.exp(np.clip(a, -300, 300)),
    "INV_ONE_PLUS": lambda a: 1 / (1 + a), "LOGISTIC": lambda a: 1 / (1 + np.exp(np.clip(a, -300, 300))),
}  # fmt: skip
"""Operations on numbers."""


def evaluated(of: Written, arguments: list[np.ndarray]) -> list[float]:
    """All values of a function, operation by operation."""
    values: list[float] = []
    for kind, *operands in of.values:
        if kind == "input":
            values.append(float(arguments[operands[0]][operands[1]]))
        elif kind == "constant":
            values.append(float(operands[0]))
        else:
            values.append(float(KINDS[kind](*(values[one] for one in operands))))
    return values


def both(result: Callable[[Any, Any], Any], y: np.ndarray, p: np.ndarray) -> tuple[Any, Any]:
    """-df/dy of f(y, p) by the engine and by casadi, dense."""
    symbols: list[Any] = [casadi.SX.sym("y", y.size), casadi.SX.sym("p", p.size)]
    wanted: Any = result(*symbols)
    plain = written(casadi.Function("f", symbols, [wanted]))
    plain = simplified(plain, plain.given_by(1))
    made, entries = with_matrix(plain, 10_000)
    made = simplified(made, made.given_by(1))
    assert len(set(entries)) == len(entries) == len(made.results[1])
    values = evaluated(made, [y, p])
    found = np.zeros((wanted.numel(), y.size))
    for entry, place in zip(entries, made.results[1], strict=True):
        found[entry] = values[place]
    exact = casadi.Function("J", symbols, [casadi.densify(casadi.jacobian(wanted, symbols[0]))])
    return found, -np.array(exact(y, p))


def logistic(x: Any) -> Any:
    """As laws.multi_site writes it, in casadi's words."""
    return 1 / (1 + casadi.exp(casadi.fmin(casadi.fmax(x, -300), 300)))


def other_share(x: Any) -> Any:
    """e^x / (1 + e^x), as the occupied sites of a plateau are written."""
    exponential = casadi.exp(casadi.fmin(casadi.fmax(x, -300), 300))
    return exponential * 2 / (1 + exponential)


OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "sum": lambda a, b: a + b,
    "difference": lambda a, b: b - a,
    "product": lambda a, b: a * b,
    "quotient": lambda a, b: a / b,
    "square": lambda a, b: a * a,
    "reciprocal": lambda a, b: 1 / a,
    "exp": lambda a, b: casadi.exp(a),
    "log": lambda a, b: casadi.log(a),
    "sqrt": lambda a, b: casadi.sqrt(a),
    "tanh": lambda a, b: casadi.tanh(a),
    "sinh": lambda a, b: casadi.sinh(a),
    "cosh": lambda a, b: casadi.cosh(a),
    "asinh": lambda a, b: casadi.asinh(a),
    "abs": lambda a, b: casadi.fabs(-a),
    "power": lambda a, b: a**b,
    "least": casadi.fmin,
    "most": casadi.fmax,
    "condition": lambda a, b: casadi.if_else(a < b, a * b, 0),
    "sin": lambda a, b: casadi.sin(a),
    "cos": lambda a, b: casadi.cos(a),
    "log1p": lambda a, b: casadi.log1p(a),
    "expm1": lambda a, b: casadi.expm1(a),
    "hypot": casadi.hypot,
    "copysign": lambda a, b: casadi.copysign(a, -b),
    "logistic": lambda a, b: logistic(a - b),
    "of both sides": lambda a, b: (1 - logistic(a)) * logistic(a) * b,
    "other share": lambda a, b: other_share(3 * (a - b)),
    "share and other share": lambda a, b: logistic(a) * b + other_share(a) / b,
    "nothing": lambda a, b: casadi.sign(a) + (a < b),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(name: str) -> None:
    """Each with a factor that is given, on both sides of where the smaller one changes: to round-off."""
    for y in ([0.7, 1.3], [1.9, 0.4]):
        found, exact = both(
            lambda y, p: OPERATIONS[name](y[0], y[1]) * p[0], np.array(y), np.array([3.0])
        )
        np.testing.assert_allclose(found, exact, rtol=1e-12, atol=1e-15)


STEPS: list[Callable[[Any, Any], Any]] = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: casadi.tanh(a),
    lambda a, b: a / (1 + b * b),
    lambda a, b: casadi.fmax(a, b),
    lambda a, b: logistic(a),
    lambda a, b: b,
]


@pytest.mark.parametrize("seed", range(8))
def test_random_function(seed: int) -> None:
    """Forty operations on four arguments and two given values, six results: to 1e-10 of the largest entry."""
    rng = np.random.default_rng(seed)
    plan = [(int(k), rng.integers(6 + n, size=2)) for n, k in enumerate(rng.integers(8, size=40))]

    def result(y: Any, p: Any) -> Any:
        known = [*casadi.vertsplit(y), *casadi.vertsplit(p)]
        for kind, (a, b) in plan:
            known.append(STEPS[kind](known[a], known[b]))
        return casadi.vertcat(*known[-6:])

    found, exact = both(result, rng.normal(size=4), rng.normal(size=2))
    np.testing.assert_allclose(found, exact, rtol=1e-10, atol=1e-10 * np.abs(exact).max())


def test_chain_takes_one_product_a_link() -> None:
    """tanh of tanh of ...: ten slopes, nine products."""

    def chain(y: Any) -> Any:
        for _ in range(10):
            y = casadi.tanh(y)
        return y

    y: Any = casadi.SX.sym("y")
    made, entries = with_matrix(written(casadi.Function("f", [y], [chain(y)])), 1000)
    assert entries == [(0, 0)]
    assert sum(value[0] == "MUL" for value in made.values) == 9


def test_plateaus_take_few_operations() -> None:
    """Free and occupied sites of four plateaus and their slope, with respect to a potential and to a shift: what both
    sums and the slope share is computed once, and weights are multiplied before.

    Of each plateau: p - q, p q (p - q), and one product in each of three sums; the rest for all together.
    """
    y, p = casadi.SX.sym("y", 2), casadi.SX.sym("p", 12)
    free, occupied, slope = 0, 0, 0
    for k in range(4):
        weight, steep, shift = p[3 * k], p[3 * k + 1], p[3 * k + 2]
        exponential = casadi.exp(casadi.fmin(casadi.fmax(steep * (y[0] - shift * y[1]), -300), 300))
        share = 1 / (1 + exponential)
        free += weight * share
        occupied += weight * exponential / (1 + exponential)
        slope += weight * share * (1 - share) * steep
    plain = written(casadi.Function("f", [y, p], [casadi.vertcat(free, occupied, slope)]))
    plain = simplified(plain, plain.given_by(1))
    made, entries = with_matrix(plain, 1000)
    made = simplified(made, made.given_by(1))
    assert len(entries) == 6

    def count(of: Written, results: int) -> int:
        given = of.given_by(1)
        needed = of.needed_for([one for result in of.results[:results] for one in result])
        return sum(not given[one] and of.values[one][0] != "input" for one in needed)

    # two operations for a product in a sum
    assert count(made, 2) - count(plain, 1) <= 4 * (2 + 3 * 2) + 4


def test_too_many_values_are_refused() -> None:
    y: Any = casadi.SX.sym("y", 3)
    with pytest.raises(NotTapedError, match="more values than are worth a tape"):
        with_matrix(written(casadi.Function("f", [y], [casadi.exp(y) * y[0] * y[1]])), 12)
