"""Traces and voltammograms that a user brings as CSV."""

import numpy as np
import pytest

from hetsim.errors import MeasurementError, ParameterError
from hetsim.measurements import read_trace_csv, read_voltammogram_csv
from hetsim.protocols import Replay
from hetsim.results import TimeTrace

TRACE = "time_s,current_A_per_g,voltage_V"


@pytest.fixture
def csv(tmp_path):
    def write(text):
        path = tmp_path / "file.csv"
        path.write_text(text)
        return path

    return write


def refusal(read, *given, error=MeasurementError):
    with pytest.raises(error) as caught:
        read(*given)
    return str(caught.value)


def test_a_trace_is_read(csv):
    trace = read_trace_csv(csv(f"{TRACE}\n0,0,1.5\n10,0.1,1.2\n20,0.1,1.1\n"))
    assert trace.time.tolist() == [0, 10, 20]
    assert trace.current.tolist() == [0, 0.1, 0.1]
    assert trace.voltage.tolist() == [1.5, 1.2, 1.1]
    assert trace.step.tolist() == [0, 0, 0]


def test_time_may_repeat_where_the_step_changes(csv):
    trace = read_trace_csv(csv(f"{TRACE},step\n0,0,1.5,0\n10,0,1.5,0\n10,0.1,1.2,1\n"))
    assert trace.time.tolist() == [0, 10, 10]
    assert trace.step.tolist() == [0, 0, 1]


def test_milliamperes_need_a_mass(csv):
    path = csv("time_s,current_mA,voltage_V\n0,0,1.5\n10,0.12,1.2\n")
    assert "needs the active mass" in refusal(read_trace_csv, path)
    assert read_trace_csv(path, 1.2).current.tolist() == pytest.approx([0, 0.1])  # A/g


@pytest.mark.parametrize("mass", [0.0, -1.0, float("nan")])
def test_mass_must_be_positive(csv, mass):
    path = csv("time_s,current_mA,voltage_V\n0,0,1.5\n10,0.12,1.2\n")
    assert "positive" in refusal(read_trace_csv, path, mass, error=ParameterError)


def test_mass_without_use_is_refused(csv):
    assert "per gram already" in refusal(read_trace_csv, csv(f"{TRACE}\n0,0,1.5\n10,0,1.5\n"), 1.0)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("time [fortnight],current_A_per_g,voltage_V", "has the unit 'fortnight'"),
        ("time_s,current_A_per_g,voltage [kV]", "has the unit 'kV'"),
        ("time_s,current_A,voltage_V", "'current_A' needs the active mass to become A/g"),
        ("time_s,voltage_V", "'current_A_per_g' is missing; found: time_s, voltage_V"),
        ("a,b,c", "is missing; found: a, b, c"),
    ],
)
def test_wrong_columns_and_units_are_named(csv, header, message):
    assert message in refusal(read_trace_csv, csv(f"{header}\n1,2,3\n2,3,4\n"))


def test_time_that_falls_is_named_with_its_row(csv):
    path = csv(f"{TRACE}\n0,0,1.5\n10,0,1.5\n5,0,1.5\n")
    message = refusal(read_trace_csv, path)
    assert "row 4" in message
    assert "falls from 10 to 5" in message


def test_time_that_repeats_is_named_with_its_row(csv):
    message = refusal(read_trace_csv, csv(f"{TRACE}\n0,0,1.5\n10,0,1.5\n10,0.1,1.2\n"))
    assert "row 4" in message
    assert "a second time" in message


@pytest.mark.parametrize("bad", ["nan", "inf", "", "1,2 V", "abc"])
def test_value_that_is_no_number_is_named_with_its_row(csv, bad):
    message = refusal(read_trace_csv, csv(f'{TRACE}\n0,0,1.5\n10,0,"{bad}"\n'))
    assert "row 3" in message
    assert f"voltage_V is '{bad}'" in message


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "the file is empty"), (f"{TRACE}\n", "no rows"), (f"{TRACE}\n0,0,1.5\n", "at least 2")],
)
def test_file_with_too_little_is_told(csv, text, message):
    assert message in refusal(read_trace_csv, csv(text))


def test_absent_file_is_told(tmp_path):
    assert "cannot be read" in refusal(read_trace_csv, tmp_path / "absent.csv")


def test_a_trace_is_replayed_as_current_or_as_voltage(csv):
    path = csv(f"{TRACE},step\n0,0,1.5,0\n10,0,1.5,0\n10,0.1,1.2,1\n20,0.1,1.1,1\n")
    current, voltage = (Replay.from_csv(path, imposed=one) for one in ("current", "voltage"))
    assert current.time == voltage.time == (0, 10, 20)
    assert current.current == (0, 0, 0.1)  # each sample holds since the one before
    assert voltage.voltage == (1.5, 1.5, 1.1)
    assert current.source == "file.csv"


def test_replay_of_another_column_is_refused(csv):
    message = refusal(
        Replay.from_csv, csv(f"{TRACE}\n0,0,1.5\n10,0,1.5\n"), "power", error=ParameterError
    )
    assert "current" in message
    assert "voltage" in message


# --- voltammograms -------------------------------------------------------------------------------

POTENTIALS = [3, 2.5, 2, 1.5, 1, 0.5, 0.01, 0.5, 1, 1.5, 2, 2.5, 3]


def cycles(*rates, header="potential_V,current_A_per_g,scan_rate_mV_per_s", extra=""):
    rows = [f"{u},{0.1 * rate},{rate}{extra}" for rate in rates for u in POTENTIALS]
    return "\n".join([header, *rows])


def test_one_cycle_a_scan_rate_is_read(csv):
    found = read_voltammogram_csv(csv(cycles(0.1, 1)))
    assert [one.scan_rate for one in found] == [0.1, 1]
    assert found[1].current.tolist() == pytest.approx([0.1] * 13)
    assert found[0].falling()[0].tolist() == found[0].rising()[0].tolist() == sorted(POTENTIALS[:7])


def test_the_last_cycle_counts(csv):
    header = "potential_V,current_A_per_g,scan_rate_mV_per_s,cycle"
    both = [f"{u},{cycle},0.1,{cycle}" for cycle in (1, 2) for u in POTENTIALS]
    found = read_voltammogram_csv(csv("\n".join([header, *both])))
    assert set(found[0].current) == {2}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (cycles(0), "at 0 mV/s: a scan rate is a positive number"),
        (cycles(-0.1), "positive number"),
        (
            cycles(0.1, header="potential_V,current_A_per_g,scan rate [knots]"),
            "has the unit 'knots'",
        ),
        ("\n".join([cycles(0.1), *cycles(0.1).splitlines()[1:]]), "more than one cycle"),
        ("\n".join(cycles(0.1).splitlines()[:9]), "one sweep only"),
    ],
)
def test_voltammogram_that_is_none_is_refused(csv, text, message):
    refused = refusal(read_voltammogram_csv, csv(text))
    assert "file.csv" in refused
    assert message in refused


@pytest.mark.parametrize("spelling", ["file", "table"])
def test_what_hetsim_writes_is_read(spelling, tmp_path):
    """With the names of a file, or as `to_frame()` has them."""
    trace = TimeTrace(
        np.array([0.0, 10.0, 10.0, 20.0]),
        np.array([0.0, 0.0, 0.1 / 3, 1 / 7]),
        np.array([1.5, 1.5, 1.2, 1.1 / 3]),
        np.array([0, 0, 1, 1]),
    )
    path = tmp_path / "trace.csv"
    if spelling == "file":
        trace.to_csv(path)
    else:
        trace.to_frame().to_csv(path, index=False)
    read = read_trace_csv(path)
    for name in ("time", "current", "voltage", "step"):
        assert np.array_equal(getattr(read, name), getattr(trace, name))


def test_a_unit_that_is_not_read_keeps_its_spelling_in_the_message(csv):
    message = refusal(read_trace_csv, csv("time [min],current [A.g-1],tension [V]\n0,0,1\n1,0,1\n"))
    assert "found: time [min], current_A_per_g, tension_V" in message


@pytest.mark.parametrize(
    ("header", "factors"),
    [
        ("time_h,current_A_per_g,voltage_V", (3600, 1, 1)),
        ("time_s,current_A_per_g,voltage_mV", (1, 1, 1e-3)),
        ("time_s,current_mA_per_g,voltage_V", (1, 1e-3, 1)),
    ],
)
def test_units_of_the_laboratory_are_read(csv, header, factors):
    trace = read_trace_csv(csv(f"{header}\n1,2,3\n2,2,2.5\n4,2,2\n"))
    for found, factor, exact in zip(
        (trace.time, trace.current, trace.voltage),
        factors,
        ([1, 2, 4], [2, 2, 2], [3, 2.5, 2]),
        strict=True,
    ):
        assert found.tolist() == pytest.approx([factor * one for one in exact])
