"""Measured rate curves: those that ship, and those that a user brings as CSV."""

import pytest

import hetsim as hs
from hetsim.errors import MeasurementError, ParameterError
from hetsim.measurements import COLUMNS, read_rate_csv
from hetsim.parameters.library import PARAMETER_SETS

HEADER = ",".join(COLUMNS)


@pytest.fixture
def csv(tmp_path):
    def write(text, name="curve.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def refusal(path, error=MeasurementError):
    with pytest.raises(error) as caught:
        hs.measured(path)
    return str(caught.value)


def test_czt_was_measured_at_seven_currents():
    curve = hs.measured("CZT")
    assert curve.currents == (0.1, 0.3, 0.5, 1.0, 3.0, 5.0, 10.0)
    assert (curve.capacities[0], curve.capacities[-1]) == (365.3, 134.3)  # as printed, mAh/g


@pytest.mark.parametrize("name", ["CT", "ZT"])
def test_what_was_measured_of_the_controls_after_cycles_is_no_rate_point(name):
    curve = hs.measured(name)
    assert curve.currents == (10.0,)
    assert [(one.current, one.after_cycles) for one in curve.aged] == [(0.2, 500), (3.0, 1000)]


def test_a_csv_says_after_how_many_cycles(tmp_path):
    path = tmp_path / "aged.csv"
    path.write_text(f"{HEADER},after_cycles\n0.1,300,0\n10,150,\n0.1,250,500\n")
    curve = hs.measured(path)
    assert (curve.currents, curve.capacities) == ((0.1, 10.0), (300.0, 150.0))
    assert [(one.capacity, one.after_cycles) for one in curve.aged] == [(250.0, 500)]


@pytest.mark.parametrize("cycles", ["-1", "2.5", "many"])
def test_cycles_that_are_no_number_of_cycles_are_refused(tmp_path, cycles):
    path = tmp_path / "aged.csv"
    path.write_text(f"{HEADER},after_cycles\n0.1,300,{cycles}\n")
    with pytest.raises(MeasurementError, match="whole number"):
        hs.measured(path)


@pytest.mark.parametrize(("name", "percent"), [("CT", 38.6), ("ZT", 22.6)])
def test_the_controls_keep_the_printed_shares_of_czt_at_ten_amperes_per_gram(name, percent):
    ratio = hs.measured(name).capacities[-1] / hs.measured("CZT").capacities[-1]
    assert 100 * ratio == pytest.approx(percent, abs=0.05)  # printed with one decimal


@pytest.mark.parametrize("name", ["CZT", "CT", "ZT"])
def test_a_faster_discharge_stores_less(name):
    curve = hs.measured(name)
    assert list(curve.currents) == sorted(curve.currents)
    assert list(curve.capacities) == sorted(curve.capacities, reverse=True)
    assert curve.source


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}\n0.1,300\n10,1.5e2\n",
        f"{HEADER}\r\n0.1,300\r\n10,150\r\n",
        f"{HEADER}\n0.1, 300\n10, 150",
        f"\ufeff{HEADER}\n0.1,300\n10,150\n",
        f"{HEADER}\n\n0.1,300\n\n10,150\n",
        f'"{COLUMNS[1]}","{COLUMNS[0]}"\n"300","0.1"\n"150","10"\n',
        f"label,{HEADER},note\na,0.1,300,b\nc,10,150,d\n",
    ],
    ids=["plain", "windows", "blanks", "byte order mark", "empty lines", "quoted", "more columns"],
)
def test_a_csv_is_read(csv, text):
    curve = hs.measured(csv(text))
    assert (curve.currents, curve.capacities) == ((0.1, 10.0), (300.0, 150.0))


def test_a_csv_is_its_own_source(csv):
    assert read_rate_csv(csv(f"{HEADER}\n1,100\n")).source == "curve.csv"


def test_the_path_may_be_text(csv):
    assert hs.measured(str(csv(f"{HEADER}\n1,100\n"))).capacities == (100.0,)


@pytest.mark.parametrize(
    "content", [b"\x01\x02\x00\x07", b"\x89PNG\r\n\x1a\n\x00\x00"], ids=["no text", "a figure"]
)
def test_an_unreadable_csv_is_named(csv, content):
    path = csv(content)
    message = refusal(path)
    assert str(path) in message
    assert "cannot be read" in message


def test_an_absent_csv_is_named(tmp_path):
    message = refusal(tmp_path / "absent.csv")
    assert "absent.csv" in message
    assert "cannot be read" in message


def test_a_folder_is_not_a_csv(tmp_path):
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    assert "cannot be read" in refusal(folder)


def test_an_empty_csv_lacks_its_columns(csv):
    message = refusal(csv(""))
    assert COLUMNS[0] in message
    assert "the file is empty" in message


@pytest.mark.parametrize("text", [HEADER, f"{HEADER}\n", f"{HEADER}\n\n"])
def test_a_header_alone_is_no_curve(csv, text):
    message = refusal(csv(text))
    assert "curve.csv" in message
    assert "no rows" in message


@pytest.mark.parametrize("missing", [0, 1])
def test_a_missing_column_is_named_with_those_there_are(csv, missing):
    kept = COLUMNS[1 - missing]
    message = refusal(csv(f"{kept},voltage_V\n1,2\n"))
    assert f"'{COLUMNS[missing]}' is missing" in message
    assert f"{kept}, voltage_V" in message


@pytest.mark.parametrize("bad", ["0", "-1", "nan", "inf", "-inf", "abc", "", "1.0 A/g", "1e999"])
@pytest.mark.parametrize("column", [0, 1])
def test_a_value_that_is_no_positive_number_is_named_with_its_row(csv, column, bad):
    cells = ["2", "150"]
    cells[column] = bad
    message = refusal(csv(f"{HEADER}\n1,100\n{','.join(cells)}\n"))
    assert "curve.csv, row 3" in message
    assert f"{COLUMNS[column]} is '{bad}'" in message
    assert "positive finite number" in message


def test_a_short_row_lacks_its_capacity(csv):
    message = refusal(csv(f"{HEADER}\n1\n"))
    assert f"row 2: {COLUMNS[1]} is ''" in message


def test_a_system_without_a_curve_says_so(tmp_path):
    text = (PARAMETER_SETS / "systems" / "CZT.toml").read_text(encoding="utf-8")
    start, end = text.index("[[measured.rate]]"), text.index("[variants.")
    path = tmp_path / "bare.toml"
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    assert "holds no measured rate curve" in refusal(path)


def test_an_unknown_system_has_no_curve():
    assert "CZT" in refusal("CZTT", error=ParameterError)


@pytest.mark.parametrize("name", ["curve.CSV", "curve.txt", "curve.dat"])
def test_a_path_is_never_taken_for_the_name_of_a_system(csv, name):
    assert "Unknown system" not in refusal(csv("", name))


def test_the_row_is_that_of_the_file(csv):
    assert "row 4" in refusal(csv(f"{HEADER}\n1,100\n\n2,x\n"))


def test_a_current_measured_twice_is_refused(csv):
    assert COLUMNS[0] in refusal(csv(f"{HEADER}\n1,100\n1,200\n"), error=ParameterError)
