"""Rate curves from the records of cyclers."""

import numpy as np
import pytest
from corpus import (
    CAPACITIES,
    MASS,
    RATES,
    RECOVERED,
    rate_test,
    text_of,
)

import hetsim as hs


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
