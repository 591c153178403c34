"""How steps and protocols end: cut-offs, limits, failures, an interruption by the user."""

import pytest
from protocol_runs import czt, run

import hetsim as hs
from hetsim.simulation.alternating_bench import AlternatingBench


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
