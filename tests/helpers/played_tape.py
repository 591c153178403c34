"""What a tape computes, one instruction at a time and for one case: slow, and independent of the C file."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.engine.operations import OPERATIONS


def held(x: float) -> float:
    return min(max(x, -300.0), 300.0)


RESULTS: dict[str, Callable[..., float]] = {
    "ADD": lambda a, b, c, r: a + b,
    "SUB": lambda a, b, c, r: a - b,
    "MUL": lambda a, b, c, r: a * b,
    "DIV": lambda a, b, c, r: a / b,
    "NEG": lambda a, b, c, r: -a,
    "ASSIGN": lambda a, b, c, r: a,
    "SQ": lambda a, b, c, r: a * a,
    "TWICE": lambda a, b, c, r: a + a,
    "INV": lambda a, b, c, r: 1 / a,
    "EXP": lambda a, b, c, r: np.exp(a),
    "LOG": lambda a, b, c, r: np.log(a),
    "SQRT": lambda a, b, c, r: np.sqrt(a),
    "TANH": lambda a, b, c, r: np.tanh(a),
    "SINH": lambda a, b, c, r: np.sinh(a),
    "COSH": lambda a, b, c, r: np.cosh(a),
    "ASINH": lambda a, b, c, r: np.arcsinh(a),
    "FABS": lambda a, b, c, r: abs(a),
    "POW": lambda a, b, c, r: a**b,
    "FMIN": lambda a, b, c, r: np.fmin(a, b),
    "FMAX": lambda a, b, c, r: np.fmax(a, b),
    "IF_ELSE_ZERO": lambda a, b, c, r: b if a != 0 else 0.0,
    "NOT": lambda a, b, c, r: float(a == 0),
    "LT": lambda a, b, c, r: float(a < b),
    "LE": lambda a, b, c, r: float(a <= b),
    "EQ": lambda a, b, c, r: float(a == b),
    "NE": lambda a, b, c, r: float(a != b),
    "AND": lambda a, b, c, r: float(a != 0 and b != 0),
    "OR": lambda a, b, c, r: float(a != 0 or b != 0),
    "SIGN": lambda a, b, c, r: np.sign(a),
    "SIN": lambda a, b, c, r: np.sin(a),
    "COS": lambda a, b, c, r: np.cos(a),
    "LOG1P": lambda a, b, c, r: np.log1p(a),
    "EXPM1": lambda a, b, c, r: np.expm1(a),
    "HYPOT": lambda a, b, c, r: np.hypot(a, b),
    "COPYSIGN": lambda a, b, c, r: np.copysign(a, b),
    "LESS_PRODUCT": lambda a, b, c, r: c - a * b,
    "TIMES": lambda a, b, c, r: r * a,
    "PLUS_PRODUCT": lambda a, b, c, r: c + a * b,
    "HELD_EXP": lambda a, b, c, r: np.exp(held(a)),
    "INV_ONE_PLUS": lambda a, b, c, r: 1 / (1 + a),
    "LOGISTIC": lambda a, b, c, r: 1 / (1 + np.exp(held(a))),
    "PRODUCT_LESS": lambda a, b, c, r: a * b - c,
    "SUM_TIMES": lambda a, b, c, r: (a + b) * c,
    "DIFFERENCE_TIMES": lambda a, b, c, r: (a - b) * c,
    "PRODUCT_TIMES": lambda a, b, c, r: a * b * c,
}


def play(tape: Sequence[int] | NDArray[np.integer], memory: NDArray[np.float64]) -> None:
    """Run a tape on the numbers of a case.

    tape : instructions one after the other, each as operation, result, a, b, c
    """
    kinds = [RESULTS[name] for name in OPERATIONS]
    with np.errstate(all="ignore"):
        for kind, to, a, b, c in np.asarray(tape).reshape(-1, 5).tolist():
            if kind == len(kinds):
                return
            memory[to] = kinds[kind](memory[a], memory[b], memory[c], memory[to])


def all_played(
    model: dict[str, Any], values: Sequence[float], arguments: Sequence[float] = ()
) -> dict[str, NDArray[np.float64]]:
    """What the tapes of a model give from the values of a case, by the name of the block: at its start, near to it, and
    what its factorised matrix makes of a right-hand side.

    model : the members of the structure of C, lists for its arrays and tapes
    arguments : of a law, which has no start
    """
    lines = len(model["mass"])
    memory = np.zeros(model["slots"])
    memory[: model["constants"]] = model["constant"]
    block = {
        name: slice(model[f"at_{name}"], model[f"at_{name}"] + count)
        for name, count in (
            ("values", model["values"]),
            ("imposed", model["imposed"]),
            ("start", lines),
            ("state", model["states"]),
            ("right", lines),
            ("matrix", model["entries"]),
            ("margin", model["margins"]),
            ("output", model["outputs"]),
            ("kept", model["kept"]),
            ("corner", model["corners"]),
        )
    }
    memory[block["values"]] = values
    play(model["tape_fix"], memory)
    memory[block["imposed"]] = 0.5 + np.arange(model["imposed"])
    play(model["tape_begin"], memory)
    begun = np.array(arguments) if len(arguments) else memory[block["start"]].copy()
    found = {"start": begun}
    wave = np.sin(1.0 + np.arange(model["states"]))
    for where, state in (("there", begun), ("near", begun + 1e-3 * (1 + abs(begun)) * wave)):
        memory[block["state"]] = state
        for name in ("both", "rate", "margin", "output", "keep", "corner"):
            play(model[f"tape_{name}"], memory)
        # the rates of `both`, and those of `rate` added to them
        for name in ("right", "matrix", "margin", "output", "kept", "corner"):
            found[f"{name} {where}"] = memory[block[name]].copy()
    diagonal = np.asarray(model["diagonal"], dtype=int)
    matrix = memory[block["matrix"]]
    matrix[diagonal] += np.abs(matrix).max(initial=0.0) * np.asarray(model["mass"])
    memory[block["right"]] = wave[:lines]
    for name in ("factor", "solve"):
        play(model[f"tape_{name}"], memory)
    return found | {"right": memory[block["right"]].copy()}
