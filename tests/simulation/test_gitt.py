"""GITT, rests, holds and replayed records: traces whose charge and resting voltages are known."""

from dataclasses import replace

import numpy as np
import pytest
from structured_cell import ideal_cell

import hetsim as hs
from hetsim import engine
from hetsim.cells.equilibrium import occupancy_at_rest
from hetsim.engine import CURRENT, built_model
from hetsim.simulation.replay import held, ramps
from hetsim.submodels import ParticleStructure


def czt(classes=1):
    return hs.load("CZT", "lumped").with_particle(classes=classes)


def mean_of_branches(cell, occupancy):
    return np.mean(
        [cell.open_circuit_potential(occupancy, one) for one in ("insertion", "extraction")]
    )


@pytest.fixture(scope="module")
def titration():
    return hs.run(czt(), hs.GITT(0.1, 600, 1800, pulses=4), model="SPM")


def test_the_cell_rests_at_its_open_circuit_potential_after_each_pulse():
    """After ten diffusion times the voltage is that of the charge that has passed."""
    base = ideal_cell(ParticleStructure())
    cell = base.with_values({"Upper voltage cut-off [V]": 1.3})
    protocol = hs.GITT(0.1, 1200, 36000, pulses=5)
    run = hs.run(cell, protocol, model="SPM")
    share = 0.1 * 1200 / 3.6 / cell.values["Specific capacity [mA.h.g-1]"]
    for pulse in range(6):
        rest = run.trace.of_step(2 * pulse)
        occupancy = cell.extracted_occupancy + pulse * share
        # the solver's 1e-6 in occupancy on a curve of some volts per unit
        assert rest.voltage[-1] == pytest.approx(mean_of_branches(cell, occupancy), abs=1e-5)


def test_sixty_pulses_are_within_a_hundredth_of_a_millivolt(monkeypatch):
    """The same trace with tolerances that are 10 000 times tighter."""
    import pybamm

    cell, protocol = czt(3), hs.GITT(0.04, 600, 1200, pulses=60)
    usual = hs.run(cell, protocol, model="SPM")
    assert usual.outcome is hs.Outcome.COMPLETED
    tight = pybamm.IDAKLUSolver(rtol=1e-10, atol=1e-12)
    monkeypatch.setattr(built_model(cell, "SPM", CURRENT), "_solvers", [tight])
    exact = hs.run(cell, protocol, model="SPM")
    assert usual.trace.time == pytest.approx(exact.trace.time, rel=1e-12)
    # after its first instants a step is in the regime that an experiment sees
    assert usual.trace.voltage == pytest.approx(exact.trace.voltage, abs=1e-5)


def test_trace_has_its_steps_charge_and_balance(titration):
    trace = titration.trace
    assert np.all(np.diff(trace.time) > 0)
    assert np.unique(trace.step).tolist() == list(range(9))
    for number in range(9):
        step = trace.of_step(number)
        assert np.unique(step.current).tolist() == ([0.1] if number % 2 else [0.0])
    assert trace.time[-1] == pytest.approx(5 * 1800 + 4 * 600)
    # a product of four numbers
    assert trace.charge[-1] == pytest.approx(4 * 0.1 * 600 / 3.6, rel=1e-12)
    assert titration.charge_balance <= 1e-6


def test_pulses_end_at_the_cut_off_and_at_an_end_voltage():
    until = hs.run(czt(), hs.GITT(0.5, 600, 600), model="SPM")
    assert until.outcome is hs.Outcome.CUT_OFF
    # the event is found to the solver's tolerance
    assert until.trace.voltage[-1] == pytest.approx(0.01, abs=1e-4)
    earlier = hs.run(czt(), hs.GITT(0.5, 600, 600, end_voltage=0.8), model="SPM")
    assert earlier.outcome is hs.Outcome.CUT_OFF
    assert earlier.trace.voltage[-1] == pytest.approx(0.8, abs=1e-4)
    assert earlier.trace.time[-1] < until.trace.time[-1]


def test_both_directions_follow_each_other():
    run = hs.run(czt(), hs.GITT(0.5, 600, 600, direction="both"), model="SPM")
    signs = np.sign(run.trace.current[run.trace.current != 0])
    assert signs[0] == 1
    assert signs[-1] == -1
    assert np.count_nonzero(np.diff(signs)) == 1
    assert run.outcome is hs.Outcome.CUT_OFF
    assert run.trace.voltage[-1] == pytest.approx(3.0, abs=1e-4)


def test_extraction_begins_full():
    run = hs.run(czt(), hs.GITT(0.1, 600, 600, pulses=1, direction="extraction"), model="SPM")
    cell = czt()
    rest = run.trace.of_step(0).voltage[0]
    # on the branch by which it was filled
    curve = float(cell.open_circuit_potential(cell.inserted_occupancy, "insertion"))
    assert rest == pytest.approx(curve, abs=1e-5)
    assert run.trace.of_step(1).voltage[-1] > rest


def test_a_pulse_that_the_cell_does_not_last_says_so():
    run = hs.run(czt(), hs.GITT(20.0, 6000, 600), model="SPM")
    assert run.outcome is hs.Outcome.INFEASIBLE
    assert "first pulse met the cut-off after" in run.reason
    assert "6000 s" in run.reason
    assert "shorter pulse" in run.reason


def test_a_current_that_is_too_high_at_once_says_so():
    run = hs.run(czt(), hs.GITT(5000.0, 10, 600), model="SPM")
    assert run.outcome is hs.Outcome.INFEASIBLE
    assert "lower current" in run.reason


def test_other_protocols_and_values_never_build():
    hs.run(czt(), hs.GITT(0.1, 600, 1800, pulses=1), model="SPM")
    before = engine.builds()
    for cell in (czt(), czt().with_values({"Particle radius [m]": 100e-9})):
        for protocol in (
            hs.GITT(0.2, 60, 100, pulses=2),
            hs.ConstantCurrent(-0.5, 100),
            hs.Rest(100, filling=0.5),
            hs.Replay([0, 10, 20], current=[0, 0.1, -0.1]),
        ):
            assert hs.run(cell, protocol, model="SPM").outcome.good
    assert engine.builds() == before


def test_cells_of_one_structure_share_a_model_whatever_else_they_carry():
    """A core-shell file's field has no meaning in a dispersed particle, and is not missed there."""
    with_field = ideal_cell(ParticleStructure())  # dispersed, with the values of a core and a shell
    values = {
        name: value
        for name, value in with_field.system.values.items()
        if not name.startswith(("Core ", "Shell "))
    }
    without = replace(with_field, system=replace(with_field.system, values=values))
    assert len(without.values) < len(with_field.values)
    before = [hs.run(cell, hs.Rest(10, filling=0.5), model="SPM") for cell in (with_field, without)]
    assert all(one.outcome.good for one in before)


@pytest.mark.parametrize("kind", ["SPMe", "DFN"])
def test_models_agree_at_low_current(kind):
    protocol = hs.GITT(0.02, 600, 600, pulses=2)
    single, other = (hs.run(czt(), protocol, model=k).trace.voltage for k in ("SPM", kind))
    # 0.024 mA/cm2 over 6 Ohm.cm2 of electrolyte: 0.15 mV
    assert other == pytest.approx(single, abs=5e-4)


# --- single steps and records --------------------------------------------------------------------


def test_a_rest_stays_where_it_is():
    run = hs.run(czt(), hs.Rest(3600, filling=0.4), model="SPM")
    assert run.outcome is hs.Outcome.COMPLETED
    assert np.ptp(run.trace.voltage) < 1e-9
    assert run.charge_balance <= 1e-6


def test_a_hold_relaxes_to_the_charge_of_its_potential():
    cell = ideal_cell(ParticleStructure()).with_values({"Double-layer capacity [F.m-2]": 0.2})
    run = hs.run(cell, hs.Hold(1.0, 36000), model="SPM")
    assert run.trace.voltage == pytest.approx(1.0, abs=1e-6)
    at_rest = occupancy_at_rest(cell.open_circuit_potential, 1.0)
    moved = at_rest - cell.extracted_occupancy
    taken = run.solution["Positive electrode stoichiometry"].entries[[0, -1]]
    # ten diffusion times
    assert taken[1] - taken[0] == pytest.approx(moved, rel=1e-4)
    assert run.charge_balance <= 1e-6


def test_a_constant_current_is_that_of_a_rate_test():
    step = hs.run(czt(), hs.ConstantCurrent(1.0, 1e5), model="SPM")
    rate = hs.run(czt(), hs.RateTest([1.0], from_equilibrium=True), model="SPM").points[0]
    assert step.outcome is hs.Outcome.CUT_OFF
    # the same model, solved with other output times
    assert step.trace.charge[-1] == pytest.approx(rate.capacity, rel=1e-5)


def test_a_replayed_titration_is_the_titration(titration):
    trace = titration.trace
    again = hs.run(czt(), hs.Replay(trace.time, current=trace.current), model="SPM")
    assert again.outcome is hs.Outcome.COMPLETED
    assert again.trace.time == pytest.approx(trace.time, abs=1e-6)
    # two integrations; the titration comes to its segments by a rougher run
    assert again.trace.voltage == pytest.approx(trace.voltage, abs=3e-5)


def test_a_replayed_ramp_is_a_voltammogram():
    """From the potential at rest down and up again; the voltammogram starts there, too."""
    cell = czt()
    occupancy = cell.extracted_occupancy + 0.2 * (
        cell.inserted_occupancy - cell.extracted_occupancy
    )
    # the sweep that inserts first begins on the branch of extraction
    rest = float(cell.open_circuit_potential(occupancy, "extraction"))
    ramp = hs.CV([1.0], 0.5, 2.0, start=rest, cycles=1, tolerance=None)
    one = hs.run(cell, ramp, model="SPM").sweeps[0]
    record = hs.Replay(one.time, voltage=one.potential, filling=0.2, after="extraction")
    run = hs.run(cell, record, model="SPM")
    assert run.trace.voltage == pytest.approx(one.potential, abs=2e-6)
    assert run.charge_balance <= 1e-6
    # the same lines in time, within the solver's 1e-6 where a current is steep
    assert run.trace.current == pytest.approx(one.current, abs=1e-4 * one.current.max())


def test_samples_on_one_line_are_one_segment():
    time = np.array([0.0, 1, 2, 3, 4, 5])
    segments = ramps(time, np.array([1.0, 2, 3, 2, 1, 1]))
    assert [(one.duration, one.slope) for one in segments] == [(2, 1), (2, -1), (1, 0)]
    steps = held(time, np.array([9.0, 1, 1, 0, 0, 2]))
    assert [(one.duration, one.level) for one in steps] == [(2, 1), (2, 0), (1, 2)]


def test_dataset_carries_units_and_origin(titration, tmp_path):
    data = titration.to_xarray()
    assert data["voltage"].attrs["units"] == "V"
    assert data.attrs["parameters_hash"] == czt().parameters_hash
    assert data.attrs["outcome"] == "protocol completed"
    assert "GITT(current=0.1, pulse=600.0" in data.attrs["protocol"]
    data.to_netcdf(tmp_path / "gitt.nc", engine="scipy")
    titration.trace.to_csv(tmp_path / "gitt.csv")
    header = (tmp_path / "gitt.csv").read_text().splitlines()[0]
    assert header == "time_s,current_A_per_g,voltage_V,step"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: hs.GITT(0, 600, 600), ("'current' is 0 A/g", "positive")),
        (lambda: hs.GITT(0.1, -1, 600), ("'pulse' is -1 s", "positive")),
        (lambda: hs.GITT(0.1, 600, float("nan")), ("'rest'", "finite")),
        (lambda: hs.GITT(0.1, 600, 600, pulses=0), ("'pulses' is 0", "at least 1")),
        (lambda: hs.GITT(0.1, 600, 600, direction="up"), ("'up'", "insertion, extraction, both")),
        (lambda: hs.GITT(0.1, 600, 600, None, 1.0, "both"), ("end_voltage", "one direction")),
        (lambda: hs.Rest(0), ("'duration' is 0 s",)),
        (lambda: hs.Rest(10, filling=1.5), ("'filling' is 1.5", "0 (extracted) to 1 (inserted)")),
        (lambda: hs.ConstantCurrent(0, 10), ("'current' is 0", "hs.Rest")),
        (lambda: hs.Replay([0, 1], current=[1, 1], voltage=[1, 1]), ("one of",)),
        (lambda: hs.Replay([0, 1], current=[1, 1, 1]), ("2 and 'current' 3 samples",)),
        (lambda: hs.Replay([0, 2, 1], current=[1, 1, 1]), ("1 s after 2 s", "must increase")),
        (lambda: hs.Replay([0, 1, 1], voltage=[1, 1, 1]), ("1 s twice", "sample 3")),
        (lambda: hs.run(czt(), hs.Hold(5.0, 10), model="SPM"), ("'potential' is 5 V", "cut-offs")),
        (
            lambda: hs.run(czt(), hs.GITT(1, 1, 1, end_voltage=-1), model="SPM"),
            ("'end_voltage' is -1 V", "0.01 to 3 V"),
        ),
    ],
)
def test_bad_input_is_one_clear_sentence(make, words):
    with pytest.raises(hs.ParameterError) as error:
        make()
    for word in words:
        assert word in str(error.value)
