"""What a type checker knows of the public names: py.typed keeps its promise."""

import ast
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import hetsim as hs
from hetsim import results

ROOT = Path(hs.__file__).parents[1]
SCRIPT = """
import hetsim as hs

cell = hs.load("CZT")
reveal_type(cell)
reveal_type(hs.load("KPB-CZT"))
reveal_type(hs.run(cell, hs.RateTest([1.0])))
reveal_type(hs.run(cell, hs.GITT(0.1, 600, 3600)))
reveal_type(hs.run(cell, hs.CV([1.0])))
reveal_type(hs.run(cell, hs.EIS(0.5)))
reveal_type(hs.run(cell, hs.Protocol([hs.Rest(60)])))
reveal_type(hs.fit(cell, hs.measured("CZT")))
reveal_type(cell.values.number("Particle radius [m]"))
reveal_type(cell.values.numbers("Insertion plateau shares"))
hs.lod("CZT")
"""
REVEALED = (
    "hetsim.cells.half_cell.HalfCell",
    "hetsim.cells.full_cell.FullCell",
    "hetsim.results.rate.RateCurve",
    "hetsim.results.trace.TraceRun",
    "hetsim.results.cv.Voltammogram",
    "hetsim.results.eis.ImpedanceRun",
    "hetsim.results.protocol.ProtocolRun",
    "hetsim.fitting.result.FitResult",
    "float",
    "tuple[float, ...]",
)


def test_mypy_knows_the_public_names(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), str(script)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout
    lines = [line for line in told.splitlines() if "Revealed type" in line]
    assert len(lines) == len(REVEALED), told
    for line, expected in zip(lines, REVEALED, strict=True):
        assert f'"{expected}"' in line
    assert 'Module has no attribute "lod"' in told


@pytest.mark.parametrize(
    ("package", "modules"), [(hs, hs._MODULES), (results, ())], ids=["hetsim", "hetsim.results"]
)
def test_names_for_the_type_checker_are_those_of_python(
    package: ModuleType, modules: tuple[str, ...]
) -> None:
    tree = ast.parse(Path(str(package.__file__)).read_text(encoding="utf-8"))
    [block] = [
        node
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    checked = {
        (alias.asname, f"{imported.module}".removeprefix(package.__name__).removeprefix("."))
        for imported in block.body
        if isinstance(imported, ast.ImportFrom)
        for alias in imported.names
    }
    assert checked == {*package._WHERE.items(), *((name, "") for name in modules)}
    assert all(hasattr(package, name) for name in package.__all__)
