"""Reading the table of a measured file: where it stands in a text, what its columns hold, and its cells."""

import csv
import io
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import MeasurementError, did_you_mean
from hetsim.measurements.aliases import Meaning, meaning, plain, unit_in
from hetsim.measurements.cell_units import with_cell_units, without_full_width, without_units
from hetsim.measurements.encoding import Text, cannot_be_read, decoded
from hetsim.measurements.header import SEARCHED, Layout, decimal_signs, layout, split
from hetsim.measurements.layers import flattened, in_layers
from hetsim.measurements.stated import Stated, name_and_unit
from hetsim.measurements.table import Column, Table, shown, without_thousands
from hetsim.measurements.unit_names import unit_of

_DELIMITER_NAMES = {"\t": "tab", "  ": "space", " ": "space"}


_DELIMITERS = {"tab": "\t", "space": " "}


def read_table(path: Path, given: Stated) -> Table:
    """The table of a text file. Raises MeasurementError if there is none."""
    found = _stated_encoding(path, given.encoding) if given.encoding else decoded(path)
    strange = [found.encoding] if found.encoding not in ("utf-8", "ascii") else []
    return _of_text(path, found.text, given, strange)


def read_rows(
    path: Path, rows: Sequence[Sequence[str]], given: Stated, how: Sequence[str]
) -> Table:
    """The table of a spreadsheet or of another package's reader, row by row. Raises MeasurementError."""
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows(rows)
    told = replace(given, delimiter="tab", decimal=given.decimal or ".")
    table = _of_text(path, text.getvalue(), told, how)
    ours = [one for one in table.how if not one.startswith("tab ")]
    return replace(table, stated=given, how=tuple(ours))


def _of_text(path: Path, content: str, given: Stated, how_read: Sequence[str]) -> Table:
    text = content.replace("\r\n", "\n").replace("\r", "\n")
    lines = _first_lines(text)
    if layers := in_layers(lines):
        text = flattened(text, *layers)
        lines = _first_lines(text)
        how_read = [*how_read, "cycles, steps and records in layers"]
    text, full_width = without_full_width(text, lines)
    if full_width:
        lines = _first_lines(text)
        how_read = [*how_read, "full-width commas between columns"]
        given = replace(given, delimiter="tab")
    delimiter = _DELIMITERS.get(given.delimiter or "", given.delimiter)
    wanted = [name_and_unit(one)[0] for one in given.named.values()]
    where = layout(lines, wanted, delimiter)
    columns = _columns(path, where, given)
    sample = _sample(text, where)
    decimal = given.decimal or _decimal(path, columns, sample)
    cells, numbers = _cells(path, text, where, decimal)
    columns, cells, beside = _with_cell_units(columns, cells, decimal)
    how = [
        *how_read,
        *([f"units in the cells of {beside}"] if beside else []),
        *(
            [f"{_DELIMITER_NAMES.get(where.delimiter, where.delimiter)} between columns"]
            if where.delimiter != "," and not full_width
            else []
        ),
        *(["decimal comma"] if decimal == "," else []),
        *([f"{where.header} lines above the table"] if where.header > 0 else []),
    ]
    return Table(
        path,
        columns,
        cells,
        numbers,
        tuple(lines[: max(where.header, 0)]),
        tuple(how),
        given,
        (text, where),
        decimal,
    )


def _stated_encoding(path: Path, encoding: str) -> Text:
    try:
        return Text(path.read_text(encoding=encoding).lstrip("\ufeff"), encoding)
    except (OSError, UnicodeError, LookupError) as error:
        raise cannot_be_read(path, str(error)) from error


def _first_lines(text: str) -> list[str]:
    end = 0
    for _ in range(SEARCHED):
        end = text.find("\n", end) + 1
        if not end:
            return text.split("\n")
    return text[:end].split("\n")


def _columns(path: Path, where: Layout, given: Stated) -> tuple[Column, ...]:
    """Each column with what it holds; what the user names goes before what is recognised."""
    units = where.units + ("",) * (len(where.names) - len(where.units))
    found = [
        Column(place, " ".join(name.split()), _with_unit(name, unit) if name else None)
        for place, (name, unit) in enumerate(zip(where.names, units, strict=False))
    ]
    for quantity, text in given.named.items():
        name, unit = name_and_unit(text)
        place = _place(path, name, where.names)
        if place is None and unit is not None:  # the bracket belongs to the name
            name, place = text, _place(path, text, where.names)
        if place is None:
            known = [shown(one) for one in where.names if one]
            raise MeasurementError(
                f"{path}: there is no column '{text}'. {did_you_mean(name, known)}"
            )
        known_unit = found[place].meaning.unit if found[place].meaning else None  # type: ignore[union-attr]
        stated = unit or known_unit or unit_in(where.names[place]) or unit_of(units[place])
        chosen = Meaning(quantity, stated)
        found = [
            replace(one, meaning=chosen)
            if one.place == place
            else replace(one, meaning=None)
            if one.meaning and one.meaning.quantity == quantity
            else one
            for one in found
        ]
    return tuple(found)


def _place(path: Path, name: str, names: Sequence[str]) -> int | None:
    for spelled in (str.strip, plain):
        places = [place for place, one in enumerate(names) if spelled(one) == spelled(name)]
        if len(places) > 1:
            raise MeasurementError(f"{path}: {len(places)} columns are named '{name}'.")
        if places:
            return places[0]
    return None


def _with_unit(name: str, unit: str) -> Meaning | None:
    """What a column holds, with the unit below its name if its name has none."""
    found = meaning(name)
    if found is None or found.unit is not None or not unit.strip("[]() -#"):
        return found
    spelled = meaning(f"{name} [{unit}]")
    return spelled if spelled and spelled.unit else replace(found, stated=unit)


def _sample(text: str, where: Layout) -> list[list[str]]:
    """Rows at the start, in the middle and at the end."""
    lines: list[str] = []
    start = _start(text, where.first)
    for begin in (start, (start + len(text)) // 2, len(text) - 20_000):
        begin = max(begin, start)
        piece = text[begin : begin + 20_000].split("\n")
        lines += piece[:200] if begin == start else piece[1:200]
    return without_units([split(line, where.delimiter) for line in lines])


def _with_cell_units(
    columns: Sequence[Column], cells: Mapping[int, Any], decimal: str
) -> tuple[tuple[Column, ...], dict[int, Any], str]:
    """The columns and cells with the units of those columns whose cells say theirs, and which they are."""
    import pandas as pd

    made, numbers = list(columns), dict(cells)
    beside = []
    for place, column in enumerate(columns):
        found = with_cell_units(column.meaning, cells[column.place])
        if found is None:
            continue
        told, text, sizes = found
        made[place] = replace(column, meaning=told)
        values = pd.to_numeric(without_thousands(text, decimal), errors="coerce")
        numbers[column.place] = values.astype(float) * sizes
        beside.append(f"'{column.name}'")
    return tuple(made), numbers, " and ".join(beside)


def _decimal(path: Path, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> str:
    points, commas, open_ = decimal_signs([cell for row in rows for cell in row])
    if commas and points:
        raise MeasurementError(
            f"{path}: some numbers have a decimal comma and some a decimal point; state which one it is: "
            "--decimal , or --decimal ."
        )
    volts = [
        one.place
        for one in columns
        if one.meaning and one.meaning.unit and one.meaning.unit.name == "V"
    ]
    if open_ and not commas and not points:
        cells = [row[place] for row in rows for place in volts if place < len(row)]
        if decimal_signs(cells)[2]:
            return ","  # no cell has a thousand volts
        raise MeasurementError(
            f"{path}: a number such as 1,234 can be one and a fraction or one thousand; state the decimal sign: "
            "--decimal , or --decimal ."
        )
    return "," if commas else "."


def _start(text: str, line: int) -> int:
    """Where a line of a text begins."""
    position = 0
    for _ in range(line):
        position = text.find("\n", position) + 1
        if not position:
            return len(text)
    return position


def _body(text: str, where: Layout) -> tuple[str, str]:
    """The rows without remarks, parted by one sign, and that sign."""
    body = text[_start(text, where.first) :]
    if "\n#" in body or body.startswith("#"):
        body = re.sub(r"(?m)^#.*$", "", body)
    if not where.delimiter.strip() and where.delimiter != "\t":
        between = (
            r"(?<=\S)(?:[ ]{2,}|\t+)(?=\S)" if where.delimiter == "  " else r"(?<=\S)[ \t]+(?=\S)"
        )
        body = re.sub(between, "\t", re.sub(r"(?m)^[ \t]+|[ \t]+$", "", body))
    delimiter = where.delimiter if where.delimiter.strip() else "\t"
    return body, delimiter


def _cells(
    path: Path, text: str, where: Layout, decimal: str
) -> tuple[dict[int, Any], NDArray[np.int64]]:
    """The columns below the names, and the line of each row."""
    import pandas as pd

    body, delimiter = _body(text, where)
    count = len(where.names)
    places = list(range(count))
    if not count or not body.strip():
        return {place: pd.Series([], dtype=float) for place in places}, np.zeros(0, np.int64)
    quotes = csv.QUOTE_MINIMAL if body.count('"') % 2 == 0 else csv.QUOTE_NONE
    wide = max(count, 1 + max(line.count(delimiter) for line in body.split("\n")))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of columns with numbers and text
            frame = pd.read_csv(
                io.StringIO(delimiter * (wide - 1) + "\n" + body),
                sep=delimiter,
                header=None,
                names=list(range(wide)),
                usecols=places,
                decimal=decimal,
                skip_blank_lines=False,
                skipinitialspace=True,
                low_memory=False,
                float_precision="round_trip",
                keep_default_na=False,
                na_values=[""],
                index_col=False,
                quoting=quotes,
            )
    except (ValueError, OverflowError, pd.errors.ParserError) as error:
        raise cannot_be_read(path, str(error).strip().splitlines()[0]) from error
    frame = frame[1:]  # the first line says how many cells the longest row has
    lines = np.arange(len(frame), dtype=np.int64) + where.first + 1
    blank = np.asarray(frame.isna().all(axis=1))
    if blank.any():
        frame, lines = frame[~blank], lines[~blank]
    return {place: frame[place] for place in places}, lines
