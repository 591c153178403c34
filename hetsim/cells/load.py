"""Loading a cell, half or full, by its name or from a file."""

from pathlib import Path
from typing import Literal, overload

from hetsim.cells.full_cell import Cell, FullCell, assembled
from hetsim.cells.half_cell import HalfCell
from hetsim.cells.half_cell import load as load_half
from hetsim.errors import ParameterError
from hetsim.parameters.cell_file import is_cell, read_cell


@overload
def load(name_or_path: Literal["KPB-CZT"]) -> FullCell: ...  # type: ignore[overload-overlap]
@overload
def load(name_or_path: str | Path, variant: str = "") -> HalfCell: ...
def load(name_or_path: str | Path, variant: str = "") -> Cell:
    """Load a half cell or a full cell.

    Parameters
    ----------
    name_or_path : str | Path
        Name of a shipped system or full cell, or the path of a parameter file (.toml)
    variant : str, default ''
        One of the variants in the file of a system, such as "core-shell"; a full cell has none

    Returns
    -------
    HalfCell | FullCell
        FullCell where the name or the file is that of a full cell. A type checker is told HalfCell for
        every name but those of the shipped full cells; `load_cell` is typed with both.

    Raises
    ------
    ParameterError
        For anything that is wrong in the file, or an unknown name; the message says what is allowed.
    """
    return load_cell(name_or_path, variant)


def load_cell(name_or_path: str | Path, variant: str = "") -> Cell:
    """`load`, typed with both kinds of cells."""
    if not is_cell(name_or_path):
        return load_half(name_or_path, variant)
    if variant:
        raise ParameterError(
            f"{name_or_path}: no variant '{variant}'; a full cell has none, its electrodes are "
            "changed with `with_electrodes`."
        )
    file = read_cell(name_or_path)
    positive = HalfCell(file.positive, classes=1, fast=False)
    return assembled(file, HalfCell(file.negative), positive)
