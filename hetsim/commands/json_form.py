"""Values, rows and tables as JSON has them: units stand in the keys, and no number is null."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hetsim.results.quantities import Quantity, of_column

if TYPE_CHECKING:
    import pandas as pd


def json_value(value: Any) -> Any:
    """A number of Python, or None where there is none; an array becomes a list of them."""
    plain = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(plain, list):
        return [json_value(one) for one in plain]
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain


def json_row(values: Mapping[Quantity, Any]) -> dict[str, Any]:
    """One object of some quantities."""
    return {quantity.key: json_value(value) for quantity, value in values.items()}


def json_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """One object a row of a table."""
    return [
        {str(key): json_value(value) for key, value in row.items()}
        for row in frame.rename(columns=lambda name: of_column(str(name)).key).to_dict("records")
    ]
