"""Each quantity has one spelling a place, and each spelling leads back to it."""

import pandas as pd
import pytest

from hetsim.results import quantities
from hetsim.results.quantities import Quantity, of_column, of_key
from hetsim.results.tables import file_form, table, variables

ALL = [one for one in vars(quantities).values() if isinstance(one, Quantity)]
IN_FILES = [one for one in ALL if one.unit not in ("", "cm2")]


def test_the_spellings_of_a_capacity():
    one = quantities.EXTRACTION_CAPACITY
    assert one.column == "extraction capacity [mA.h.g-1]"
    assert one.variable == "extraction_capacity"
    assert one.key == "extraction_capacity_mAh_per_g"
    assert one.label() == "Extraction capacity [mAh/g]"
    assert one.label("Charge", per="g of KPB") == "Charge [mAh/g of KPB]"


@pytest.mark.parametrize(
    ("unit", "key", "label"),
    [
        ("1", "x", "X [-]"),
        ("%", "x_percent", "X [%]"),
        ("mV.s-1", "x_mV_per_s", "X [mV/s]"),
        ("m2.s-1", "x_m2_per_s", "X [m²/s]"),
        ("Ohm.cm2", "x_Ohm_cm2", "X [Ohm cm²]"),
        ("W.h.kg-1", "x_Wh_per_kg", "X [Wh/kg]"),
    ],
)
def test_the_spelling_of_a_unit(unit, key, label):
    assert Quantity("x", unit).key == key
    assert Quantity("x", unit).label() == label


@pytest.mark.parametrize("one", IN_FILES, ids=str)
def test_spellings_lead_back(one):
    assert of_key(one.key) == one
    assert of_column(one.column) == one


def test_no_two_quantities_share_a_spelling():
    assert len({one.key for one in ALL}) == len({one.column for one in ALL}) == len(ALL)


def test_a_table_and_its_file():
    frame = table({quantities.SYSTEM: "CZT", quantities.CURRENT: [0.1, 1.0]})
    assert list(frame.columns) == ["system", "current [A.g-1]"]
    assert frame["system"].tolist() == ["CZT", "CZT"]
    assert list(file_form(frame).columns) == ["system", "current_A_per_g"]
    assert list(file_form(pd.DataFrame({"anything else": [1]})).columns) == ["anything_else"]


def test_variables_have_units_and_texts_have_none():
    found = variables("current", {quantities.CAPACITY: [1.0, 2.0], quantities.OUTCOME: ["a", "b"]})
    assert found["capacity"][2] == {"units": "mA.h.g-1"}
    assert found["outcome"][2] == {}
    assert found["outcome"][1].dtype.kind == "U"
