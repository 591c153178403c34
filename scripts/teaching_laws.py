"""The laws that the teaching page evaluates beside its models, as tapes (scripts.law_tape)."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pybamm

import hetsim as hs
from hetsim import names
from hetsim.architectures import ARCHITECTURES, CHANNELS, Architecture, Channel, NoChannel
from hetsim.architectures.composite import Composite
from hetsim.architectures.grains import BARRIERS, INTERFACE_BARRIER
from hetsim.junctions.pair import TEMPERATURE
from hetsim.laws.depletion import (
    depletion_potential,
    depletion_widths,
    maximum_fields,
    one_sided_field,
    one_sided_width,
)
from hetsim.laws.isotherm import equilibrium_occupancy, plateau_staircase
from hetsim.laws.junction import built_in_potential
from hetsim.laws.junction_channel import mobility_ratio
from hetsim.laws.potential import core_shell_potential
from hetsim.laws.space_charge import debye_length
from hetsim.laws.transport import chemical_potential
from hetsim.parameters.flat import flat_values
from hetsim.submodels.mesh import XI_J, centres_of_mass, stretch
from scripts.law_tape import law_tape

PERMITTIVITY = 10.0
"""Of both sides of the contact that is drawn [-]."""

SITES = 1e4
"""Ions among which the screening length of the contact is told [mol.m-3]."""

BARRIER = 0.3
"""Migration barrier of the grains [eV]; only the difference to that of the layers acts on a ratio."""

HOST = hs.Host("host", (0.5,), (1.0,), 300.0, widths=(1.0,))
"""One ideal kind of site."""


def laws(cell: hs.HalfCell) -> dict[str, dict[str, Any]]:
    """All of them by name.

    cell : the particle of the page, whose mesh and open-circuit curve are those of its model
    """
    return {"rest": _rest(cell), "contact": _contact(), "carriers": _carriers()}


# --- a particle at rest ----------------------------------------------------------------------------


def _rest(cell: hs.HalfCell) -> dict[str, Any]:
    """The profile in equilibrium with a surface, on the volumes of the model."""
    edges = cell.structure.edges(cell.structure.volumes)
    xi = centres_of_mass(edges)
    inside = edges[1:] <= XI_J * (1 + 1e-9)

    def law(surface: Any, step: Any, debye: Any, junction: Any) -> Mapping[str, Any]:
        at, nodes = pybamm.Vector(edges), pybamm.Vector(xi)
        radius = nodes * stretch(nodes, junction)
        phi = core_shell_potential(radius, step, debye, debye, junction)
        theta = equilibrium_occupancy(1 / (1 + np.exp(-surface)), phi)
        ends = (at * stretch(at, junction)) ** 3
        volumes = pybamm.Matrix(np.diff(np.eye(len(edges)), axis=0)) @ ends

        def mean(where: Any) -> Any:
            row = pybamm.Matrix(np.asarray(where, dtype=float)[np.newaxis])
            return (row @ (volumes * theta)) / (row @ volumes)

        whole = mean(np.ones_like(xi))
        return {
            "radius": radius,
            "potential": phi,
            "occupancy": theta,
            "chemical potential": chemical_potential(theta, phi),
            "mean": whole,
            "odds": np.exp(_at(phi, -1) - _at(phi, 0)),
            "core": mean(inside),
            "shell": mean(~inside),
            "voltage": plateau_staircase(whole, *_curve(cell), cell.thermal_voltage),
        }

    return law_tape(
        law,
        [
            "log-odds of the surface",
            "built-in potential [RT/F]",
            "Debye length [R]",
            "core radius [R]",
        ],
    )


def _at(vector: Any, place: int) -> Any:
    """One of the values of a vector, of a place or counted from the end."""
    return pybamm.Matrix(np.eye(vector.shape_for_testing[0])[[place]]) @ vector


def _curve(cell: hs.HalfCell) -> list[Any]:
    """Plateaus of insertion: potentials, shares and widths."""
    stems = ("potentials [V]", "shares", "widths")
    return [cell.values[f"Insertion plateau {stem}"] for stem in stems]


# --- two materials in contact ----------------------------------------------------------------------


def _contact() -> dict[str, Any]:
    """A contact of two sides of equal doping that are both depleted, or of a metal and one such side."""

    def law(work_function_a: Any, work_function_b: Any, log_density: Any) -> Mapping[str, Any]:
        step = built_in_potential(work_function_a, work_function_b)
        size, density = abs(step), 10**log_density
        both = (density, density, PERMITTIVITY, PERMITTIVITY)
        return {
            "built-in potential [V]": step,
            "width of each [m]": depletion_widths(size, *both).a,
            "field of both [V.m-1]": maximum_fields(size, *both).a,
            "width of one [m]": one_sided_width(size, density, PERMITTIVITY),
            "field of one [V.m-1]": one_sided_field(size, density, PERMITTIVITY),
            "screening length of ions [m]": debye_length(SITES, TEMPERATURE, PERMITTIVITY),
        }

    arguments = ["work function of A [eV]", "work function of B [eV]", "log10 of the doping [m-3]"]
    return {**law_tape(law, arguments), "both": _bending(1e24), "one": _bending(1e32)}


def _bending(density_b: float) -> dict[str, list[float]]:
    """phi over the step against x over the width of A, where A has 1e24 dopants per cubic metre.

    It is the same for all steps and for all dopings of one ratio, so a table holds it; very dense ones make B a metal.
    """
    sides = (1.0, 1e24, density_b, PERMITTIVITY, PERMITTIVITY)
    places = np.linspace(-1.5, 1.5, 61)
    return {
        "x/w": places.tolist(),
        "phi/V": depletion_potential(places * depletion_widths(*sides).a, *sides).tolist(),
    }


# --- carriers in a space charge --------------------------------------------------------------------


def _carriers() -> dict[str, Any]:
    """The layer over its grain, and what is left of that in layered and dispersed particles."""

    def law(
        potential: Any, kelvin: Any, ions: Any, ratio: Any, difference: Any
    ) -> Mapping[str, Any]:
        given = {
            "Interface potential [V]": potential,
            names.BUILT_IN_POTENTIAL: potential,
            "Interface mobility ratio": ratio,
            "Interface storing share": 1.0,
            names.AMBIENT_TEMPERATURE: kelvin,
            INTERFACE_BARRIER: BARRIER - difference,
            **dict.fromkeys(BARRIERS, BARRIER),
        }

        def composite(architecture: str, channel: Channel) -> Composite:
            return _composite(ARCHITECTURES[architecture].with_channel(channel), given)

        def layer(channel: Channel) -> Any:
            of = composite("stacked-parallel", channel)
            reference = of.value(names.REFERENCE_TEMPERATURE)
            hops = mobility_ratio(1.0, difference, kelvin, reference)
            return of.conductivity_ratio(ions, kelvin) * hops

        def gain(architecture: str, channel: Channel) -> Any:
            one, none = composite(architecture, channel), composite(architecture, NoChannel())
            return one.diffusivity(ions, ions, kelvin) / none.host_diffusivity("A", kelvin)

        kinds = {name: CHANNELS[f"{name}-carriers"] for name in ("dilute", "lattice")}
        return {
            "occupancy": composite("stacked-parallel", NoChannel()).occupancy(ions),
            **{f"{name} layer": layer(one) for name, one in kinds.items()},
            **{f"{name} along": gain("stacked-parallel", one) for name, one in kinds.items()},
            **{f"{name} network": gain("dispersed", one) for name, one in kinds.items()},
            "across": gain("stacked-series", NoChannel()),
        }

    return law_tape(
        law,
        [
            "interface potential [V]",
            "temperature [K]",
            "potential of the ions [V]",
            "mobility ratio at 25 degC",
            "barrier of the grain minus that of the layer [eV]",
        ],
    )


def _composite(architecture: Architecture, given: Mapping[str, Any]) -> Composite:
    """Two grains of the same host in an architecture, with symbols for some values."""
    cell = hs.heterostructure(HOST, HOST, ion="Na", interface=hs.DiluteCarriers(), values=FIXED)
    assert cell.structure.sites is not None
    known = {**flat_values(cell.values), **given}
    value: Callable[[str], Any] = known.__getitem__
    return Composite(architecture, cell.structure.sites, value)


FIXED = {"Interface storing share": 1.0}
