"""Theoretical capacities by Faraday's law of materials whose products are known: parameter_sets/library/theory.csv."""

import csv
from collections.abc import Sequence
from functools import cache

from hetsim.errors import ParameterError, did_you_mean
from hetsim.laws.faraday import theoretical_capacity
from hetsim.parameters.library import PARAMETER_SETS

FILE = PARAMETER_SETS / "library" / "theory.csv"


@cache
def reactions() -> dict[tuple[str, str], tuple[str, float, str]]:
    """Formula, electrons a formula unit and product, of each material and ion."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {
            (row["material"], row["ion"]): (row["formula"], float(row["electrons"]), row["product"])
            for row in csv.DictReader(lines)
        }


def materials() -> list[str]:
    """All materials of the table, sorted."""
    return sorted({material for material, _ in reactions()})


def has_capacity(material: str, ion: str) -> bool:
    return (material, ion) in reactions()


def capacity_of(parts: Sequence[str], ion: str) -> float:
    """Theoretical capacity of materials at equal masses [mA.h.g-1].

    parts : names in the table
    Raises ParameterError for a material that the table lacks for the ion.
    """
    found = []
    for part in parts:
        if not has_capacity(part, ion):
            others = sorted({one for material, one in reactions() if material == part})
            why = (
                f"the table has it for {', '.join(others)}."
                if others
                else did_you_mean(part, materials(), "", alike=0.7)
            )
            raise ParameterError(
                f"No theoretical capacity of {part} for {ion} is known; {why}".rstrip("; ")
            )
        formula, electrons, _ = reactions()[part, ion]
        found.append(float(theoretical_capacity(formula, electrons)))
    return sum(found) / len(found)
