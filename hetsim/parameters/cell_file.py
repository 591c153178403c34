"""Files of full cells: two systems as electrodes, and what belongs to neither of them.

A file names the systems of its negative and positive electrode and has the values of the cell in
[parameters]: how the electrodes are balanced, what both share (separator, cut-offs, series resistance,
...) and, in [negative.parameters] and [positive.parameters], what of an electrode differs from its
half cell. Each number is `{ value, kind, source, range?, note? }`. What is shared and not written
here is that of the negative electrode's file, with its electrolyte.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from os.path import isfile  # False for a name that is too long, where Path.is_file raises
from pathlib import Path

from hetsim import names
from hetsim.errors import ParameterError, did_you_mean
from hetsim.parameters.checks import checked_rate, checked_system, known_parameter
from hetsim.parameters.library import PARAMETER_SETS, component_names
from hetsim.parameters.schema import SCHEMA
from hetsim.parameters.system_file import read_system
from hetsim.parameters.toml_reading import Table, read_document
from hetsim.parameters.value_file import read_measured, read_values
from hetsim.parameters.values import MeasuredRate, System, Value

SIDES = ("negative", "positive")

_HEAD = (
    "name", "title", "negative", "negative_variant", "positive", "positive_variant", "per_gram_of", "reference", "note",
)  # fmt: skip
_OWN = tuple(info.name for info in SCHEMA.values() if info.home == "cell")
_NEEDED = (*_OWN, names.LOWER_CUT_OFF, names.UPPER_CUT_OFF, "Series resistance [Ohm.cm2]")
_DERIVED = (names.LOADING, names.THICKNESS)


@dataclass(frozen=True)
class MeasuredRagone:
    """Energy [W.h.kg-1] and mean power [W.kg-1] at each current [A.g-1]; nan where none is printed."""

    currents: tuple[float, ...]
    energies: tuple[float, ...]
    powers: tuple[float, ...]
    source: str
    note: str = ""


@dataclass(frozen=True)
class CellFile:
    """A full cell as its file says."""

    name: str
    title: str
    negative: System
    positive: System
    per_gram_of: str
    values: Mapping[str, Value]
    reference: str = ""
    note: str = ""
    measured: tuple[MeasuredRate, ...] = ()
    ragone: tuple[MeasuredRagone, ...] = ()
    facts: Mapping[str, Value] = field(default_factory=dict)

    @property
    def ion(self) -> str:
        """The ion that both electrodes take up."""
        return self.negative.ion


def cell_names() -> list[str]:
    """Names of the full cells that ship with hetsim, sorted."""
    return component_names("cells")


def is_cell(name_or_path: str | Path) -> bool:
    """Whether a name or a file is that of a full cell and not of a system."""
    path = Path(name_or_path)
    if path.suffix != ".toml":
        return str(name_or_path) in cell_names()
    return isfile(path) and "cell" in read_document(path).content


def read_cell(name_or_path: str | Path) -> CellFile:
    """Read a full cell by its name or from a file of the user's.

    Raises ParameterError for an unknown name (with the nearest) and for anything wrong in the file.
    """
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = _library_path(str(name_or_path))
    document = read_document(path)
    document.only("cell", "parameters", "negative", "positive", "measured", "facts")
    head = document.table("cell").only(*_HEAD)
    values = _cell_values(document.table("parameters"), path.stem)
    electrodes = {side: _electrode(document, head, side, path.stem) for side in SIDES}
    measured = document.table("measured", {}).only("rate", "ragone")
    cell = CellFile(
        name=head.text("name"),
        title=head.text("title"),
        **electrodes,
        per_gram_of=head.text("per_gram_of", "positive"),
        values={**_shared(electrodes["negative"]), **values},
        reference=head.text("reference", ""),
        note=head.text("note", ""),
        measured=read_measured(measured.tables("rate"))[0],
        ragone=tuple(_ragone(table) for table in measured.tables("ragone")),
        facts=read_values(document.table("facts", {}), "fact", path.stem),
    )
    return checked_cell(cell, path.name)


def checked_cell(cell: CellFile, where: str) -> CellFile:
    """The same cell, if its values are complete and fit together.

    Raises ParameterError for a missing value, crossed cut-offs, electrodes for different ions, or
    another mass than that of an electrode.
    """
    missing = [name for name in _NEEDED if name not in cell.values]
    if missing:
        raise ParameterError(f"{where}: '{missing[0]}' is missing ({len(missing)} in all).")
    if cell.negative.ion != cell.positive.ion:
        raise ParameterError(
            f"{where}: {cell.negative.name} takes up {cell.negative.ion} and {cell.positive.name} "
            f"{cell.positive.ion}; both electrodes of a cell need the same ion."
        )
    if cell.per_gram_of not in SIDES:
        raise ParameterError(
            f"{where}: 'per_gram_of' = '{cell.per_gram_of}'; allowed: {', '.join(SIDES)}."
        )
    cut_offs = [cell.values[name].number for name in (names.LOWER_CUT_OFF, names.UPPER_CUT_OFF)]
    for low, high in pairwise(cut_offs):
        if not low < high:
            raise ParameterError(
                f"{where}: the lower voltage cut-off ({low:g} V) must be below the upper one "
                f"({high:g} V)."
            )
    return cell


def side_of(name: str, where: str) -> tuple[str, str]:
    """("negative", parameter) of "Negative: parameter", and ("", parameter) of what the cell has.

    Raises ParameterError for the name of an electrode's parameter without its electrode, or of what
    follows from other values.
    """
    for electrode in (names.NEGATIVE, names.POSITIVE):
        if name.startswith(electrode.prefix):
            stem = name.removeprefix(electrode.prefix)
            if electrode == names.NEGATIVE and stem in _DERIVED:
                raise ParameterError(
                    f"{where}: '{name}' follows from '{names.N_TO_P}' and the positive electrode."
                )
            if stem in SCHEMA and is_shared(stem):
                raise ParameterError(
                    f"{where}: '{stem}' is that of the whole cell; write it without the electrode."
                )
            return electrode.domain, stem
    head, colon, stem = name.partition(": ")
    if colon and stem in SCHEMA:
        raise ParameterError(
            f"{where}: unknown electrode '{head}'; write 'Negative: {stem}' or 'Positive: {stem}'."
        )
    if name in SCHEMA and SCHEMA[name].home in ("system", "component") and not is_shared(name):
        raise ParameterError(
            f"{where}: '{name}' is that of one electrode; write 'Negative: {name}' or "
            f"'Positive: {name}'."
        )
    return "", name


def is_shared(name: str) -> bool:
    """Whether a full cell has a parameter once."""
    return name in names.SHARED or SCHEMA[name].home in ("cell", "electrolyte")


# --- from a document to its values ---------------------------------------------------------------


def _library_path(name: str) -> Path:
    known = cell_names()
    if name not in known:
        raise ParameterError(f"Unknown cell '{name}'. {did_you_mean(name, known)}")
    return PARAMETER_SETS / "cells" / f"{name}.toml"


def _cell_values(table: Table, origin: str) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, raw in table.content.items():
        info = known_parameter(name, ("cell", "system", "electrolyte"), table.where)
        side_of(name, table.where)  # refuses what is an electrode's
        found.update(read_values(Table({name: raw}, table.where), info.home, origin))
    return found


def _electrode(document: Table, head: Table, side: str, origin: str) -> System:
    system = read_system(head.text(side), head.text(f"{side}_variant", ""))
    table = document.table(side, {}).only("parameters").table("parameters", {})
    for name in table.content:
        if name in SCHEMA and is_shared(name):
            raise ParameterError(
                f"{table.where}: '{name}' is that of the whole cell; it belongs in [parameters]."
            )
        if side == "negative" and name in _DERIVED:
            raise ParameterError(f"{table.where}: '{name}' follows from '{names.N_TO_P}'.")
    values = {**system.values, **read_values(table, "system", origin)}
    return checked_system(replace(system, values=values), table.where)


def _shared(system: System) -> dict[str, Value]:
    """What the cell shares with its negative electrode's half cell, but for what it must say itself."""
    return {
        name: value
        for name, value in system.values.items()
        if is_shared(name) and name not in _NEEDED
    }


def _ragone(table: Table) -> MeasuredRagone:
    table.only("currents_A_per_g", "energies_Wh_per_kg", "powers_W_per_kg", "source", "note")
    currents = table.numbers("currents_A_per_g")
    energies = table.numbers("energies_Wh_per_kg")
    powers = table.numbers("powers_W_per_kg")
    note = table.text("note", "")
    source = checked_rate(
        MeasuredRate(currents, energies, table.text("source")), table.where
    ).source
    known = tuple(power if power > 0 else float("nan") for power in powers)
    if len(known) != len(currents):
        raise ParameterError(
            f"{table.where}: {len(currents)} currents and {len(powers)} powers; it needs equally "
            "many, 0 where none is printed."
        )
    return MeasuredRagone(currents, energies, known, source, note)
