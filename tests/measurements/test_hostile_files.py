"""Files that are none, too large, cut or corrupted: one sentence each."""

import pytest
from corpus import CURRENT, TIME, VOLTAGE, text_of

import hetsim as hs
from hetsim.errors import MeasurementError
from scripts.fuzz_reading import fuzz

GOOD = text_of({"Time (s)": TIME, "Current (A/g)": CURRENT, "Voltage (V)": VOLTAGE})


def refusal(path, kind="", **given):
    with pytest.raises(MeasurementError) as caught:
        hs.read(path, kind, **given)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a PNG picture"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "a JPEG picture"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"PK\x03\x04" + bytes(50), "a spreadsheet"),
        (b"\x1f\x8b" + bytes(50), "a gzip archive"),
        (b"\xd0\xcf\x11\xe0" + bytes(50), "an old spreadsheet or an Arbin file; save it as .xlsx"),
        (
            b"BIO-LOGIC MODULAR FILE\x1a" + bytes(50),
            "a binary file of EC-Lab; export it as text (.mpt)",
        ),
        (bytes(range(256)) * 4, "no text"),
    ],
)
def test_what_is_no_text_is_told_by_what_it_is(tmp_path, content, what):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    assert what in refusal(path)


def test_a_rate_table_without_a_current_that_flows_has_no_rows(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("Current (A/g),Capacity (mAh/g)\n0,100\n0,90\n")
    assert "no rows" in refusal(path, "rate")


def test_a_file_of_two_gigabytes_is_refused_with_its_size(tmp_path):
    path = tmp_path / "x.csv"
    with path.open("wb") as file:
        file.write(GOOD.encode())
        file.seek(2_000_000_000)  # sparse: it takes no room
        file.write(b"\n")
    assert "it has 2.0 GB; hetsim reads up to 1 GB" in refusal(path)


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx", "x.ndax"])
def test_folders_and_absent_files_are_told(tmp_path, name):
    assert "cannot be read" in refusal(tmp_path / name)
    (tmp_path / name).mkdir()
    assert "it is a folder" in refusal(tmp_path / name)


@pytest.mark.parametrize("name", ["x.xlsx", "x.ndax", "x.parquet"])
def test_a_damaged_file_of_another_format_is_told(tmp_path, name):
    pytest.importorskip("openpyxl" if name == "x.xlsx" else "bdf")
    path = tmp_path / name
    path.write_bytes(b"PK\x03\x04 and then nothing")
    assert "cannot be read" in refusal(path)


@pytest.mark.parametrize("text", ["", "\n\n", " \t\n", "\ufeff"])
@pytest.mark.parametrize("kind", ["", "trace", "rate", "cv", "eis", "cycles"])
def test_an_empty_file_is_told(tmp_path, text, kind):
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    assert "the file is empty" in (message := refusal(path, kind)) or "recognised: none" in message


def test_a_file_that_is_cut_in_a_row_says_so(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(GOOD[: GOOD.rindex(",") - 3])
    assert "It is the last row: the file may be cut off" in refusal(path)


def test_a_file_of_prose_is_told(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("Dear colleague,\nplease find attached the data.\n")
    assert "no kind of measurement has these columns" in refusal(path)


def test_a_file_is_read_or_refused_whatever_is_damaged(tmp_path):
    """The script `python -m scripts.fuzz_reading 2000` runs more of them."""
    ends = fuzz(100, 5, tmp_path)
    assert sum(ends.values()) == 100
    assert set(ends) <= {"read", "MeasurementError", "ParameterError"}
    assert ends["read"]
