"""Protocols in words, interruptions, and what a full cell runs and refuses."""

import numpy as np
import pytest
from protocol_runs import charges, czt, run

import hetsim as hs
from hetsim import engine
from hetsim.simulation import check
from hetsim.simulation.potentiostat import Potentiostat


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
