"""A module imports only from lower floors of the house."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "hetsim"
FLOORS = {
    "constants": 0,
    "laws": 1,
    "names": 1.9,
    "schema": 2,
    "systems": 2.06,
    "checks": 2.08,
    "parameters": 2.1,
    "reading": 2.05,
    "catalogue": 2.2,
    "style": 0.5,
    "tables": 2,
    "output": 2.5,
    "submodels": 3,
    "models": 3.5,
    "translate": 3.5,
    "basic": 4.5,
    "cell": 4,
    "cell_files": 2.2,
    "cell_balance": 2.3,
    "full_cell_models": 3.7,
    "full_cell": 4.1,
    "loading": 4.2,
    "protocols": 4.15,
    "results": 4,
    "measurements": 4.1,
    "junction_files": 4,
    "pybamm_sets": 4.5,
    "pairs": 4.2,
    "interface_quantities": 4.6,
    "interface": 5,
    "engine": 5,
    "simulation": 5.5,
    "analysis": 5.8,
    "comparison": 6,
    "systems_page": 6.5,
    "fitting": 6.5,
    "sweeping": 6.5,
    "plots": 7,
    "interface_plots": 7.2,
    "report": 7,
    "commands": 7.8,
    "cli": 8,
    "__init__": 9,
}
"""DESIGN: constants, laws, names and parameters, submodels, models and cell, simulation, comparison, plots
and report, command line; a fraction orders what stands on one floor."""


def module_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_by(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hetsim"):
            parts = (node.module or "").split(".")[1:]
            found |= {parts[0]} if parts else {alias.name for alias in node.names}
        if isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("hetsim.")}
    return found


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_imports_point_downwards(path: Path) -> None:
    module = module_of(path)
    for imported in imported_by(path) - {module}:
        assert FLOORS[imported] < FLOORS[module], f"{module} imports {imported} from above"


@pytest.mark.parametrize("path", sorted((PACKAGE / "laws").glob("*.py")), ids=lambda p: p.stem)
def test_laws_need_no_pybamm(path: Path) -> None:
    assert "import pybamm" not in path.read_text(encoding="utf-8")
