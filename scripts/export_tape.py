"""A built model as a file for the engine in WebAssembly (scripts/build_wasm.sh, hetsim/teaching/page/engine.mjs).

    python -m scripts.export_tape CZT SPMe --variant lumped --out build/CZT_SPMe.json

The file holds the instructions of the model, the coefficients of the method, how the engine's structures lie in memory,
and all values of the cell: a page changes some of these values and the imposed current, and needs no server.
"""

import argparse
import ctypes
import json
from pathlib import Path
from typing import Any

import numpy as np

import hetsim as hs
from hetsim.cells.half_cell import HalfCell
from hetsim.engine import built_model, packed
from hetsim.engine.chains import LONGEST
from hetsim.engine.interpreter import Interpreter
from hetsim.engine.native.library import VERSION
from hetsim.engine.tableau import EXPONENTIAL, NEARLY_EXPONENTIAL, RODAS
from hetsim.laws.electrode import active_mass
from hetsim.models.half_cell import MODELS
from hetsim.names import SPECIFIC_CAPACITY

_KINDS: dict[Any, str] = {
    ctypes.c_int: "i32",
    ctypes.c_longlong: "i64",
    ctypes.c_double: "f64",
    ctypes.c_void_p: "pointer",
    packed.Tape: "tape",
}


def exported(cell: HalfCell, kind: str) -> dict[str, Any]:
    """What the file holds.

    version : of the engine, as hetsim_version() returns it
    layout : names and kinds of the members of the engine's structures, in their order
    model : the members of its Model: numbers, lists of numbers, and tapes as [operation, result, operands, ...]
    value_names, imposed_names, output_names, inventories, events : in the order of the engine
    values : of the cell, by name
    active_mass, specific_capacity : for currents per gram [g, mA.h.g-1]
    longest : steps after which a segment is given up
    """
    built = built_model(cell, kind)
    engine = built.interpreter
    assert engine is not None, "exporting needs the engine: a C compiler"
    of, values = engine.model, built.inputs(cell)
    return {
        "cell": cell.name,
        "kind": kind,
        "version": VERSION,
        "layout": {one.__name__: layout_of(one) for one in (packed.Model, packed.Task)},
        "model": _members(engine),
        "value_names": of.value_names,
        "imposed_names": of.imposed_names,
        "output_names": of.output_names,
        "inventories": of.inventories,
        "events": of.events,
        "values": values,
        "active_mass": active_mass(values.__getitem__),
        "specific_capacity": values[SPECIFIC_CAPACITY],
        "longest": LONGEST,
    }


def layout_of(structure: Any) -> list[tuple[str, str]]:
    """Names and kinds of the members of one of the engine's structures, in their order."""
    return [(name, _KINDS[kind]) for name, kind in structure._fields_]


def _members(engine: Interpreter) -> dict[str, Any]:
    of = engine.model
    lists = {"constant": of.constants, "mass": of.mass, "diagonal": of.diagonal}
    lists["reference"] = of.reference
    lists["bounds"] = np.clip(of.bounds, -1e300, 1e300)  # JSON has no infinity
    lists |= {"nearly_pole": NEARLY_EXPONENTIAL.poles, "whole_pole": EXPONENTIAL.poles}
    lists |= {"which": np.array(of.alone or (), int), "branch": of.held}
    lists |= {"a": RODAS.a, "c": RODAS.c, "h": RODAS.h}
    lists |= {f"tape_{name}": code for name, code in of.tapes.items()}
    numbers = {
        name: getattr(engine.packed.structure, name)
        for name, kind in layout_of(packed.Model)
        if kind in ("i32", "i64", "f64")
    }
    return {**numbers, **{name: np.ravel(one).tolist() for name, one in lists.items()}}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write a model for the engine in WebAssembly.")
    parser.add_argument("system")
    parser.add_argument("model", choices=list(MODELS))
    parser.add_argument("--variant", default="")
    parser.add_argument("--out", type=Path, required=True)
    words = parser.parse_args()
    text = json.dumps(exported(hs.load(words.system, words.variant), words.model))
    words.out.parent.mkdir(parents=True, exist_ok=True)
    words.out.write_text(text, encoding="utf-8")
    print(f"{words.out}: {len(text)} bytes")


if __name__ == "__main__":
    main()
