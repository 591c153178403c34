"""Cells as columns: the inputs that each cell gives by itself, and no row for what a cell refuses."""

from collections.abc import Mapping

import numpy as np
import pytest
from shipped import SOME

import hetsim as hs
from hetsim import names
from hetsim.architectures import StateDependentField, SwitchingField
from hetsim.cells.columns import cell_columns
from hetsim.errors import ParameterError
from hetsim.parameters.checks import CELL_HOMES
from hetsim.parameters.flat import flat_values
from hetsim.parameters.schema import SCHEMA
from hetsim.results import Array

ROWS = 8
SHIPPED = [hs.load(name) for name in SOME]
VARIANTS = [hs.load(cell.system.name, one) for cell in SHIPPED for one in cell.system.variants]
CELLS = {cell.name: cell for cell in [*SHIPPED, *VARIANTS]}
FIELDS = [
    cell.with_field(field)
    for cell in CELLS.values()
    if cell.structure.architecture.has_field
    for field in (StateDependentField(), SwitchingField())
]
CELLS |= {f"{cell.name}, {type(cell.field).__name__}": cell for cell in FIELDS}
CELLS["CZT, one size"] = hs.load("CZT").with_particle(classes=1, fast=False)
WINDOW = (names.LOWER_CUT_OFF, names.UPPER_CUT_OFF)


def drawn(cell: hs.HalfCell, rng: np.random.Generator) -> dict[str, Array]:
    """Some values of a cell at random; zeros, cut-offs that cross and charges that make no salt among them."""
    known = [n for n in cell.values if n in SCHEMA and SCHEMA[n].home in CELL_HOMES]
    single = [name for name in known if not SCHEMA[name].is_list]
    picked = rng.choice(single, rng.integers(1, 7), replace=False)
    changes = {}
    for name in map(str, picked):
        usual = cell.values.number(name)
        column = usual * rng.uniform(0.7, 1.4, ROWS)
        if usual == 0:
            column = rng.uniform(-0.2, 0.2, ROWS) * SCHEMA[name].high * (rng.random(ROWS) < 0.7)
        if name in WINDOW:
            column = usual + rng.uniform(-0.4, 0.4, ROWS)
        if name in (names.CHARGE_NUMBER, names.ANION_CHARGE_NUMBER):
            column = rng.integers(1, 4, ROWS).astype(float)
        if name in (names.TIME_SPREAD, names.FAST_FRACTION):
            column = column * (rng.random(ROWS) < 0.7)
        changes[name] = column
    return changes


def alone(cell: hs.HalfCell, changes: Mapping[str, Array], row: int) -> tuple[hs.HalfCell, dict]:
    one = cell.with_values({name: float(column[row]) for name, column in changes.items()})
    return one, {**flat_values(one.model_values), **one.start(), names.HYSTERESIS_YIELD: 1.0}


@pytest.mark.parametrize("name", CELLS)
def test_columns_are_what_each_cell_gives_alone(name: str) -> None:
    cell = CELLS[name]
    rng = np.random.default_rng(sum(map(ord, name)))
    for _ in range(4):
        changes = drawn(cell, rng)
        groups = cell_columns(cell, changes)
        found = {row: (of, k) for of in groups for k, row in enumerate(of.rows.tolist())}
        for row in range(ROWS):
            try:
                one, expected = alone(cell, changes, row)
            except ParameterError:
                assert row not in found
                continue
            group, place = found[row]
            assert group.cell.build_key == one.build_key
            assert set(group.inputs) == set(expected)
            for key, value in expected.items():
                column = np.broadcast_to(group.inputs[key], len(group.rows))
                # a search for a root ends at 1e-13; all else is the same arithmetic
                assert column[place] == pytest.approx(value, rel=1e-12, abs=1e-12), key


@pytest.mark.parametrize(
    "bad",
    [
        {"Particle radius [m]": np.nan},
        {"Particle radius [m]": np.inf},
        {"Particle radius [m]": -1e-7},
        {"Charge number": 1.5},
        {"Charge number": 3.0, "Anion charge number": 2.0},
        {names.LOWER_CUT_OFF: 3.5},
        {names.UPPER_CUT_OFF: 0.5, names.LOWER_CUT_OFF: 0.1},
        {names.BUILT_IN_POTENTIAL: 0.1},
        {"Interface width [m]": 9e-8},
    ],
    ids=lambda bad: " and ".join(bad),
)
@pytest.mark.parametrize("variant", ["", "lumped"])
def test_what_a_cell_refuses_has_no_row(bad: dict[str, float], variant: str) -> None:
    cell = hs.load("CZT", variant=variant)
    usual = {name: cell.values.number(name) for name in bad if name in cell.values}
    usual.setdefault("Anion charge number", 1.0)
    changes = {name: np.array([usual[name], bad.get(name, usual[name])]) for name in usual}
    refused = False
    try:
        alone(cell, changes, 1)
    except ParameterError:
        refused = True
    rows = np.concatenate([group.rows for group in cell_columns(cell, changes)])
    assert rows.tolist() == ([0] if refused else [0, 1])
    assert refused or variant == "lumped"


def test_a_name_that_no_cell_has_is_left_to_the_cell() -> None:
    assert cell_columns(hs.load("CZT"), {"Particle size [m]": np.ones(2)}) == []


def test_zeros_that_change_the_structure_are_groups_of_their_own() -> None:
    cell = hs.load("CZT").with_particle(in_volumes=True)
    changes = {
        names.TIME_SPREAD: np.array([0.0, 0.5, 0.0]),
        "Particle radius [m]": np.full(3, 1e-7),
    }
    groups = {
        tuple(of.rows.tolist()): of.cell.structure.classes for of in cell_columns(cell, changes)
    }
    assert groups == {(0, 2): 1, (1,): 9}
