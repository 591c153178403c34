"""PyBaMM's door: every entry point that the package declares can be loaded and used."""

import re
from importlib.metadata import entry_points
from pathlib import Path

import pybamm
import pytest

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def declared(group: str) -> list[str]:
    return [point.name for point in entry_points(group=group) if point.value.startswith("hetsim.")]


def test_all_models_and_sets_are_declared() -> None:
    assert set(declared("pybamm_models")) == {f"Heterostructure{m}" for m in ("SPM", "SPMe", "DFN")}
    assert {"CZT", "CT", "ZT"} <= set(declared("pybamm_parameter_sets"))


@pytest.mark.parametrize("name", declared("pybamm_models"))
def test_model_loads_and_solves_with_a_set(name: str) -> None:
    model = pybamm.Model(name)
    solution = pybamm.Simulation(model, parameter_values=pybamm.ParameterValues("CZT")).solve(
        [0, 600]
    )
    assert solution.t[-1] == 600


@pytest.mark.parametrize("name", declared("pybamm_parameter_sets"))
def test_parameter_set_loads(name: str) -> None:
    values = pybamm.ParameterValues(name)
    assert values.evaluate(pybamm.Parameter("Nominal cell capacity [A.h]")) > 0


def test_the_plain_pybamm_script_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    script = next(
        one for one in re.findall(r"```python\n(.*?)```", README, re.S) if "pybamm.Model" in one
    )
    assert len([line for line in script.splitlines() if line.strip()]) <= 10
    exec(compile(script, "README.md", "exec"), {})
    voltage, capacity = (float(one) for one in capsys.readouterr().out.split())
    assert voltage == pytest.approx(3.0, abs=1e-3)  # the charge ends at its cut-off
    assert capacity > 0


def test_the_hetsim_script_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = next(
        one for one in re.findall(r"```python\n(.*?)```", README, re.S) if "hs.load" in one
    )
    monkeypatch.chdir(tmp_path)
    exec(compile(script, "README.md", "exec"), {})
    assert (tmp_path / "czt.png").stat().st_size > 10_000


@pytest.mark.parametrize("wrong", [{"working electrode": "both"}, {"particle": "uniform profile"}])
def test_options_that_have_no_place_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        pybamm.Model("HeterostructureSPM", wrong)
