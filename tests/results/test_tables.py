"""Tables as the text of a file: what pandas writes, without it."""

import io

import numpy as np
import pandas as pd
import pytest

from hetsim.results import quantities
from hetsim.results.tables import csv_text, file_form, table

FIRST = {
    quantities.SYSTEM: 'CZT, "as made"',
    quantities.CURRENT: np.array([0.1, 1.0, 1e-7]),
    quantities.CAPACITY: np.array([1 / 3, np.nan, 1e22]),
    quantities.STEP: np.array([1, 2, 3]),
    quantities.REASON: ["", "a line\nand another", "å"],
}
SECOND = {
    quantities.SYSTEM: "CT",
    quantities.CURRENT: [2.0],
    quantities.ERROR: [-0.0],
    quantities.CAPACITY: [np.float64(5.0)],
}


@pytest.mark.parametrize("tables", [[FIRST], [SECOND], [FIRST, SECOND], [SECOND, FIRST]])
def test_the_text_is_that_of_pandas(tables) -> None:
    of_pandas = file_form(pd.concat([table(one) for one in tables])).to_csv(index=False)
    if len(tables) == 1:
        assert csv_text(tables) == of_pandas
    else:  # beneath a table without them pandas makes whole numbers of others
        found, wanted = (pd.read_csv(io.StringIO(one)) for one in (csv_text(tables), of_pandas))
        pd.testing.assert_frame_equal(found, wanted, check_exact=True)


def test_a_table_without_rows_is_its_header() -> None:
    nothing = {quantity: [] for quantity in FIRST}
    assert csv_text([nothing]) == ",".join(quantity.key for quantity in FIRST) + "\n"
