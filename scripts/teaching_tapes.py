"""What the teaching page computes with, made from the PyBaMM models and hetsim's laws.

    python -m scripts.teaching_tapes          # after a change of a model, a law or a parameter file of the page
    bash scripts/build_wasm.sh hetsim/teaching/page/engine.wasm      # after a change of the engine in C

The first writes hetsim/teaching/page/tapes.bin, and numbers.json beside the tests: what hs.run gives for some states
of the page (scripts.teaching_numbers). tests/teaching holds both equal to what the sources give now.
"""

import json
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from scripts.teaching_laws import laws
from scripts.teaching_models import materials, measured, models, particle, steps
from scripts.teaching_numbers import numbers

ROOT = Path(__file__).parents[1]
TAPES = ROOT / "hetsim" / "teaching" / "page" / "tapes.bin"
NUMBERS = ROOT / "tests" / "teaching" / "numbers.json"

INTEGERS = ("diagonal", "which")


def contents() -> dict[str, Any]:
    """All that the page holds beside its text."""
    return {
        "models": models(),
        "laws": laws(particle()),
        "measured": measured(),
        "materials": materials(),
        "steps": steps(),
    }


def packed(content: dict[str, Any]) -> bytes:
    """The length of a JSON text, the text, and behind it the numbers of the tapes that it names, compressed.

    A list of numbers is {"kind", "at", "length"} in the text, kind "i16", "i32" or "f64" (little-endian); a tape is
    written column after column, which is smaller: {"kind": "tape", ...}.
    """
    body = bytearray()

    def held(name: str, values: Any) -> dict[str, Any]:
        is_tape = name.startswith("tape_")
        array = np.asarray(values)
        if is_tape:
            array = array.reshape(-1, 5).T
        kind = "<i2" if is_tape or name in INTEGERS else "<f8"
        made = np.ascontiguousarray(array.ravel(), dtype=kind)
        assert np.array_equal(made, array.ravel())
        body.extend(bytes(-len(body) % 8))
        place = {"kind": "tape" if is_tape else kind[1:], "at": len(body), "length": made.size}
        body.extend(made.tobytes())
        return place

    def file(one: dict[str, Any]) -> dict[str, Any]:
        members = one["model"]
        lists = {
            name: held(name, value) for name, value in members.items() if isinstance(value, list)
        }
        return {**one, "model": {**members, **lists}}

    text = {
        **content,
        **{
            group: {name: file(one) for name, one in content[group].items()}
            for group in ("models", "laws")
        },
    }
    head = json.dumps(text, separators=(",", ":")).encode()
    head += b" " * (-(len(head) + 4) % 8)
    return zlib.compress(struct.pack("<I", len(head)) + head + bytes(body), 9)


def main() -> None:
    """Write both files."""
    TAPES.write_bytes(packed(contents()))
    NUMBERS.write_text(json.dumps(numbers(), indent=1) + "\n", encoding="utf-8")
    print(f"{TAPES}: {TAPES.stat().st_size} bytes")


if __name__ == "__main__":
    main()
