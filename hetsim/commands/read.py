"""The command `hetsim read`: what hetsim understands of a measured file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.options import clear_messages, json_option
from hetsim.commands.reading_options import (
    OF_A_CV,
    OF_A_RATE,
    reading_of,
    reading_options,
    stated_words,
    understood_line,
)
from hetsim.commands.text_table import text_table

if TYPE_CHECKING:
    from hetsim.measurements import Reading
    from hetsim.measurements.table import Column


@click.command()
@click.argument("file", type=Path)
@click.option(
    "--as",
    "kind",
    type=click.Choice(["trace", "rate", "cv", "eis", "cycles"]),
    help="What the file holds [as its columns say].",
)
@reading_options(*OF_A_RATE, *OF_A_CV)
@json_option
@clear_messages
def read(file: Path, kind: str | None, as_json: bool, **words: Any) -> None:
    """Show what hetsim understands of a measured FILE; nothing is run and nothing is written.

    One line says what the columns, units and signs are taken for; then come the columns with the first rows. Where a
    file can be read in two ways, the message names the option that decides.

    \b
    Examples:
      hetsim read export.csv
      hetsim read export.txt --mass-mg 1.36
      hetsim read rates.csv --one-c 372 --capacity-mah-g 372
      hetsim read strange.dat --columns "time=Zeit[h],current=I[mA],voltage=Spannung[V]"
    """
    reading = reading_of(file, stated_words(words), kind or "")
    if as_json:
        click.echo(json.dumps(_object(reading), ensure_ascii=False))
        return
    click.echo(understood_line(f"{reading.kind}: {reading.understood}"))
    click.echo("\n" + _columns(reading))


def _first(reading: Reading, column: Column) -> list[str]:
    """The first cells of a column as they stand in the file."""
    rows = range(min(3, len(reading.table.lines)))
    return [reading.table.written(column, row) for row in rows]


def _columns(reading: Reading) -> str:
    rows = []
    for column in reading.columns:
        if column.name:
            head = _first(reading, column)
            what = column.meaning.quantity.replace("_", " ") if column.meaning else "not read"
            unit = column.meaning.unit.name if column.meaning and column.meaning.unit else ""
            rows.append([column.name, what, unit, ", ".join(head)])
    return text_table(["column", "is", "unit", "first rows"], rows)


def _object(reading: Reading) -> dict[str, Any]:
    return {
        "file": str(reading.path),
        "kind": reading.kind,
        "understood": reading.understood,
        "columns": [
            {
                "name": column.name,
                "quantity": column.meaning.quantity if column.meaning else None,
                "unit": column.meaning.unit.name
                if column.meaning and column.meaning.unit
                else None,
                "first": _first(reading, column),
            }
            for column in reading.columns
            if column.name
        ],
    }
