"""Tables of pandas and variables of xarray, named by their quantities."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hetsim.late import late
from hetsim.results.quantities import Quantity, of_column

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = late("pandas")


def table(columns: Mapping[Quantity, Any]) -> pd.DataFrame:
    """A table of pandas with one column a quantity; a single value stands in each row."""
    return pd.DataFrame({quantity.column: values for quantity, values in columns.items()})


def file_form(frame: pd.DataFrame) -> pd.DataFrame:
    """A table as it stands in a file: units in the names of its columns, without brackets."""
    return frame.rename(columns=lambda column: of_column(str(column)).key)


def csv_text(tables: Sequence[Mapping[Quantity, Any]]) -> str:
    """Tables beneath each other as the text of a file, in the form of `file_form`, without pandas.

    tables : columns of each; a single value stands in each row, and what a table has not is empty. A number is written
        with the fewest digits that give it back, one that is none is empty: pandas writes the same.
    """
    header = list(dict.fromkeys(quantity for one in tables for quantity in one))
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow([of_column(quantity.column).key for quantity in header])
    for one in tables:
        longest = max((np.size(values) for values in one.values()), default=0)
        whole = {
            quantity: np.broadcast_to(np.asarray(values), longest).tolist()
            for quantity, values in one.items()
        }
        nothing = [math.nan] * longest
        columns = [whole.get(quantity, nothing) for quantity in header]
        rows.writerows([_in_a_file(value) for value in row] for row in zip(*columns, strict=True))
    return file.getvalue()


def _in_a_file(value: Any) -> Any:
    return "" if isinstance(value, float) and math.isnan(value) else value


def variables(dimensions: str | Iterable[str], values: Mapping[Quantity, Any]) -> dict[str, Any]:
    """Variables of a dataset of xarray along the same dimensions, with their units."""
    dims = (dimensions,) if isinstance(dimensions, str) else tuple(dimensions)
    return {
        quantity.variable: (
            dims,
            np.asarray(value, dtype=None if quantity.unit else str),
            quantity.attributes,
        )
        for quantity, value in values.items()
    }
