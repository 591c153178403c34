"""A system from the facts of an electrode: the neutral template with what is printed, each number with its source."""

from collections.abc import Iterator
from dataclasses import replace

import hetsim as hs
from hetsim import names
from hetsim.cells.half_cell import HalfCell
from hetsim.fitting.free_value import CAPACITY, FAST, GRAINS, RESISTANCE
from hetsim.parameters.checks import checked_system
from hetsim.parameters.values import AgedPoint, MeasuredRate, System, Value
from scripts.library.curve_fit import FEW
from scripts.library.facts import Electrode, Point
from scripts.library.fits import Fitted
from scripts.library.theory import ceiling

KELVIN = 273.15
EFFICIENCY = "Initial coulombic efficiency"

_ELECTROLYTES = (
    (("NaClO4", "DME"), "1M-NaPF6-DME"),
    (("NaClO4",), "1M-NaClO4-EC-PC"),
    (("NaPF6", "EC"), "1M-NaClO4-EC-PC"),
    (("NaPF6", "DMC"), "1M-NaClO4-EC-PC"),
    (("NaPF6", "DME"), "1M-NaPF6-DME"),
    (("NaPF6",), "1M-NaPF6-diglyme"),
    (("NaSO3CF3",), "1M-NaCF3SO3-diglyme"),
    (("LiPF6",), "1M-LiPF6-EC-EMC-DMC"),
    (("KPF6",), "1M-KPF6-EC-DEC"),
)
"""Words of a printed electrolyte, and the nearest one of the library: the first whose words are all there."""


def electrolyte_of(electrode: Electrode) -> str:
    """The nearest of the library to the printed one; '' where none is printed, which is the usual one of the ion."""
    printed = electrode.electrolyte.replace("DEGDME", "diglyme")
    for words, name in _ELECTROLYTES:
        if all(word in printed for word in words):
            return name
    return ""


def neutral_cell(electrode: Electrode) -> HalfCell:
    """The neutral cell of an electrode, with the sources of what is printed in place of the template's."""
    points = [*electrode.fresh, *(one for one in electrode.ends if one.cycles)]
    highest = max(points, key=lambda one: one.capacity)
    curve = MeasuredRate((highest.current,), (highest.capacity,), "facts")
    loading = None if electrode.loading is None else sum(electrode.loading) / 2
    kelvin = None if electrode.celsius is None else round(electrode.celsius + KELVIN, 2)
    cell = hs.template(
        electrode.ion,
        electrode.window,
        loading,
        electrode.materials[:2],
        curve,
        electrolyte_of(electrode),
        temperature=kelvin,
        name=electrode.name,
    )
    values = {**cell.system.values, **dict(_printed(electrode, cell.system.values))}
    if len(electrode.materials) == 1:
        values |= dict(_one_material())
    return HalfCell(replace(cell.system, values=values, measured=(), aged=()))


def _printed(electrode: Electrode, values: dict[str, Value]) -> Iterator[tuple[str, Value]]:
    """Window, loading and temperature with their sources."""
    for name in (names.LOWER_CUT_OFF, names.UPPER_CUT_OFF):
        known = bool(electrode.window_source)
        source = electrode.window_source or f"not printed; {electrode.window_reason}"
        yield name, replace(values[name], kind="measured" if known else "assumed", source=source)
    if electrode.loading is not None:
        low, high = electrode.loading
        note = f"printed as {low:g} to {high:g}" if high > low else ""
        yield (
            names.LOADING,
            replace(
                values[names.LOADING],
                source=electrode.loading_source,
                note=note,
                range=(low, high) if high > low else None,
            ),
        )
    if electrode.celsius is not None:
        source = next(iter(electrode.fresh)).source
        ambient = replace(
            values[names.AMBIENT_TEMPERATURE], source=f"{source}: {electrode.celsius:g} degC"
        )
        yield names.AMBIENT_TEMPERATURE, ambient
        reference = names.REFERENCE_TEMPERATURE
        yield (
            reference,
            Value(
                reference,
                ambient.number,
                "derived",
                "the temperature of the test, at which its values were fitted",
            ),
        )
    ion = {"NH4": "ammonium", "Na": "sodium", "Li": "lithium", "K": "potassium", "Zn": "zinc"}
    charge = values[names.CHARGE_NUMBER]
    yield (
        names.CHARGE_NUMBER,
        replace(charge, source=f"{ion.get(electrode.ion, electrode.ion)} ion"),
    )


def _one_material() -> Iterator[tuple[str, Value]]:
    name = "Component A volume fraction"
    yield name, Value(name, 1.0, "derived", "one material", "no A-B boundaries")


def system_of(electrode: Electrode, found: Fitted, controls: tuple[str, ...]) -> System:
    """The system of an electrode as its file says it."""
    aged = tuple(
        AgedPoint(one.current, one.capacity, one.cycles, one.source, one.note, one.history)
        for one in electrode.ends
    )
    system = replace(
        found.cell.system,
        title=electrode.title,
        classification=electrode.classification,
        architecture=electrode.architecture,
        materials=electrode.materials,
        controls=controls,
        reference=electrode.reference,
        note=" ".join(_sentences(electrode, found)),
        measured=_curves(electrode),
        aged=aged,
        facts=dict(_facts(electrode)),
    )
    return checked_system(system, electrode.name)


def variants_of(electrode: Electrode, found: Fitted) -> dict[str, tuple[str, list[Value]]]:
    """Note and values of the variant with two hosts, where there is one."""
    if found.hosts is None:
        return {}
    a, b = electrode.materials[:2]
    note = (
        f"{electrode.architecture.capitalize()} with two hosts: the isotherms of {a} and {b} from the library at equal "
        f"volumes, in place of a slope; the same points, met within {found.hosts_error:.1f} % on average. For voltage "
        "curves; the rate curve says no more with it. The junction is not told apart from the grains."
    )
    return {"hosts": (note, list(found.hosts.values()))}


def _curves(electrode: Electrode) -> tuple[MeasuredRate, ...]:
    if not electrode.fresh:
        return ()
    sources = dict.fromkeys(one.source for one in electrode.fresh)
    notes = dict.fromkeys(_with_current(one) for one in electrode.fresh if one.note)
    doubts = [one.sentence for one in electrode.doubts]
    return (
        MeasuredRate(
            tuple(one.current for one in electrode.fresh),
            tuple(one.capacity for one in electrode.fresh),
            "; ".join(sources),
            " ".join([*(f"{one}." for one in notes if "OCR" not in one), *doubts]),
        ),
    )


def _with_current(point: Point) -> str:
    return f"{point.current:g} A/g: {point.note}"


def _facts(electrode: Electrode) -> Iterator[tuple[str, Value]]:
    if electrode.coulombic_efficiency is not None:
        share, source = electrode.coulombic_efficiency
        yield EFFICIENCY, Value(EFFICIENCY, round(share, 4), "measured", source)


def _sentences(electrode: Electrode, found: Fitted) -> Iterator[str]:
    """The note: why this architecture, what the points allow, what is doubtful."""
    yield _architecture(electrode)
    yield _what_points_allow(electrode, found)
    if electrode.loading is None:
        yield (
            "The loading is not printed: only the product of series resistance and loading acts on the curve."
        )
    if electrode.electrolyte:
        yield f"Printed electrolyte: {electrode.electrolyte}; the nearest of the library is taken."
    if not electrode.window_source:
        low, high = electrode.window
        yield f"The window is not printed: {low:g} to {high:g} V is assumed, and scales the resistance only."
    yield from found.remarks
    yield from _against_theory(electrode, found)
    if not electrode.fresh:
        yield from (one.sentence for one in electrode.doubts)
    yield from (f"{one[0].upper()}{one[1:].rstrip('.')}." for one in electrode.notes)


def _against_theory(electrode: Electrode, found: Fitted) -> Iterator[str]:
    """Whether the capacity is above what the best of the materials stores by Faraday's law."""
    top = ceiling(electrode.materials, electrode.ion)
    capacity = found.cell.values.number(names.SPECIFIC_CAPACITY)
    if top is not None and capacity > top[1]:
        yield (
            f"The capacity of {capacity:.4g} mAh/g is above theory: {top[0]} stores {top[1]:g} mAh/g; carbon, surfaces "
            "and the shape of the model are in it."
        )


def _architecture(electrode: Electrode) -> str:
    if len(electrode.materials) == 1 or electrode.role in ("single",):
        return f"{electrode.architecture.capitalize()} by name only: one material has no junction."
    if electrode.architecture == "stacked-parallel":
        return (
            "Stacked-parallel: sheets of both, so that ions run along the layers; the junction is not told apart from "
            "the grains (neutral template)."
        )
    return (
        "Dispersed: grains of both in contact at random; the junction is not told apart from the grains (neutral "
        "template)."
    )


_SHORT = {
    CAPACITY: "capacity",
    FAST: "fast fraction",
    RESISTANCE: "series resistance",
    GRAINS[0]: "diffusivity",
}


def _what_points_allow(electrode: Electrode, found: Fitted) -> str:
    free = [short for name, short in _SHORT.items() if _was_free(found.values.get(name))]
    what = f"{', '.join(free[:-1])} and {free[-1]} are" if len(free) > 1 else f"{free[0]} is"
    count, after = electrode.count, len([one for one in electrode.ends if one.cycles])
    if count > FEW:
        return f"A rate curve of {count} points: {what} fitted."
    fresh = f"{count} fresh point{'s' if count != 1 else ''}" if count else "no fresh point"
    ends = f" and {after} after cycles" if after else ""
    return (
        f"With {fresh}{ends}, {what} fitted and the rest is what curves of the family show: a description, and no test "
        "of anything."
    )


def _was_free(value: Value | None) -> bool:
    """Whether a value was fitted, or ran to an end of its range in the fit."""
    return value is not None and (value.kind == "fitted" or value.source.startswith("end of"))
