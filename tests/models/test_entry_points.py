"""PyBaMM's door: every entry point that the package declares can be loaded and used."""

import re
from importlib.metadata import entry_points
from pathlib import Path

import pybamm
import pytest

import hetsim as hs

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PLAIN = (ROOT / "docs" / "how-to" / "plain_pybamm.md").read_text(encoding="utf-8")


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


@pytest.mark.parametrize("name", ["CZT", "CT", "ZT"])
def test_the_set_of_a_system_has_its_curve(name: str) -> None:
    """In PyBaMM's own simulation at rest and in use, against hetsim's cell of two hosts."""
    cell = hs.load(name)
    values = pybamm.ParameterValues(name)
    for branch, parameter in (("insertion", "lithiation"), ("extraction", "delithiation")):
        curve = values[f"Positive electrode {parameter} OCP [V]"]
        for theta in (0.1, 0.5, 0.9):
            found = values.evaluate(curve(pybamm.Scalar(theta)))
            expected = float(cell.open_circuit_potential(theta, branch))
            assert found == pytest.approx(expected, abs=1e-9)
    simulation = pybamm.Simulation(
        pybamm.Model("HeterostructureSPM"),
        parameter_values=values,
        experiment=pybamm.Experiment(["Discharge at 1C until 0.01 V"]),
    )
    grams = cell.values.number("Active mass loading [mg.cm-2]") * 1e-3
    grams *= cell.values.number("Electrode area [cm2]")
    solution = simulation.solve()
    current = float(solution["Current [A]"].entries[-1]) / grams
    capacity = float(solution["Discharge capacity [A.h]"].entries[-1]) * 1e3 / grams
    test = hs.RateTest([current], from_equilibrium=True)
    # one lumped host conducts by the mixing law of its architecture at any occupancy
    assert capacity == pytest.approx(hs.run(cell, test, model="SPM").capacities[0], rel=0.15)


def test_the_plain_pybamm_script_runs(capsys: pytest.CaptureFixture[str]) -> None:
    script = next(
        one for one in re.findall(r"```python\n(.*?)```", PLAIN, re.S) if "pybamm.Model" in one
    )
    assert len([line for line in script.splitlines() if line.strip()]) <= 10
    exec(compile(script, "plain_pybamm.md", "exec"), {})
    voltage, capacity = (float(one) for one in capsys.readouterr().out.split())
    assert voltage == pytest.approx(3.0, abs=1e-3)  # the charge ends at its cut-off
    assert capacity > 0


def test_the_hetsim_script_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = next(
        one for one in re.findall(r"```python\n(.*?)```", README, re.S) if "hs.load" in one
    )
    load = hs.load
    # one size of particles: a third of the time
    monkeypatch.setattr(hs, "load", lambda name: load(name).with_particle(classes=1))
    monkeypatch.chdir(tmp_path)
    exec(compile(script, "README.md", "exec"), {})
    assert (tmp_path / "czt.png").stat().st_size > 10_000


@pytest.mark.parametrize("wrong", [{"working electrode": "both"}, {"particle": "uniform profile"}])
def test_options_that_have_no_place_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        pybamm.Model("HeterostructureSPM", wrong)
