"""What hetsim recognises: names of columns, units, encodings, times, and any permutation of them."""

import datetime
from itertools import pairwise

import numpy as np
import pytest
from corpus import (
    CAPACITIES,
    CURRENT,
    MASS,
    RATES,
    RECOVERED,
    STEP,
    TIME,
    VOLTAGE,
    corpus,
    rate_test,
    text_of,
)
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import hetsim as hs
from hetsim.errors import MeasurementError, ParameterError
from hetsim.measurements.aliases import MEASURES, aliases, meaning, plain
from hetsim.measurements.encoding import decoded
from hetsim.measurements.files import table_of
from hetsim.measurements.header import decimal_signs
from hetsim.measurements.stated import Stated
from hetsim.measurements.unit_names import unit_of
from hetsim.results import TimeTrace

UNIT_OF = {
    "time": "s", "voltage": "V", "current": "mA", "charge": "mAh", "scan rate": "mV/s", "frequency": "Hz",
    "impedance": "Ohm", "number": "1",
}  # fmt: skip
"""A unit for each kind of quantity."""


def other_column(quantity):
    """A column beside it that makes a header."""
    return "Voltage (V)" if quantity != "voltage" else "Time (s)"


# --- names -----------------------------------------------------------------------------------------


def with_unit(alias):
    """The name as a header has it: with a unit unless it says it or is a text."""
    kinds = MEASURES[alias.quantity]
    if alias.unit or not kinds or alias.quantity == "datetime":
        return alias.alias
    return f"{alias.alias} ({UNIT_OF[kinds[0]]})"


@pytest.mark.parametrize("alias", aliases(), ids=lambda one: f"{one.tester}-{one.alias}")
def test_each_alias_is_found_in_a_file(alias, tmp_path):
    path = tmp_path / "x.csv"
    cell = "2024-03-30 10:00:00" if alias.quantity == "datetime" else "2"
    header = with_unit(alias)
    path.write_text(f'"{header}";{other_column(alias.quantity)}\n{cell};1.5\n', encoding="utf-8")
    found = [one for one in table_of(path, Stated()).all_of(alias.quantity) if one.name == header]
    assert [one.name for one in found] == [header]
    assert found[0].meaning.rank == alias.rank
    if alias.unit:
        assert found[0].meaning.unit == unit_of(alias.unit)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mAh g^{-1}", "mAh/g"),
        ("mA·h·g−1", "mAh/g"),
        ("A_per_g", "A/g"),
        ("mA/cm²", "mA/cm2"),
        ("Ω cm²", "Ohm.cm2"),
        ("V/s", "V/s"),
    ],
)
def test_units_are_read_in_any_spelling(text, name):
    assert unit_of(text).name == name


def test_no_alias_stands_twice():
    names = [(plain(one.alias), one.quantity) for one in aliases()]
    assert len(names) == len(set(names))
    assert {one.quantity for one in aliases()} == set(MEASURES)


@pytest.mark.parametrize(
    ("header", "quantity", "unit"),
    [
        ("I / mA cm-2", "current", "mA/cm2"),
        ("Current density, mA g−1", "current", "mA/g"),
        ("j [A m^-2]", None, None),
        ("E (V vs. Ag/AgCl)", "voltage", "V"),
        ("Ewe/V vs. SCE", "voltage", "V"),
        ("Im/Ohm", "imaginary", "Ohm"),
        ("Im (A)", "current", "A"),
        ("−Z″ / Ω", "minus_imaginary", "Ohm"),
        ("Specific capacity (mA h g⁻¹)", "capacity", "mAh/g"),
        ("Potential [V/s]", None, None),
        ("scan rate (V s-1)", "scan_rate", "V/s"),
        ("Frequency (MHz)", "frequency", "MHz"),
        ("Frequency (mHz)", "frequency", "mHz"),
        ("Relative Time(h:min:s.ms)", "time", "s"),
        ("Temperature (°C)", None, None),
        ("Energy (Wh)", None, None),
        ("|Z|/Ohm", None, None),
    ],
)
def test_a_name_is_parted_from_its_unit(header, quantity, unit):
    found = meaning(header)
    assert (found and found.quantity) == quantity
    assert (found and found.unit and found.unit.name) == unit


# --- any permutation -------------------------------------------------------------------------------

TIMES = [
    ("Time (s)", 1),
    ("测试时间/Sec", 1),
    ("Prüfzeit [h]", 3600),
    ("Test_Time(s)", 1),
    ("Zeit in min", None),
    ("t/ms", 1e-3),
    ("time_s", 1),
]
CURRENTS = [
    ("Current (mA)", 1),
    ("电流/uA", 1e-3),
    ("Strom [A]", 1e3),
    ("<I>/mA", 1),
    ("current_mA", 1),
    ("Current density (mA g-1)", MASS * 1e-3),
]
VOLTAGES = [
    ("Voltage (V)", 1),
    ("电压/mV", 1e-3),
    ("Spannung [V]", 1),
    ("Ewe/V", 1),
    ("Potential, mV", 1e-3),
]
ABOVE = [
    (),
    ("made by an instrument",),
    ("Date: 2024-03-30", "Mass: 1,5 mg; channel 3", "", "remark\twith a tab"),
]


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    sep=st.sampled_from([",", ";", "\t", "|"]),
    decimal=st.sampled_from([".", ","]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "gb18030", "latin-1"]),
    above=st.sampled_from(ABOVE),
    time=st.sampled_from([one for one in TIMES if one[1]]),
    current=st.sampled_from(CURRENTS),
    voltage=st.sampled_from(VOLTAGES),
    order=st.permutations([0, 1, 2]),
    positive=st.sampled_from([1, -1]),
    end=st.sampled_from(["\n", "\r\n"]),
    trailing=st.booleans(),
)  # fmt: skip
def test_any_permutation_gives_the_same_data(
    tmp_path, sep, decimal, encoding, above, time, current, voltage, order, positive, end, trailing
):
    columns = [
        (time[0], TIME / time[1]),
        (current[0], positive * CURRENT * MASS / current[1]),
        (voltage[0], VOLTAGE / voltage[1]),
    ]
    assume(not (positive < 0 and {"time_s", "current_mA"} <= {time[0], current[0]}))
    columns = dict(columns[place] for place in order)
    text = text_of(columns, sep, decimal, above, end=end, trailing=trailing, form="{:.10g}")
    try:
        content = text.encode(encoding)
    except UnicodeEncodeError:
        assume(False)
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    mass = None if "g-1" in current[0] else MASS
    trace = hs.read(path, "trace", mass_mg=mass).data
    # ten digits are printed
    assert trace.time == pytest.approx(TIME, rel=1e-8)
    assert trace.current == pytest.approx(CURRENT, rel=1e-8)
    assert trace.voltage == pytest.approx(VOLTAGE, rel=1e-8)


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("电流/mA", "gb18030", "gb18030"),
        ("Prüfzeit [h]", "gb18030", "gb18030"),
        ("Prüfzeit [h]", "latin-1", "latin-1"),
        ("T (°C), I (µA)", "latin-1", "latin-1"),
        ("Größe", "latin-1", "latin-1"),
        ("备注：样品甲", "gb18030", "gb18030"),
        ("电流/mA", "utf-16-le", "utf-16-le"),
        ("Prüfzeit, Strom (mA)", "utf-16-be", "utf-16-be"),
    ],
)
def test_encodings_are_told_by_their_letters(tmp_path, text, encoding, found):
    path = tmp_path / "x.csv"
    path.write_bytes(f"{text}\n1,2,3\n".encode(encoding))
    assert decoded(path) == (f"{text}\n1,2,3\n", found)


# --- numbers, times, signs -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "signs"),
    [
        (["1.5", "2", "x"], (1, 0, 0)),
        (["1,5", "0,123", "-3,4e-5"], (0, 3, 0)),
        (["1,234"], (0, 0, 1)),
        (["1,234,567", "1,234.5"], (2, 0, 0)),
        (["1.234,5", "1.234.567"], (0, 2, 0)),
    ],
)
def test_the_decimal_sign_is_told_by_what_a_number_can_be(cells, signs):
    assert decimal_signs(cells) == signs


def trace_of(tmp_path, rows, header="Time,Current (mA/g),Voltage (V),Step", **given_):
    path = tmp_path / "x.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return hs.read(path, "trace", **given_)


@pytest.mark.parametrize(
    ("times", "exact"),
    [
        (["0:00:00", "0:00:30.5", "1:00:00"], [0, 30.5, 3600]),
        (["23:59:59", "24:00:01", "100:00:00"], [0, 2, 273601]),
        (["0:23:59:59", "1:00:00:01", "1-00:00:02"], [0, 2, 3]),
        (["1:30", "2:00.5", "61:00"], [0, 30.5, 3570]),
        (["2024-03-30 23:59:59", "2024-03-31 00:00:01", "2024-03-31 00:00:01.250"], None),
        (["30.03.2024 23:59:59", "31.03.2024 00:00:00", "31.03.2024 00:00:01"], [0, 1, 2]),
        (["03/04/2024 23:59:59", "03/05/2024 00:00:01", "03/05/2024 00:00:02"], [0, 2, 3]),
        (["03/04/2024 23:59:59", "04/04/2024 00:00:01", "04/04/2024 00:00:02"], [0, 2, 3]),
        (["2024/03/30 11:59:59 PM", "2024/03/31 12:00:01 AM", "2024/03/31 12:00:02 AM"], [0, 2, 3]),
    ],
)
def test_times_are_read(tmp_path, times, exact):
    rows = [f"{time},-100,{1.5 + 0.1 * i},1" for i, time in enumerate(times)]
    if exact is None:  # two forms in one column
        with pytest.raises(MeasurementError, match="must be a date"):
            trace_of(tmp_path, rows)
        return
    time = trace_of(tmp_path, rows).data.time
    assert time - time[0] == pytest.approx(exact)


def test_a_time_that_starts_again_is_counted_on(tmp_path):
    rows = [
        "0:00:00,100,1.5,1",
        "0:00:10,100,1.4,1",
        "0:00:00,0,1.45,2",
        "0:00:20,0,1.46,2",
        "0:00:05,100,1.3,3",
        "0:00:10,100,1.2,3",
    ]
    reading = trace_of(tmp_path, rows)
    assert reading.data.time.tolist() == [0, 10, 10, 30, 35, 40]
    assert reading.data.step.tolist() == [0, 0, 1, 1, 2, 2]
    assert "time started again 2 times" in reading.understood


def test_a_time_that_falls_within_a_step_is_refused_with_its_row(tmp_path):
    with pytest.raises(MeasurementError, match="row 4: Time falls from 20 to 10"):
        trace_of(tmp_path, ["0:00:00,100,1.5,1", "0:00:20,100,1.4,1", "0:00:10,100,1.3,1"])


def test_a_gap_is_told(tmp_path):
    rows = [f"0:00:{i:02d},100,{1.5 - 0.01 * i},1" for i in range(20)]
    reading = trace_of(tmp_path, [*rows, "5:00:00,100,1.2,1"])
    assert "1 gaps, the longest 4.99 h" in reading.understood


@pytest.mark.parametrize("positive", [1, -1])
@pytest.mark.parametrize(("discharge", "sign"), [("insertion", 1), ("extraction", -1)])
def test_the_voltage_tells_the_sign_and_the_user_what_a_discharge_does(
    tmp_path, positive, discharge, sign
):
    path = tmp_path / "x.csv"
    columns = {"Time (s)": TIME, "Current (A/g)": positive * CURRENT, "Voltage (V)": VOLTAGE}
    path.write_text(text_of(columns))
    reading = hs.read(path, discharge=discharge)
    assert reading.data.current == pytest.approx(sign * CURRENT)
    assert f"positive = {'discharge' if positive > 0 else 'charge'} =" in reading.understood


def test_a_stated_sign_goes_before_the_voltage(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(text_of({"Time (s)": TIME, "Current (A/g)": CURRENT, "Voltage (V)": VOLTAGE}))
    assert hs.read(path, positive="charge").data.current == pytest.approx(-CURRENT)


def test_a_file_of_hetsim_is_as_it_is_unless_a_sign_is_stated(tmp_path):
    path = tmp_path / "x.csv"
    columns = {"time_s": TIME, "current_A_per_g": -CURRENT, "voltage_V": VOLTAGE}
    path.write_text(text_of(columns))
    assert hs.read(path).data.current == pytest.approx(-CURRENT)
    assert hs.read(path, positive="charge").data.current == pytest.approx(CURRENT)


def test_steps_are_counted_where_a_file_repeats_their_numbers(tmp_path):
    rows = [
        f"0:00:{i:02d},{100 if i % 4 < 2 else 0},{1.5 - 0.01 * i},{1 if i % 4 < 2 else 2}"
        for i in range(12)
    ]
    step = trace_of(tmp_path, rows).data.step
    assert step.tolist() == np.repeat(range(6), 2).tolist()


def test_a_trace_without_steps_has_a_step_for_each_current(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(text_of({"Time (s)": TIME, "Current (A/g)": CURRENT, "Voltage (V)": VOLTAGE}))
    assert hs.read(path).data.step.tolist() == (STEP - 1).tolist()


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"mass_mg": 0}, "The active mass is 0 mg; it must be a positive number"),
        ({"mass_mg": float("nan")}, "must be a positive number"),
        ({"area_cm2": -1}, "The area is -1 cm2"),
        ({"mass": 1}, "Did you mean 'mass_mg'"),
        ({"discharge": "in"}, "must be one of 'insertion', 'extraction'"),
        ({"columns": "time"}, "write each as quantity=name"),
        ({"columns": "tyme=x"}, "Did you mean 'time'"),
    ],
)
def test_a_wrong_statement_is_refused(tmp_path, given_, said):
    path = tmp_path / "x.csv"
    path.write_text("Time (s),Current (mA),Voltage (V)\n0,1,2\n1,1,1.9\n")
    with pytest.raises(ParameterError, match=None) as caught:
        hs.read(path, **given_)
    assert said in str(caught.value)


# --- rate curves from cycling ----------------------------------------------------------------------


def counters(how):
    """The record of a rate test with its capacity counted in each step, in each cycle or through the whole test."""
    record = rate_test()
    step, cycle = np.array(record["Step Index"]), np.array(record["Cycle Index"])
    counted = np.array(record.pop("Capacity(mAh)"))
    added = np.where(np.diff(step, prepend=0) != 0, 0.0, np.diff(counted, prepend=0.0))
    discharging = np.array(record["Current(mA)"]) < 0
    if how == "step":
        return {**record, "Capacity(mAh)": counted}
    total = np.cumsum(np.where(discharging, added, 0.0))
    if how == "cycle":
        starts = np.searchsorted(cycle, cycle)
        total = total - np.where(starts > 0, total[starts - 1], 0.0)
    return {
        **record,
        "Discharge_Capacity(mAh)": total,
        "Charge_Capacity(mAh)": np.cumsum(np.where(discharging, 0.0, added)),
    }


@pytest.mark.parametrize("how", ["step", "cycle", "test"])
def test_a_capacity_may_be_counted_in_each_step_each_cycle_or_the_whole_test(tmp_path, how):
    path = tmp_path / "x.csv"
    path.write_text(text_of(counters(how), form="{:.12g}"))
    curve = hs.measured(path, mass_mg=MASS)
    assert curve.currents == pytest.approx(RATES)
    assert curve.capacities == pytest.approx(CAPACITIES, rel=1e-8)  # twelve digits are written
    assert [one.capacity for one in curve.aged] == pytest.approx([RECOVERED])


def test_a_half_cycle_in_which_the_record_ends_is_left_out(tmp_path):
    path = tmp_path / "x.csv"
    lines = text_of(counters("step"), form="{:.12g}").splitlines()
    path.write_text(
        "\n".join(lines[: 1 + 22 * 17 + 5])
    )  # seventeen cycles, and five rows of the next insertion
    reading = hs.read(path, "rate", mass_mg=MASS)
    assert "1 unfinished left out" in reading.understood
    assert reading.data.aged[0].capacity == pytest.approx(RECOVERED + 2)  # the one before the last


def test_a_charge_at_constant_voltage_is_not_the_current_of_the_half_cycle(tmp_path):
    """Twenty rows at 0.5 A/g, then two hundred in which the current fades: those are most of the rows."""
    current = np.r_[np.full(20, 0.5), 0.5 * np.exp(-np.arange(200) / 40), np.full(20, -0.5)]
    voltage = np.r_[np.linspace(1.5, 0.1, 20), np.full(200, 0.1), np.linspace(0.2, 1.5, 20)]
    columns = {"Time (s)": 10.0 * np.arange(240), "Current (A/g)": current, "Voltage (V)": voltage}
    path = tmp_path / "x.csv"
    path.write_text(text_of(columns))
    curve = hs.measured(path)
    assert curve.currents == pytest.approx((0.5,))
    steps = (current[1:220] + current[:219]) / 2
    assert curve.capacities == pytest.approx((steps.sum() * 10 / 3.6,), rel=1e-6)


# --- other formats ---------------------------------------------------------------------------------


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
