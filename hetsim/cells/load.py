"""Loading a cell, half or full, by its name or from a file."""

from pathlib import Path

from hetsim.cells.full_cell import Cell, assembled
from hetsim.cells.half_cell import HalfCell
from hetsim.cells.half_cell import load as load_half
from hetsim.errors import ParameterError
from hetsim.parameters.cell_file import is_cell, read_cell


def load(name_or_path: str | Path, variant: str = "") -> Cell:
    """A half cell or a full cell from its name or from a parameter file of your own (.toml).

    variant : one of the variants in a system's file, such as "core-shell"; a full cell has none
    Raises ParameterError (a ValueError) for anything wrong, naming what and what is allowed.
    """
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
