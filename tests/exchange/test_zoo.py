"""The manifests that pybamm-model-zoo reads: what its contract asks for, and the tests and examples beside them."""

import re
import tomllib
from importlib import import_module
from pathlib import Path
from runpy import run_path
from typing import Any

import pybamm
import pytest

import hetsim.exchange.zoo
from hetsim.references.reference import library

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in Path(hetsim.exchange.zoo.__path__[0]).glob("*/model.toml"))


def manifest(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "model.toml").read_text(encoding="utf-8"))["model"]


def model_of(folder: Path) -> Any:
    module, name = manifest(folder)["class"].split(":")
    return getattr(import_module(module), name)


def test_the_three_models_are_there_and_the_zoo_is_told() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    points = project["entry-points"]
    assert points["pybamm_zoo_models"] == {"hetsim": "hetsim.exchange.zoo"}
    declared = {manifest(folder)["name"]: manifest(folder)["class"] for folder in FOLDERS}
    assert declared == points["pybamm_models"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_manifest_has_what_the_zoo_asks_for(folder: Path) -> None:
    found = manifest(folder)
    keys = {
        "slug",
        "name",
        "title",
        "summary",
        "class",
        "tier",
        "added",
        "license",
        "maintainers",
        "citation",
        "tests",
    }
    assert set(found) == keys
    assert found["slug"] == folder.name
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", found["added"])
    assert found["license"] == "BSD-3-Clause"
    assert issubclass(model_of(folder), pybamm.BaseModel)
    readme = (folder / "README.md").read_text(encoding="utf-8")
    for section in ("Summary", "Usage", "Validation", "Citation"):
        assert f"\n## {section}\n" in readme
    for inner in ("examples", "tests"):
        assert list((folder / inner).glob("*.py"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_making_a_model_registers_the_entry_of_its_citation_file(folder: Path) -> None:
    text = (folder / "CITATION.bib").read_text(encoding="utf-8")
    key = manifest(folder)["citation"]["key"]
    assert text.startswith(f"@misc{{{key},")
    versioned = library()[key].bibtex
    assert [line for line in versioned.splitlines() if "note =" not in line] == text.splitlines()
    pybamm.citations._reset()
    model = model_of(folder)()
    assert (
        versioned in pybamm.citations._unknown_citations or key in pybamm.citations._papers_to_cite
    )
    for name in manifest(folder)["tests"]["key_variables"]:
        assert name in model.variables


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_its_own_tests_pass_and_its_example_runs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (folder / "tests").glob("*.py"):
        for name, test in run_path(str(path)).items():
            if name.startswith("test_"):
                test()
    for path in (folder / "examples").glob("*.py"):
        run_path(str(path), run_name="__main__")
    assert re.search(r"\d\.\d+", capsys.readouterr().out)
