"""What the page is made of is what the sources give now."""

import hashlib
import json
import re
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hetsim.engine.native.library import library
from hetsim.teaching.bundle import PAGE, SCRIPTS, page_text
from tests.helpers.played_tape import all_played

NATIVE = Path(__file__).parents[2] / "hetsim" / "engine" / "native"
SOURCES = (
    *(
        "interpreter.c",
        "lanes.h",
        "branches.h",
        "cut_offs.h",
        "affine.h",
        "vectors.h",
        "vector_math.h",
    ),
    *("machine_code.h", "machine_values.h", "machine_order.h", "machine_bytes.h"),
)


def test_the_engine_is_made_of_the_sources() -> None:
    """scripts/build_wasm.sh writes their sum to the end of the module."""
    content = b"".join((NATIVE / name).read_bytes() for name in SOURCES)
    written = (PAGE / "engine.wasm").read_bytes()[-64:].decode("ascii")
    assert written == hashlib.sha256(content).hexdigest(), (
        "run: bash scripts/build_wasm.sh hetsim/teaching/page/engine.wasm"
    )


@pytest.mark.skipif(library() is None, reason="tapes are made with the engine")
def test_the_tapes_are_those_of_the_models() -> None:
    """They say the same of themselves and compute the same.

    The lists themselves are not compared: which constants are equal and so held once hangs on round-off, and that on
    the processor, for which numpy and its linear algebra choose their code.
    """
    from scripts.teaching_tapes import TAPES, contents, packed

    again = "run: python -m scripts.teaching_tapes"
    kept, now = parts(TAPES.read_bytes()), parts(packed(contents()))
    assert differences(kept, now) == [], again
    for group in ("models", "laws"):
        for name, file in now[group].items():
            models = kept[group][name]["model"], file["model"]
            for cell, of in file.get("cells", {"": file}).items():
                values = [of["values"][one] for one in file.get("value_names", ())]
                given = [300.0 if "[K]" in n else 0.1 for n in file.get("arguments", ())]
                before, after = (all_played(model, values, given) for model in models)
                for block, numbers in after.items():
                    size = np.abs(numbers[np.isfinite(numbers)]).max(initial=0.0)
                    message = f"{name} {cell} {block}: {again}"
                    np.testing.assert_allclose(
                        before[block], numbers, 1e-8, 1e-10 * size, err_msg=message
                    )


ROUND_OFF = re.compile("at_|tape_|constants?$|slots$|fixed$|registers$")
"""Members of a model that say where things lie and how many instructions and constants there are."""


def parts(packed: bytes) -> Any:
    """The text, with its lists in place."""
    whole = zlib.decompress(packed)
    [length] = struct.unpack("<I", whole[:4])
    text, body = json.loads(whole[4 : 4 + length]), whole[4 + length :]
    for group in ("models", "laws"):
        for file in text[group].values():
            for name, place in file["model"].items():
                if isinstance(place, dict):
                    kind = {"tape": "<i2", "i2": "<i2", "f8": "<f8"}[place["kind"]]
                    array = np.frombuffer(body, kind, place["length"], place["at"])
                    is_tape = place["kind"] == "tape"
                    file["model"][name] = array.reshape(5, -1).T if is_tape else array.tolist()
    return text


def differences(one: Any, other: Any, where: str = "") -> list[str]:
    """Places at which two documents differ; numbers to the last digits."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = sorted(name for name in {*one, *other} if not ROUND_OFF.match(name))
        return [d for n in names for d in differences(one.get(n), other.get(n), f"{where}/{n}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            d
            for k, pair in enumerate(zip(one, other, strict=True))
            for d in differences(*pair, f"{where}/{k}")
        ]
    both_numbers = isinstance(one, int | float) and isinstance(other, int | float)
    same = np.isclose(one, other, rtol=1e-10, atol=0) if both_numbers else one == other
    return [] if same else [where]


def test_every_script_is_read_and_none_is_module_code() -> None:
    there = {path.relative_to(PAGE).as_posix() for path in PAGE.rglob("*.*js")}
    assert there == set(SCRIPTS)
    text = page_text()
    assert not re.search(r"^(import|export) ", text, re.MULTILINE)
    assert "{{" not in text.partition("<script>")[0]


def test_the_page_names_no_other_machine() -> None:
    """Not an address is in it but the name of the SVG language, so that nothing can be asked for."""
    found = set(re.findall(r"https?://[^\s\"'`<>]+", page_text()))
    assert found == {"http://www.w3.org/2000/svg"}


def test_experiments_are_links_only_on_a_site() -> None:
    assert 'start("' in page_text()
    assert (
        page_text("../gallery/").rstrip().endswith('"../gallery/");\n</script>\n</body>\n</html>')
    )


def test_every_experiment_that_is_named_exists() -> None:
    root = Path(__file__).parents[2] / "experiments"
    scenes = "".join((PAGE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    lists = re.findall(r"experiment: \[(.*?)\]", scenes)
    assert len(lists) == 7
    for name in re.findall(r'"(\w+)"', "".join(lists)):
        assert (root / f"{name}.py").exists(), name
