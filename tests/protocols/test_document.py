"""Protocols in files."""

import pytest

import hetsim as hs
from hetsim.protocols.document import read_protocol

TITRATION = """
repeat = 20
filling = 0.1
steps = [
  { kind = "ConstantCurrent", current = 0.05, duration = 600 },
  "Rest for 1 hour",
  { kind = "EIS", frequencies = [1000, 1] },
]
"""


def test_a_file_says_the_same_as_python(written):
    assert read_protocol(written(TITRATION)) == hs.Protocol(
        [hs.ConstantCurrent(0.05, 600), "Rest for 1 hour", hs.EIS(frequencies=[1000, 1])],
        repeat=20,
        filling=0.1,
    )


def test_protocols_in_a_file_nest(written):
    text = """
    steps = [
      { kind = "Protocol", repeat = "until cut-off", steps = [
          { kind = "ConstantCurrent", current = 0.05, duration = 600 } ] },
      { kind = "CCCV", current = -0.1, voltage = 2.0, cut_off_current = 0.01 },
    ]
    """
    inner = hs.Protocol([hs.ConstantCurrent(0.05, 600)], repeat=None)
    assert read_protocol(written(text)) == hs.Protocol([inner, hs.CCCV(-0.1, 2.0, 0.01)])


def test_other_kinds_are_said_by_name(written):
    text = 'kind = "ICI"\ncurrent = 0.1\nperiod = 300\nrest = 10\n'
    assert read_protocol(written(text)) == hs.ICI(0.1, 300, 10)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("repeat = 2\n", "'steps' is missing for Protocol"),
        ('steps = "Rest for 1 hour"\n', "'steps' must be a list of steps"),
        (
            'steps = [{ kind = "Rst", duration = 1 }]\n',
            r"step 1: unknown step 'Rst'; allowed: CCCV, EIS, ICI, ConstantCurrent, Hold",
        ),
        ('steps = [{ kind = "CV", rates = [1] }]\n', "step 1: 'CV' is no step; allowed: CCCV, EIS"),
        ('steps = [{ kind = "Rest", durations = 1 }]\n', "'duration'"),
        ('steps = [{ kind = "Rest", x = 1 }]\n', r"unknown key 'x'. Allowed: duration, kind\.$"),
        (
            'steps = [{ kind = "Rest", duration = 1, filling = 0.5 }]\n',
            "give 'filling' to the outer Protocol",
        ),
        ('steps = [{ kind = "Rest" }]\n', "step 1: 'duration' is missing for Rest"),
        ('steps = [{ kind = "Rest", length = 1 }]\n', "step 1: unknown key 'length'"),
        ('steps = ["Rest for 1 hour"]\nrepeats = 2\n', "unknown key 'repeats'"),
        ("steps = [1]\n", "step 1 is 1; allowed"),
        ('steps = ["Rest for 1 hour"]\nrepeat = "often"\n', "'repeat' must be a whole number"),
    ],
)
def test_a_wrong_file_is_refused(written, text, told):
    with pytest.raises(hs.ParameterError, match=told):
        read_protocol(written(text))


def test_a_protocol_may_stand_under_its_own_name(written):
    """As in the file of a sweep."""
    assert read_protocol(written("[protocol]\n" + TITRATION)) == read_protocol(written(TITRATION))
