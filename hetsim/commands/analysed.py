"""What the analyses of a file share: options, and what they hand to the terminal and to the disk."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pandas as pd

from hetsim.commands.files import Writer, usable_folder, write_all

file_argument = click.argument("file", type=Path)
out_option = click.option(
    "--out", type=Path, help="Folder for figure and data [hetsim-out/FILE-analyse-KIND]."
)
mass_option = click.option(
    "--mass-mg", type=float, help="Active mass [mg], for a column current_mA."
)


_UNITS = {
    "s": "s",
    "V": "V",
    "m": "m",
    "m2.s-1": "m2_per_s",
    "A.g-1": "A_per_g",
    "mA.h.g-1": "mAh_per_g",
    "mV.s-1": "mV_per_s",
    "h": "h",
    "%": "percent",
}


@dataclass(frozen=True)
class Analysed:
    """text : for the terminal; content : the JSON object; frame : for the CSV; figure : of matplotlib."""

    text: str
    content: dict[str, Any]
    frame: pd.DataFrame
    figure: Any

    def writers(self, kind: str) -> dict[str, Writer]:
        """The files by name, each with the function that writes it."""

        def write_json(path: Path) -> None:
            path.write_text(json.dumps(self.content, indent=1), encoding="utf-8")

        return {
            f"{kind}.png": lambda path: self.figure.savefig(path, dpi=300),
            f"{kind}.svg": lambda path: self.figure.savefig(path),
            f"{kind}.csv": lambda path: self.frame.to_csv(path, index=False),
            f"{kind}.json": write_json,
        }


def json_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """One object a row; the unit in brackets of a column goes into its key, no number is null."""
    keys = {column: _key(str(column)) for column in frame.columns}
    return [
        {keys[column]: json_value(value) for column, value in row.items()}
        for row in frame.to_dict("records")
    ]


def json_value(value: Any) -> Any:
    """A number of Python, or None where there is none."""
    plain = value.item() if hasattr(value, "item") else value
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain


def _key(column: str) -> str:
    quantity, _, unit = column.partition(" [")
    words = "_".join(quantity.replace(",", "").split())
    return f"{words}_{_UNITS[unit.removesuffix(']')]}" if unit else words


def finish(result: Any, file: Path, kind: str, out: Path | None, as_json: bool) -> None:
    """Write figure and data, then print the table or the object."""
    writers = result.writers(kind)
    folder = usable_folder(out or Path("hetsim-out") / f"{file.stem}-analyse-{kind}", writers)
    files = write_all(folder, writers)
    if as_json:
        click.echo(json.dumps(result.content))
    else:
        click.echo(result.text)
        click.echo("\nwritten: " + ", ".join(str(path) for path in files))
