"""The benchmarks run, and what they compare agrees."""

import importlib.util
import inspect
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from hetsim import names
from hetsim.errors import ParameterError

FOLDER = Path(__file__).parents[1] / "benchmarks"


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made  # dataclasses look their module up
    spec.loader.exec_module(made)
    return made


def test_the_three_ways_of_a_sweep_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYBAMM_CASADI_AOT_CACHE", "")  # put back what the benchmark sets
    compare = module("compare_sweep")
    study = compare.Study("SPM", "core-shell", 1, cases=8, timed=1)
    found, capacities = compare.cold(study, threads=1)
    assert capacities.shape == (8, 7)
    assert found["difference"] <= 5e-5  # the tolerance of the interpreter in a field
    assert found["failed"] == 0
    assert found["ratio"] > 1


@pytest.mark.parametrize("variant", ["", "core-shell"])
def test_the_mesh_is_fine_enough(variant: str) -> None:
    compare = module("compare_sweep")
    cell = compare.Study("SPM", variant, 3, 1, 1).cell()
    potential = {names.BUILT_IN_POTENTIAL: compare.FIELD[names.BUILT_IN_POTENTIAL]}
    found = compare.mesh_error(
        cell, compare.DIFFUSION | potential if variant else compare.DIFFUSION
    )
    assert found["of full"] <= 1e-3
    assert (
        found["of delivered"] < 1e-2
    )  # three classes leave the largest sphere almost empty at 10 A/g
    assert found["order"] == pytest.approx(2, abs=0.3)


def test_the_tables_go_between_their_marks(tmp_path: Path) -> None:
    compare = module("compare_sweep")
    page = tmp_path / "page.md"
    page.write_text(f"before\n{compare.MARK}\nold\n{compare.MARK}\nafter\n", encoding="utf-8")
    compare.write("| new |", page)
    text = page.read_text(encoding="utf-8")
    assert "old" not in text
    assert text.startswith("before\n")
    assert "| new |" in text
    assert text.endswith("\nafter\n")


def timings() -> list[tuple[Any, str]]:
    classes = [one for _, one in inspect.getmembers(module("time_rate_tests"), inspect.isclass)]
    return [(one, name) for one in classes for name in dir(one) if name.startswith("time_")]


@pytest.mark.parametrize(
    ("group", "name"), timings(), ids=lambda one: getattr(one, "__name__", one)
)
def test_each_timing_runs(group: Any, name: str) -> None:
    made = group()
    made.setup("SPM")
    getattr(made, name)("SPM")


def test_two_hosts_cost_little_more_than_one() -> None:
    """Each host has a hysteresis of its own, and one host needs no time stepping where capacities alone are wanted:
    3 in a run and 7 in a list, alone.

    Two tests share the machine, and a ratio of short times is not that even.
    """
    found = module("compare_hosts").compared("SPMe", rounds=3, cases=20)
    assert found["hs.run"] < 5
    assert found["list"] < 14


def test_a_study_of_calibration_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    calibration = module("calibration")
    asked: list[int] = []

    def make(name: int) -> dict[str, Any]:
        asked.append(name)
        if name == 2:
            raise ParameterError("no start")
        return {"z2": float(name)}

    file = tmp_path / "field.jsonl"
    calibration.cases(file, [1, 2], make)
    calibration.cases(file, [1, 2, 3], make)
    assert asked == [1, 2, 3]
    assert [one.get("z2") for one in calibration.records(file)] == [1.0, None, 3.0]
    page = tmp_path / "page.md"
    begin, end = calibration.marks("field")
    page.write_text(f"before\n{begin}\nold\n{end}\nafter\n", encoding="utf-8")
    calibration.write_into(page, "field", "| new |")
    assert page.read_text(encoding="utf-8").split() == [
        "before", *begin.split(), "|", "new", "|", *end.split(), "after",
    ]  # fmt: skip


def test_a_study_of_evidence_makes_each_truth_and_its_cell() -> None:
    study = module("evidence")
    made = list(study.cases(2, 1))
    assert len(made) == len(set(made)) == 2 * (2 * len(study.PAIRS) + len(study.WITH_FIELD))
    rng = np.random.default_rng(0)
    shell = study.electrode("size", "field")
    assert shell.values.number("Built-in potential [V]") == 0.0
    field = study.changed("field", shell, rng)
    assert 0.02 <= field["Built-in potential [V]"] == field["factor"] <= 0.1
    lumped = study.electrode("resistance", "diffusivity")
    assert lumped.name == "CZT (lumped)"
    worse = study.changed("diffusivity", lumped, rng)
    usual = lumped.values.number("Component A diffusivity [m2.s-1]")
    assert worse["Component A diffusivity [m2.s-1]"] == pytest.approx(worse["factor"] * usual)
    assert 1 / 30 <= worse["factor"] <= 1 / 3


def test_bands_are_learned_on_other_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Highest currents that the model misses by exactly 0.3 where it is certain, one e-fold beyond the data."""
    monkeypatch.syspath_prepend(str(FOLDER))
    bands = module("calibration_bands")
    one = {
        "paper": "a", "highest": True, "predicted": [0.0] * 50, "scatter": [4.0] * 50, "points": 6,
        "noise": 1e-4, "distance": 1.0, "truth": 0.3,
    }  # fmt: skip
    # 90 % of a normal distribution: 0.3 = 1.645 g, on a grid of 0.01
    assert bands.learned([one]) == pytest.approx(0.3 / 1.645, abs=0.012)
    assert bands.holds(one, 0.05)[0] is False
    assert bands.places(7, every=False) == [3, 6]
    assert bands.places(4, every=True) == [1, 2, 3]
