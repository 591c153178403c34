"""hetsim analyse: a user's files under the analysis of the papers."""

import json
import sys

import numpy as np
import pytest
from click.testing import CliRunner
from synthetic_gitt import PLATE, SPHERE, interrupted, titration

from hetsim.cli import main


@pytest.fixture
def analyse(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*words):
        return CliRunner().invoke(main, ["analyse", *words], catch_exceptions=False)

    return run


def write(name, header, columns):
    np.savetxt(name, np.column_stack(columns), delimiter=",", header=header, comments="")


@pytest.fixture
def gitt_file(analyse):
    trace = titration(PLATE, 1e-3, seconds=1000.0)  # R^2/D of 1000 s
    columns = (trace.time, trace.current, trace.voltage)
    write("gitt.csv", "time_s,current_A_per_g,voltage_V", columns)
    write(
        "whole.csv", "time_s,current_mA,voltage_V", (trace.time, 1.2 * trace.current, trace.voltage)
    )
    return "gitt.csv"


@pytest.fixture
def cv_file(analyse):
    down = np.linspace(3, 0.01, 200)
    potential = np.r_[down, down[::-1]]
    rows = [
        (u, (0.6 * v + 0.4 * v**0.5) * sign, v)
        for v in (0.1, 0.5, 1.0)
        for u, sign in zip(potential, np.repeat([1, -1], 200), strict=True)
    ]
    write("cv.csv", "potential_V,current_A_per_g,scan_rate_mV_per_s", np.array(rows).T)
    return "cv.csv"


@pytest.fixture
def rate_file(analyse):
    write(
        "rate.csv",
        "current_A_per_g,capacity_mAh_per_g",
        ([0.1, 0.3, 0.5, 1, 3, 5, 10], [365.3, 320.2, 280.6, 241.4, 199.0, 164.0, 134.3]),
    )
    return "rate.csv"


def test_gitt_gives_the_diffusivity_back(analyse, gitt_file):
    result = analyse("gitt", gitt_file, "--length-nm", "1000", "--json")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 1
    found = json.loads(result.stdout)
    # (1 um)^2 / 1000 s; the file has eighteen digits
    assert found["median_diffusivity_m2_per_s"] == pytest.approx(1e-15, rel=1e-3, abs=0)
    assert found["length_m"] == pytest.approx(1e-6)
    assert {"diffusivity_m2_per_s", "jump_V", "passed_mAh_per_g"} <= set(found["pulses"][0])


def test_gitt_sets_closed_form_and_interruption_beside_weppner_huggins(analyse, tmp_path):
    trace = titration(SPHERE, 0.1, pulses=4, seconds=1000.0)  # R = 1 um: D = 1e-15 m2/s
    columns = (trace.time, trace.current, trace.voltage)
    write("gitt.csv", "time_s,current_A_per_g,voltage_V", columns)
    result = analyse("gitt", "gitt.csv", "--sphere-radius-nm", "1000", "--json")
    found = json.loads(result.stdout)
    assert found["median_diffusivity_by_closed_form_m2_per_s"] == pytest.approx(1e-15, rel=1e-4)
    assert found["median_diffusivity_m2_per_s"] < 0.5e-15  # not short: low
    assert found["median_diffusivity_by_interruption_m2_per_s"] > 2e-15  # not short: high
    shown = analyse("gitt", "gitt.csv", "--sphere-radius-nm", "1000").stdout
    assert "closed form 1.00e-11" in shown  # cm2/s
    assert "interruption: window not short against R2/D" in shown
    header = (tmp_path / "hetsim-out/gitt-analyse-gitt/gitt.csv").read_text().splitlines()[0]
    assert "diffusivity_by_closed_form_m2_per_s" in header
    assert "diffusivity_by_interruption_m2_per_s" in header


def test_gitt_says_why_there_is_no_interruption(analyse, gitt_file):
    shown = analyse("gitt", gitt_file, "--length-nm", "1000").stdout
    assert "linear in sqrt(t)" in shown
    trace = titration(PLATE, 1e-3, pulses=1, seconds=1000.0)
    columns = (trace.time, trace.current, trace.voltage)
    write("one.csv", "time_s,current_A_per_g,voltage_V", columns)
    result = analyse("gitt", "one.csv", "--length-nm", "1000", "--json")
    assert json.loads(result.stdout)["median_diffusivity_by_interruption_m2_per_s"] is None
    shown = analyse("gitt", "one.csv", "--length-nm", "1000").stdout
    assert "no diffusivity by interruption: The trace has 1 interruption and needs two" in shown


@pytest.fixture
def ici_file(analyse):
    trace = interrupted(SPHERE, 0.01, seconds=1000.0)
    columns = (trace.time, trace.current, trace.voltage)
    write("ici.csv", "time_s,current_A_per_g,voltage_V", columns)
    return "ici.csv"


@pytest.mark.usefixtures("vectors")
def test_ici_gives_diffusivity_and_resistance_back(analyse, ici_file, tmp_path):
    words = ("ici", ici_file, "--sphere-radius-nm", "1000")
    found = json.loads(analyse(*words, "--json").stdout)
    assert found["median_diffusivity_by_closed_form_m2_per_s"] == pytest.approx(1e-15, rel=1e-4)
    # 1 to 5 s are T = 0.001 to 0.005: high by 2 (sqrt(pi T_1) + sqrt(pi T_2)) and more
    assert 1.3e-15 < found["median_diffusivity_m2_per_s"] < 1.8e-15
    assert found["window_s"] == [1.0, 5.0]
    middle = found["interruptions"][3]
    assert middle["resistance_by_closed_form_Ohm_g"] == pytest.approx(0.3, rel=1e-4)
    shown = analyse(*words).stdout
    assert "median D of 8 interruptions" in shown
    names = {"ici.png", "ici.svg", "ici.csv", "ici.json"}
    assert {one.name for one in (tmp_path / "hetsim-out/ici-analyse-ici").iterdir()} == names


@pytest.fixture
def eis_file(analyse):
    frequency = np.logspace(5, -2, 71)
    omega = 2 * np.pi * frequency
    z = 5 + 1 / (1 / (20 + 3 * (1 - 1j) / np.sqrt(omega)) + 1j * omega * 1e-4)
    write("eis.csv", "frequency_Hz,real_Ohm,imaginary_Ohm", (frequency, z.real, z.imag))
    return "eis.csv"


@pytest.mark.usefixtures("vectors")
def test_eis_gives_the_circuit_back(analyse, eis_file, tmp_path, monkeypatch):
    pytest.importorskip("impedance")
    monkeypatch.setitem(sys.modules, "pyimpspec", None)  # as without the extra
    found = json.loads(analyse("eis", eis_file, "--json").stdout)
    (one,) = found["spectra"]
    assert found["unit"] == "Ohm"
    # the fit ends at 1e-4
    assert one["series_resistance_Ohm"] == pytest.approx(5, rel=1e-3)
    assert one["charge_transfer_resistance_Ohm"] == pytest.approx(20, rel=1e-3)
    assert one["capacity_F"] == pytest.approx(1e-4, rel=1e-3)
    assert one["warburg_coefficient_Ohm_per_sqrt_s"] == pytest.approx(3, rel=1e-3)
    assert one["time_constant_s"] == pytest.approx(2e-3, rel=1e-3)
    assert one["remarks"] == []
    shown = analyse("eis", eis_file).stdout
    assert "no relaxation times: The distribution" in shown
    assert 'pip install "hetsim[drt]"' in shown
    names = {"eis.png", "eis.svg", "eis.csv", "eis.json"}
    assert {path.name for path in (tmp_path / "hetsim-out/eis-analyse-eis").iterdir()} == names


def test_eis_lists_relaxation_times_where_the_extra_is_there(analyse, eis_file, tmp_path):
    pytest.importorskip("pyimpspec")
    shown = analyse("eis", eis_file).stdout
    assert "spectrum: relaxation at 0.00205 s" in shown
    assert "open: diffusion or a capacitor" in shown
    header = (tmp_path / "hetsim-out/eis-analyse-eis/eis.csv").read_text().splitlines()[0]
    assert "relaxation_time_s,distribution_Ohm" in header


def test_eis_reads_what_hetsim_eis_writes(analyse, tmp_path):
    pytest.importorskip("impedance")
    words = ["eis", "CZT", "--variant", "lumped", "--model", "SPM", "--filling", "0.3", "0.5"]
    made = CliRunner().invoke(main, [*words, "--out", "made"], catch_exceptions=False)
    assert made.exit_code == 0
    found = json.loads(analyse("eis", "made/eis.csv", "--json").stdout)
    assert found["unit"] == "Ohm.cm2"
    assert [one["filling"] for one in found["spectra"]] == [0.3, 0.5]
    # a simulated spectrum is linear, causal and stable
    assert all(one["largest_residual_of_kramers_kronig"] < 1e-3 for one in found["spectra"])


@pytest.mark.usefixtures("vectors")
def test_gitt_table_says_length_and_files(analyse, gitt_file, tmp_path):
    result = analyse("gitt", gitt_file, "--sphere-radius-nm", "3000")
    assert "length L: 1000 nm (a third of the radius 3000 nm of spheres)" in result.stdout
    folder = tmp_path / "hetsim-out" / "gitt-analyse-gitt"
    names = {"gitt.png", "gitt.svg", "gitt.csv", "gitt.json"}
    assert {path.name for path in folder.iterdir()} == names


def test_records_of_two_systems_do_not_write_over_each_other(analyse, hetsim, tmp_path):
    for name in ("a-gitt", "b-gitt"):
        words = ("--model", "SPM", "--pulses", "2", "--out", name)
        assert hetsim("gitt", "VO2x-NC", *words).exit_code == 0
        analyse("gitt", f"{name}/gitt.csv", "--length-nm", "100")
    folders = {path.name for path in (tmp_path / "hetsim-out").iterdir()}
    assert folders == {"a-gitt-analyse-gitt", "b-gitt-analyse-gitt"}


def test_mass_form_and_milliamperes(analyse, gitt_file):
    form = ["--mass-mg", "1.2", "--molar-mass-g-per-mol", "314", "--area-cm2", "1.1"]
    volume = ["--molar-volume-cm3-per-mol", "45"]
    found = [
        json.loads(analyse("gitt", name, *form, *volume, "--json").stdout)
        for name in (gitt_file, "whole.csv")
    ]
    assert found[0]["length_m"] == pytest.approx(1e-2 * 1.2e-3 / 314 * 45 / 1.1)
    # the current only counts the charge: D knows voltages, time and length
    medians = [one["median_diffusivity_m2_per_s"] for one in found]
    assert medians[0] == pytest.approx(medians[1], rel=1e-9, abs=0)


def test_cv_recovers_a_known_share(analyse, cv_file):
    found = json.loads(analyse("cv", cv_file, "--json").stdout)
    fastest = found["scan_rates"][-1]
    assert fastest["scan_rate_mV_per_s"] == 1.0
    assert fastest["capacitive_share"] == pytest.approx(0.6, abs=1e-6)
    assert found["b_values"]


def test_rate_fits_the_rate_equation(analyse, rate_file):
    found = json.loads(analyse("rate", rate_file, "--json").stdout)
    # RATE_FITS: the three-parameter equation describes such curves to 1.2 % in the median
    assert found["mean_abs_error_percent"] < 3
    assert set(found["interval_95_as_factor"]) == {
        "full_capacity_mAh_per_g",
        "time_constant_h",
        "exponent",
    }


def test_numbers_that_are_none_are_null(analyse):
    trace = titration(SPHERE, 1e-3)
    drifting = trace.voltage + 1e-3 * trace.time
    write("x.csv", "time_s,current_A_per_g,voltage_V", (trace.time, trace.current, drifting))
    result = analyse("gitt", "x.csv", "--length-nm", "10", "--json")
    assert json.loads(result.stdout)["pulses"][0]["diffusivity_from_steps_m2_per_s"] is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["gitt", "gitt.csv"], "D scales with the square"),
        (["gitt", "gitt.csv", "--length-nm", "0"], "must be positive"),
        (["gitt", "gitt.csv", "--length-nm", "1", "--sphere-radius-nm", "1"], "twice"),
        (["gitt", "gitt.csv", "--area-cm2", "1.1"], "--mass-mg is missing"),
        (["gitt", "whole.csv", "--length-nm", "1"], "--mass-mg"),
        (["gitt", "gitt.csv", "--length-nm", "1", "--mass-mg", "1"], "per gram already"),
        (["gitt", "absent.csv", "--length-nm", "1"], "cannot be read"),
        (["gitt", "gitt.csv", "--length-nm", "1", "--window", "1", "0"], "in order"),
        (["gitt", "gitt.csv", "--length-nm", "1", "--spread", "1"], "that of a layer"),
        (["gitt", "gitt.csv", "--length-nm", "1", "--interruption-window", "9", "1"], "in order"),
        (["ici", "ici.csv"], "D scales with the square"),
        (["ici", "ici.csv", "--length-nm", "1", "--window", "20", "50"], "lasts 10 s"),
        (["ici", "rate.csv", "--length-nm", "1"], "is missing"),
        (["eis", "gitt.csv"], "frequency_Hz' is missing"),
        (["eis", "eis.csv", "--lowest-hz", "5e4"], "needs at least 8"),
        (["eis", "eis.csv", "--regularisation", "0"], "must be positive"),
        (["cv", "gitt.csv"], "no one scan rate"),
        (["cv", "one.csv"], "at least 2 scan rates"),
        (["rate", "gitt.csv"], "at least 3"),
    ],
)
def test_wrong_input_ends_with_two_says_why_and_writes_nothing(
    analyse, gitt_file, ici_file, eis_file, cv_file, rate_file, words, said, tmp_path
):
    lines = (tmp_path / "cv.csv").read_text().splitlines()
    (tmp_path / "one.csv").write_text("\n".join(lines[:401]))
    result = analyse(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
    assert not (tmp_path / "hetsim-out").exists()


@pytest.mark.parametrize("kind", [[], ["gitt"], ["ici"], ["eis"], ["cv"], ["rate"]])
def test_help_comes_with_an_example(analyse, kind):
    assert "hetsim analyse" in analyse(*kind, "--help").stdout


def test_a_simulated_titration_is_analysed_as_a_measured_one(analyse):
    """What hetsim writes, hetsim reads: the CSV of a run gives what the run gives."""
    import hetsim as hs
    from hetsim.analysis import sphere, weppner_huggins

    run = hs.run(hs.load("CZT"), hs.GITT(0.1, 600, 3600, pulses=2), model="SPM")
    run.trace.to_csv("simulated.csv")
    result = analyse("gitt", "simulated.csv", "--sphere-radius-nm", "250", "--json")
    found = json.loads(result.stdout)["median_diffusivity_m2_per_s"]
    exact = weppner_huggins(run.trace, sphere(250e-9)).median_diffusivity
    assert found == pytest.approx(exact, rel=1e-9, abs=0)


def test_a_missing_file_is_told_before_a_missing_length(hetsim):
    for kind in ("gitt", "ici"):
        told = hetsim("analyse", kind, "nofile.csv").stderr
        assert "nofile.csv" in told
        assert "length" not in told


# --- exports as they come from a tester -----------------------------------------------------------


def export(name, columns, sep=";", encoding="gb18030", above="设备: 3\n"):
    """A file as a tester writes it: lines above, decimal commas, a tester's names."""
    rows = zip(*columns.values(), strict=True)
    text = "\n".join(sep.join(f"{x:.12g}".replace(".", ",") for x in row) for row in rows)
    with open(name, "w", encoding=encoding) as file:
        file.write(f"{above}{sep.join(columns)}\n{text}\n")


@pytest.mark.parametrize("kind", ["gitt", "ici"])
def test_an_unknown_export_needs_a_mass_and_a_length(analyse, kind):
    trace = titration(SPHERE, 0.1, pulses=4, seconds=1000.0)  # R = 1 um: D = 1e-15 m2/s
    columns = {"测试时间/s": trace.time, "电流/mA": -1.36 * trace.current, "电压/V": trace.voltage}
    export("x.txt", columns)
    words = (kind, "x.txt", "--mass-mg", "1.36", "--sphere-radius-nm", "1000", "--json")
    found = json.loads(analyse(*words).stdout)
    # twelve digits in the file
    assert found["median_diffusivity_by_closed_form_m2_per_s"] == pytest.approx(1e-15, rel=1e-3)
    assert "current '电流/mA' in mA over 1.36 mg" in found["understood"]
    assert "positive = charge = extraction" in found["understood"]
    asked = analyse(kind, "x.txt", "--sphere-radius-nm", "1000")
    assert asked.exit_code == 2
    assert "--mass-mg" in asked.stderr


def test_a_mass_may_be_for_the_current_and_the_length(analyse):
    trace = titration(PLATE, 1e-3, seconds=1000.0)
    export(
        "x.csv",
        {
            "Zeit [h]": trace.time / 3600,
            "Strom [A]": trace.current * 1e-3,
            "Spannung [V]": trace.voltage,
        },
    )
    form = ("--molar-mass-g-per-mol", "100", "--molar-volume-cm3-per-mol", "10", "--area-cm2", "1")
    found = json.loads(analyse("gitt", "x.csv", "--mass-mg", "1", *form, "--json").stdout)
    assert found["length_m"] == pytest.approx(1e-6)  # 1 mg of 10 cm3/mol over 100 g/mol on 1 cm2
    assert found["median_diffusivity_m2_per_s"] == pytest.approx(1e-15, rel=1e-3)


@pytest.mark.usefixtures("cv_file", "eis_file", "rate_file")
def test_other_exports_are_analysed_as_the_files_of_hetsim(analyse):
    u, i, v = np.loadtxt("cv.csv", delimiter=",", skiprows=1).T
    export("cv_export.csv", {"电位(V)": u, "电流(mA)": -2 * i, "扫速(V/s)": v / 1000})
    f, re, im = np.loadtxt("eis.csv", delimiter=",", skiprows=1).T
    export("eis_export.csv", {"Frequenz [kHz]": f / 1000, "Realteil [Ohm]": re, "-Im(Z)/Ohm": -im})
    current, q = np.loadtxt("rate.csv", delimiter=",", skiprows=1).T
    export("rate_export.csv", {"C-Rate": current / 0.4, "Entladekapazität [mAh/g]": q})
    for kind, more, key in (
        ("cv", ["--mass-mg", "2"], "b_values"),
        ("rate", ["--one-c", "400"], "full_capacity_mAh_per_g"),
    ):
        ours = json.loads(analyse(kind, f"{kind}.csv", "--json").stdout)[key]
        theirs = json.loads(analyse(kind, f"{kind}_export.csv", *more, "--json").stdout)[key]
        if kind == "cv":
            ours, theirs = ([one["b"] for one in found] for found in (ours, theirs))
        assert theirs == pytest.approx(ours, rel=1e-6)  # twelve digits in the file
    pytest.importorskip("impedance")
    found = json.loads(analyse("eis", "eis_export.csv", "--json").stdout)
    assert found["spectra"][0]["charge_transfer_resistance_Ohm"] == pytest.approx(20, rel=1e-3)
    assert "-Im Z '-Im(Z)/Ohm'" in found["understood"]
