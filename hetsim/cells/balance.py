"""How the electrodes of a full cell are balanced, and what the whole cell says of itself.

PyBaMM is not needed here, so listing and showing cells is quick.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hetsim import names
from hetsim.parameters.cell_file import SIDES, CellFile, is_cell, is_shared, read_cell
from hetsim.parameters.checks import checked_system, checked_value
from hetsim.parameters.system_file import read_system
from hetsim.parameters.values import System, Value

FULL_CELL = "full cell"
"""The class under which full cells are listed."""

_ELECTRODES = (names.NEGATIVE, names.POSITIVE)
_OWN_CUT_OFFS = (names.LOWER_CUT_OFF, names.UPPER_CUT_OFF)


def balanced(file: CellFile, negative: System, positive: System) -> tuple[System, System]:
    """Both electrodes with what the cell has once, and the negative one with its loading.

    m_N = NP m_P Q_P / Q_N   [mg.cm-2], NP "N/P ratio" (sites over sites), Q per gram. The coating of
    the negative electrode is thicker in the same measure, at the porosity of its half cell. The
    cut-offs of the half cells stay their own.
    """
    shared = {
        name: value
        for name, value in file.values.items()
        if name not in _OWN_CUT_OFFS and value.info.home != "cell"
    }
    q_n, q_p = (one.values[names.SPECIFIC_CAPACITY].number for one in (negative, positive))
    m_p, m_half = (one.values[names.LOADING].number for one in (positive, negative))
    m_n = file.values[names.N_TO_P].number * m_p * q_p / q_n
    source = f"'{names.N_TO_P}' and the positive electrode, at the porosity of the half cell"
    derived = {
        names.LOADING: m_n,
        names.THICKNESS: negative.values[names.THICKNESS].number * m_n / m_half,
    }
    for name, value in derived.items():
        checked_value(name, value, ("system",), f"{file.name}: negative electrode")
    own = {
        name: Value(name, value, "derived", source, origin=file.name)
        for name, value in derived.items()
    }
    return _with(negative, {**shared, **own}), _with(positive, shared)


def sourced(file: CellFile, electrodes: tuple[System, System]) -> dict[str, Value]:
    """Every value of a cell with its source; those of an electrode with its prefix."""
    values = dict(file.values)
    for electrode, system in zip(_ELECTRODES, electrodes, strict=True):
        for name, value in system.values.items():
            if not is_shared(name):
                values[electrode.own(name)] = value
    return values


def described(name_or_path: str | Path, variant: str = "") -> System:
    """What `hetsim list` and `hetsim show` say of a system or of a full cell.

    Raises ParameterError for anything wrong; a full cell has no variant.
    """
    if is_cell(name_or_path) and not variant:
        return as_system(read_cell(name_or_path))
    return read_system(name_or_path, variant)


def as_system(file: CellFile) -> System:
    """A full cell in the form of a system, with every value of both electrodes."""
    electrodes = balanced(file, file.negative, file.positive)
    systems = dict(zip(SIDES, electrodes, strict=True))
    materials = [name for electrode in electrodes[::-1] for name in electrode.materials]
    return replace(
        systems[file.per_gram_of],
        name=file.name,
        title=file.title,
        classification=FULL_CELL,
        architecture=f"{file.positive.label}||{file.negative.label}",
        materials=tuple(dict.fromkeys(materials)),
        values=sourced(file, electrodes),
        reference=file.reference,
        note=file.note,
        controls=(),
        variant="",
        variants=(),
        measured=file.measured,
        facts=file.facts,
    )


def _with(system: System, values: Mapping[str, Value]) -> System:
    """The same electrode with other values, which keep their sources."""
    return checked_system(replace(system, values={**system.values, **values}), system.name)
