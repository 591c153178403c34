"""A further architecture is one class and one line in the table that reads files."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

import hetsim as hs
from hetsim.architectures import ARCHITECTURES, Architecture, Channel, DiluteCarriers, table
from hetsim.architectures.grains import GRAIN_SIZE, INTERFACE_WIDTH, Values
from hetsim.laws import mixing

PACKAGE = Path(__file__).parents[2] / "hetsim"

DILUTE = DiluteCarriers()


@dataclass(frozen=True)
class Fibres(Architecture):
    """Bundles of fibres of A and B along the flux, with their junctions beside them."""

    summary: ClassVar[str] = "fibres: ions run along the fibres."
    statements: ClassVar[str] = "abe"
    needs: ClassVar[tuple[str, ...]] = ("Core Debye length [m]",)
    no_potential: ClassVar[str] = "ions run along the fibres"

    has_network: ClassVar[bool] = True
    channel: Channel = DILUTE

    def mean(self, shares: Sequence[Any], values: Sequence[Any]) -> Any:
        return mixing.parallel(shares, values)

    def joined(self, grains: Any, ratio: Any, fraction: Any) -> Any:
        return mixing.interface_channel(grains, ratio, fraction)

    def interface_area(self, value: Values) -> Any:
        return mixing.FIBRES / value(GRAIN_SIZE)

    def layer_fraction(self, value: Values) -> Any:
        return mixing.interface_fraction(value(GRAIN_SIZE), value(INTERFACE_WIDTH), mixing.FIBRES)


LENGTH = """
[parameters]
"Core Debye length [m]" = { value = 1e-9, kind = "assumed", source = "a test" }
"""
FILE = """
[system]
name = "F"
base = "CZT"
architecture = "fibres"
"""


@pytest.fixture(autouse=True)
def with_fibres(monkeypatch):
    monkeypatch.setitem(table.ARCHITECTURES, "fibres", Fibres())


def test_a_file_with_it_runs_and_is_reported(written, hetsim):
    path = written(FILE + LENGTH)
    cell = hs.load(path)
    curve = hs.run(cell, hs.RateTest([1.0], from_equilibrium=True), model="SPM")
    other = hs.run(hs.load("CZT"), hs.RateTest([1.0], from_equilibrium=True), model="SPM")
    assert curve.points[0].outcome.good
    assert curve.capacities[0] > other.capacities[0]  # fibres along the flux beat a network
    told = hetsim("interface", str(path), "--json")
    assert told.exit_code == 0
    found = json.loads(told.stdout)
    share = 1 - (1 - 1 / 34) ** 2
    assert found["interface_volume_fraction"] == pytest.approx(share, rel=1e-12)
    assert set(found["d_eff_over_d_bulk_by_architecture"]) == set(ARCHITECTURES)
    text = hetsim("interface", str(path)).stdout
    assert "fibres: ions run along the fibres." in text
    assert re.search(r"^ +fibres +\d", text, re.M)


def test_what_it_needs_is_asked_for(refusal):
    assert "'Core Debye length [m]' is missing" in refusal(FILE)


def test_a_potential_is_refused_with_its_reason(refusal):
    potential = '"Built-in potential [V]" = { value = 0.1, kind = "assumed", source = "a test" }'
    message = refusal(FILE + LENGTH + potential)
    assert "where ions run along the fibres; only 0 is allowed" in message


@pytest.mark.parametrize(
    "path",
    [p for p in sorted(PACKAGE.rglob("*.py")) if p.parent.name != "architectures"],
    ids=lambda p: str(p.relative_to(PACKAGE)),
)
def test_no_other_code_asks_for_an_architecture_by_its_name(path):
    """Names stand in texts for readers (variants of files among them), never in a comparison or a table."""
    code = path.read_text(encoding="utf-8")
    names = "|".join(ARCHITECTURES)
    assert not re.search(rf"(==|!=|\bin\b) *\(?[\"']({names})[\"']", code)
    assert not re.search(rf"[\"']({names})[\"'] *:", code)
    assert 'startswith("stacked' not in code
