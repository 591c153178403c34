"""The papers that the values of a cell come from, as its files name them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from hetsim import names
from hetsim.cells.full_cell import Cell, FullCell
from hetsim.cells.half_cell import HalfCell
from hetsim.parameters.component_file import read_electrolyte, read_material
from hetsim.parameters.library import PARAMETER_SETS, SYSTEM_FOLDERS, component_names
from hetsim.parameters.values import MeasuredRate, Value
from hetsim.references.reference import Reference, dois_with_words, of_doi

PRINTED = ("measured", "computed")
"""Kinds of values that are read from somewhere; all others follow from them or are chosen."""


@dataclass(frozen=True)
class Source:
    """A text that names where something comes from, and what that is.

    Parameters
    ----------
    text : str
        As the file says it
    of : str
        What comes from there
    printed : bool, default False
        Whether it must be printed somewhere, even where the text has no DOI
    """

    text: str
    of: str
    printed: bool = False


def sources_of(cell: Cell) -> Iterator[Source]:
    """Every text in the files of a cell that names a source: of the system, its measured curves, its values, and the
    files of its materials and its electrolyte."""
    if isinstance(cell, FullCell):
        yield Source(cell.file.reference, f"full cell {cell.name}")
        yield from _of_curves(cell.file.measured, cell.name)
        yield from _of_values(cell.file.values.values())
        for electrode in (cell.positive, cell.negative):
            yield from sources_of(electrode)
        return
    yield from _of_half_cell(cell)


def _of_half_cell(cell: HalfCell) -> Iterator[Source]:
    system = cell.system
    yield Source(system.reference, f"system {system.name}")
    yield from _of_curves(system.measured, system.name)
    yield from _of_values(system.values.values())
    for name in dict.fromkeys((*system.materials, *system.components)):
        if name in component_names("materials"):
            yield Source(read_material(name).reference, f"material {name}")
    if system.electrolyte in component_names("electrolytes"):
        reference = read_electrolyte(system.electrolyte).reference
        yield Source(reference, f"electrolyte {system.electrolyte}")


def _of_curves(curves: tuple[MeasuredRate, ...], name: str) -> Iterator[Source]:
    for curve in curves:
        yield Source(curve.source, f"measured rate curve of {name}", printed=True)
        for point in curve.aged:
            yield Source(point.source, f"measured capacity of {name} {point.label}", printed=True)


def _of_values(values: Iterable[Value]) -> Iterator[Source]:
    for value in values:
        printed = value.kind in PRINTED and value.name != names.CHARGE_NUMBER
        yield Source(value.source, value.name, printed)


def cited(cell: Cell) -> dict[Reference, list[str]]:
    """Each work that the files of a cell name by its DOI, and what comes from it."""
    found: dict[str, list[str]] = {}
    for source in sources_of(cell):
        for doi, _ in dois_with_words(source.text):
            found.setdefault(doi, []).append(source.of)
    words = {**_words_of_the_library(), **_words_in(source.text for source in sources_of(cell))}
    return {of_doi(doi, words.get(doi, "")): uses for doi, uses in found.items()}


def _words_in(texts: Iterable[str]) -> dict[str, str]:
    """What stands before each DOI where it says which paper that is."""
    found: dict[str, str] = {}
    for text in texts:
        for doi, words in dois_with_words(text):
            if of_doi(doi, words).year is not None:
                found.setdefault(doi, words)
    return found


@cache
def _words_of_the_library() -> dict[str, str]:
    """The same of the line "reference" in all files that ship."""
    lines = (
        line.partition('"')[2].removesuffix('"')
        for folder in (*SYSTEM_FOLDERS, "cells", "materials", "electrolytes")
        for path in sorted((PARAMETER_SETS / folder).glob("*.toml"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("reference")
    )
    return _words_in(lines)
