"""The engine in WebAssembly gives the numbers of the native library."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hetsim as hs
from hetsim import names
from hetsim.engine import built_model
from hetsim.engine.chains import Chains, Ended
from hetsim.engine.interpreter import Interpreter
from hetsim.engine.native import build
from hetsim.engine.native.library import VERSION
from scripts.export_tape import exported

ROOT = Path(__file__).parents[2]
NEEDED = ("clang", "wasm-ld", "node")

missing = [name for name in NEEDED if not shutil.which(name)]
if missing:
    pytest.skip(f"WebAssembly needs {', '.join(missing)}", allow_module_level=True)


@pytest.fixture(scope="module")
def wasm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("wasm") / "hetsim.wasm"
    command = ["bash", str(ROOT / "scripts" / "build_wasm.sh"), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=100)
    return path


def in_node(wasm: Path, tape: dict[str, Any], **asked: Any) -> dict[str, Any]:
    files = {"tape.json": tape, "asked.json": {"values": {}, "options": {}, "repeat": 1, **asked}}
    for name, content in files.items():
        (wasm.parent / name).write_text(json.dumps(content), encoding="utf-8")
    command = [
        "node",
        ROOT / "tests" / "helpers" / "run_wasm.mjs",
        ROOT / "hetsim" / "teaching" / "page" / "engine.mjs",
        wasm,
        *(wasm.parent / name for name in files),
    ]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


RESISTANCE = "Series resistance [Ohm.cm2]"
RESISTANCES = [1.0, 10.0]
CURRENTS = [0.1, 1.0, 10.0]  # A/g


def discharges(tape: dict[str, Any]) -> Chains:
    """Of two cells at three currents, each to the cut-off; and one of a minute."""
    imposed = np.empty((6, 1, 4))
    for chain in range(6):
        current = CURRENTS[chain % 3]
        longest = 1.05 * tape["specific_capacity"] / current * 3.6 if chain != 4 else 60.0
        imposed[chain, 0] = [
            current * tape["active_mass"],
            tape["values"][names.LOWER_CUT_OFF],
            tape["values"][names.UPPER_CUT_OFF] + 10,
            longest,
        ]
    none = np.zeros(1, np.int32)
    case_of = np.array([0, 0, 0, 1, 1, 1], np.int32)
    return Chains(case_of, imposed, np.full((1, 3), -1, np.int32), none, none)


@pytest.fixture
def without_contraction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The native library with products and sums rounded apart, as WebAssembly does it."""
    path = tmp_path / "apart.so"
    command = [*build.find_compiler(), *build.FLAGS, "-DW=2", "-ffp-contract=off", "-o", str(path)]
    subprocess.run([*command, str(build.SOURCES / "interpreter.c")], check=True)
    monkeypatch.setenv("HETSIM_ENGINE_LIBRARY", str(path))


@pytest.mark.usefixtures("without_contraction")
@pytest.mark.parametrize(("kind", "lanes"), [("SPM", 32), ("SPMe", 8)])
def test_same_numbers_as_the_native_library(wasm: Path, kind: str, lanes: int) -> None:
    cell = hs.load("CZT", "lumped")
    tape = exported(cell, kind)
    assert tape["imposed_names"][1:] == (names.LOWER_CUT_OFF, names.UPPER_CUT_OFF)
    chains = discharges(tape)
    values = {**tape["values"], RESISTANCE: np.array(RESISTANCES)}
    taped = built_model(cell, kind).interpreter
    assert taped is not None
    native = Interpreter(taped.model)
    expected = native.run(values, chains, 1e-5, 1e-5, half=1, lanes=lanes)
    parts = ("case_of", "imposed", "next", "save", "back")
    found = in_node(
        wasm,
        tape,
        values={RESISTANCE: RESISTANCES},
        chains={name: np.ravel(getattr(chains, name)).tolist() for name in parts},
        options={"rtol": 1e-5, "atol": 1e-5, "lanes": lanes, "half": 1},
    )
    assert found["version"] == VERSION
    cut_off, over = int(Ended.CUT_OFF), int(Ended.TIME_OVER)
    assert found["code"] == [cut_off, cut_off, cut_off, cut_off, over, cut_off]
    for name in ("code", "event", "steps", "time", "kept", "shown", "state"):
        wanted = getattr(expected, name)
        got = np.array(found[name], dtype=float).reshape(wanted.shape)
        # the same operations in the same order: in fact the same bits
        np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-15, err_msg=name)


def test_file_for_another_version_is_refused(wasm: Path) -> None:
    tape = {**exported(hs.load("CZT", "lumped"), "SPM"), "version": VERSION + 1}
    with pytest.raises(
        AssertionError, match=f"The file is for version {VERSION + 1} of the engine"
    ):
        in_node(wasm, tape, chains={})


def test_module_imports_nothing(wasm: Path) -> None:
    """It runs in any page, without a C library beside it."""
    code = (
        "const bytes = require('fs').readFileSync(process.argv[1]);"
        "console.log(WebAssembly.Module.imports(new WebAssembly.Module(bytes)).length)"
    )
    done = subprocess.run(["node", "-e", code, str(wasm)], capture_output=True, text=True)
    assert done.stdout.strip() == "0", done.stderr
