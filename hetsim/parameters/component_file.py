"""Files of materials and electrolytes."""

from functools import cache

from hetsim.errors import ParameterError
from hetsim.parameters.library import library_path
from hetsim.parameters.schema import IONS
from hetsim.parameters.toml_reading import Table, read_document
from hetsim.parameters.value_file import read_values
from hetsim.parameters.values import Component, Value


@cache
def read_material(name: str) -> Component:
    """Read a material of the library by its name."""
    return _read_component("material", name)


@cache
def read_electrolyte(name: str) -> Component:
    """Read an electrolyte of the library by its name."""
    return _read_component("electrolyte", name)


def _read_component(kind: str, name: str) -> Component:
    document = read_document(library_path(kind, name)).only(kind, "parameters", "ions")
    head = document.table(kind).only("name", "title", "reference", "note")
    values = read_values(document.table("parameters", {}), kind, name)
    return Component(
        name,
        head.text("title", name),
        values,
        read_ions(document, name),
        head.text("reference", ""),
    )


def read_ions(document: Table, origin: str) -> dict[str, dict[str, Value]]:
    """The tables `[ions.K]` of a material: what it is as a host for each ion."""
    tables = document.table("ions", {})
    unknown = [ion for ion in tables.content if ion not in IONS]
    if unknown:
        raise ParameterError(
            f"{tables.where}: unknown ion '{unknown[0]}'; allowed: {', '.join(IONS)}."
        )
    return {ion: read_values(tables.table(ion), "ion", origin) for ion in tables.content}
