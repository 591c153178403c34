"""Units as instruments, spreadsheets and languages write them, with what each measures and its size."""

import re
import unicodedata
from functools import cache
from typing import NamedTuple


class Unit(NamedTuple):
    """A unit: what it measures, how many of hetsim's unit it is, and its spelling in a sentence.

    measures : "time" [s], "voltage" [V], "current" [mA], "current per mass" [A.g-1],
        "current per area" [mA.cm-2], "C-rate" [C], "charge" [mA.h], "charge per mass" [mA.h.g-1],
        "charge per area" [mA.h.cm-2], "scan rate" [mV.s-1], "frequency" [Hz], "impedance" [Ohm],
        "impedance of an area" [Ohm.cm2], "number"
    size : number of those units in one of this
    name : as a message writes it
    """

    measures: str
    size: float
    name: str


_SPELLED: dict[str, tuple[str, float, str]] = {
    "s": ("time", 1.0, "s sec secs second seconds sek sekunde sekunden 秒 h:min:s h:m:s hh:mm:ss"),
    "min": ("time", 60.0, "min mins minute minutes minuten 分 分钟"),
    "h": ("time", 3600.0, "h hr hrs hour hours std stunde stunden 时 小时"),
    "ms": ("time", 1e-3, "ms msec"),
    "d": ("time", 86400.0, "d day days tage 天"),
    "V": ("voltage", 1.0, "v volt volts 伏"),
    "mV": ("voltage", 1e-3, "mv millivolt"),
    "A": ("current", 1e3, "a amp amps ampere amperes 安"),
    "mA": ("current", 1.0, "ma milliamp milliampere 毫安"),
    "uA": ("current", 1e-3, "ua microampere 微安"),
    "nA": ("current", 1e-6, "na"),
    "A/g": ("current per mass", 1.0, "a/g ma/mg ka/kg"),
    "mA/g": ("current per mass", 1e-3, "ma/g a/kg ua/mg"),
    "mA/cm2": ("current per area", 1.0, "ma/cm2"),
    "A/cm2": ("current per area", 1e3, "a/cm2"),
    "uA/cm2": ("current per area", 1e-3, "ua/cm2"),
    "A/m2": ("current per area", 0.1, "a/m2"),
    "C": ("C-rate", 1.0, "c c-rate 1/h"),
    "Ah": ("charge", 1e3, "ah amp-hr amp-hours amperehour"),
    "mAh": ("charge", 1.0, "mah"),
    "uAh": ("charge", 1e-3, "uah"),
    "As": ("charge", 1 / 3.6, "as coulomb"),
    "mAh/g": ("charge per mass", 1.0, "mah/g ah/kg uah/mg"),
    "Ah/g": ("charge per mass", 1e3, "ah/g"),
    "mAh/cm2": ("charge per area", 1.0, "mah/cm2"),
    "mV/s": ("scan rate", 1.0, "mv/s mv/sec"),
    "V/s": ("scan rate", 1e3, "v/s v/sec"),
    "Hz": ("frequency", 1.0, "hz"),
    "kHz": ("frequency", 1e3, "khz"),
    "Ohm": ("impedance", 1.0, "ohm ohms ω"),
    "kOhm": ("impedance", 1e3, "kohm kω"),
    "Ohm.cm2": ("impedance of an area", 1.0, "ohmcm2 ωcm2"),
    "%": ("number", 0.01, "% percent"),
    "1": ("number", 1.0, "1 - none"),
}
_UNITS = {
    word: Unit(measures, size, name)
    for name, (measures, size, words) in _SPELLED.items()
    for word in words.split()
}
_BY_CASE = {
    "mHz": Unit("frequency", 1e-3, "mHz"),
    "MHz": Unit("frequency", 1e6, "MHz"),
    "mOhm": Unit("impedance", 1e-3, "mOhm"),
    "MOhm": Unit("impedance", 1e6, "MOhm"),
}
"""Prefixes that differ by the case of one letter."""

_LONG = {
    "second": "s", "millisecond": "ms", "minute": "min", "hour": "h", "volt": "V", "millivolt": "mV", "ampere": "A",
    "milliampere": "mA",
}  # fmt: skip
"""The last word of a name of the Battery Data Format."""

_INVERSE = re.compile(r"(kg|mg|g|cm2|cm|m2|m|s|h)-([12])")
_REFERENCE = re.compile(r"^(m?v)\s*(vs|versus|gegen|/|\().*$")


@cache
def unit_of(text: str) -> Unit | None:
    """The unit that a text spells, None if it spells none.

    text : such as "mA h g⁻¹", "mA/cm^2", "V vs. K/K+", "uA", "A_per_g"; the case of letters matters only for
        m (milli) and M (mega) before Hz and Ohm
    """
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-").strip()
    plain = plain.replace("Ω", "Ohm").replace("µ", "u").replace("μ", "u").strip(" []()")
    if plain in _BY_CASE:
        return _BY_CASE[plain]
    lower = re.sub(r"_?\bper\b_?|_per_| per ", "/", plain.lower())
    if lower in _UNITS:
        return _UNITS[lower]
    if reference := _REFERENCE.match(lower):
        return _UNITS[reference.group(1)]
    tight = re.sub(r"[\s.*·^_{}]", "", lower)
    tight = _INVERSE.sub(lambda found: f"/{found[1]}{'2' if found[2] == '2' else ''}", tight)
    if tight.startswith("h:min:s") or re.fullmatch(
        r"(d+:?)?h+:m+:s+(\w+)?", tight.replace("d", "")
    ):
        return _UNITS["h:min:s"]
    return _UNITS.get(tight)


def unit_of_word(word: str) -> Unit | None:
    """The unit that the last word of a name in the Battery Data Format spells out, such as "volt"."""
    return unit_of(_LONG[word.lower()]) if word.lower() in _LONG else None
