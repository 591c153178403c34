"""An electrode of which only the ion, the window, the loading and a rate curve are known.

Everything else is assumed and says why: the open-circuit curve is a slope through the window (laws.sloping_curve), the
rest comes from the neutral template (parameter_sets/templates). It is a half cell like any other.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from hetsim import names
from hetsim.cells.half_cell import HalfCell
from hetsim.cells.heterostructure import electrolyte_of, template_values
from hetsim.errors import ParameterError
from hetsim.parameters.checks import checked_ion, checked_rate, checked_system, checked_value
from hetsim.parameters.component_file import read_electrolyte, read_material
from hetsim.parameters.hosts import component_values
from hetsim.parameters.library import component_names
from hetsim.parameters.schema import IONS
from hetsim.parameters.values import MeasuredRate, System, Value
from hetsim.units import MG_PER_CM2

EXPONENT = 1.5
"""Of the open-circuit curve: one number describes 109 measured rate curves of anodes and cathodes."""
CAPACITY_OVER_HIGHEST = 1.08
"""Capacity of all sites over the highest measured one, median of those curves."""
ASSUMED_LOADING, ASSUMED_RANGE = 1.0, (0.5, 3.0)
"""Where none is printed, as in 60 % of the papers [mg.cm-2]."""
ASSUMED_CAPACITY = 400.0
"""Where there is no curve [mA.h.g-1]."""
DIFFUSION_HOURS = 6.0
"""R^2/D of the measured curves, median [h]."""

RESISTANCE = 20.0
"""[Ohm.cm2]"""
FAST = {
    "Exchange-current density [A.m-2]": (2.0, "charge transfer counts as fast"),
    "Metal exchange-current density [A.m-2]": (200.0, "the counter electrode counts as fast"),
    "Separator thickness [m]": (25e-6, "the separator counts as thin"),
    "Separator porosity": (0.5, "of a thin polymer separator"),
}
FREE_RANGES = {names.FAST_FRACTION: (0.005, 0.97), names.SERIES_RESISTANCE: (0.05, 2000.0)}
"""Of what measured curves tell: wider than what they told so far."""
CARBON_AND_BINDER = 2000.0
"""Density [kg.m-3]."""

_LETTERS = ("A", "B")

_MOST_CAPACITY = 5000.0
"""Of the schema [mA.h.g-1]."""


def template(
    ion: str,
    window: tuple[float, float],
    loading: float | None = None,
    materials: Sequence[str] = (),
    rate: MeasuredRate | None = None,
    electrolyte: str = "",
    particle_radius: float | None = None,
    temperature: float | None = None,
    name: str = "template",
) -> HalfCell:
    """A half cell of an electrode whose open-circuit curve is unknown: its voltage window is all it needs.

    The curve is U = U_full + (U_empty - U_full) (1 - theta)^1.5 between the cut-offs, without hysteresis. An anode and
    a cathode are alike: both start extracted, at the upper cut-off.

    Parameters
    ----------
    ion : str
        "Li", "Na", "K", "Zn", "Mg", "Ca", "Al" or "NH4"
    window : tuple[float, float]
        Lower and upper cut-off against the ion's metal [V]
    loading : float | None, default None
        Active mass per area [mg.cm-2]; 1 is assumed where it is not known, and then only the product of resistance
        and loading is measured by a rate curve
    materials : Sequence[str], default ()
        One or two names, in the library or not
    rate : MeasuredRate | None, default None
        The measured rate curve that belongs to the electrode
    electrolyte : str, default ''
        Of the library; a usual one of the ion if left out
    particle_radius : float | None, default None
        [m]; only R^2/D acts
    temperature : float | None, default None
        [K]; 298.15 if left out
    name : str, default 'template'
        Of the cell

    Returns
    -------
    HalfCell

    Raises
    ------
    ParameterError
        For an unknown ion or electrolyte, crossed cut-offs, a loading, radius or temperature out of its limits, or
        more than two materials.

    Notes
    -----
    docs/fits.md says what such a cell can describe and what a fit of it determines.
    """
    given = _given(ion, window, loading, materials, particle_radius, temperature, name)
    own = electrolyte or electrolyte_of(ion, name)
    values = {**read_electrolyte(own).values, **template_values()}
    values.update(_lumped_losses(values))
    values.update(_derived(given, rate))
    values.update(given)
    values[names.THICKNESS] = _thickness(values)
    values.update(_diffusivities(values))
    parts = tuple(materials) or ("active material",)
    for letter, part in zip(_LETTERS, (parts[0], parts[-1]), strict=True):
        if part in component_names(
            "materials"
        ):  # its density and work function, as a file has them
            values = {**component_values(letter, read_material(part)), **values}
    curve = (checked_rate(rate, name),) if rate is not None else ()
    system = System(
        name=name,
        title="/".join(parts),
        ion=ion,
        classification="template",
        architecture="dispersed",
        materials=parts,
        components=(parts[0], parts[-1]),
        electrolyte=own,
        values=values,
        interface="none",
        note=_note(loading),
        measured=curve,
        aged=rate.aged if rate is not None else (),
    )
    return HalfCell(checked_ion(checked_system(system, name), name))


def _note(loading: float | None) -> str:
    note = (
        "Neutral template: the open-circuit curve is a slope through the window, and all that is assumed says why. "
        "Junctions are not told apart from the grains."
    )
    if loading is None:
        note += " The loading is assumed: only the product of series resistance and loading is measured."
    return note


def _given(
    ion: str,
    window: tuple[float, float],
    loading: float | None,
    materials: Sequence[str],
    radius: float | None,
    temperature: float | None,
    where: str,
) -> dict[str, Value]:
    """What the user says, checked."""
    if ion not in IONS:
        raise ParameterError(f"{where}: unknown ion '{ion}'; allowed: {', '.join(IONS)}.")
    if len(materials) > 2 or isinstance(materials, str):
        raise ParameterError(
            f"{where}: an electrode has one or two materials, got {materials!r}; name those that store the ion."
        )
    if len(window) != 2:
        raise ParameterError(f"{where}: a window has two cut-offs [V], got {list(window)}.")
    low, high = sorted_window(window, where)
    numbers: list[tuple[str, float | None, str]] = [
        (names.LOWER_CUT_OFF, low, "measured"),
        (names.UPPER_CUT_OFF, high, "measured"),
        (names.LOADING, loading, "measured"),
        (names.PARTICLE_SIZE, radius, "measured"),
        (names.AMBIENT_TEMPERATURE, temperature, "measured"),
    ]
    found = {}
    for name, number, kind in numbers:
        if number is not None:
            checked = checked_value(name, number, ("system",), where)
            found[name] = Value(name, checked, kind, "given by the user", origin="user")
    charge = float(IONS[ion])
    found[names.CHARGE_NUMBER] = Value(
        names.CHARGE_NUMBER, charge, "measured", f"{ion} ion", origin="user"
    )
    return found


def sorted_window(window: tuple[float, float], where: str) -> tuple[float, float]:
    """Lower and upper cut-off [V]. Raises ParameterError where they are crossed."""
    low, high = window
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ParameterError(
            f"{where}: the window runs from {low:g} to {high:g} V; both cut-offs must be finite numbers."
        )
    if not low < high:
        raise ParameterError(
            f"{where}: the window runs from {low:g} to {high:g} V; the lower cut-off comes first and must be below the "
            "upper one."
        )
    return low, high


def _derived(given: dict[str, Value], rate: MeasuredRate | None) -> dict[str, Value]:
    """What follows from the window and the curve, and what is assumed beside the template."""
    ends = {
        names.EMPTY_POTENTIAL: (names.UPPER_CUT_OFF, "upper"),
        names.FULL_POTENTIAL: (names.LOWER_CUT_OFF, "lower"),
    }
    found = {
        name: _value(
            name,
            given[cut_off].number,
            f"the curve is not known: it spans the window, and this is the {which} cut-off",
        )
        for name, (cut_off, which) in ends.items()
    }
    found[names.OCP_EXPONENT] = _value(
        names.OCP_EXPONENT,
        EXPONENT,
        "one exponent describes 109 measured rate curves; they cannot tell it from the spread of diffusion times",
        (1.0, 3.0),
    )
    if names.LOADING not in given:
        found[names.LOADING] = _value(
            names.LOADING,
            ASSUMED_LOADING,
            "not printed; half cells of new materials hold 0.5 to 3 mg/cm2",
            ASSUMED_RANGE,
            "only the product of series resistance and loading is measured by a rate curve",
        )
    found[names.SPECIFIC_CAPACITY] = _capacity(rate)
    return found


def _lumped_losses(values: dict[str, Value]) -> dict[str, Value]:
    """All losses but diffusion are in the series resistance, for a rate curve does not tell them apart.

    Charge transfer and the counter electrode are fast, the separator is thin. What a fit frees has limits that leave
    the answer to the curve.
    """
    why = "its loss is part of the series resistance, from which a rate curve cannot tell it"
    found = {name: _value(name, number, f"{what}; {why}") for name, (number, what) in FAST.items()}
    for name, limits in FREE_RANGES.items():
        found[name] = replace(values[name], range=limits)
    resistance = names.SERIES_RESISTANCE
    found[resistance] = _value(
        resistance,
        RESISTANCE,
        "contacts, films, electrolyte and charge transfer together, as fits to measured rate curves find",
        FREE_RANGES[resistance],
    )
    return found


def _capacity(rate: MeasuredRate | None) -> Value:
    if rate is None or not rate.capacities:
        return _value(
            names.SPECIFIC_CAPACITY, ASSUMED_CAPACITY, "no curve is given", (50.0, 2000.0)
        )
    highest = max(rate.capacities)
    capacity = CAPACITY_OVER_HIGHEST * highest
    if capacity > _MOST_CAPACITY:
        raise ParameterError(
            f"The highest measured capacity is {highest:g} mAh/g; a template takes up to "
            f"{_MOST_CAPACITY / CAPACITY_OVER_HIGHEST:.0f} mAh/g. Is it per gram of active material?"
        )
    info = (float(f"{factor * highest:.6g}") for factor in (0.5, 5.0))
    low, high = (min(max(one, 1.0), _MOST_CAPACITY) for one in info)
    why = f"{CAPACITY_OVER_HIGHEST} times the highest measured capacity, median of 109 measured rate curves"
    return _value(names.SPECIFIC_CAPACITY, float(f"{capacity:.6g}"), why, (low, high))


def _thickness(values: dict[str, Value]) -> Value:
    """Of a coating that holds the loading at the porosity of the template, with a fifth of carbon and binder."""
    loading = values[names.LOADING].number * MG_PER_CM2
    solid = loading / values[names.DENSITY].number + loading / 4 / CARBON_AND_BINDER
    thickness = solid / (1 - values["Electrode porosity"].number)
    why = f"the loading at the porosity above, with a fifth by mass of carbon and binder of {CARBON_AND_BINDER:g} kg/m3"
    return _value(names.THICKNESS, min(max(float(f"{thickness:.4g}"), 1e-7), 1e-3), why)


def _diffusivities(values: dict[str, Value]) -> dict[str, Value]:
    """R^2/D as the measured curves have it, in the middle, at whatever radius."""
    radius = values[names.PARTICLE_SIZE].number
    middle = float(f"{radius**2 / (DIFFUSION_HOURS * 3600):.6g}")
    why = f"R^2/D of {DIFFUSION_HOURS:g} h, median of 109 measured rate curves, at this radius"
    found = {}
    for letter in _LETTERS:
        name = f"Component {letter} diffusivity [m2.s-1]"
        limits = (max(1e-5 * middle, 1e-30), min(1e6 * middle, 1e-6))
        found[name] = _value(name, middle, why, limits, "only R^2/D acts")
    return found


def _value(
    name: str,
    number: float,
    why: str,
    limits: tuple[float, float] | None = None,
    note: str = "",
) -> Value:
    return Value(name, number, "assumed", f"neutral template: {why}", note, limits, "template")
