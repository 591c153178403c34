"""Tables of pandas and variables of xarray, named by their quantities."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from hetsim.results.quantities import Quantity, of_column


def table(columns: Mapping[Quantity, Any]) -> pd.DataFrame:
    """A table of pandas with one column a quantity; a single value stands in each row."""
    return pd.DataFrame({quantity.column: values for quantity, values in columns.items()})


def file_form(frame: pd.DataFrame) -> pd.DataFrame:
    """A table as it stands in a file: units in the names of its columns, without brackets."""
    return frame.rename(columns=lambda column: of_column(str(column)).key)


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
