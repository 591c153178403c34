"""Protocols of several steps: one step after the other is what a protocol of its own does, and charge is exact."""

import numpy as np
import pytest
from structured_cell import ideal_cell

import hetsim as hs
from hetsim import engine, names
from hetsim.engine import (
    CURRENT,
    LAYERED_CURRENT,
    VOLTAGE,
    Segment,
    built_model,
    handed,
)
from hetsim.errors import ParameterError
from hetsim.simulation import check
from hetsim.simulation.alternating_bench import AlternatingBench
from hetsim.simulation.potentiostat import Potentiostat, occupancy_of
from hetsim.simulation.steps import rest_potential
from hetsim.submodels import ParticleStructure

FEW = [1e4, 1.0, 1e-2]
"""Frequencies [Hz]."""


def czt(name="lumped"):
    return hs.load("CZT", name).with_particle(classes=1)


def run(*steps, cell=None, model="SPM", **settings):
    return hs.run(cell or czt(), hs.Protocol(list(steps), **settings), model)


def charges(result):
    return np.array([step.charge for step in result.step_list])


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


# --- how steps and protocols end ------------------------------------------------------------------


def test_repeats_until_the_cut_off_end_there_and_the_next_ones_go_on():
    there, back = (
        hs.Protocol([hs.ConstantCurrent(sign * 0.5, 300), hs.Rest(60)], repeat=None)
        for sign in (1, -1)
    )
    both = run(there, back)
    known = hs.run(czt(), hs.GITT(0.5, 300, 60, direction="both"), "SPM")
    assert both.outcome is hs.Outcome.COMPLETED
    assert both.step_list[-1].outcome is hs.Outcome.CUT_OFF
    # the titration rests once more before each direction, which leaves a little more room
    assert both.charge == pytest.approx(known.trace.charge[-1], abs=2.0)


def test_a_current_that_meets_the_cut_off_before_its_time_ends_the_protocol():
    found = run(hs.ConstantCurrent(1.0, 600), hs.Rest(60), hs.ConstantCurrent(-1.0, 60), repeat=9)
    assert found.outcome is hs.Outcome.CUT_OFF
    last = found.step_list[-1]
    assert f"step {last.number} (ConstantCurrent)" in found.reason
    assert "of its 600 s" in found.reason
    assert last.final_voltage == pytest.approx(
        czt().values.number("Lower voltage cut-off [V]"), abs=1e-6
    )


def test_a_first_pulse_that_meets_the_cut_off_is_infeasible():
    pulse = hs.ConstantCurrent(1.0, 36000)
    found = run(pulse, hs.Rest(60), repeat=None)
    assert found.outcome is hs.Outcome.INFEASIBLE
    assert "try a shorter one or a lower current" in found.reason
    backwards = run(hs.ConstantCurrent(-1.0, 60), hs.Rest(60), repeat=None, filling=0.0)
    assert backwards.outcome is hs.Outcome.INFEASIBLE


def test_a_step_beyond_its_end_passes_nothing_and_the_next_one_follows():
    found = run(hs.ConstantCurrent(0.5, until=0.5), hs.ConstantCurrent(0.5, until=1.0), hs.Rest(60))
    skipped = found.step_list[1]
    assert (skipped.duration, skipped.charge) == (0.0, 0.0)
    assert skipped.outcome is hs.Outcome.LIMIT
    assert skipped.reason == "the voltage was beyond its end from the start"
    assert found.outcome is hs.Outcome.COMPLETED
    assert set(found.trace.step) == {0, 2}


def test_a_current_ends_at_what_comes_first():
    by_time = run(hs.ConstantCurrent(0.5, 60, until=0.1)).step_list[0]
    by_voltage = run(hs.ConstantCurrent(0.5, 36000, until=0.5)).step_list[0]
    assert (by_time.outcome, by_time.duration) == (hs.Outcome.COMPLETED, 60.0)
    assert by_voltage.outcome is hs.Outcome.LIMIT
    assert by_voltage.final_voltage == pytest.approx(0.5, abs=1e-9)


def test_a_hold_ends_at_what_comes_first():
    start = hs.ConstantCurrent(0.5, until=0.5)
    by_time = run(start, hs.Hold(0.5, 60, until_current=1e-3)).step_list[1]
    by_current = run(start, hs.Hold(0.5, 36000, until_current=0.1)).step_list[1]
    at_once = run(start, hs.Hold(0.5, 36000, until_current=1.0)).step_list[1]
    assert (by_time.outcome, by_time.duration) == (hs.Outcome.COMPLETED, pytest.approx(60.0))
    assert by_current.final_current == pytest.approx(0.1, rel=1e-6)
    assert at_once.outcome is hs.Outcome.LIMIT
    assert at_once.duration == pytest.approx(1e-3)


def test_a_ramp_begins_where_the_cell_is():
    found = run(hs.ConstantCurrent(0.5, until=0.5), hs.Ramp(0.8, 2.0), hs.Ramp(0.8, 2.0))
    up, stays = found.step_list[1:]
    assert up.duration == pytest.approx(0.3 / 2e-3, rel=1e-9)
    trace = found.trace.of_step(1)
    assert trace.voltage == pytest.approx(0.5 + 2e-3 * (trace.time - up.start), abs=1e-8)
    assert trace.current[0] > 0 > trace.current[-1]
    assert (stays.duration, stays.charge) == (0.0, 0.0)


def test_a_failure_ends_the_protocol_with_its_reason():
    found = run(hs.ConstantCurrent(1e6), hs.Rest(60))
    assert not found.outcome.good
    assert found.reason
    assert len(found.step_list) == 1


def test_what_was_run_before_ctrl_c_is_kept(monkeypatch):
    whole = hs.Protocol([hs.ConstantCurrent(0.1, 60), hs.Rest(60)], repeat=5)
    solve, calls = AlternatingBench.solve, []

    def interrupted(bench, step):
        calls.append(step)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return solve(bench, step)

    monkeypatch.setattr(AlternatingBench, "solve", interrupted)
    found = run(whole)
    assert found.outcome is hs.Outcome.INTERRUPTED
    assert found.reason == "stopped by the user after 3 steps"
    assert found.trace.time[-1] == pytest.approx(180)


# --- words, interruptions, full cells --------------------------------------------------------------


def test_words_run_as_the_steps_that_they_mean():
    cell = czt()
    a_rate = cell.values.number("Specific capacity [mA.h.g-1]") / 1000
    words = run("Discharge at C/2 until 0.5 V", "Rest for 1 minute", "Hold at 0.5 V until C/10")
    steps = run(
        hs.ConstantCurrent(a_rate / 2, until=0.5),
        hs.Rest(60),
        hs.Hold(0.5, until_current=a_rate / 10),
    )
    # the currents differ by the rounding of a product
    assert words.trace.voltage == pytest.approx(steps.trace.voltage, abs=1e-8)
    assert words.step_list[0].charge > 0


def test_amperes_in_words_are_those_of_the_cell():
    found = run("Discharge at 0.1 mA for 10 minutes")
    mass = Potentiostat(czt(), "SPM").active_mass
    assert found.step_list[0].final_current == pytest.approx(1e-4 / mass, rel=1e-9)


def test_words_that_pass_no_charge_in_a_round_are_refused():
    words = ["Discharge at 1C for 60 s", "Charge at 1C for 60 s"]
    inner = hs.Protocol(words, repeat=None)
    for protocol in (inner, hs.Protocol([hs.Rest(60), inner])):
        with pytest.raises(hs.ParameterError, match="pass no charge in all"):
            check(protocol, czt())


def test_interruptions_are_currents_and_rests():
    found = hs.run(czt(), hs.ICI(0.2, 300, 10), "SPM")
    assert found.outcome is hs.Outcome.CUT_OFF
    assert "ICI(current=0.2" in found.protocol
    rests = found.of_kind("Rest")
    assert np.diff([one.start for one in rests]) == pytest.approx(300)
    assert [one.duration for one in rests] == pytest.approx([10] * len(rests))
    current = found.of_kind("ConstantCurrent")[3]
    # the charge of 290 of 300 s
    assert current.charge == pytest.approx(0.2 * 290 / 3.6, rel=1e-9)


def test_a_cell_that_is_charged_starts_there():
    found = hs.run(czt(), hs.CCCV(-0.5, 2.2, 0.05), "SPM")
    assert found.charge < 0
    assert found.outcome is hs.Outcome.COMPLETED


@pytest.fixture(scope="module")
def full():
    return hs.load("KPB-CZT")


def test_a_full_cell_runs_currents_and_rests(full):
    found = hs.run(full, hs.Protocol([hs.ConstantCurrent(0.1, 600), hs.Rest(600)], repeat=3), "SPM")
    known = hs.run(full, hs.RateTest([0.1], from_equilibrium=True), "SPM").points[0]
    assert found.outcome is hs.Outcome.COMPLETED
    assert found.charge_balance <= 1e-12
    assert charges(found)[::2] == pytest.approx(0.1 * 600 / 3.6, rel=1e-9)
    whole = hs.run(full, hs.Protocol([hs.ConstantCurrent(0.1)]), "SPM")
    assert whole.charge == pytest.approx(known.capacity, rel=1e-5)


@pytest.mark.parametrize(
    ("protocol", "told"),
    [
        (hs.Protocol([hs.Hold(1.0, 60)]), "runs on half cells only"),
        (hs.Protocol([hs.EIS()]), r"Protocol: step 1 \(EIS\) runs on half cells only"),
        (hs.Protocol([hs.Rest(60)], filling=0.5), "starts charged"),
        (hs.Protocol([hs.Rest(60)], after="insertion"), "on the branch of a charge"),
        (hs.CCCV(0.1, 1.0, 0.01), "runs on half cells only"),
    ],
    ids=["hold", "spectrum", "filling", "history", "CCCV"],
)
def test_a_full_cell_refuses_what_it_cannot_run(full, protocol, told):
    with pytest.raises(hs.ParameterError, match=told):
        hs.run(full, protocol, "SPM")


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (hs.Hold(9.0, 60), "'potential' is 9 V; allowed: 0.01 to 3 V"),
        (hs.Ramp(-1.0, 1.0), "'to' is -1 V; allowed: 0.01 to 3 V"),
        (hs.ConstantCurrent(0.1, until=5.0), "'until' is 5 V; allowed: 0.01 to 3 V"),
        ("Discharge at 1C until 5 V", "'until' is 5 V; allowed: 0.01 to 3 V"),
    ],
    ids=repr,
)
def test_a_voltage_beyond_the_cut_offs_is_refused(step, told):
    before = engine.builds()
    with pytest.raises(hs.ParameterError, match=told):
        run(hs.Rest(60), hs.Protocol([step]))
    assert engine.builds() == before


def test_a_field_that_switches_has_no_spectrum_here_either():
    cell = hs.load("CZT", "core-shell").with_field(hs.SwitchingField())
    with pytest.raises(hs.ParameterError, match="has no linear response"):
        run(hs.Rest(60), hs.EIS(), cell=cell)


# --- the result -----------------------------------------------------------------------------------


def test_the_table_of_steps_agrees_with_the_trace():
    found = run(hs.ConstantCurrent(0.1, 600), hs.Rest(600), hs.EIS(frequencies=FEW), repeat=2)
    table = found.steps
    assert list(table["step"]) == list(range(6))
    for step in found.step_list:
        part = found.trace.of_step(step.number)
        if step.kind == "EIS":
            assert not part.time.size
            continue
        assert step.final_voltage == part.voltage[-1]
        assert step.start + step.duration == part.time[-1]
    assert table["charge [mA.h.g-1]"].sum() == pytest.approx(found.trace.charge[-1], rel=1e-12)
    assert found.charge == pytest.approx(2 * 0.1 * 600 / 3.6, rel=1e-9)


def test_spectra_are_a_result_of_their_own():
    found = run(hs.Rest(60), hs.EIS(frequencies=FEW), filling=0.4)
    assert found.impedance.spectra == found.spectra
    assert found.impedance.parameters_hash == found.parameters_hash
    assert len(found.impedance.to_frame()) == len(FEW)
    assert "1 spectra" in repr(found)
    with pytest.raises(ValueError, match="has no spectra"):
        _ = run(hs.Rest(60)).impedance


def test_the_solution_of_all_models_is_one():
    found = run(hs.ConstantCurrent(0.5, until=1.0), hs.Hold(1.0, 60), hs.Rest(60))
    voltage = found.solution["Voltage [V]"].entries
    assert voltage.size == found.trace.voltage.size + 2
    assert voltage[-1] == found.trace.voltage[-1]
    assert found.profiles(3).sizes["time"] == 3
    dataset = found.to_xarray()
    assert dataset.attrs["protocol"].startswith("Protocol([ConstantCurrent(")
    assert dataset.sizes["point"] == found.trace.time.size


def test_a_spectrum_alone_is_a_protocol():
    found = run(hs.EIS(frequencies=FEW), filling=0.5)
    assert found.outcome is hs.Outcome.COMPLETED
    assert not found.trace.time.size
    assert built_model(czt(), "SPM", CURRENT) is not None


@pytest.mark.parametrize(
    "look", [hs.plots.trace, hs.ProtocolRun.profiles, hs.ProtocolRun.voltage_components]
)
@pytest.mark.parametrize("step", ["Charge at C/5 until 1 V", hs.EIS(frequencies=FEW)])
def test_a_run_that_takes_no_time_says_so(look, step):
    """Neither passes charge, so that the balance is exactly 0 and there is nothing to look at."""
    found = run(step)
    assert (found.outcome.good, found.charge_balance) == (True, 0.0)
    with pytest.raises(ParameterError, match="none of its steps took time, and no charge passed"):
        look(found)


def test_a_run_without_spectra_has_no_figure_of_them():
    for found in (run(hs.Rest(60)), hs.run(czt(), hs.Rest(60), "SPM")):
        with pytest.raises(ParameterError, match="has no spectrum to draw"):
            hs.plots.impedance(found)


def test_a_limit_of_its_own_is_no_cut_off():
    """Only a current without a voltage of its own ends at the cut-off of the cell."""
    found = run(
        hs.ConstantCurrent(1.0, until=0.5), hs.Hold(0.5, until_current=0.1), "Discharge at C/2"
    )
    assert [one.outcome.value for one in found.step_list] == [
        "limit reached", "limit reached", "cut-off reached",
    ]  # fmt: skip
    assert hs.run(czt(), hs.ConstantCurrent(1.0, until=0.5), "SPM").outcome is hs.Outcome.LIMIT


def test_times_in_messages_have_no_exponent():
    found = run(hs.ConstantCurrent(0.1, 1e6))
    number = found.reason.partition("after ")[2].split()[0]
    assert float(number) > 1000
    assert "e" not in number


@pytest.mark.parametrize("given", [[hs.Rest(60)], "Rest for 1 hour"])
def test_steps_without_a_protocol_name_it(given):
    with pytest.raises(TypeError, match=r"hs\.Protocol\(\["):
        hs.run(czt(), given)
