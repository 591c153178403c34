"""Instructions of the interpreter and what is made of them, beside casadi."""

from collections.abc import Callable
from typing import Any

import casadi
import numpy as np
import pytest

from hetsim.engine.taped_model import NotTapedError
from hetsim.engine.written import Written, simplified, written
from tests.helpers.small_model import SmallModel, run

ONE: dict[str, Callable[[Any], Any]] = {
    "neg": lambda a: -a,
    "square": lambda a: a**2,
    "twice": lambda a: 2 * a,
    "inverse": lambda a: 1 / a,
    "exp": casadi.exp,
    "log": casadi.log,
    "sqrt": casadi.sqrt,
    "tanh": casadi.tanh,
    "sinh": casadi.sinh,
    "cosh": casadi.cosh,
    "asinh": casadi.arcsinh,
    "abs": casadi.fabs,
    "not": casadi.logic_not,
    "sign": casadi.sign,
    "sin": casadi.sin,
    "cos": casadi.cos,
    "log1p": casadi.log1p,
    "expm1": casadi.expm1,
}
TWO: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": lambda a, b: casadi.fabs(a) ** b,
    "min": casadi.fmin,
    "max": casadi.fmax,
    "if": lambda a, b: casadi.if_else(a, b, 0),
    "less": lambda a, b: a < b,
    "at most": lambda a, b: a <= b,
    "equal": lambda a, b: casadi.eq(a, b),
    "unequal": lambda a, b: casadi.ne(a, b),
    "and": casadi.logic_and,
    "or": casadi.logic_or,
    "hypot": casadi.hypot,
    "copysign": casadi.copysign,
    "plus product": lambda a, b: casadi.sin(a) + casadi.cos(a) * b,
    "less product": lambda a, b: casadi.sin(a) - casadi.cos(a) * b,
}
NUMBERS = np.concatenate(
    [
        np.random.default_rng(1).normal(size=60),
        10 ** np.random.default_rng(2).uniform(-12, 2.5, size=60),
        -(10 ** np.random.default_rng(3).uniform(-12, 2.5, size=60)),
        [0.0, 1.0, -1.0, 2.0, 3.0, 0.5, 1e-2, -1e-2, 20.0, 40.0],
    ]
)
SPECIAL = np.array([0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 1e300, 1e-300, 800.0, -800.0])


def looked_at(kept: dict[str, Any], rows: np.ndarray) -> dict[str, np.ndarray]:
    """Functions of the state at each of some states, by the C file."""
    made = {name: (lambda t, y, p, f=f: f(y)) for name, f in kept.items()}
    count = rows.shape[1]
    model = SmallModel(
        count, lambda t, y, p: [0.0] * count, lambda t, y, p: [0.0] * count, kept=made
    )
    of = model.interpreter()
    return of.look(run(of, [[0.0, 0.0]]).fixed[0], np.zeros(1), rows)


def by_casadi(function: Any, rows: np.ndarray) -> np.ndarray:
    """The same by casadi."""
    y: Any = casadi.SX.sym("y", rows.shape[1])
    made = casadi.Function("f", [y], [function(y)])
    return np.array(made.map(len(rows))(rows.T)).ravel()


ALL = {**{k: (lambda y, f=f: f(y[0])) for k, f in ONE.items()},
       **{k: (lambda y, f=f: f(y[0], y[1])) for k, f in TWO.items()}}  # fmt: skip


def pairs(numbers: np.ndarray) -> np.ndarray:
    """Each with each of the last twenty."""
    others = numbers[-20:]
    return np.array([(a, b) for a in numbers for b in others])


ROUNDINGS = {"expm1": 1.2e-14, "sinh": 1.2e-14, "tanh": 4e-15, "sin": 2e-15, "cos": 2e-15,
             "plus product": 2e-15, "less product": 2e-15}  # fmt: skip
"""Relative; others to 8e-16, three roundings. exp(x) - 1 is a difference from x = 0.01 on and loses two digits there;
sin and cos lose what the argument's multiple of pi/2 takes from its last digits."""


def test_operations_are_those_of_casadi() -> None:
    """The engine's pow is exp(b ln a), whose error grows with b ln a."""
    rows = pairs(NUMBERS)
    found = looked_at(ALL, rows)
    for name, function in ALL.items():
        exact = by_casadi(function, rows)
        normal = np.isfinite(exact) & (np.abs(exact) < 1e300) & (np.abs(exact) > 1e-300)
        rel = np.full(len(rows), ROUNDINGS.get(name, 8e-16))
        if name == "pow":
            with np.errstate(divide="ignore", invalid="ignore"):
                rel *= 1 + np.nan_to_num(np.abs(rows[:, 1] * np.log(np.abs(rows[:, 0]))))
        size = np.abs(exact)
        if "product" in name or name in ("sin", "cos"):  # of a difference what was there before it
            size = np.maximum(size, np.maximum(1.0, np.abs(rows).max(axis=1)))
        with np.errstate(invalid="ignore"):
            off = np.abs(found[name] - exact) - rel * size
        worst = int(np.argmax(np.where(normal, off, -1)))
        assert (off[normal] <= 0).all(), (name, rows[worst], found[name][worst], exact[worst])


MODERATE = ("sin", "cos", "plus product", "less product", "hypot")
"""Of moderate arguments only, as the C file says of sin and cos; the squares in hypot overflow."""
BEYOND = {"log1p": lambda a, b: a == -1, "pow": lambda a, b: ~np.isfinite(b)}
"""Arguments that the engine gives another end than casadi: no model has a start there that is a number."""


def test_special_arguments_give_what_casadi_gives() -> None:
    """NaN where casadi has NaN, and the same infinity; a number where casadi has one."""
    rows = pairs(SPECIAL)
    found = looked_at(ALL, rows)
    for name in set(ALL) - set(MODERATE):
        exact, got = by_casadi(ALL[name], rows), found[name]
        same = (
            (np.isnan(exact) & np.isnan(got))
            | (exact == got)
            | (np.isfinite(exact) & np.isfinite(got))
        )
        same |= BEYOND.get(name, lambda a, b: False)(*rows.T)
        assert same.all(), (name, rows[~same][:3], got[~same][:3], exact[~same][:3])


OF_TWO: list[Callable[[Any, Any], Any]] = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: -a,
    lambda a, b: a / (1 + b * b),
    lambda a, b: casadi.tanh(a),
    lambda a, b: 1 / (2 + casadi.cos(a)),
    lambda a, b: a / 3.0,
    lambda a, b: a - b * a,
]


def random_function(seed: int, operations: int = 60) -> tuple[Any, Any, Any]:
    """A scalar function of what is given and what is not, of operations that stay finite."""
    rng = np.random.default_rng(seed)
    given, other = casadi.SX.sym("given", 3), casadi.SX.sym("other", 3)
    known: list[Any] = [
        *casadi.vertsplit(given),
        *casadi.vertsplit(other),
        casadi.SX(0.7),
        casadi.SX(2.0),
    ]
    for _ in range(operations):
        a, b = (known[int(i)] for i in rng.integers(len(known), size=2))
        known.append(OF_TWO[int(rng.integers(len(OF_TWO)))](a, b))
    return given, other, casadi.vertcat(*(casadi.tanh(one) for one in known[-12:]))


def evaluated(of: Written, arguments: list[np.ndarray]) -> list[float]:
    """The first result, operation by operation."""
    kinds: dict[str, Callable[..., float]] = {
        "ADD": lambda a, b: a + b, "SUB": lambda a, b: a - b, "MUL": lambda a, b: a * b,
        "DIV": lambda a, b: a / b, "NEG": lambda a: -a, "SQ": lambda a: a * a, "TWICE": lambda a: 2 * a,
        "INV": lambda a: 1 / a, "TANH": np.tanh, "COS": np.cos, "FMIN": min, "FMAX": max,
        "HELD_EXP": lambda a: np.exp(np.clip(a, -300, 300)), "INV_ONE_PLUS": lambda a: 1 / (1 + a),
    }  # fmt: skip
    values: list[float] = []
    for kind, *operands in of.values:
        if kind == "input":
            values.append(float(arguments[operands[0]][operands[1]]))
        elif kind == "constant":
            values.append(operands[0])
        else:
            values.append(kinds[kind](*(values[one] for one in operands)))
    return [values[one] for one in of.results[0]]


@pytest.mark.parametrize("seed", range(30))
def test_simplified_functions_are_the_same(seed: int) -> None:
    """To 1e-12: some sixty operations in another order."""
    given, other, result = random_function(seed)
    function = casadi.Function("f", [other, given], [result])
    plain = written(function)
    simple = simplified(plain, plain.given_by(1))
    rng = np.random.default_rng(1000 + seed)
    for _ in range(5):
        numbers = [rng.normal(size=3), rng.normal(size=3)]
        exact = np.array(function(*numbers)).ravel()
        np.testing.assert_allclose(evaluated(simple, numbers), exact, rtol=1e-12, atol=1e-12)


def test_share_that_is_left_of_a_logistic_step_keeps_its_digits() -> None:
    """1 - 1 / (1 + e^-50) is 2e-22, of which a difference of numbers leaves nothing."""
    x: Any = casadi.SX.sym("x")
    exponential = casadi.exp(casadi.fmin(casadi.fmax(x, -300), 300))
    plain = written(casadi.Function("f", [x], [1 - 1 / (1 + exponential)]))
    simple = simplified(plain, [False] * len(plain.values))
    for at in (-50.0, -1.0, 2.0, 30.0):
        exact = 1 / (1 + np.exp(-at))
        np.testing.assert_allclose(evaluated(simple, [np.array([at])]), exact, rtol=1e-14)


def test_factor_of_a_sum_is_multiplied_once() -> None:
    """The sum of d y_k p_k, with p given: one product with d."""
    y, p = casadi.SX.sym("y", 6), casadi.SX.sym("p", 5)
    terms = [casadi.exp(y[5]) * y[k] * p[k] for k in range(5)]
    plain = written(casadi.Function("f", [y, p], [sum(terms[1:], terms[0])], {"cse": True}))
    simple = simplified(plain, plain.given_by(1))
    needed = simple.needed_for(simple.results[0])
    assert sum(simple.values[one][0] == "MUL" for one in needed) == 6


@pytest.mark.parametrize("seed", range(6))
def test_tapes_of_random_functions(seed: int) -> None:
    """Placed, fused and in runs, through the C file: to 1e-12 as above."""
    given, other, result = random_function(seed, 150)
    function = casadi.Function("f", [casadi.vertcat(other, given)], [result])
    kept = {f"result {k}": (lambda y, k=k: function(y)[k]) for k in range(12)}
    rows = np.random.default_rng(seed).normal(size=(70, 6))
    found = looked_at(kept, rows)
    exact = np.array([np.array(function(row)).ravel() for row in rows])
    for k in range(12):
        np.testing.assert_allclose(found[f"result {k}"], exact[:, k], rtol=1e-12, atol=1e-12)


def test_values_of_a_case_are_computed_before_and_used_in_all_its_segments() -> None:
    """The rate holds a function of the value alone, which the tape of the case computes: y = 3 t exp(value)."""
    of = SmallModel(
        1, lambda t, y, p: [casadi.exp(p["value"]) * p["level"]], lambda t, y, p: [0.0]
    ).interpreter()
    values = np.linspace(-1, 1, 5)
    found = run(of, [[3.0, 2.0], [3.0, 1.0]], value=values)
    np.testing.assert_allclose(found.state[:, 0], 9 * np.exp(values), rtol=1e-14)


def test_unknown_operation_is_refused() -> None:
    x: Any = casadi.SX.sym("x")
    with pytest.raises(NotTapedError, match="The engine has no operation 'ERF'"):
        written(casadi.Function("f", [x], [casadi.erf(x)]))
