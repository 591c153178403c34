"""What is printed of each electrode: the tables in parameter_sets/facts, read into frozen values.

`electrodes.csv` names every electrode of the library with its materials and says which rows of the other tables are
its own: `seed` is a system_id of the reviews' tables, `curve` a curve_id of the measured curves. `doubts.csv` says
which of two printed values is used and why; a row with `skip_...` takes a point out.
"""

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "parameter_sets" / "facts"
REVIEW = (
    "Interfacial engineering of metal chalcogenide-based heterostructures for advanced sodium-ion batteries "
    "(review, read without authors and DOI)"
)
"""The title behind "title:" in the tables, as the other files of the project name it."""
ONE_C = {"V2O5-C": 0.294}
"""What 1C means where only C-rates are printed [A.g-1]; doubts.csv says why."""
NO_CURRENT = {"CZTS": 0.1, "CZTS-graphene": 0.1, "Fe3S4": 0.1, "HHP": 0.13}
"""Currents that are taken where none is printed [A.g-1]; doubts.csv says why."""

Row = dict[str, str]


@dataclass(frozen=True)
class Point:
    """A printed capacity [mA.h.g-1] at a current [A.g-1]; `cycles` and `history` of an electrode that is not fresh."""

    current: float
    capacity: float
    source: str
    cycles: int = 0
    history: str = ""
    note: str = ""


@dataclass(frozen=True)
class Retention:
    """A printed share of the first capacity that is left after cycles at a current [A.g-1]."""

    current: float
    cycles: int
    share: float
    source: str


@dataclass(frozen=True)
class Doubt:
    """Two printed values of one quantity, the one that is used, and why."""

    quantity: str
    used: str
    not_used: str
    reason: str

    @property
    def sentence(self) -> str:
        other = f", not {self.not_used}"
        if self.not_used.startswith("none"):
            other = " (none is printed)" if self.not_used == "none printed" else ""
        return f"{self.quantity[0].upper()}{self.quantity[1:]}: {self.used}{other}; {self.reason}."


@dataclass(frozen=True)
class Electrode:
    """An electrode with all that is printed of it.

    Parameters
    ----------
    name, title, ion, classification, architecture : str
        As they stand in its file
    materials : tuple[str, ...]
        What it is made of, the two that form the junction first
    role : str
        "heterostructure", "control", "reference" or "single"
    control_of : str
        Name of the heterostructure that it is a control of
    by_hand : bool
        Whether its file is written by hand, so that the builder leaves it alone
    window : tuple[float, float]
        Cut-offs [V]; `window_source` is empty where they are assumed, and `window_reason` says why
    loading : tuple[float, float] | None
        Lowest and highest printed loading [mg.cm-2]
    celsius : float | None
        Temperature [degC], None where none is printed
    fresh, ends : tuple[Point, ...]
        Points of the fresh electrode by current, and of the electrode after cycles
    """

    name: str
    title: str
    ion: str
    classification: str
    architecture: str
    materials: tuple[str, ...]
    role: str
    control_of: str
    by_hand: bool
    seed: str
    curve: str
    doi: str
    reference: str
    window: tuple[float, float]
    window_source: str
    window_reason: str
    loading: tuple[float, float] | None
    loading_source: str
    electrolyte: str
    celsius: float | None
    fresh: tuple[Point, ...]
    ends: tuple[Point, ...]
    retentions: tuple[Retention, ...]
    coulombic_efficiency: tuple[float, str] | None
    doubts: tuple[Doubt, ...]
    notes: tuple[str, ...]

    @property
    def family(self) -> str:
        """First part of the class."""
        return self.classification.partition("/")[0]

    @property
    def count(self) -> int:
        """Of fresh points."""
        return len(self.fresh)

    @property
    def is_full(self) -> bool:
        """Whether its curve has five points or more."""
        return len(self.fresh) >= FULL

    @property
    def mark(self) -> str:
        """Changes with any fact."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:12]


FULL = 5
"""Points from which a curve counts as full."""


@cache
def table(name: str) -> list[Row]:
    """The rows of a table of facts."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def electrodes() -> tuple[Electrode, ...]:
    """All electrodes of the library, in the order of electrodes.csv."""
    return tuple(_electrode(row) for row in table("electrodes"))


def _electrode(row: Row) -> Electrode:
    seeds = [one for one in table("rate_points") if row["seed"] and one["system_id"] == row["seed"]]
    [*curve] = [one for one in table("curves") if row["curve"] and one["curve_id"] == row["curve"]]
    system = [one for one in table("systems") if one["system_id"] == row["seed"]]
    doubts = [one for one in table("doubts") if one["name"] == row["name"]]
    seeds = [one for one in seeds if not _skipped(one, doubts)]
    fresh = _distinct(
        [
            *_of_curve(row["curve"]),
            *_fresh(seeds, row["name"]),
            *_from_retention(seeds, row["name"]),
        ]
    )
    window, window_source = _window(row, curve, seeds)
    loading, loading_source = _loading(curve, row)
    doi = curve[0]["paper_doi"] if curve else ""
    return Electrode(
        name=row["name"],
        title=row["title"],
        ion=row["ion"],
        classification=row["class"],
        architecture=row["architecture"],
        materials=tuple(row["materials"].split(";")),
        role=row["role"],
        control_of=row["control_of"],
        by_hand=row["made"] == "by hand",
        seed=row["seed"],
        curve=row["curve"],
        doi=doi,
        reference=_reference(doi, system),
        window=window,
        window_source=window_source,
        window_reason=row["window_reason"] or "0.01 to 3 V is usual for anodes of this kind",
        loading=loading,
        loading_source=loading_source,
        electrolyte=_electrolyte(row, curve),
        celsius=float(row["celsius"]) if row["celsius"] else None,
        fresh=fresh,
        ends=(*_ends(seeds, row["name"]), *_ends_of_curve(row["curve"], doi)),
        retentions=tuple(_retentions(row["seed"])),
        coulombic_efficiency=_efficiency(row["seed"], row["curve"]),
        doubts=tuple(
            Doubt(one["quantity"], one["used"], one["not_used"], one["reason"]) for one in doubts
        ),
        notes=tuple(_notes(system, curve, seeds)),
    )


def source_of(text: str) -> str:
    """A source as the project writes it: the review without a DOI by its title."""
    return re.sub(r"^title:Interfacial engineering[^,]*", REVIEW, text)


# --- points -----------------------------------------------------------------------------------------


def _of_curve(curve: str) -> Iterator[Point]:
    """The points of a measured curve; a current that comes back is a recovery step and none of them."""
    rows = sorted(
        (one for one in table("curve_points") if curve and one["curve_id"] == curve),
        key=lambda one: int(one["order"]),
    )
    doi = next((one["paper_doi"] for one in table("curves") if one["curve_id"] == curve), "")
    seen = set()
    for one in rows:
        current = float(one["current_A_per_g"])
        if current not in seen:
            seen.add(current)
            yield Point(current, float(one["capacity_mAh_per_g"]), f"doi:{doi}")


def _fresh(seeds: list[Row], name: str) -> Iterator[Point]:
    for one in seeds:
        if one["kind"] in ("rate", "initial"):
            current = _current(one, name)
            capacity = float(one["capacity_mAh_per_g"])
            yield Point(current, capacity, source_of(one["source"]), note=one["note"])


def _ends(seeds: list[Row], name: str) -> Iterator[Point]:
    for one in seeds:
        if one["kind"] == "cycling_end":
            yield Point(
                _current(one, name),
                float(one["capacity_mAh_per_g"]),
                source_of(one["source"]),
                int(one["cycle_index"]),
                note=one["note"],
            )


def _from_retention(seeds: list[Row], name: str) -> Iterator[Point]:
    """Fresh capacities that follow where a capacity after cycles and the share of the first one are both printed."""
    for end in _ends(seeds, name):
        for one in table("cycling"):
            same = one["system_id"] == seeds[0]["system_id"] and one["retention_percent"]
            if (
                same
                and float(one["current_A_per_g"] or 0) == end.current
                and int(one["cycles"]) == end.cycles
            ):
                share = float(one["retention_percent"])
                note = f"derived: {end.capacity:g} mAh/g after {end.cycles} cycles are {share:g} % of it"
                fresh = round(100 * end.capacity / share, 1)
                yield Point(end.current, fresh, source_of(one["source"]), note=note)


def _current(row: Row, name: str) -> float:
    if row["current_A_per_g"]:
        return float(row["current_A_per_g"])
    if row["c_rate"]:
        return round(float(row["c_rate"]) * ONE_C[name], 6)
    return NO_CURRENT[name]


def _distinct(points: list[Point]) -> tuple[Point, ...]:
    """One point a current, the first that is given, by current."""
    found: dict[float, Point] = {}
    for one in points:
        found.setdefault(one.current, one)
    return tuple(found[current] for current in sorted(found))


def _skipped(row: Row, doubts: list[Row]) -> bool:
    return any(
        one["skip_kind"] == row["kind"]
        and float(one["skip_current"]) == float(row["current_A_per_g"] or "nan")
        and float(one["skip_capacity"]) == float(row["capacity_mAh_per_g"])
        for one in doubts
        if one["skip_kind"]
    )


_AFTER = re.compile(r"([\d.]+) after (\d+)(?: cycles)? at ([\d.]+) A/g")
_BACK = re.compile(r"([\d.]+) at ([\d.]+) A/g")


def _ends_of_curve(curve: str, doi: str) -> Iterator[Point]:
    """Capacities after cycles and after the rate test that the paper of a curve states."""
    for one in table("curve_facts"):
        if not curve or one["curve_id"] != curve:
            continue
        for part in one["value"].split("; "):
            if one["property"] == "cycling" and (found := _AFTER.fullmatch(part)):
                capacity, cycles, current = found.groups()
                yield Point(float(current), float(capacity), f"doi:{doi}", int(cycles))
            if one["property"] == "rate_recovery" and (found := _BACK.fullmatch(part)):
                capacity, current = found.groups()
                history = "back at this current after the rate test"
                yield Point(float(current), float(capacity), f"doi:{doi}", history=history)


def _retentions(seed: str) -> Iterator[Retention]:
    for one in table("cycling"):
        known = one["current_A_per_g"] and one["retention_percent"]
        if seed and one["system_id"] == seed and known and not one["capacity_mAh_per_g"]:
            yield Retention(
                float(one["current_A_per_g"]),
                int(one["cycles"]),
                float(one["retention_percent"]) / 100,
                source_of(one["source"]),
            )


# --- what stands beside the points ------------------------------------------------------------------

ANODE = (0.01, 3.0)
"""Where nothing is printed [V]."""


def _window(row: Row, curve: list[Row], seeds: list[Row]) -> tuple[tuple[float, float], str]:
    for one in (*curve, *seeds):
        if one["v_min_V"] and one["v_max_V"]:
            source = f"doi:{one['paper_doi']}" if "paper_doi" in one else source_of(one["source"])
            return (float(one["v_min_V"]), float(one["v_max_V"])), source
    if row["v_min_V"]:
        return (float(row["v_min_V"]), float(row["v_max_V"])), ""
    return ANODE, ""


def _loading(curve: list[Row], row: Row) -> tuple[tuple[float, float] | None, str]:
    for one in curve:
        if one["loading_mg_cm2"]:
            ends = [float(part) for part in one["loading_mg_cm2"].split("-")]
            return (ends[0], ends[-1]), f"doi:{one['paper_doi']}"
    return None, ""


def _electrolyte(row: Row, curve: list[Row]) -> str:
    """As printed, for a control that of its heterostructure where its own is not."""
    own = next((one["electrolyte"] for one in curve), "")
    if own or not row["control_of"]:
        return own
    other = next(one for one in table("electrodes") if one["name"] == row["control_of"])
    return next(
        (one["electrolyte"] for one in table("curves") if one["curve_id"] == other["curve"]), ""
    )


def _efficiency(seed: str, curve: str) -> tuple[float, str] | None:
    """Initial coulombic efficiency [-] with its source; the first that is a plain number."""
    for one in table("interface_facts"):
        if seed and one["system_id"] == seed and one["property"] == "initial_coulombic_efficiency":
            return float(one["value"]) / 100, source_of(one["source"])
    for one in table("curve_facts"):
        plain = re.fullmatch(r"[\d.]+", one["value"])
        if curve and one["curve_id"] == curve and one["property"] == "ICE" and plain:
            return float(one["value"]) / 100, f"doi:{one['paper_doi']}"
    return None


def _reference(doi: str, system: list[Row]) -> str:
    if doi:
        paper = next(one for one in table("papers") if one["doi"] == doi)
        author = paper["first_author"].split(",")[0].split()[-1]
        return f"{author} et al., {paper['journal']} ({paper['year']}), doi:{doi}"
    if not system:
        return ""
    original = re.sub(r";? ?ref \d+ of the review.*", "", system[0]["original_reference"])
    reported = source_of(system[0]["source"])
    return f"{original}, as reported in {reported}" if original else f"Reported in {reported}"


def _notes(system: list[Row], curve: list[Row], seeds: list[Row]) -> Iterator[str]:
    """What the tables remark, each remark once."""
    remarks = [one["note"] for one in (*system, *curve, *seeds) if one["note"]]
    yield from dict.fromkeys(one for one in remarks if "OCR" not in one)
