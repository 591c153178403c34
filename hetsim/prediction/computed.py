"""What was computed of pairs that are known from theory only (parameter_sets/library/dft.csv).

One row a pair and ion. A cell is empty where nothing was printed; `doubt` says what is not settled.
"""

import csv
from dataclasses import dataclass
from functools import cache

from hetsim.errors import ParameterError, did_you_mean
from hetsim.parameters.library import PARAMETER_SETS
from hetsim.parameters.schema import IONS
from hetsim.prediction import theory

FILE = PARAMETER_SETS / "library" / "dft.csv"


@dataclass(frozen=True)
class Computed:
    """The computed values of a pair, or of one material, for one ion; None is not known.

    Parameters
    ----------
    a, b : materials; b is "" for one material alone
    ion : such as "Na"
    classification : such as "sulfide/carbon"
    capacity : theoretical [mA.h.g-1]
    capacity_source : where it comes from, as a sentence part
    voltage : mean open-circuit voltage against the ion's metal [V]
    barrier, barrier_high : migration barrier [eV]; two numbers where it was computed at two conditions
    doi, reference, source : of the computation, and where it was read
    doubt : what is not settled, "" for nothing
    """

    a: str
    b: str
    ion: str
    classification: str = ""
    capacity: float | None = None
    capacity_source: str = ""
    voltage: float | None = None
    barrier: float | None = None
    barrier_high: float | None = None
    doi: str = ""
    reference: str = ""
    source: str = ""
    doubt: str = ""
    system: str = ""

    @property
    def name(self) -> str:
        return f"{self.a}/{self.b}" if self.b else self.a

    @property
    def families(self) -> frozenset[str]:
        """The families of its class: sulfide, selenide, oxide, MXene ..."""
        return frozenset(self.classification.split("/"))


@cache
def computed_pairs() -> tuple[Computed, ...]:
    """All rows of the file, in its order."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(_read(row) for row in csv.DictReader(lines))


def _read(row: dict[str, str]) -> Computed:
    capacity, source = _number(row["capacity_mAh_per_g"]), "computed"
    if capacity is None and row["theory_of"]:
        parts = row["theory_of"].split(";")
        capacity = theory.capacity_of(parts, row["ion"])
        source = f"Faraday's law of {' and '.join(parts)}"
    return Computed(
        row["a"],
        row["b"],
        row["ion"],
        row["class"],
        capacity,
        source if capacity is not None else "",
        _number(row["voltage_V"]),
        _number(row["barrier_eV"]),
        _number(row["barrier_high_eV"]),
        row["doi"],
        row["reference"],
        row["source"],
        row["doubt"],
        row["system"],
    )


def _number(text: str) -> float | None:
    return float(text) if text else None


def material_names() -> list[str]:
    """All materials that a prediction knows, sorted."""
    pairs = {name for one in computed_pairs() for name in (one.a, one.b) if name}
    return sorted(pairs | set(theory.materials()))


def computed(a: str, b: str = "", ion: str = "", capacity: float | None = None) -> Computed:
    """What is known of a pair, in either order, for an ion.

    a, b : materials; b is "" for one alone
    ion : "" where the file has the pair for one ion only
    capacity : theoretical capacity [mA.h.g-1] of the user's, in place of that of the file

    A pair that the file lacks has the theoretical capacity of its materials by Faraday's law.
    Raises ParameterError for an unknown material or ion, an ion left open, or no theoretical capacity.
    """
    if ion and ion not in IONS:
        raise ParameterError(f"Unknown ion '{ion}'; allowed: {', '.join(IONS)}.")
    rows = [one for one in computed_pairs() if {one.a, one.b} == {a, b} or (one.a, one.b) == (a, b)]
    ions = [one.ion for one in rows]
    if not ion:
        if len(ions) != 1:
            raise ParameterError(
                f"Which ion goes into {_label(a, b)}? Give ion ({', '.join(ions or IONS)})."
            )
        ion = ions[0]
    for one in rows:
        if one.ion == ion:
            return one
    return _by_materials(a, b, ion, ions, capacity)


def _by_materials(a: str, b: str, ion: str, ions: list[str], capacity: float | None) -> Computed:
    """A pair of which nothing was computed: its capacity by Faraday's law, or the user's."""
    parts = [one for one in (a, b) if one]
    if capacity is not None:
        return Computed(a, b, ion)
    known = material_names()
    for part in parts:
        if part not in known:
            raise ParameterError(
                f"Unknown material '{part}'. {did_you_mean(part, known)} A pair of your own needs its theoretical "
                "capacity (capacity=, --capacity)."
            )
    missing = [part for part in parts if not theory.has_capacity(part, ion)]
    if missing:
        computed_for = f" {_label(a, b)} was computed for {', '.join(ions)}." if ions else ""
        raise ParameterError(
            f"No theoretical capacity of {' and '.join(missing)} for {ion} is known.{computed_for} Give one in mAh/g "
            "(capacity=, --capacity)."
        )
    return Computed(
        a,
        b,
        ion,
        capacity=theory.capacity_of(parts, ion),
        capacity_source=f"Faraday's law of {' and '.join(parts)}",
    )


def _label(a: str, b: str) -> str:
    return f"{a}/{b}" if b else a
