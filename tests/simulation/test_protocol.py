"""Protocols of several steps: one step after the other is what a protocol of its own does, and charge is exact."""

import numpy as np
import pytest
from protocol_runs import FEW, charges, czt, run
from structured_cell import ideal_cell

import hetsim as hs
from hetsim import engine, names
from hetsim.engine import (
    CURRENT,
    LAYERED_CURRENT,
    VOLTAGE,
    Segment,
    handed,
)
from hetsim.simulation.potentiostat import Potentiostat, occupancy_of
from hetsim.simulation.steps import rest_potential
from hetsim.submodels import ParticleStructure

# --- the same as the protocols that there are -----------------------------------------------------


def test_steps_of_a_titration_are_a_titration():
    """The same segments on the same built model. The titration comes to its segments by a rougher run: its voltages are
    0.1 mV off at most, and the last pulse ends within 1e-5 of its 600 s."""
    known = hs.run(czt(), hs.GITT(0.1, 600, 600), "SPM")
    pulses = hs.Protocol([hs.ConstantCurrent(0.1, 600), hs.Rest(600)], repeat=None)
    found = run(hs.Rest(600), pulses)
    assert known.outcome is hs.Outcome.CUT_OFF
    for name in ("current", "step"):
        assert np.array_equal(getattr(found.trace, name), getattr(known.trace, name))
    np.testing.assert_allclose(found.trace.time, known.trace.time, rtol=0, atol=6e-3)
    np.testing.assert_allclose(found.trace.voltage, known.trace.voltage, rtol=0, atol=1e-4)


def test_steps_from_cut_off_to_cut_off_are_a_rate_test():
    currents = (0.1, 1.0, 10.0)
    known = hs.run(czt(), hs.RateTest(currents, cycles=2), "SPM")
    found = run(
        *(
            hs.Protocol([hs.ConstantCurrent(one), hs.ConstantCurrent(-one)], repeat=2)
            for one in currents
        )
    )
    of_last_cycles = charges(found).reshape(3, 2, 2)[:, 1]
    # a rate test is solved to 1e-5 of the full capacity, single steps more closely (docs/performance.md)
    full = czt().values.number("Specific capacity [mA.h.g-1]")
    close = {"rel": 0, "abs": 2e-5 * full}
    assert of_last_cycles[:, 0] == pytest.approx([one.capacity for one in known.points], **close)
    extracted = [one.extraction_capacity for one in known.points]
    assert -of_last_cycles[:, 1] == pytest.approx(extracted, **close)


@pytest.mark.parametrize(
    "step",
    [
        hs.Rest(600),
        hs.Hold(1.0, 600),
        hs.Hold(1.0, until_current=0.02),
        hs.Ramp(1.0, 1.0),
        hs.ConstantCurrent(0.5, until=1.0),
        hs.ConstantCurrent(0.5),
    ],
    ids=repr,
)
def test_a_protocol_of_one_step_is_that_step(step):
    """The same segment; a current beside a rest is without the double layer in both."""
    alone, found = hs.run(czt(), step, "SPM"), run(step)
    assert (found.outcome.good, found.trace.time[-1]) == (True, alone.trace.time[-1])
    assert found.trace.voltage[-1] == alone.trace.voltage[-1]
    assert found.trace.current[-1] == alone.trace.current[-1]
    assert set(alone.trace.step) == {0}


@pytest.mark.parametrize("drive", ["current", "voltage"])
def test_a_record_as_a_step_begins_when_its_turn_comes(drive):
    values = {"current": [0.0, 0.1, 0.1, -0.1], "voltage": [1.8, 1.5, 1.5, 1.7]}[drive]
    record = hs.Replay([5.0, 65.0, 125.0, 185.0], **{drive: values})
    alone, found = hs.run(czt(), record, "SPM"), run(record, hs.Rest(60))
    assert found.step_list[0].duration == pytest.approx(180)
    # at other times the solver takes other steps: its tolerances of 1e-6 and 1e-7
    assert found.step_list[0].final_voltage == pytest.approx(alone.trace.voltage[-1], abs=1e-5)
    assert found.step_list[0].charge == pytest.approx(alone.trace.charge[-1], rel=1e-5)


def test_ramps_are_a_voltammogram():
    cell, filling, rate = czt(), 0.3, 1.0
    start = rest_potential(cell, filling, "extraction")
    known = hs.run(cell, hs.CV([rate], 0.5, 2.2, start, cycles=1, tolerance=None), "SPM").sweeps[0]
    found = run(
        *(hs.Ramp(to, rate) for to in (0.5, 2.2, start)), filling=filling, after="extraction"
    )
    assert found.trace.time[-1] == pytest.approx(known.time[-1], rel=1e-12)
    corners = np.cumsum([start - 0.5, 2.2 - 0.5, 2.2 - start])[:2] / (rate * 1e-3)
    for at in (*corners, known.time[-1]):
        here, there = (np.interp(at, one.time, one.current) for one in (found.trace, known))
        # where a ramp ends both keep a point; the solver's 1e-6 of the current
        assert here == pytest.approx(there, rel=1e-4)


def test_a_spectrum_of_a_resting_cell_is_that_of_eis():
    """With the state of a model without a double layer, handed to one that has it."""
    eis = hs.EIS(0.5, FEW)
    [known] = hs.run(czt(), eis, "SPM").spectra
    for first in ([], [hs.Rest(10)]):
        [found] = run(*first, hs.EIS(frequencies=FEW), filling=0.5).spectra
        assert found.impedance == pytest.approx(known.impedance, rel=1e-9)
        assert found.filling == pytest.approx(0.5, abs=1e-12)
        assert found.potential == pytest.approx(known.potential, abs=1e-9)


@pytest.mark.parametrize("model", ["SPM", "DFN"])
@pytest.mark.parametrize(
    "steps",
    [[hs.ConstantCurrent(0.1, 6000)], [hs.CCCV(0.1, 1.0, 0.01)]],
    ids=["without a layer", "with a layer"],
)
def test_a_spectrum_after_a_long_rest_is_that_of_eis_at_its_filling(model, steps):
    """When nothing is left of how a cell with one branch came there; the spectrum says its filling by its ions."""
    cell = ideal_cell(ParticleStructure())
    [found] = run(*steps, hs.Rest(1e6), hs.EIS(frequencies=FEW), cell=cell, model=model).spectra
    [known] = hs.run(cell, hs.EIS(found.filling, FEW), model).spectra
    assert found.potential == pytest.approx(known.potential, abs=1e-5)
    # both states rest within the solver's 1e-7 of occupancy, on curves of some volts per unit
    assert found.impedance == pytest.approx(known.impedance, rel=1e-4)


def test_a_spectrum_leaves_the_cell_as_it_is():
    pulse, rest = hs.ConstantCurrent(0.1, 600), hs.Rest(600)
    without = run(pulse, rest, repeat=3)
    with_spectra = run(pulse, rest, hs.EIS(frequencies=FEW), repeat=3)
    assert np.array_equal(with_spectra.trace.voltage, without.trace.voltage)
    assert np.array_equal(with_spectra.trace.time, without.trace.time)
    assert len(with_spectra.spectra) == 3
    assert [one.kind for one in with_spectra.step_list[:3]] == ["ConstantCurrent", "Rest", "EIS"]
    fillings = [one.filling for one in with_spectra.spectra]
    cell = czt()
    span = occupancy_of(cell, 1) - occupancy_of(cell, 0)
    a_pulse = 0.1 * 600 / 3.6 / cell.values.number("Specific capacity [mA.h.g-1]") / span
    assert fillings == pytest.approx(a_pulse * np.array([1, 2, 3]), rel=1e-9)


# --- from one model to the other ------------------------------------------------------------------


@pytest.mark.parametrize("model", ["SPM", "SPMe", "DFN"])
@pytest.mark.parametrize("name", ["lumped", ""], ids=["one host", "two hosts"])
def test_a_hand_over_keeps_ions_voltage_and_current(name, model):
    cell = czt(name)
    currents, voltages = (Potentiostat(cell, model, one, 0.0) for one in (LAYERED_CURRENT, VOLTAGE))
    pulse = currents.follow([Segment(600, 0.1 * currents.active_mass)])[-1]

    def last(piece, of, place=-1):
        return float(piece.solution[of].entries[place])

    there = handed(currents.built, currents.inputs, pulse, voltages.built)
    held = Segment(1.0, last(pulse, names.VOLTAGE))
    hold = voltages.built.solve_one(voltages.inputs, held, there, pulse.after)
    back = handed(voltages.built, voltages.inputs, hold, currents.built)
    rest = currents.built.solve_one(currents.inputs, Segment(1.0, 0.0), back, hold.after)
    # the layer is at work already in the first instant of the solver
    tolerances = {
        names.ACCOUNTED: 1e-14,
        names.CHARGE_PASSED: 1e-14,
        names.SURFACE_POTENTIAL_DIFFERENCE: 1e-9,
    }
    for of, tolerance in tolerances.items():
        assert last(hold, of, 0) == pytest.approx(last(pulse, of), rel=tolerance)
        assert last(rest, of, 0) == pytest.approx(last(hold, of), rel=tolerance)
    # a voltage that is what it was asks for the current that was
    assert last(hold, names.CURRENT_NOW, 0) == pytest.approx(
        last(pulse, names.CURRENT_NOW), rel=1e-6
    )


@pytest.mark.parametrize("model", ["SPM", "DFN"])
def test_a_double_layer_that_joins_at_rest_changes_no_voltage(model):
    """Its potential is that across the surface of the model without it, and nothing flows into it."""
    cell = czt()
    plain, layered = (Potentiostat(cell, model, one, 0.3) for one in (CURRENT, LAYERED_CURRENT))
    rested = plain.follow([Segment(600, 0.1 * plain.active_mass), Segment(36000, 0.0)])[-1]
    state = handed(plain.built, plain.inputs, rested, layered.built)
    on = layered.built.solve_one(layered.inputs, Segment(60, 0.0), state, rested.after)
    before = rested.solution[names.VOLTAGE].entries[-1]
    # the cell relaxes by a microvolt in this minute
    assert on.solution[names.VOLTAGE].entries == pytest.approx(before, abs=5e-6)


@pytest.mark.parametrize("name", ["lumped", ""], ids=["one host", "two hosts"])
def test_the_current_of_a_hold_ends_at_its_limit(name):
    limit, voltage = 0.02, 0.5
    found = run(hs.CCCV(0.5, voltage, limit), hs.CCCV(-0.5, 2.2, limit), cell=czt(name))
    first, hold, _, other = found.step_list
    assert [one.outcome for one in found.step_list] == 4 * [hs.Outcome.LIMIT]
    assert first.final_voltage == pytest.approx(voltage, abs=1e-9)
    # IDA finds the root of the event to round-off of the time
    assert hold.final_current == pytest.approx(limit, rel=1e-6)
    assert other.final_current == pytest.approx(-limit, rel=1e-6)
    held = found.trace.of_step(1)
    assert held.voltage == pytest.approx(voltage, abs=1e-8)
    assert held.current.min() >= limit * (1 - 1e-6)
    # the current goes on through the switch: the first instant of the hold is a millisecond
    assert held.current[0] == pytest.approx(0.5, rel=1e-3)


def test_charge_is_continuous_across_every_switch():
    found = run(hs.CCCV(0.5, 0.5, 0.05), hs.Rest(60), hs.CCCV(-0.5, 2.0, 0.05), hs.Ramp(1.8, 5.0))
    whole = found.solution
    ends = np.cumsum([times.size for times in whole.all_ts])[:-1]
    for of, full in ((names.CHARGE_PASSED, 1), (names.ACCOUNTED, 1)):
        values = whole[of].entries
        jumps = np.abs(values[ends] - values[ends - 1])
        assert jumps.max() <= 1e-9 * full * np.ptp(values)


def test_the_charge_of_a_long_protocol_balances():
    """Ions and the double layer hold what was passed, through every kind of step; over the charge that went
    back and forth [-]."""
    found = run(
        hs.CCCV(1.0, 0.5, 0.05),
        hs.Rest(600),
        hs.EIS(frequencies=FEW),
        hs.CCCV(-1.0, 2.2, 0.05),
        hs.Ramp(1.6, 1.0),
        hs.Rest(600),
        repeat=5,
    )
    assert found.outcome is hs.Outcome.COMPLETED
    assert found.charge_balance <= 1e-12
    assert len(found.spectra) == 5
    assert charges(found).sum() == pytest.approx(found.charge)


def test_nothing_is_built_by_repeats_or_values():
    def steps(limit):
        return [hs.CCCV(0.5, limit, 0.1), hs.Rest(60), hs.EIS(frequencies=FEW)]

    run(*steps(0.5))
    before = engine.builds()
    run(*steps(0.8), repeat=3)
    cell = czt().with_values({"Particle radius [m]": 1e-7})
    run(*steps(0.6), cell=cell)
    run(hs.Ramp(1.0, 1.0), hs.ConstantCurrent(-0.1, 60), hs.Hold(1.1, 60))
    assert engine.builds() == before


@pytest.mark.parametrize("model", ["SPM", "DFN"])
@pytest.mark.parametrize("after", ["insertion", "extraction"])
def test_a_double_layer_starts_at_rest_on_its_branch(model, after):
    """Nothing moves in the first seconds, and the spectrum is that of the state without a double layer."""
    cell = czt()
    found = run(hs.Rest(10), hs.Hold(1.0, 1), cell=cell, filling=0.4, after=after, model=model)
    resting = cell.open_circuit_potential(occupancy_of(cell, 0.4), after)
    # the solver's 1e-7 of occupancy on a curve of some volts per unit
    assert found.trace.of_step(0).voltage == pytest.approx(resting, abs=2e-6)


def test_history_goes_on_from_a_current_to_a_voltage_and_back():
    """A cell that rests on its branch of insertion stays there through a hold at what it rests at."""
    pulse, rest = hs.ConstantCurrent(0.5, 1800), hs.Rest(36000)
    cell = czt()
    plain = run(pulse, rest, cell=cell)
    at = plain.step_list[-1].final_voltage
    held = run(pulse, rest, hs.Hold(at, 3600), hs.Rest(3600), cell=cell)
    assert held.step_list[-1].final_voltage == pytest.approx(at, abs=1e-3)
    gap = cell.open_circuit_potential(0.4, "extraction") - cell.open_circuit_potential(0.4)
    assert gap > 0.1  # a forgotten history would show
