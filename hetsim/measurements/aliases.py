"""Names of columns: a table of what testers, papers and languages call each quantity, and its unit."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from hetsim.measurements.unit_names import Unit, unit_of, unit_of_word

TABLE = "aliases.csv"
"""One row a name: alias, quantity, unit where the name itself says it, rank, tester or language.

Of two names of one quantity in a file the lower rank is read, such as the working electrode before the cell.
"""

MEASURES: dict[str, tuple[str, ...]] = {
    "total_time": ("time",),
    "time": ("time",),
    "step_time": ("time",),
    "datetime": ("time",),
    "current": ("current", "current per mass", "current per area", "C-rate"),
    "voltage": ("voltage",),
    "capacity": ("charge", "charge per mass", "charge per area"),
    "charge_capacity": ("charge", "charge per mass", "charge per area"),
    "discharge_capacity": ("charge", "charge per mass", "charge per area"),
    "error": ("charge", "charge per mass", "charge per area", "number"),
    "soc": ("number",),
    "cycle": ("number",),
    "step": ("number",),
    "step_name": (),
    "scan_rate": ("scan rate",),
    "frequency": ("frequency",),
    "real": ("impedance", "impedance of an area"),
    "imaginary": ("impedance", "impedance of an area"),
    "minus_imaginary": ("impedance", "impedance of an area"),
    "filling": ("number",),
    "spectrum": ("number",),
    "after_cycles": ("number",),
}
"""What the units of a quantity may measure."""


@dataclass(frozen=True)
class Alias:
    """One row of the table."""

    alias: str
    quantity: str
    unit: str
    rank: int
    tester: str


@dataclass(frozen=True)
class Meaning:
    """What a column holds.

    quantity : one of MEASURES
    unit : None where the name states none
    rank : the lower one is read where a file has two
    stated : the text in the place of the unit, if it is no unit that hetsim reads
    """

    quantity: str
    unit: Unit | None
    rank: int = 0
    stated: str = ""


@cache
def aliases() -> tuple[Alias, ...]:
    """The table, row by row."""
    text = (resources.files("hetsim.measurements") / TABLE).read_text(encoding="utf-8")
    return tuple(
        Alias(row["alias"], row["quantity"], row["unit"], int(row["rank"]), row["tester"])
        for row in csv.DictReader(text.splitlines())
    )


def plain(name: str) -> str:
    """A name without case, marks and ways of writing a space, so that spellings of one name are equal."""
    text = unicodedata.normalize("NFKC", name).translate(_MARKS).lower()
    text = text.replace('"', "''").strip(" \t~#").removeprefix("''")
    lead = "-" if text.startswith("-") else ""
    return lead + re.sub(r"[\s_.\-]+", " ", text).strip()


_MARKS = str.maketrans(
    {"−": "-", "–": "-", "’": "'", "′": "'", "`": "'", "´": "'", "‘": "'", "″": "''", "”": "''", "“": "''",
     "\ufeff": ""}
)  # fmt: skip
"""Dashes and quotation marks that instruments and spreadsheets put in place of each other."""


@cache
def _by_name() -> dict[str, list[Alias]]:
    found: dict[str, list[Alias]] = {}
    for alias in aliases():
        found.setdefault(plain(alias.alias), []).append(alias)
    return found


@cache
def meaning(header: str) -> Meaning | None:
    """What a column of this name holds; None for a name that the table does not have.

    header : such as "Current (mA/g)", "Ewe/V", "电压(V)", "voltage_V" or "Zeit [h]"
    """
    unitless: Meaning | None = None
    whole = unicodedata.normalize("NFKC", header).strip()
    for name, unit in _parts(whole):
        for alias in _by_name().get(plain(name), ()):
            fixed = unit_of(alias.unit) if alias.unit else None
            told = unit_of(unit) if isinstance(unit, str) else unit
            if told is not None and told.measures not in MEASURES[alias.quantity]:
                continue
            if told or fixed:
                return Meaning(alias.quantity, told or fixed, alias.rank)
            stated = unit if isinstance(unit, str) else ""
            if unitless is None or (unitless.stated and not stated):
                unitless = Meaning(alias.quantity, None, alias.rank, stated)
    return unitless


def unit_in(header: str) -> Unit | None:
    """The unit in a name that hetsim does not know, such as that of "CZT (mAh/g)"."""
    units = (unit for _, unit in _parts(unicodedata.normalize("NFKC", header).strip()) if unit)
    spelled = (unit_of(one) if isinstance(one, str) else one for one in units)
    return next((one for one in spelled if one is not None), None)


_BRACKETED = re.compile(r"^(.*?)\s*[(\[{]([^()\[\]{}]*(?:\([^()]*\))?[^()\[\]{}]*)[)\]}]\s*$")


def _parts(header: str) -> Iterator[tuple[str, str | Unit | None]]:
    """Every way to part a header into a name and a unit, the surest first."""
    if bracketed := _BRACKETED.match(header):
        yield bracketed[1], bracketed[2]
    for mark in ("#", "/", ",", ":"):
        if mark in header:
            name, _, unit = header.partition(mark)
            yield name, unit
            if mark == "/":  # names with a slash of their own
                name, _, unit = header.rpartition(mark)
                yield name, unit
    yield header, None
    words = re.split(r"[_\s]+", header)
    if spelled := unit_of_word(words[-1]):
        yield " ".join(words[:-1]), spelled
    for count in range(1, min(5, len(words))):
        if unit_of(text := "_".join(words[-count:])) or unit_of(text := " ".join(words[-count:])):
            yield " ".join(words[:-count]), text
