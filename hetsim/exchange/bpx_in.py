"""Electrodes of BPX files: as a host of a heterostructure, or as a half cell of their own."""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from hetsim import names
from hetsim.architectures import Mixture
from hetsim.cells.half_cell import HalfCell
from hetsim.cells.heterostructure import Host, heterostructure
from hetsim.constants import FARADAY, GAS_CONSTANT
from hetsim.errors import ParameterError
from hetsim.exchange.bpx_files import Array, Curve, curve_of, finite, parsed
from hetsim.exchange.bpx_out import MARK
from hetsim.exchange.sites_of_curve import MOST, sites_of_curve
from hetsim.parameters.checks import CELL_HOMES, checked_ion, checked_system, checked_value
from hetsim.parameters.schema import IONS, SCHEMA
from hetsim.parameters.values import System, Value
from hetsim.units import CM2, MAH_PER_G, MG_PER_CM2

DENSITY = 5000.0
"""Of an active material whose density no file gives [kg.m-3]: between sulfides and selenides."""
ROOM = 298.15
"""Temperature where a file gives none [K]."""
_POINTS = 241
_SIDES = ("positive", "negative")
_WHERE = "The BPX file"
_MOST_LOADED = SCHEMA[names.LOADING].high


def host_from_bpx(
    source: str | Path | Mapping[str, Any],
    electrode: str = "positive",
    material: str = "",
    ion: str = "Li",
    density: float = DENSITY,
    most_sites: int = MOST,
) -> Host:
    """The active material of an electrode of a BPX file as a host for `hs.heterostructure`.

    Parameters
    ----------
    source : str | Path | Mapping[str, Any]
        A BPX file (.json, .yml), or an object of its form
    electrode : str, default 'positive'
        "positive" or "negative"
    material : str, default ''
        Of a blended electrode, which of its materials
    ion : str, default 'Li'
        The ion of the file
    density : float, default 5000.0
        Of the active material without pores [kg.m-3]: BPX has none, and capacities per gram need it
    most_sites : int, default 10
        Kinds of sites at most

    Returns
    -------
    Host
        Sites that meet the open-circuit curve, with their hysteresis where the file has both branches; capacity
        c_max z F / density; diffusivity at the reference temperature, its logarithmic mean over the stoichiometries
        of the cell where it depends on them

    Raises
    ------
    ParameterError
        For a file that is not there or not BPX, an electrode that it does not have, a blended one without `material`,
        and an open-circuit curve that does not fall while ions enter.
    MissingPackageError
        Without the package `bpx`.
    """
    file = parsed(source)
    particle = _particle(_electrode_of(file, electrode), electrode, material)
    title = file.header.title or "BPX"
    return _host(
        particle, f"{title} ({material or electrode})", ion, density, most_sites, _temperature(file)
    )


def from_bpx(
    source: str | Path | Mapping[str, Any],
    electrode: str = "positive",
    ion: str = "Li",
    density: float = DENSITY,
    most_sites: int = MOST,
) -> HalfCell:
    """A half cell from a BPX file: the same one if hetsim wrote the file, else one of an electrode of it.

    Parameters
    ----------
    source : str | Path | Mapping[str, Any]
        A BPX file (.json, .yml), or an object of its form
    electrode : str, default 'positive'
        "positive" or "negative": which electrode of the file stands against the ion's metal
    ion : str, default 'Li'
        The ion of a file that hetsim did not write
    density : float, default 5000.0
        Of the active material without pores [kg.m-3], as in `host_from_bpx`; charges do not depend on it
    most_sites : int, default 10
        Kinds of sites at most

    Returns
    -------
    HalfCell
        One size of particles and no fast share, the electrode's geometry, kinetics and host, and the file's separator
        and electrolyte; what BPX does not have (series resistance, exchange current of the metal) is that of the
        neutral template

    Raises
    ------
    ParameterError
        As `host_from_bpx`; also for a blended electrode, and for values that no cell can have.
    MissingPackageError
        Without the package `bpx`.

    Notes
    -----
    Electrolyte properties that depend on the concentration are taken at the initial one. The cut-offs of a set with two
    electrodes are those of the whole cell: the half cell goes between the potentials at the stoichiometries that the
    file allows instead.
    """
    file = parsed(source)
    user = file.parameterisation.user_defined
    text = (user.description or "") if user is not None else ""
    if text.startswith(MARK):
        return _restored(text.removeprefix(MARK), user.model_extra or {})
    return _foreign(file, electrode, ion, density, most_sites)


# --- of hetsim ------------------------------------------------------------------------------------


def _restored(text: str, numbers: Mapping[str, Any]) -> HalfCell:
    """The cell that `to_bpx` wrote."""
    try:
        told = json.loads(text)
        values = {
            name: Value(name, _number_of(name, numbers), kind, source, note, _range(limits), origin)
            for name, (kind, source, note, limits, origin) in told["values"].items()
        }
        texts: dict[str, Any] = {
            key: tuple(one) if isinstance(one, list) else one for key, one in told["system"].items()
        }
        system = checked_system(System(values=values, **texts), _WHERE)
        return HalfCell(checked_ion(system, _WHERE), **told["particle"])
    except ParameterError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ParameterError(
            f"{_WHERE}: its User-defined block was changed and is no cell of hetsim any more ({error})."
        ) from error


def _range(limits: Any) -> tuple[float, float] | None:
    return None if limits is None else (limits[0], limits[1])


def _number_of(name: str, numbers: Mapping[str, Any]) -> Any:
    """A number, or the list of its numbered entries, within its limits. Raises KeyError where it is missing."""
    found: Any = numbers.get(name)
    if found is None:
        listed: list[Any] = []
        while (one := names.numbered(name, len(listed))) in numbers:
            listed.append(numbers[one])
        if not listed:
            raise KeyError(name)
        found = listed
    return checked_value(name, found, CELL_HOMES, _WHERE)


# --- of others ------------------------------------------------------------------------------------


def _electrode_of(file: Any, electrode: str) -> Any:
    if electrode not in _SIDES:
        raise ParameterError(f"The electrode is {electrode!r}; allowed: {', '.join(_SIDES)}.")
    found = getattr(file.parameterisation, f"{electrode}_electrode")
    if found is None:
        raise ParameterError(f"The BPX file has no {electrode} electrode.")
    return found


def _particle(electrode: Any, side: str, material: str) -> Any:
    """What holds the ions: the electrode itself, or one material of a blend."""
    blend = getattr(electrode, "particle", None)
    if blend is None:
        if material:
            raise ParameterError(
                f"The {side} electrode is no blend: leave material='{material}' out."
            )
        return electrode
    if material not in blend:
        raise ParameterError(
            f"The {side} electrode is a blend of {', '.join(blend)}; take one of them with "
            "host_from_bpx(..., material=...), and both with hs.heterostructure."
        )
    return blend[material]


def _temperature(file: Any) -> float:
    """The reference temperature [K]."""
    cell = file.parameterisation.cell
    return (
        ROOM if cell is None or cell.reference_temperature is None else cell.reference_temperature
    )


def _host(
    particle: Any, name: str, ion: str, density: float, most_sites: int, temperature: float
) -> Host:
    if ion not in IONS:
        raise ParameterError(f"{name}: unknown ion '{ion}'; allowed: {', '.join(IONS)}.")
    x = np.linspace(particle.minimum_stoichiometry, particle.maximum_stoichiometry, _POINTS)
    x = np.clip(x, 1e-4, 1 - 1e-4)
    if not x[0] < x[-1]:
        raise ParameterError(
            f"{name}: the stoichiometries go from {x[0]:g} to {x[-1]:g}; the minimum must be below the maximum."
        )
    x = np.unique(x)
    mean, lithiation, delithiation = (
        None if one is None else curve_of(one, f"{name}: the OCP")
        for one in (particle.ocp, particle.ocp_lith, particle.ocp_delith)
    )
    both = lithiation is not None and delithiation is not None
    insertion = lithiation if both else mean
    return host_of_curves(
        name,
        x,
        insertion(x),  # type: ignore[misc]
        delithiation(x) if both else None,  # type: ignore[misc]
        particle.maximum_concentration,
        curve_of(particle.diffusivity, f"{name}: the diffusivity")(x),
        ion,
        density,
        temperature,
        most_sites,
    )


def host_of_curves(
    name: str,
    occupancy: Array,
    insertion: Array,
    extraction: Array | None,
    largest_concentration: float,
    diffusivity: Array,
    ion: str,
    density: float,
    temperature: float,
    most_sites: int,
) -> Host:
    """A host from curves over its occupancy; concentration [mol.m-3], diffusivity [m2.s-1], density [kg.m-3].

    Raises ParameterError for a density that is no positive number and a curve that no host has.
    """
    if not (math.isfinite(density) and density > 0):
        raise ParameterError(
            f"{name}: the density must be a positive number [kg.m-3], got {density:g}."
        )
    charge = IONS[ion]
    sites = sites_of_curve(
        occupancy,
        insertion,
        extraction,
        GAS_CONSTANT * temperature / (FARADAY * charge),
        most_sites,
        f"{name}: the open-circuit curve",
    )
    return Host(
        name=name,
        potentials=sites.potentials,
        shares=sites.shares,
        capacity=largest_concentration * charge * FARADAY / density / MAH_PER_G,
        widths=sites.widths,
        hysteresis=sites.hysteresis,
        diffusivity=float(np.exp(np.mean(np.log(diffusivity)))),
        density=density,
    )


def _foreign(file: Any, side: str, ion: str, density: float, most_sites: int) -> HalfCell:
    """A cell of one electrode of a file that hetsim did not write."""
    electrode = _electrode_of(file, side)
    particle = _particle(electrode, side, "")
    title = f"{file.header.title or 'BPX'} ({side})"
    host = _host(particle, title, ion, density, most_sites, _temperature(file))
    values = {
        **_of_electrode(electrode, density, title),
        **_of_cell(file, electrode, side, host, _temperature(file)),
        **_of_electrolyte(file, title),
    }
    found = heterostructure(host, host, ion, Mixture(), mass_share=1.0, values=values, name=title)
    source = f"BPX file '{file.header.title or ''}'"
    kept = {
        name: replace(value, kind="derived", source=source, origin="BPX")
        if name in values or value.origin == "user"
        else value
        for name, value in found.system.values.items()
    }
    system = replace(found.system, values=kept, reference=file.header.references or "")
    return HalfCell(system, classes=1, fast=False)


def _of_electrode(electrode: Any, density: float, where: str) -> dict[str, float]:
    radius = electrode.particle_radius
    fraction = electrode.surface_area_per_unit_volume * radius / 3
    loading = fraction * electrode.thickness * density / MG_PER_CM2
    if not 0 < fraction < 1:
        raise ParameterError(
            f"{where}: 'Surface area per unit volume [m-1]' times 'Particle radius [m]' over 3 is {fraction:.3g}, "
            "the volume fraction of the active material; it must be between 0 and 1."
        )
    if loading > _MOST_LOADED:
        raise ParameterError(
            f"{where}: {loading:.3g} mg/cm2 at a density of {density:g} kg/m3; a cell has at most {_MOST_LOADED:g}."
        )
    porosity = getattr(electrode, "porosity", None)
    found = {
        names.LOADING: loading,
        names.THICKNESS: electrode.thickness,
        names.PARTICLE_SIZE: radius,
        names.TIME_SPREAD: 0.0,
        names.FAST_FRACTION: 0.0,
        "Exchange-current density [A.m-2]": electrode.reaction_rate_constant * FARADAY / 2,
    }
    if porosity is not None:
        found["Electrode porosity"] = porosity
        found["Electrode Bruggeman coefficient"] = _bruggeman(electrode, where)
        found["Electrode conductivity [S.m-1]"] = electrode.conductivity
    energies = {
        "Exchange-current activation energy [eV]": electrode.reaction_rate_constant_activation_energy,
        "Component A migration barrier [eV]": electrode.diffusivity_activation_energy,
    }
    return found | {name: one / FARADAY for name, one in energies.items() if one is not None}


def _bruggeman(part: Any, where: str) -> float:
    """Exponent of the porosity that gives the transport efficiency [-]."""
    if not 0 < part.porosity < 1 or not 0 < part.transport_efficiency < 1:
        raise ParameterError(
            f"{where}: porosity {part.porosity:g} and transport efficiency {part.transport_efficiency:g} must be "
            "between 0 and 1."
        )
    return math.log(part.transport_efficiency) / math.log(part.porosity)


def _of_cell(
    file: Any, electrode: Any, side: str, host: Host, temperature: float
) -> dict[str, float]:
    other = "negative" if side == "positive" else "positive"
    cell, separator = file.parameterisation.cell, getattr(file.parameterisation, "separator", None)
    found = {
        names.REFERENCE_TEMPERATURE: temperature,
        names.AMBIENT_TEMPERATURE: _ambient(file, temperature),
    }
    if cell is not None:
        found[names.AREA] = cell.electrode_area / CM2
    if separator is not None:
        found["Separator thickness [m]"] = separator.thickness
        found["Separator porosity"] = separator.porosity
        found["Separator Bruggeman coefficient"] = _bruggeman(separator, "The separator")
    half = getattr(file.parameterisation, f"{other}_electrode") is None
    if half and cell is not None:
        top, bottom = cell.upper_voltage_cutoff, cell.lower_voltage_cutoff
    else:
        branches = [
            curve_of(one, "The OCP")
            for one in (electrode.ocp_delith or electrode.ocp, electrode.ocp_lith or electrode.ocp)
        ]
        top, bottom = _ends(branches, electrode)
    return found | {names.UPPER_CUT_OFF: top, names.LOWER_CUT_OFF: bottom}


def _ends(branches: list[Curve], electrode: Any) -> tuple[float, float]:
    """Potentials at the stoichiometries between which the electrode is used [V]."""
    extraction, insertion = branches
    top = float(extraction(np.array([electrode.minimum_stoichiometry]))[0])
    bottom = float(insertion(np.array([electrode.maximum_stoichiometry]))[0])
    return top, bottom


def _ambient(file: Any, otherwise: float) -> float:
    state = file.state
    around = None if state is None else state.thermal_environment
    known = None if around is None else around.ambient_temperature
    return otherwise if known is None else known


def _of_electrolyte(file: Any, where: str) -> dict[str, float]:
    electrolyte = getattr(file.parameterisation, "electrolyte", None)
    if electrolyte is None:
        return {}
    start = None if file.state is None else file.state.initial_conditions
    known = None if start is None else start.initial_electrolyte_concentration
    concentration = finite(known, "Initial electrolyte concentration [mol.m-3]", where)
    at = np.array([concentration])
    found = {
        "Initial concentration in electrolyte [mol.m-3]": concentration,
        "Cation transference number": electrolyte.cation_transference_number,
    }
    for quantity, unit in (("diffusivity", "m2.s-1"), ("conductivity", "S.m-1")):
        curve = curve_of(
            getattr(electrolyte, quantity), f"{where}: the {quantity} of the electrolyte"
        )
        found[f"Reference electrolyte {quantity} [{unit}]"] = float(curve(at)[0])
        energy = getattr(electrolyte, f"{quantity}_activation_energy")
        if energy is not None:
            found[f"Electrolyte {quantity} activation energy [eV]"] = energy / FARADAY
    return found
