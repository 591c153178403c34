"""A published law as a tape for the engine in WebAssembly, so that a page evaluates hetsim's own function of it.

    law_tape(lambda x, v: {"potential [V]": core_shell_potential(x, v, 0.1, 0.1, 0.7)}, ["x", "v"])

The law is called once, with PyBaMM's symbols. Its arguments stand where a model has its states, its results where
a model has what is looked at: hetsim_look then evaluates the law for many rows of arguments.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import casadi
import numpy as np
import pybamm

from hetsim.engine import packed
from hetsim.engine.native.library import VERSION
from hetsim.engine.tape import Memory, assembled, finished
from hetsim.engine.written import simplified, written
from scripts.export_tape import layout_of

KINDS = layout_of(packed.Model)
TAPES = [name.removeprefix("tape_") for name, kind in KINDS if kind == "tape"]


def law_tape(law: Callable[..., Mapping[str, Any]], arguments: Sequence[str]) -> dict[str, Any]:
    """What the file of a law holds, in the form of `scripts.export_tape.exported`.

    law : takes a symbol for each argument; returns results by name, each a symbol or a number, or a PyBaMM vector
    arguments : their names, with units

    results : name and length of each result, in their order
    """
    at: Any = casadi.MX.sym("arguments", len(arguments))
    inputs = {name: at[place] for place, name in enumerate(arguments)}
    found = {
        name: casadi.densify(_expression(one, inputs))
        for name, one in law(*map(pybamm.InputParameter, arguments)).items()
    }
    whole = casadi.Function("law", [at], [casadi.vertcat(*found.values())]).expand()
    symbols: list[Any] = whole.sx_in()
    made = written(casadi.Function("law", symbols, whole.call(symbols), {"cse": True}))
    made = simplified(made, [False] * len(made.values))
    memory = Memory({})
    first, results = memory.block(len(arguments)), memory.block(len(made.results[0]))
    known = {
        place: first + value[2] for place, value in enumerate(made.values) if value[0] == "input"
    }
    targets = [(results + place, value) for place, value in enumerate(made.results[0])]
    tapes = {**{name: [] for name in TAPES}, "output": assembled(made, known, targets, memory)}
    code = finished(tapes, memory)
    constants = list(memory.constants)
    numbers = {
        "slots": len(constants) + memory.size + memory.registers,
        "constants": len(constants),
        "states": len(arguments),
        "outputs": len(made.results[0]),
        "at_state": len(constants) + first,
        "at_output": len(constants) + results,
        "clock": -1,
    }
    return {
        "version": VERSION,
        "layout": {one.__name__: layout_of(one) for one in (packed.Model, packed.Task)},
        "model": {
            **{name: [] if kind == "pointer" else 0 for name, kind in KINDS},
            **numbers,
            "constant": constants,
            **{f"tape_{name}": np.ravel(one).tolist() for name, one in code.items()},
        },
        "arguments": list(arguments),
        "results": [(name, one.numel()) for name, one in found.items()],
    }


def _expression(result: Any, inputs: Mapping[str, Any]) -> Any:
    """A result of a law in casadi's symbols."""
    symbol = result if isinstance(result, pybamm.Symbol) else pybamm.Scalar(float(result))
    return casadi.MX(symbol.to_casadi(inputs=inputs))
