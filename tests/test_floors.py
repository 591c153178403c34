"""The house: a folder imports only from folders on lower floors, and no file leads back to itself."""

import ast
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "hetsim"
FLOORS = (
    ("constants", "units", "errors", "late", "names", "references"),
    ("laws",),
    ("architectures",),
    ("parameters",),
    ("submodels", "results"),
    ("models", "junctions", "measurements"),
    ("cells", "protocols"),
    ("engine",),
    ("simulation",),
    ("analysis", "sweeping", "exchange"),
    ("fitting",),
    ("prediction", "solid_electrolytes"),
    ("plots", "teaching"),
    ("commands",),
    ("cli",),
)
"""Folders and modules in the root of the package, from the ground up."""

MOST_IN_ROOT = 7

FILES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """The dotted name of a module, without the package; "" is the package itself."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in FILES}


@cache
def imported_by(module: str) -> frozenset[str]:
    """Every module of hetsim that a module names in an import, wherever in its text that stands."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "hetsim":
            base = (node.module or "").removeprefix("hetsim").removeprefix(".")
            for alias in node.names:
                inner = f"{base}.{alias.name}".removeprefix(".")
                found.add(inner if inner in MODULES else base)
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.split(".")[0] == "hetsim"]
            found |= {name.removeprefix("hetsim").removeprefix(".") for name in names}
    return frozenset(found)


def floor_of(module: str) -> int:
    folder = module.split(".")[0]
    return next(number for number, names in enumerate(FLOORS) if folder in names)


def inside(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", FILES[1:], ids=inside)
def test_imports_point_downwards(path: Path) -> None:
    module = name_of(path)
    for imported in imported_by(module):
        assert imported, f"{module} imports the package itself"
        same_folder = imported.split(".")[0] == module.split(".")[0]
        assert same_folder or floor_of(imported) < floor_of(module), f"{module} imports {imported}"


def test_no_file_leads_back_to_itself() -> None:
    """Depth-first through all imports; `open_` holds the way from the start to where we stand."""
    done: set[str] = set()

    def visit(module: str, open_: tuple[str, ...]) -> None:
        assert module not in open_, " -> ".join([*open_[open_.index(module) :], module])
        if module not in done:
            for imported in imported_by(module):
                visit(imported, (*open_, module))
            done.add(module)

    for module in MODULES:
        visit(module, ())


def test_root_holds_what_starts_the_package_and_nothing_else() -> None:
    assert len(list(PACKAGE.glob("*.py"))) <= MOST_IN_ROOT


@pytest.mark.parametrize("path", sorted((PACKAGE / "laws").glob("*.py")), ids=lambda p: p.stem)
def test_laws_need_no_pybamm(path: Path) -> None:
    assert "import pybamm" not in path.read_text(encoding="utf-8")


def test_every_folder_is_named_on_a_floor() -> None:
    named = {name for names in FLOORS for name in names}
    folders = {module.split(".")[0] for module in MODULES if module}
    assert folders <= named


LONGEST = 45
"""Lines of a function without its docstring: what is seen on a screen."""


def lines_without_docstring(function: ast.FunctionDef) -> int:
    first = function.body[1] if ast.get_docstring(function) and function.body[1:] else function
    signature = function.body[0].lineno - function.lineno if first is not function else 0
    return signature + (function.end_lineno or 0) - first.lineno + 1


@pytest.mark.parametrize("path", FILES, ids=inside)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    long = {one.name for one in functions if lines_without_docstring(one) > LONGEST}
    assert not long
