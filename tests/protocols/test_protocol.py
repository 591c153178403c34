"""Protocols of several steps: what they are made of, and what is refused before anything runs."""

import pytest

import hetsim as hs
from hetsim.protocols.text_step import TextStep

PULSE, BACK, PAUSE = hs.ConstantCurrent(0.1, 600), hs.ConstantCurrent(-0.1, 600), hs.Rest(60)

REFUSED = {
    "nothing": (lambda: hs.Protocol([]), "'steps' is empty"),
    "no list": (lambda: hs.Protocol("Rest for 1 hour"), "must be a list of steps"),
    "an unknown step": (lambda: hs.Protocol([PAUSE, hs.RateTest([1.0])]), "step 2 is RateTest;"),
    "a class": (lambda: hs.Protocol([hs.Rest]), "allowed: ConstantCurrent, Rest, Hold"),
    "repeat of 0": (lambda: hs.Protocol([PULSE], repeat=0), "'repeat' is 0; it must be at least 1"),
    "half a repeat": (lambda: hs.Protocol([PULSE], repeat=1.5), "'repeat' must be a whole number"),
    "a filling of its own": (
        lambda: hs.Protocol([PULSE, hs.Rest(60, filling=0.5)]),
        "begins where the step before ended",
    ),
    "a filling of a current": (
        lambda: hs.Protocol([hs.ConstantCurrent(-0.1, 60, filling=0.3)]),
        "give 'filling' to the outer Protocol",
    ),
    "a filling of a spectrum": (lambda: hs.Protocol([hs.EIS(0.3)]), "give 'filling' to the outer"),
    "a filling inside": (
        lambda: hs.Protocol([hs.Protocol([PULSE], filling=0.2)]),
        "give 'filling' to the outer Protocol",
    ),
    "a filling out of range": (lambda: hs.Protocol([PULSE], filling=1.2), "0 \\(extracted\\) to 1"),
    "a spectrum in a pulse": (lambda: hs.Protocol([PULSE, hs.EIS()]), "in the middle of a pulse"),
    "a spectrum in a long pulse": (
        lambda: hs.Protocol([PAUSE, PULSE, hs.EIS()]),
        r"would follow step 2 \(ConstantCurrent\), in",
    ),
    "a spectrum in a hold": (
        lambda: hs.Protocol([hs.Hold(1.0, 60), hs.EIS()]),
        "in the middle of a pulse",
    ),
    "a spectrum after a text": (
        lambda: hs.Protocol(["Discharge at 1C for 1 hour", hs.EIS()]),
        "in the middle of a pulse",
    ),
    "a spectrum after the last step of a round": (
        lambda: hs.Protocol([hs.EIS(), PULSE], repeat=2),
        "in the middle of a pulse",
    ),
    "a spectrum after an inner protocol": (
        lambda: hs.Protocol([hs.Protocol([PULSE], repeat=2), hs.EIS()]),
        "in the middle of a pulse",
    ),
    "no end: rests": (lambda: hs.Protocol([PAUSE], repeat=None), "no step changes the charge"),
    "no end: there and back": (
        lambda: hs.Protocol([PULSE, BACK], repeat=None),
        "pass no charge in all",
    ),
    "no end: from cut-off to cut-off": (
        lambda: hs.Protocol([hs.ConstantCurrent(0.1), hs.ConstantCurrent(-0.1)], repeat=None),
        "without an end",
    ),
    "no end: a hold": (
        lambda: hs.Protocol([PULSE, hs.Hold(1.0, 60)], repeat=None),
        "without an end",
    ),
    "a hold without an end": (lambda: hs.Hold(1.0), "the step has no end"),
    "a negative limit": (lambda: hs.Hold(1.0, until_current=-1.0), "'until_current' is -1 A/g"),
    "a ramp that stands": (lambda: hs.Ramp(1.0, 0.0), "'rate' is 0 mV/s"),
    "an interruption of a period": (
        lambda: hs.ICI(0.1, 10, 10),
        "the interruption of 10 s is not shorter than its period of 10 s",
    ),
    "no pulses": (lambda: hs.ICI(0.1, 300, 10, pulses=0), "'pulses' is 0"),
    "both directions": (lambda: hs.ICI(0.1, 300, 10, "both"), "'direction' is 'both'"),
    "a cut-off above the current": (lambda: hs.CCCV(0.1, 1.0, 0.2), "must be below the current"),
    "no current": (lambda: hs.CCCV(0.0, 1.0, 0.2), "'current' is 0 A/g"),
    "a power": (lambda: hs.Protocol(["Discharge at 1 W for 1 hour"]), "a power cannot be imposed"),
    "a resistance": (
        lambda: hs.Protocol(["Discharge at 1 Ohm until 1 V"]),
        "a resistance cannot be imposed",
    ),
    "no words of PyBaMM's": (lambda: hs.Protocol(["Relax a while"]), "cannot read the step 'Relax"),
    "no number": (lambda: hs.Protocol(["Discharge at C/0 for 1 h"]), "cannot read the step"),
    "A/g in a text": (lambda: hs.Protocol(["Charge at 1 A/g for 1 h"]), "given as hs.Constant"),
    "time that runs back": (lambda: hs.Protocol(["Rest for -5 s"]), "its duration is -5 s"),
    "a rest until a voltage": (lambda: hs.Protocol(["Rest until 3 V"]), "a rest ends in time"),
    "a charge at a voltage": (lambda: hs.Protocol(["Charge at 4 V until 1 mA"]), "Hold at 4 V"),
    "a hold of a current": (lambda: hs.Protocol(["Hold at 1 A for 1 h"]), "'Discharge at ...'"),
    "a hold until a voltage": (lambda: hs.Protocol(["Hold at 1 V until 2 V"]), "a hold ends in"),
    "a current until a current": (
        lambda: hs.Protocol(["Charge at 1C until 50 mA"]),
        "a current ends in time or at a voltage",
    ),
    "a sampling period": (
        lambda: hs.Protocol(["Rest for 1 h (1 minute period)"]),
        "a sampling period has no place",
    ),
    "a current of nothing": (lambda: hs.Protocol(["Discharge at 0 A for 1 h"]), "current is 0"),
}


@pytest.mark.parametrize(("make", "told"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_run_is_refused_in_one_sentence(make, told):
    with pytest.raises(hs.ParameterError, match=told) as caught:
        make()
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


ALLOWED = {
    "a spectrum of the cell as it starts": [hs.EIS(), PULSE],
    "one spectrum after another": [PAUSE, hs.EIS(), hs.EIS(frequencies=[1.0])],
    "a rest in words": [PULSE, "Rest for 1 hour", hs.EIS()],
    "a rest in the inner protocol": [hs.Protocol([PULSE, PAUSE], repeat=2), hs.EIS()],
}


@pytest.mark.parametrize("steps", ALLOWED.values(), ids=ALLOWED)
def test_a_spectrum_follows_a_rest(steps):
    assert hs.Protocol(steps).steps[-1] is not None


def test_words_mean_what_pybamm_means_for_a_cell():
    """C-rates count by the capacity of all sites [mA.h.g-1], amperes by the whole cell."""
    capacity, mass = 400.0, 2e-3
    assert TextStep("Discharge at C/2 until 0.5 V").step(capacity, mass) == hs.ConstantCurrent(
        0.2, until=0.5
    )
    assert TextStep("Charge at 1 mA for 30 minutes").step(capacity, mass) == hs.ConstantCurrent(
        -0.5, 1800
    )
    assert TextStep("Discharge at 2C for 1 hour or until 1 V").step(
        capacity, mass
    ) == hs.ConstantCurrent(0.8, 3600, until=1.0)
    assert TextStep("Discharge at C/5").step(capacity, mass) == hs.ConstantCurrent(0.08)
    assert TextStep("Rest for 2 hours").step(capacity, mass) == hs.Rest(7200)
    assert TextStep("Hold at 0.5 V until C/20").step(capacity, mass) == hs.Hold(
        0.5, until_current=0.02
    )
    assert TextStep("Hold at 0.5 V for 60 s or until 0.01 mA").step(capacity, mass) == hs.Hold(
        0.5, 60, until_current=0.005
    )


def test_a_protocol_is_a_value():
    made = [hs.Protocol([PULSE, "Rest for 1 hour", hs.EIS()], repeat=3) for _ in range(2)]
    assert made[0] == made[1]
    assert hash(made[0]) == hash(made[1])
    assert repr(made[0]) == repr(made[1])
    assert "'Rest for 1 hour'" in repr(made[0])


def test_interruptions_come_once_a_period():
    steps = hs.ICI(0.1, 300, 10, "extraction", 4).protocol
    assert steps == hs.Protocol([hs.ConstantCurrent(-0.1, 290), hs.Rest(10)], repeat=4, filling=1.0)
    assert hs.ICI(0.1, 300, 10).protocol.repeat is None


def test_steps_are_counted_with_their_repeats():
    inner = hs.Protocol([PULSE, PAUSE], repeat=5)
    assert hs.Protocol([inner, hs.EIS()], repeat=2).least_steps == 22


def test_history_is_said_once():
    with pytest.raises(hs.ParameterError, match="'after' to the outer Protocol"):
        hs.Protocol([hs.Rest(60, after="insertion")])
    with pytest.raises(hs.ParameterError, match="'after' is 'discharge'"):
        hs.Protocol([PAUSE], after="discharge")
    assert "after='insertion'" in repr(hs.Protocol([PAUSE], after="insertion"))
