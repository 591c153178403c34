"""What a user can reach says what it takes, in numpydoc, and names every parameter that there is."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest

import hetsim as hs
from hetsim import analysis, measurements, plots

UNDERLINED = re.compile(r"^(?P<title>[A-Z][a-z]+)\n-+$", re.MULTILINE)
ENTRY = re.compile(r"^(?P<names>\w+(?:, \w+)*) : \S", re.MULTILINE)
SECTIONS = ["Parameters", "Returns", "Raises", "Notes", "References"]
FORMER = {"soc"}
"""Names that are still taken, with a warning."""


def functions() -> Iterator[Any]:
    for module in (hs, analysis, plots, measurements):
        for name in module.__all__:
            found = getattr(module, name)
            if inspect.isfunction(found):
                yield found


def sections(text: str) -> dict[str, str]:
    """The text under each title, in their order."""
    parts = UNDERLINED.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("function", {one.__name__: one for one in functions()}.values())
def test_a_public_function_names_its_parameters_and_its_result(function: Any) -> None:
    told = sections(inspect.getdoc(function) or "")
    entries = ENTRY.findall(told.get("Parameters", ""))
    named = [name for names in entries for name in names.split(", ")]
    assert named == list(inspect.signature(function).parameters)
    assert "Returns" in told


@pytest.mark.parametrize("name", hs.__all__)
def test_sections_stand_in_their_order(name: str) -> None:
    order = [SECTIONS.index(title) for title in sections(inspect.getdoc(getattr(hs, name)) or "")]
    assert order == sorted(order)


@pytest.mark.parametrize(
    "kind",
    [
        *(hs.RateTest, hs.GITT, hs.CV, hs.EIS, hs.Cycling, hs.Replay),
        *(hs.Protocol, hs.ICI, hs.CCCV, hs.ConstantCurrent, hs.Hold, hs.Ramp),
    ],
)
def test_a_protocol_names_its_parameters(kind: type) -> None:
    told = sections(inspect.getdoc(kind) or "")
    named = [name for names in ENTRY.findall(told["Parameters"]) for name in names.split(", ")]
    assert set(named) == set(inspect.signature(kind).parameters) - FORMER
    assert "Raises" in told
