"""Files of materials and electrolytes."""

from functools import cache

from hetsim.parameters.library import library_path
from hetsim.parameters.toml_reading import read_document
from hetsim.parameters.value_file import read_values
from hetsim.parameters.values import Component


@cache
def read_material(name: str) -> Component:
    """Read a material of the library by its name."""
    return _read_component("material", name)


@cache
def read_electrolyte(name: str) -> Component:
    """Read an electrolyte of the library by its name."""
    return _read_component("electrolyte", name)


def _read_component(kind: str, name: str) -> Component:
    document = read_document(library_path(kind, name)).only(kind, "parameters")
    head = document.table(kind).only("name", "title", "reference", "note")
    values = read_values(document.table("parameters", {}), kind, name)
    return Component(name, head.text("title", name), values)
