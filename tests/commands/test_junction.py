"""hetsim interface: what it prints, writes, draws and refuses."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hetsim.commands.junction import sections
from hetsim.errors import ParameterError
from hetsim.junctions.pair import IONS, material
from hetsim.junctions.report import pair_of_materials, pair_of_system, report
from hetsim.parameters.library import PARAMETER_SETS
from hetsim.plots.junction import figure

FILES = {f"interface.{kind}" for kind in ("png", "svg", "csv", "json")}
NUMBERS = {
    "work_function_a_eV",
    "work_function_b_eV",
    "built_in_potential_V",
    "debye_length_a_nm",
    "debye_length_b_nm",
    "depletion_width_a_nm",
    "depletion_width_b_nm",
    "radius_over_debye_length",
    "surviving_step",
    "conductivity_ratio",
    "conductivity_ratio_low",
    "conductivity_ratio_high",
    "interface_volume_fraction",
    "d_eff_over_d_bulk",
    "barrier_ratio_bound",
}
CZT = (PARAMETER_SETS / "systems" / "CZT.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def czt():
    return report(pair_of_system("CZT"))


@pytest.fixture(scope="module")
def core_shell():
    return report(pair_of_system("CZT", "core-shell"))


@pytest.fixture
def hetsim(hetsim):
    """`hetsim interface` in an empty folder."""
    return lambda *words: hetsim("interface", *words)


# --- the command -------------------------------------------------------------------------------


def test_json_is_one_object_with_units_in_its_keys(hetsim):
    result = hetsim("CZT", "--json")
    assert result.exit_code == 0

    def refuse(name):
        raise AssertionError(f"{name} is not JSON")

    found = json.loads(result.stdout, parse_constant=refuse)
    assert all(isinstance(found[key], int | float) for key in NUMBERS)
    assert (found["positive_side"], found["built_in_potential_V"]) == ("ZnTe", pytest.approx(1.5))
    assert set(found["d_eff_over_d_bulk_by_architecture"]) == {
        "dispersed",
        "stacked-parallel",
        "stacked-series",
        "core-shell",
        "mixture",
    }
    written = json.loads(Path("hetsim-out/CZT-interface/interface.json").read_text())
    assert written == found


def test_every_row_of_the_report_is_a_key_of_the_object(czt):
    content = czt.to_dict()
    keys = {key.partition(".")[0] for rows in sections().values() for key in rows.values()}
    assert keys <= set(content)


def test_the_report_says_what_a_reader_looks_for(hetsim):
    result = hetsim("CZT")
    assert result.exit_code == 0
    for words in (
        "CZT: CoTe2 (A) and ZnTe (B), K+ ions",
        "fields give no net drift",
        "the step  survives (100 %)",
        "assumed: none is measured for this pair",
        "What a built-in field cannot do here",
        "upper bound",
        "CoTe2 has no 'Electron affinity [eV]'",
        "written: hetsim-out",
    ):
        assert words in result.stdout
    assert {path.name for path in Path("hetsim-out/CZT-interface").iterdir()} == FILES


def test_a_thin_core_and_shell_flatten_the_step(hetsim, tmp_path):
    file = tmp_path / "thin.toml"
    flat = CZT.replace("value = 12.5e-9", "value = 50e-9").replace(
        "value = 250e-9", "value = 50e-9"
    )
    assert flat != CZT
    file.write_text(flat, encoding="utf-8")
    result = hetsim(str(file), "--variant", "core-shell")
    assert result.exit_code == 0
    assert "is flattened to" in result.stdout
    assert Path("hetsim-out/thin-core-shell-interface/interface.png").is_file()


@pytest.mark.usefixtures("vectors")
def test_two_materials_and_another_pair_beside_them(hetsim):
    words = ("--material-a", "FeSe", "--material-b", "Fe3Se4", "--against", "Co-FeSe/Co-Fe3Se4")
    printed = hetsim(*words).stdout
    assert "0.01724" in printed
    assert "0.06284" in printed
    found = json.loads(hetsim(*words, "--json").stdout)
    assert found["ion"] == "K"  # of their file
    assert found["interface_migration_barrier_eV"] == 0.53
    assert found["against"]["interface_migration_barrier_eV"] == 0.34
    folder = Path("hetsim-out/FeSe-Fe3Se4-interface")
    assert {path.name for path in folder.iterdir()} == FILES | {
        one.replace("interface", "against") for one in FILES
    }


def test_out_says_where(hetsim, tmp_path):
    assert hetsim("CZT", "--against", "FeSe/Fe3Se4", "--out", str(tmp_path / "here")).exit_code == 0
    assert {path.name for path in (tmp_path / "here").iterdir()} > FILES
    assert not Path("hetsim-out").exists()


def test_it_answers_soon_and_without_pybamm(tmp_path):
    script = (
        "import sys\n"
        "from hetsim.commands.junction import interface\n"
        "interface(['CZT', '--json'], standalone_mode=False)\n"
        "assert 'pybamm' not in sys.modules, 'PyBaMM was imported'\n"
    )
    start = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    json.loads(run.stdout)
    assert time.perf_counter() - start < 15  # 3 s alone; a busy machine gets more


REFUSED = {
    "nothing": ([], ["SYSTEM", "--material-a"]),
    "both": (["CZT", "--material-a", "MoS2"], ["'CZT'", "--material-a", "not both"]),
    "one material": (["--material-a", "MoS2", "--ion", "Na"], ["--material-b", "missing"]),
    "unknown system": (["CTZ"], ["Unknown system 'CTZ'", "CT"]),
    "unknown material": (
        ["--material-a", "MoS3", "--material-b", "ZnTe"],
        ["Unknown material 'MoS3'", "MoS2"],
    ),
    "unknown ion": (
        ["--material-a", "MoS2", "--material-b", "ZnTe", "--ion", "Xe"],
        ["Unknown ion 'Xe'", *IONS],
    ),
    "which ion": (["--material-a", "MoS2", "--material-b", "ZnTe"], ["Which ion", "--ion", "MoS2/ZnTe"]),
    "same material": (
        ["--material-a", "MoS2", "--material-b", "MoS2", "--ion", "Na"],
        ["'MoS2'", "two different materials"],
    ),
    "ion of a system": (["CZT", "--ion", "Na"], ["--ion", "CZT", "for K"]),
    "variant of materials": (
        ["--material-a", "MoS2", "--material-b", "ZnTe", "--variant", "core-shell"],
        ["--variant", "SYSTEM"],
    ),
    "unknown variant": (["CZT", "--variant", "shell-core"], ["'shell-core'", "core-shell"]),
    "unknown against": (["CZT", "--against", "TZC"], ["Unknown system 'TZC'"]),
    "unknown pair against": (["CZT", "--against", "FeSe/FeSe4"], ["Unknown material 'FeSe4'"]),
    "no file": (["mine.toml"], ["'mine.toml'"]),
}  # fmt: skip


@pytest.mark.parametrize(("words", "said"), REFUSED.values(), ids=REFUSED)
def test_wrong_input_is_one_clear_sentence_and_writes_nothing(hetsim, words, said):
    result = hetsim(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    for one in said:
        assert one in result.stderr
    assert not Path("hetsim-out").exists()


def test_material_that_contradicts_itself_is_refused(monkeypatch):
    from hetsim.parameters.component_file import read_material

    znte = read_material("ZnTe")
    value = replace(znte.values["Electron affinity [eV]"], value=7.5)
    broken = replace(znte, values={**znte.values, "Electron affinity [eV]": value})
    monkeypatch.setattr("hetsim.junctions.pair.read_material", lambda _: broken)
    with pytest.raises(ParameterError, match=r"ZnTe\.toml.*contradict"):
        material("ZnTe")


# --- the figure --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pair",
    [("CoTe2", "ZnTe", "K"), ("MoS2", "ZnIn2S4", "Na"), ("Mo2C", "MoO3", "Li"), ("Sn", "Al", "Al")],
    ids="/".join,
)
def test_figure_has_its_panels_with_units(pair):
    axes = figure(report(pair_of_materials(*pair))).axes
    assert len(axes) == 5  # potential and field are two halves of one panel
    titles = [one.get_title(loc="left") for one in axes if one.get_title(loc="left")]
    assert [title[0] for title in titles] == list("abcd")
    for one in axes:
        if one.axison:
            assert "[" in one.get_ylabel()
    assert sum("[" in one.get_xlabel() for one in axes) == 3


def test_figure_shows_the_measured_ratios_of_mo2c_moo3():
    axes = figure(report(pair_of_materials("Mo2C", "MoO3"))).axes[-1]
    points = {
        (float(line.get_xdata()[0]), float(line.get_ydata()[0]))
        for line in axes.lines
        if line.get_marker() in ("o", "^")
    }
    assert points == {(300.0, 240.0), (230.0, 50.0)}
    solid = axes.lines[0]
    at_300 = np.interp(300.0, solid.get_xdata(), np.log(solid.get_ydata()))
    assert at_300 == pytest.approx(np.log(240), abs=1e-3)  # interpolated between kelvins
    assert np.interp(230.0, solid.get_xdata(), solid.get_ydata()) > 50


def test_field_in_the_figure_is_minus_the_slope_of_its_potential(core_shell):
    _, potential, field, *_ = figure(core_shell).axes
    here, slope = potential.lines[-2], field.lines[-2]  # the last line marks the junction
    x, phi = here.get_xdata(), here.get_ydata()
    middle = np.abs(x - 0.5).argmin()
    numerical = -(phi[middle + 2] - phi[middle - 2]) / (x[middle + 2] - x[middle - 2]) / 20
    assert slope.get_ydata()[middle] == pytest.approx(
        numerical, rel=0.01, abs=0
    )  # four points of 1/600 wide


def test_the_pair_whose_field_is_known(hetsim):
    """FeSe/Fe3Se4 with and without cobalt: measured potentials and the barriers of the two junctions."""
    result = hetsim("FeSe-Fe3Se4", "--against", "Co-FeSe-Fe3Se4")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    for words, numbers in (
        ("interface potential [V]", ("0.01724", "0.06284")),
        ("migration barrier of the interface [eV]", ("0.53", "0.34")),
    ):
        line = next(line for line in lines if line.startswith(words))
        assert tuple(line.split()[-2:]) == numbers
