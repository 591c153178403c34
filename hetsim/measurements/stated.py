"""What the user states of a measured file, because the file does not say it."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from hetsim.errors import ParameterError, did_you_mean
from hetsim.measurements.aliases import MEASURES
from hetsim.measurements.unit_names import Unit, unit_of


@dataclass(frozen=True)
class Stated:
    """What is stated of a file; None is what the file must say itself.

    Parameters
    ----------
    mass_mg : float | None
        Active mass [mg], for a current in A or a capacity in Ah
    area_cm2 : float | None
        Area of the electrode [cm2], for a current per area or an impedance
    loading_mg_cm2 : float | None
        Active mass per area [mg.cm-2], in place of mass and area
    one_c : float | None
        Current at 1C [mA.g-1], for C-rates
    capacity_mah_g : float | None
        Capacity at which a state of charge is 1 [mA.h.g-1]
    scan_rate : float | None
        Of a file with one voltammogram [mV.s-1]
    discharge : str | None
        What a discharge of the cell does to the electrode: "insertion" (the one that is taken where the voltage
        falls) or "extraction"
    positive : str | None
        What a positive current is: "charge" or "discharge"
    columns : Mapping[str, str]
        Names of columns by quantity, each with a unit in brackets where its name has none
    decimal : str | None
        Decimal sign, "." or ","
    delimiter : str | None
        "," ";" "|" "tab" or "space"
    encoding : str | None
        As Python names it
    cycle : str
        Of the cycles at one current, the "last" or the "mean"
    sheet : str | None
        Of a spreadsheet

    Raises
    ------
    ParameterError
        For a number that is not positive, or a word that is not allowed.
    """

    mass_mg: float | None = None
    area_cm2: float | None = None
    loading_mg_cm2: float | None = None
    one_c: float | None = None
    capacity_mah_g: float | None = None
    scan_rate: float | None = None
    discharge: str | None = None
    positive: str | None = None
    columns: Mapping[str, str] | str | None = None
    decimal: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    cycle: str = "last"
    sheet: str | None = None

    def __post_init__(self) -> None:
        for name, (what, unit) in _NUMBERS.items():
            value = getattr(self, name)
            if value is not None and not 0 < value < math.inf:
                raise ParameterError(
                    f"The {what} is {value:g} {unit}; it must be a positive number."
                )
        for name, allowed in _WORDS.items():
            value = getattr(self, name)
            if value is not None and value not in allowed:
                told = ", ".join(repr(one) for one in allowed)
                raise ParameterError(f"'{name}' is {value!r}; it must be one of {told}.")
        if isinstance(self.columns, str) or self.columns is None:
            object.__setattr__(self, "columns", _columns(self.columns or ""))
        for quantity in self.named:
            if quantity not in MEASURES:
                raise ParameterError(
                    f"'{quantity}' of the columns is no quantity that hetsim reads. "
                    f"{did_you_mean(quantity, MEASURES)}"
                )

    @property
    def named(self) -> dict[str, str]:
        """The columns by quantity."""
        assert not isinstance(self.columns, str)
        return dict(self.columns or {})


_NUMBERS = {
    "mass_mg": ("active mass", "mg"),
    "area_cm2": ("area", "cm2"),
    "loading_mg_cm2": ("loading", "mg/cm2"),
    "one_c": ("current at 1C", "mA/g"),
    "capacity_mah_g": ("capacity", "mAh/g"),
    "scan_rate": ("scan rate", "mV/s"),
}
_WORDS = {
    "discharge": ("insertion", "extraction"),
    "positive": ("charge", "discharge"),
    "decimal": (".", ","),
    "delimiter": (",", ";", "|", "tab", "space"),
    "cycle": ("last", "mean"),
}


def stated(words: Mapping[str, Any]) -> Stated:
    """What is stated, from arguments by name. Raises ParameterError for a name that there is not."""
    known = [one.name for one in fields(Stated)]
    for name in words:
        if name not in known:
            raise ParameterError(
                f"'{name}' is nothing that can be stated of a file. {did_you_mean(name, known)}"
            )
    return Stated(**words)


def _columns(text: str) -> dict[str, str]:
    """From "time=Zeit[h],current=I[mA]"; a comma parts only before a name and an equals sign."""
    found = {}
    for part in re.split(r",(?=\s*\w+\s*=)", text) if text.strip() else []:
        quantity, equals, name = part.partition("=")
        if not equals or not name.strip():
            raise ParameterError(
                f"The columns are '{text}'; write each as quantity=name, such as time=Zeit[h],current=I[mA]."
            )
        found[quantity.strip()] = name.strip()
    return found


def name_and_unit(text: str) -> tuple[str, Unit | None]:
    """A column as the user names it: "I[mA]" is I in mA."""
    name, bracket, unit = text.rpartition("[")
    if bracket and unit.endswith("]") and (spelled := unit_of(unit)):
        return name.strip(), spelled
    return text, None
