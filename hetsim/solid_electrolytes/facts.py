"""What is printed of solid electrolytes (parameter_sets/library/solid_electrolyte*.csv)."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from hetsim.errors import ParameterError, did_you_mean
from hetsim.parameters.library import PARAMETER_SETS

FOLDER = PARAMETER_SETS / "library"
ZERO_CELSIUS = 273.15
CONDUCTIVITY, CAPACITY = "conductivity_S_per_cm", "LiFePO4_capacity_mAh_per_g"
_PER_CM = 100.0
"""S/cm in S/m."""


@dataclass(frozen=True)
class Point:
    """One printed number: a conductivity [S.m-1], or the capacity of a LiFePO4 cell [mA.h.g-1].

    temperature : [K], None where it is not printed
    c_rate : of a capacity, None where it is not printed
    confidence : "low" is a value whose exponent is in doubt; it is shown and not used
    """

    quantity: str
    value: float
    temperature: float | None
    c_rate: float | None
    confidence: str
    source: str
    note: str = ""

    @property
    def used(self) -> bool:
        return self.confidence != "low"


@dataclass(frozen=True)
class Facts:
    """One solid electrolyte as it is printed; None is not printed.

    kind : polymer, polymer with filler, ceramic with filler, coated ceramic, framework or mineral
    filler_weight_percent : [%]
    activation_energy : of the conductivity [eV]
    membrane : thickness [m]
    """

    system: str
    title: str
    kind: str
    host: str
    filler: str
    filler_weight_percent: float | None
    transference_number: float | None
    activation_energy: float | None
    membrane: float | None
    source: str
    reference: str
    doubt: str
    points: tuple[Point, ...]

    @property
    def conductivities(self) -> tuple[Point, ...]:
        return tuple(one for one in self.points if one.quantity == CONDUCTIVITY)

    @property
    def capacities(self) -> tuple[Point, ...]:
        """Of cells with LiFePO4."""
        return tuple(one for one in self.points if one.quantity == CAPACITY)


@cache
def solid_electrolytes() -> tuple[Facts, ...]:
    """All solid electrolytes of the library, in its order."""
    points: dict[str, list[Point]] = {}
    for row in _rows("solid_electrolyte_points.csv"):
        points.setdefault(row["system"], []).append(_point(row))
    return tuple(
        _facts(row, tuple(points.get(row["system"], ()))) for row in _rows("solid_electrolytes.csv")
    )


def facts_of(name: str) -> Facts:
    """The electrolyte of a name. Raises ParameterError for an unknown one, with the nearest names."""
    for one in solid_electrolytes():
        if one.system == name:
            return one
    known = [one.system for one in solid_electrolytes()]
    raise ParameterError(f"Unknown solid electrolyte '{name}'. {did_you_mean(name, known)}")


def _rows(file: str) -> Iterator[dict[str, str]]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _point(row: dict[str, str]) -> Point:
    celsius = _number(row["temperature_C"])
    scale = _PER_CM if row["quantity"] == CONDUCTIVITY else 1.0
    return Point(
        row["quantity"],
        float(row["value"]) * scale,
        None if celsius is None else celsius + ZERO_CELSIUS,
        _number(row["c_rate"]),
        row["confidence"],
        row["source"],
        row["note"],
    )


def _facts(row: dict[str, str], points: tuple[Point, ...]) -> Facts:
    micrometres = _number(row["membrane_um"])
    return Facts(
        row["system"],
        row["title"],
        row["kind"],
        row["host"],
        row["filler"],
        _number(row["filler_wt_percent"]),
        _number(row["transference_number"]),
        _number(row["activation_energy_eV"]),
        None if micrometres is None else 1e-6 * micrometres,
        row["source"],
        row["reference"],
        row["doubt"],
        points,
    )


def _number(text: str) -> float | None:
    return float(text) if text else None
