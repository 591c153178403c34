"""A cell's rate curve without time stepping: where a fit starts.

Diffusion is exact for a constant diffusivity without a field (laws.diffusion_spread); what takes voltage
beside it is estimated at half filling:

    theta* = theta(V_min + eta),   eta = i (R_s + R_e) + 2 V_T asinh(j / 2 j0) + 2 V_T asinh(i / 2 j0_m)

i current per electrode area, j = i / (a L) per inner surface, R_e electrolyte in the pores (a third of
the electrode) and in the separator. Limits: first insertion from rest, no polarisation of the salt.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from hetsim import names
from hetsim.cells.equilibrium import EMPTY, FULL
from hetsim.cells.half_cell import HalfCell
from hetsim.cells.rest import DIRECTIONS
from hetsim.laws.diffusion_spread import (
    DiffusionModes,
    SurfaceResponse,
    capacity_closed_form,
    surface_response,
)
from hetsim.laws.electrode import active_mass, particle_surface
from hetsim.laws.isotherm import plateau_staircase
from hetsim.laws.relaxation_modes import relaxation_modes
from hetsim.laws.sloping_curve import sloping_occupancy
from hetsim.parameters.host_names import SLOPING_CURVE, is_sloping
from hetsim.results import Array
from hetsim.units import CM2, HOUR

POINTS = 2000
"""Of an open-circuit curve that is read in between: an occupancy to 1e-6."""
SMALLEST = 1e-3
"""Share of the sites that counts as none, so that a curve has a logarithm everywhere."""

_STAIRCASE = ("potentials [V]", "shares", "widths")


def closed_form_capacities(cell: HalfCell, currents: Sequence[float]) -> Array:
    """Capacities [mA.h.g-1] of a first insertion at each current [A.g-1]."""
    value = cell.model_values.number
    full, radius = value(names.SPECIFIC_CAPACITY), value(names.PARTICLE_SIZE)
    hours = radius**2 / cell.effective_diffusivity / HOUR
    fast = value(names.FAST_FRACTION) if cell.fast else 0.0
    spread = value(names.TIME_SPREAD) if cell.classes > 1 else 0.0
    response = _response(round(fast, 4), round(spread, 4))
    voltages = [value(names.LOWER_CUT_OFF) + overpotential(cell, current) for current in currents]
    rises = np.maximum(_inserted(cell, np.array(voltages)) - cell.extracted_occupancy, SMALLEST)
    return np.array(
        [
            capacity_closed_form(current, full, hours, rise, response)
            for current, rise in zip(currents, rises, strict=True)
        ]
    )


def _inserted(cell: HalfCell, voltages: Array) -> Array:
    """Occupancies at rest on the insertion branch at some voltages [-]; empty or full where the branch ends."""
    if cell.hosts is not None:
        occupancies = cell.hosts.occupancy(voltages, DIRECTIONS["insertion"])
        return np.asarray(np.clip(occupancies, EMPTY, FULL))
    if is_sloping(cell.values):
        occupancies = sloping_occupancy(voltages, *map(cell.values.number, SLOPING_CURVE))
        return np.asarray(np.clip(occupancies, EMPTY, FULL))
    lists = (cell.values.numbers(f"Insertion plateau {stem}") for stem in _STAIRCASE)
    occupancies, potentials = _staircase(*lists, cell.thermal_voltage)
    return np.interp(voltages, potentials[::-1], occupancies[::-1])


@lru_cache(maxsize=16)
def _staircase(
    potentials: tuple[float, ...],
    shares: tuple[float, ...],
    widths: tuple[float, ...],
    thermal_voltage: float,
) -> tuple[Array, Array]:
    """Occupancies from empty to full and the potentials there [V], close enough to read others in between."""
    occupancies = np.linspace(EMPTY, FULL, POINTS)
    curve = plateau_staircase(occupancies, potentials, shares, widths, thermal_voltage)
    return occupancies, np.asarray(curve)


@lru_cache(maxsize=256)
def _response(fast: float, spread: float) -> SurfaceResponse:
    """Of spheres of all sizes, by the modes that the models use."""
    modes = relaxation_modes(spread)
    return surface_response([1.0], [1.0], fast, DiffusionModes(modes.shares, modes.times))


def overpotential(cell: HalfCell, current: float) -> float:
    """What takes voltage beside diffusion at a current [A.g-1], in V."""
    value = cell.values.number
    i = current * active_mass(value) / (value(names.AREA) * CM2)  # A.m-2
    pores = value(names.THICKNESS) / 3
    pores /= value("Electrode porosity") ** value("Electrode Bruggeman coefficient")
    separator = value("Separator thickness [m]")
    separator /= value("Separator porosity") ** value("Separator Bruggeman coefficient")
    electrolyte = (pores + separator) / value("Reference electrolyte conductivity [S.m-1]")
    inner_area = particle_surface(value) / (value(names.AREA) * CM2)
    twice = 2 * cell.thermal_voltage
    at_particles = i / inner_area / value("Exchange-current density [A.m-2]")
    at_metal = i / value("Metal exchange-current density [A.m-2]")
    kinetics = twice * (np.arcsinh(at_particles / 2) + np.arcsinh(at_metal / 2))
    return float(i * (value(names.SERIES_RESISTANCE) * CM2 + electrolyte) + kinetics)
