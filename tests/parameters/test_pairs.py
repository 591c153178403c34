"""The linked pairs of the library: what they name exists, and numbers stand where a curve does not."""

import csv

import pytest

from benchmarks.measured_curves import measured_curves
from hetsim.parameters.library import PARAMETER_SETS
from hetsim.parameters.system_file import system_names

with (PARAMETER_SETS / "library" / "pairs.csv").open(encoding="utf-8", newline="") as lines:
    ROWS = list(csv.DictReader(lines))
CURVES = {one.name: one for one in measured_curves()}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['heterostructure']}-{row['control']}")
def test_a_pair_names_what_exists(row: dict[str, str]) -> None:
    assert row["heterostructure"] in system_names()
    assert row["curve"] in {*CURVES, "CZT"}
    if row["curve"] in CURVES:
        assert CURVES[row["curve"]].doi == row["doi"]
    if row["control_curve"]:
        assert CURVES[row["control_curve"]].doi == row["doi"]
        assert row["control"] in system_names()
    else:
        assert float(row["capacity_mAh_per_g"]) > float(row["control_mAh_per_g"]) > 0
        one = CURVES.get(row["curve"])
        if one is not None:  # the point of the pair is one of its curve
            at = one.currents.index(float(row["current_A_per_g"]))
            assert one.capacities[at] == float(row["capacity_mAh_per_g"])
