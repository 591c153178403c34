"""What hetsim recognises: names of columns, units, encodings, and any permutation of them."""

import pytest
from corpus import (
    CURRENT,
    MASS,
    TIME,
    VOLTAGE,
    text_of,
)
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import hetsim as hs
from hetsim.measurements.aliases import MEASURES, aliases, meaning, plain
from hetsim.measurements.encoding import decoded
from hetsim.measurements.files import table_of
from hetsim.measurements.stated import Stated
from hetsim.measurements.unit_names import unit_of

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


def test_words_of_a_name_are_no_columns(tmp_path):
    """Both words of 'Rate (C)' are names that hetsim knows."""
    path = tmp_path / "x.csv"
    path.write_text("Rate (C)\tQ_dis [mAh/g]\nC/10\t388\nC/2\t342\n1C\t305\n", encoding="utf-8")
    found = hs.read(path, "rate", one_c=400, columns={"capacity": "Q_dis [mAh/g]"})
    assert found.data.capacities == (388, 342, 305)
