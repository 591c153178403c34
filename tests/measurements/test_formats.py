"""Spreadsheets, BDF, units in the cells, full-width signs."""

import datetime
from itertools import pairwise

import numpy as np
import pytest
from corpus import (
    CURRENT,
    MASS,
    TIME,
    VOLTAGE,
    corpus,
)

import hetsim as hs
from hetsim.errors import MeasurementError
from hetsim.measurements.files import table_of
from hetsim.measurements.stated import Stated
from hetsim.results import TimeTrace


def test_a_spreadsheet_is_read_as_its_text(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "Info"
    book.active.append(["made by", "an instrument"])
    sheet = book.create_sheet("Record")
    for row in [["Device", "X"], [], ["Time(s)", "Current(mA)", "Voltage(V)"]]:
        sheet.append(row)
    for time, current, voltage in zip(
        TIME.tolist(), CURRENT.tolist(), VOLTAGE.tolist(), strict=True
    ):
        sheet.append([datetime.timedelta(hours=30, seconds=time), -current * MASS, voltage])
    book.save(tmp_path / "x.xlsx")
    reading = hs.read(tmp_path / "x.xlsx", mass_mg=MASS)
    assert reading.data.current == pytest.approx(CURRENT)
    assert reading.data.time.tolist() == (30 * 3600 + TIME).tolist()
    assert "sheet 'Record'" in reading.understood
    cycle = book.create_sheet("cycle")
    cycle.append(["Cycle Index", "DChg. Cap.(Ah)"])
    cycle.append([1, 0.1])
    book.save(tmp_path / "layers.xlsx")  # the record is read, not what is made of it
    assert "sheet 'Record'" in hs.read(tmp_path / "layers.xlsx", mass_mg=MASS).understood
    book.copy_worksheet(sheet)
    book.save(tmp_path / "two.xlsx")
    with pytest.raises(MeasurementError, match="sheets have a table"):
        hs.read(tmp_path / "two.xlsx", mass_mg=MASS)
    assert hs.read(tmp_path / "two.xlsx", mass_mg=MASS, sheet="Record").kind == "trace"


def test_a_format_of_batterydf_is_read_by_it(tmp_path):
    pytest.importorskip("bdf")
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(
        {"Test Time / s": TIME, "Voltage / V": VOLTAGE, "Current / A": -CURRENT * MASS / 1000}
    )
    frame.to_parquet(tmp_path / "x.bdf.parquet")
    reading = hs.read(tmp_path / "x.bdf.parquet", mass_mg=MASS)
    assert reading.data.current == pytest.approx(CURRENT)
    assert reading.data.voltage == pytest.approx(VOLTAGE)
    assert "read by batterydf" in reading.understood


@pytest.mark.parametrize("name", ["x.bdf", "x.bdf.csv", "x.bdf.parquet"])
def test_what_hetsim_writes_as_bdf_comes_back(tmp_path, name):
    """Time and voltage exactly; the current but for the rounding of its mass."""
    pytest.importorskip("pyarrow" if name.endswith("parquet") else "numpy")
    time = np.r_[0.0, np.cumsum(np.geomspace(0.1, 100, 12) / 3)]
    current = np.r_[0.0, np.full(6, 1 / 7), np.full(6, -0.3)]
    voltage = 1.7 - np.cumsum(current) / 3
    written = TimeTrace(time, current, voltage, np.r_[0, np.full(6, 1), np.full(6, 2)])
    written.to_bdf(1.36, tmp_path / name)
    reading = hs.read(tmp_path / name, mass_mg=1.36)
    assert np.array_equal(reading.data.time, time)
    assert np.array_equal(reading.data.voltage, voltage)
    assert np.array_equal(reading.data.step, written.step)
    assert reading.data.current == pytest.approx(current, rel=1e-15)
    assert "positive = charge = extraction" in reading.understood


def test_every_row_of_the_corpus_keeps_its_line(tmp_path):
    """A message names the line of the file: empty lines and lines above the table count."""
    case = next(one for one in corpus() if one.name == "comments.dat")
    path = tmp_path / case.name
    path.write_bytes(case.content)
    table = table_of(path, Stated(**case.given))
    lines = case.content.decode().split("\r\n")
    assert all(one < later for one, later in pairwise(table.lines.tolist()))
    for row, line in enumerate(table.lines.tolist()):
        assert float(lines[line - 1].split("\t")[0]) == TIME[row]


# --- units in the cells, full-width signs --------------------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        ("current,capacity", "0.1 A/g,300 mAh/g", "1 A/g,200 mAh/g"),
        ("current,capacity (mAh/g)", "100 mA/g,300", "1 A/g,200"),
        ("current density;capacity", "0,1 A g-1;300,0 mAh g-1", "1,0 A g-1;200,0 mAh g-1"),
        ("rate,capacity [mAh/g]", "0.25C,300", "2.5 C,200"),
        ("current (mA/g),capacity (mAh/g)", "100 mA/g,0.3 Ah/g", "1 A/g,200 mAh/g"),
    ],
)
def test_units_in_the_cells_are_read(tmp_path, rows):
    path = tmp_path / "x.csv"
    path.write_text("\n".join(rows) + "\n")
    found = hs.read(path, "rate", **({"one_c": 400.0} if "rate" in rows[0] else {}))
    assert found.data.currents == pytest.approx((0.1, 1.0))
    assert found.data.capacities == pytest.approx((300.0, 200.0))
    assert "units in the cells" in found.understood


@pytest.mark.parametrize("cells", [("0.1 A/g", "0.2 V"), ("0.1 A/g", "2"), ("0.1 mAh", "0.2 mAh")])
def test_cells_of_several_kinds_are_no_units(tmp_path, cells):
    path = tmp_path / "x.csv"
    path.write_text("current (A/g),capacity (mAh/g)\n" + "".join(f"{one},300\n" for one in cells))
    with pytest.raises(MeasurementError, match="row 2: current"):
        hs.read(path, "rate")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize(
    "names", ["时间（s），电压（V），电流（A/g）", "时间：s，电压：V，电流：A/g"]
)
def test_full_width_signs_part_columns_and_units(tmp_path, encoding, names):
    rows = ["质量：1.36 mg", names, *map("{}，{}，{}".format, TIME, VOLTAGE, CURRENT)]
    path = tmp_path / "x.csv"
    path.write_text("\n".join(rows) + "\n", encoding=encoding)
    found = hs.read(path, "trace", discharge="insertion")
    assert found.data.voltage == pytest.approx(VOLTAGE)
    assert "full-width commas between columns" in found.understood


def test_a_full_width_comma_in_a_remark_parts_nothing(tmp_path):
    path = tmp_path / "x.csv"
    rows = ["设备，型号", "Time (s),Voltage (V),Current (A/g)"]
    rows += map("{},{},{}".format, TIME, VOLTAGE, CURRENT)
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert "full-width" not in hs.read(path, "trace", discharge="insertion").understood
