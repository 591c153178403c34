"""The numbers of the files that ship: each with its kind and its source, inside its range."""

import tomllib

import pytest
from parameter_file import RADIUS
from shipped import SOME

from hetsim.parameters.library import library_path
from hetsim.parameters.schema import KINDS
from hetsim.parameters.system_file import read_system

SHIPPED_CELLS = [(name, variant) for name in SOME for variant in ("", *read_system(name).variants)]


def loose_numbers(node, path=()):
    """Numbers of a document that stand outside an entry with kind and source."""
    if isinstance(node, dict):
        if "value" in node and node.get("kind") in KINDS and str(node.get("source", "")).strip():
            return
        for key, inner in node.items():
            yield from loose_numbers(inner, (*path, key))
    elif isinstance(node, list):
        for inner in node:
            yield from loose_numbers(inner, path)
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield path


@pytest.mark.parametrize("name", SOME)
def test_every_number_of_a_system_has_a_kind_and_a_source(name):
    document = tomllib.loads(library_path("system", name).read_text("utf-8"))
    curves = document.pop("measured", {"rate": []})["rate"]
    assert all(curve["source"].strip() for curve in curves)
    assert list(loose_numbers(document)) == []


@pytest.mark.parametrize(("name", "variant"), SHIPPED_CELLS)
def test_every_value_of_a_cell_has_a_kind_and_a_source(name, variant):
    for value in read_system(name, variant).values.values():
        assert value.kind in KINDS, value.name
        assert value.source, value.name


@pytest.mark.parametrize(("name", "variant"), SHIPPED_CELLS)
def test_every_fitted_value_lies_strictly_inside_its_range(name, variant):
    system = read_system(name, variant)
    fitted = [v for v in system.values.values() if v.kind == "fitted"]
    assert fitted or not system.measured
    for value in fitted:
        low, high = value.range
        assert low < value.value < high, value.name


@pytest.mark.parametrize(("name", "variant"), SHIPPED_CELLS)
def test_every_range_lies_inside_what_is_plausible(name, variant):
    for value in read_system(name, variant).values.values():
        if value.range is not None:
            low, high = value.range
            assert value.info.low <= low < high <= value.info.high, value.name


def test_the_table_shows_every_value_with_where_it_comes_from(czt):
    table = czt.table()
    assert list(table.index) == list(czt.values)
    assert {"value", "kind", "range", "source", "note", "file"} <= set(table.columns)
    for name, value in czt.system.values.items():
        row = table.loc[name]
        assert (row["value"], row["kind"], row["source"]) == (value.value, value.kind, value.source)


def test_the_table_shows_what_the_user_changed(czt):
    row = czt.with_values({RADIUS: 1e-7}).table().loc[RADIUS]
    assert (row["value"], row["file"]) == (1e-7, "user")
    assert "user" in row["source"]
