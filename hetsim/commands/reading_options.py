"""The options that state what a measured file does not say, and the line that says what was understood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from hetsim.measurements import Reading

_OPTIONS: dict[str, Any] = {
    "mass_mg": ("--mass-mg", {"type": float, "help": "Active mass [mg], for mA or mAh."}),
    "area_cm2": ("--area-cm2", {"type": float, "help": "Area of the electrode [cm2]."}),
    "loading_mg_cm2": (
        "--loading-mg-cm2",
        {"type": float, "help": "Active mass per area [mg/cm2], for mA/cm2."},
    ),
    "one_c": ("--one-c", {"type": float, "help": "Current at 1C [mA/g], for C-rates."}),
    "capacity_mah_g": (
        "--capacity-mah-g",
        {"type": float, "help": "Capacity at which a state of charge is 1 [mAh/g]."},
    ),
    "scan_rate": ("--scan-rate", {"type": float, "help": "Of one voltammogram [mV/s]."}),
    "discharge": (
        "--discharge",
        {
            "type": click.Choice(["insertion", "extraction"]),
            "help": "What a discharge does to the electrode [insertion].",
        },
    ),
    "positive": (
        "--positive",
        {
            "type": click.Choice(["charge", "discharge"]),
            "help": "What a positive current is [as names of steps or the voltage tell].",
        },
    ),
    "columns": (
        "--columns",
        {"help": "Names of columns, such as time=Zeit[h],current=I[mA] [as recognised]."},
    ),
    "decimal": ("--decimal", {"type": click.Choice([".", ","]), "help": "Decimal sign."}),
    "delimiter": (
        "--delimiter",
        {"type": click.Choice([",", ";", "|", "tab", "space"]), "help": "Between columns."},
    ),
    "encoding": ("--encoding", {"help": "Of the text, such as gb18030 or utf-16."}),
    "sheet": ("--sheet", {"help": "Of a spreadsheet with several tables."}),
    "cycle": (
        "--cycle-taken",
        {
            "type": click.Choice(["last", "mean"]),
            "help": "Of the measured cycles at one current [last].",
        },
    ),
}
"""Option and settings of each field of `hetsim.measurements.Stated`."""

OF_A_RATE = ("one_c", "capacity_mah_g", "cycle")
OF_A_CV = ("scan_rate",)


def reading_options(
    *more: str, without: Sequence[str] = ()
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options of every kind of file, and more by name.

    without : those that the command has already
    """
    special = {*OF_A_RATE, *OF_A_CV}
    names = [one for one in _OPTIONS if (one not in special or one in more) and one not in without]

    def with_options(command: Callable[..., Any]) -> Callable[..., Any]:
        options = [click.option(_OPTIONS[one][0], one, **_OPTIONS[one][1]) for one in names]
        return reduce(lambda made, option: option(made), reversed(options), command)

    return with_options


def stated_words(words: dict[str, Any]) -> dict[str, Any]:
    """What the user stated, by the names of `hetsim.measurements.Stated`; taken out of the arguments of a command."""
    return {
        name: value for name in _OPTIONS if name in words and (value := words.pop(name)) is not None
    }


def reading_of(
    file: Path, words: dict[str, Any], kind: str = "", spare_mass: bool = False
) -> Reading:
    """The file as it was understood. Raises MeasurementError and ParameterError."""
    from hetsim.measurements.files import table_of
    from hetsim.measurements.reading import read_as
    from hetsim.measurements.stated import stated

    return read_as(table_of(file, stated(words)), kind, spare_mass)


def understood_line(understood: str) -> str:
    """What a command prints of a file that it read."""
    from hetsim.commands.text_table import paragraph, screen_width

    return paragraph(f"read: {understood}", screen_width(), indent="  ", first="")
