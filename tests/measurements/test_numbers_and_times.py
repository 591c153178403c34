"""Numbers, times, signs and steps of a trace, in the ways that instruments write them."""

import numpy as np
import pytest
from corpus import (
    CURRENT,
    STEP,
    TIME,
    VOLTAGE,
    text_of,
)

import hetsim as hs
from hetsim.errors import MeasurementError, ParameterError
from hetsim.measurements.header import decimal_signs


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


def test_currents_of_both_signs_are_told(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("Current (mA/g);Capacity (mAh/g)\n100;300\n-500;250\n1000;200\n", "utf-8")
    reading = hs.read(path, "rate")
    assert reading.data.currents == (0.1, 0.5, 1.0)
    assert "1 of 3 currents below zero, taken by size" in reading.understood
