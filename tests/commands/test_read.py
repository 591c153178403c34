"""hetsim read: what is understood of a file, and rate tests of testers in one command."""

import pytest
from command_line import one_object
from corpus import CAPACITIES, MASS, RATES, corpus

FILES = {case.name: case for case in corpus()}


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(name):
        (tmp_path / name).write_bytes(FILES[name].content)
        return name

    return write


def test_one_line_says_what_was_understood(hetsim, file, tmp_path):
    result = hetsim("read", file("neware_chinese.csv"), "--mass-mg", str(MASS))
    assert result.exit_code == 0
    told = " ".join(result.stdout.split())
    assert told.startswith(
        "read: trace: 14 rows over 0.1 h, 2 pulses of current in both directions"
    )
    assert "current '电流(mA)' in mA over 1.5 mg" in told
    assert "positive = charge = extraction (the names of the steps); gb18030" in told
    assert "数据序号 not read" in told
    assert "电压(V) voltage V 1.512, 1.511, 1.511" in told
    assert [one.name for one in tmp_path.iterdir()] == ["neware_chinese.csv"]  # nothing is written


def test_json_is_one_object(hetsim, file):
    found = one_object(
        hetsim("read", file("biologic.mpt"), "--mass-mg", str(MASS), "--json").stdout
    )
    assert found["kind"] == "trace"
    columns = {one["name"]: one for one in found["columns"]}
    assert columns["<I>/mA"]["quantity"] == "current"
    assert columns["Ewe/V"]["unit"] == "V"
    assert columns["mode"]["quantity"] is None
    assert columns["Ewe/V"]["first"][0] == "1,512000000E+00"


@pytest.mark.parametrize(
    ("name", "given", "kind"),
    [
        ("bdf_names.csv", ["--mass-mg", "1.5"], "trace"),
        ("bdf_labels.bdf.csv", ["--mass-mg", "1.5"], "trace"),
        ("landt_export.txt", ["--mass-mg", "1.5"], "trace"),
        ("seconds_volts_amps.csv", ["--mass-mg", "1.5"], "trace"),
        ("c_rates_soc.csv", ["--one-c", "400", "--capacity-mah-g", "500"], "rate"),
        ("neware_rate_test.csv", ["--mass-mg", "1.5", "--as", "rate", "--cycle-taken", "mean"], "rate"),
        ("no_names.csv", ["--mass-mg", "1.5", "--columns", "time=1[s],current=2[mA],voltage=3[V]"], "trace"),
        ("no_sign.csv", ["--mass-mg", "1.5", "--positive", "discharge"], "trace"),
        ("two_voltages.csv", ["--mass-mg", "1.5", "--columns", "voltage=Voltage (V)"], "trace"),
        ("rate_decimal_open.csv", ["--decimal", ","], "rate"),
        ("cv_without_rate.csv", ["--mass-mg", "1.5", "--scan-rate", "0.5"], "cv"),
        ("per_area.csv", ["--loading-mg-cm2", "1.25"], "trace"),
        ("contradiction.csv", ["--mass-mg", "1.5", "--discharge", "insertion"], "trace"),
    ],
)  # fmt: skip
def test_the_options_that_a_question_names_answer_it(hetsim, file, name, given, kind):
    found = one_object(hetsim("read", file(name), *given, "--json").stdout)
    assert found["kind"] == kind


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("c_rates_soc.csv", ["--one-c", "--capacity-mah-g"]),
        ("seconds_volts_amps.csv", ["--mass-mg"]),
        ("rate_two_capacities.csv", ["--columns"]),
    ],
)
def test_what_is_missing_is_asked_in_one_line(hetsim, file, name, asked):
    result = hetsim("read", file(name))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1
    assert all(one in result.stderr for one in asked)


def test_a_rate_test_of_a_tester_is_a_rate_curve_in_one_command(hetsim, file):
    words = [
        "--measured",
        file("neware_rate_test.csv"),
        "--mass-mg",
        str(MASS),
        "--currents",
        "0.1",
    ]
    result = hetsim(
        "rate", "CZT", "--variant", "lumped", *words, "--model", "SPM", "--cycles", "1", "--json"
    )
    found = one_object(result.stdout)
    points = {
        one["current_A_per_g"]: one.get("measured_mAh_per_g")
        for one in found["curves"][0]["points"]
    }
    assert list(points) == RATES.tolist()
    assert list(points.values()) == pytest.approx(
        CAPACITIES.tolist(), rel=1e-6
    )  # times have six digits
    assert "the last cycle of 3 at each current" in found["understood"]
    told = hetsim(
        "rate", "CZT", "--variant", "lumped", *words, "--model", "SPM", "--cycles", "1"
    ).stdout
    assert told.startswith("read: 5 currents from 0.1 to 2 A/g, and 1 measured after them")
