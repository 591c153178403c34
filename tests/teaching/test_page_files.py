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

NATIVE = Path(__file__).parents[2] / "hetsim" / "engine" / "native"
SOURCES = ("interpreter.c", "lanes.h", "affine.h", "vectors.h", "vector_math.h")


def test_the_engine_is_made_of_the_sources() -> None:
    """scripts/build_wasm.sh writes their sum to the end of the module."""
    content = b"".join((NATIVE / name).read_bytes() for name in SOURCES)
    written = (PAGE / "engine.wasm").read_bytes()[-64:].decode("ascii")
    assert written == hashlib.sha256(content).hexdigest(), (
        "run: bash scripts/build_wasm.sh hetsim/teaching/page/engine.wasm"
    )


def parts(packed: bytes) -> tuple[Any, bytes]:
    whole = zlib.decompress(packed)
    [length] = struct.unpack("<I", whole[:4])
    return json.loads(whole[4 : 4 + length]), whole[4 + length :]


@pytest.mark.skipif(library() is None, reason="tapes are made with the engine")
def test_the_tapes_are_those_of_the_models() -> None:
    from scripts.teaching_tapes import TAPES, contents, packed

    (kept, kept_numbers), (now, numbers) = parts(TAPES.read_bytes()), parts(packed(contents()))
    assert differences(kept, now) == [], "run: python -m scripts.teaching_tapes"
    same = "run: python -m scripts.teaching_tapes"
    for group in ("models", "laws"):
        for name, file in now[group].items():
            for part, place in file["model"].items():
                if isinstance(place, dict):
                    one, other = (array(place, body) for body in (kept_numbers, numbers))
                    np.testing.assert_allclose(
                        one, other, rtol=1e-12, err_msg=f"{name} {part}: {same}"
                    )


def array(place: dict[str, Any], body: bytes) -> Any:
    kind = {"tape": "<i2", "i2": "<i2", "f8": "<f8"}[place["kind"]]
    return np.frombuffer(body, kind, place["length"], place["at"])


def differences(one: Any, other: Any, where: str = "") -> list[str]:
    """Places at which two documents differ; numbers to the last digits."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = sorted({*one, *other} - {"at"})  # where the numbers of a list begin
        return [d for n in names for d in differences(one.get(n), other.get(n), f"{where}/{n}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            d
            for k, pair in enumerate(zip(one, other, strict=True))
            for d in differences(*pair, f"{where}/{k}")
        ]
    both_numbers = isinstance(one, int | float) and isinstance(other, int | float)
    same = np.isclose(one, other, rtol=1e-12, atol=0) if both_numbers else one == other
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
