"""What a sweep keeps of a result."""

from types import SimpleNamespace

import numpy as np
import pytest

import hetsim as hs
from hetsim.results import CVSweep, Outcome
from hetsim.sweeping.protocol_quantities import summary


def bell(potential, centre, height):
    return height * np.exp(-(((potential - centre) / 0.05) ** 2))


def test_of_several_peaks_a_sweep_keeps_the_largest():
    """Two insertion peaks, the larger one first in the order of the sweep, and two extraction peaks."""
    falling, rising = np.linspace(2.5, 0.0, 501), np.linspace(0.0, 2.5, 501)[1:]
    inserted = bell(falling, 1.5, 2.0) + bell(falling, 0.6, 1.0)
    extracted = -bell(rising, 0.9, 3.0) - bell(rising, 1.9, 0.5)
    potential = np.concatenate([falling, rising])
    sweep = CVSweep(
        scan_rate=1.0,
        time=1e3 * np.concatenate([[0.0], np.cumsum(np.abs(np.diff(potential)))]),
        potential=potential,
        current=np.concatenate([inserted, extracted]),
        branch=np.repeat([1, -1], [falling.size, rising.size]),
        outcome=Outcome.COMPLETED,
    )
    kept = summary(hs.CV([1.0])).read(SimpleNamespace(sweeps=[sweep]))
    # the parabola through samples 5 mV apart at the top of a bell of 50 mV: fourth order
    assert kept["insertion_peak_V"] == pytest.approx([1.5], abs=1e-6)
    assert kept["insertion_peak_A_per_g"] == pytest.approx([2.0], rel=1e-6)
    assert kept["extraction_peak_V"] == pytest.approx([0.9], abs=1e-6)
    assert kept["extraction_peak_A_per_g"] == pytest.approx([-3.0], rel=1e-6)


def test_a_sweep_keeps_the_charges_of_a_protocol():
    protocol = hs.Protocol(
        [
            hs.ConstantCurrent(0.5, until=0.5),
            hs.Rest(60),
            hs.EIS(frequencies=[1.0]),
            "Charge at 1C for 60 s",
        ]
    )
    cell = hs.load("CZT", "lumped").with_particle(classes=1)
    radii = {"Particle radius [m]": [1e-7, 2e-7]}
    found = hs.sweep(cell, radii, protocol, "SPM", workers=1, traces=3)
    alone = hs.run(cell.with_values({"Particle radius [m]": 2e-7}), protocol, "SPM")
    charges = [step.charge for step in alone.step_list]
    assert list(found["steps"].values) == [4, 4]
    assert found["inserted_mAh_per_g"].values[1] == pytest.approx(charges[0], rel=1e-9)
    assert found["extracted_mAh_per_g"].values[1] == pytest.approx(-charges[-1], rel=1e-9)
    assert found["capacity_mAh_per_g"].values[1] == pytest.approx(alone.charge, rel=1e-9)
    assert found["final_voltage_V"].values[1] == pytest.approx(alone.trace.voltage[-1], rel=1e-9)
    assert (found["charge_balance"].values <= 1e-12).all()


def test_a_case_that_does_not_fit_the_protocol_stops_no_other():
    cell = hs.load("CZT", "lumped").with_particle(classes=1)
    ends = {"Lower voltage cut-off [V]": [0.01, 0.8]}
    found = hs.sweep(cell, ends, hs.ICI(1.0, 60, 5, pulses=2), "SPM", workers=1)
    assert list(found["outcome"].values) == ["protocol completed"] * 2
    hold = hs.Protocol([hs.Hold(0.5, 60)])
    found = hs.sweep(cell, ends, hold, "SPM", workers=1)
    assert list(found["outcome"].values) == ["protocol completed", "infeasible at start"]
    assert "'potential' is 0.5 V" in str(found["reason"].values[1])


STUDY = """
[study]
systems = ["CZT"]
variant = "lumped"
model = "SPM"
classes = 1

[protocol]
kind = "Protocol"
repeat = 2
steps = [{ kind = "ConstantCurrent", current = 0.5, duration = 60 }, "Rest for 1 minute"]

[design]
kind = "grid"
values = { "Particle radius [m]" = [1e-7, 2e-7] }
"""


def test_a_study_file_says_the_steps_of_a_protocol(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    study = hs.read_study(path)
    assert study.protocol == hs.Protocol(
        [hs.ConstantCurrent(0.5, 60), "Rest for 1 minute"], repeat=2
    )
    assert study.manifest["protocol"]["steps"][1] == "'Rest for 1 minute'"
