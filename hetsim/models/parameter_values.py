"""From hetsim's parameters to plain PyBaMM parameter values.

PyBaMM's quantities are written as expressions of hetsim's, so each hetsim parameter can be an input of
a built model: changing one never rebuilds it. The equations are in docs/physics.md.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pybamm

from hetsim import names
from hetsim.architectures import Architecture, Dispersed
from hetsim.constants import FARADAY, GAS_CONSTANT
from hetsim.laws.ageing import loss_rate_with_charge
from hetsim.laws.electrode import active_fraction, charge_per_area, full_charge
from hetsim.laws.isotherm import plateau_staircase
from hetsim.laws.sloping_curve import sloping_potential
from hetsim.models.kinetics import (
    exchange_current_density,
    metal_exchange_current_density,
    of_temperature,
)
from hetsim.names import numbered
from hetsim.parameters.flat import flat_values
from hetsim.parameters.host_names import SLOPING_CURVE, is_composed, is_sloping
from hetsim.parameters.schema import SCHEMA
from hetsim.units import CM2, HOUR, MAH_PER_G

P = pybamm.Parameter


def is_hetsims(name: str) -> bool:
    """Whether a parameter value is one of hetsim's, or one number of a list of them."""
    starts = (
        names.INITIAL_OCCUPANCY,
        names.INITIAL_AMPLITUDE,
        names.INITIAL_POTENTIAL,
        names.INITIAL_HYSTERESIS,
    )
    return name in starts or (names.unnumbered(name) in SCHEMA)


def branch(name: str, count: int) -> Callable[[Any], Any]:
    """Open-circuit potential of the insertion or the extraction branch as a function of occupancy."""

    def potential(sto: Any) -> Any:
        def listed(quantity: str, n: int) -> list[Any]:
            return [P(numbered(f"{name} plateau {quantity}", i)) for i in range(n)]

        thermal_voltage = (
            GAS_CONSTANT / FARADAY * P(names.AMBIENT_TEMPERATURE) / P(names.CHARGE_NUMBER)
        )
        return plateau_staircase(
            sto,
            listed("potentials [V]", count),
            listed("shares", count),
            listed("widths", count - 1),
            thermal_voltage,
        )

    return potential


def _material_loss(current: Any, temperature: Any) -> Any:
    """d(eps)/dt = -k eps_0 |i| / (2 Q) [s-1], Q the charge that fills all sites [C.m-2]."""
    loss, fraction = P(names.MATERIAL_LOSS), active_fraction(P)
    return loss_rate_with_charge(loss, fraction, current, charge_per_area(P))


_DISPERSED = Dispersed()


def pybamm_values(
    values: Mapping[str, float | tuple[float, ...]],
    start: Mapping[str, float],
    architecture: Architecture = _DISPERSED,
) -> pybamm.ParameterValues:
    """Plain PyBaMM parameter values of a half cell.

    values : hetsim's parameters
    start : the equilibrium from which a run starts, by name (`HalfCell.start_at`)
    architecture : how the diffusivities of the particle mix
    """
    standard = {
        **_geometry(),
        **_open_circuit(values),
        **_particles(architecture),
        **_kinetics(),
        **_ageing(),
        **_run(),
    }
    flat = {**flat_values(values), **start, names.HYSTERESIS_YIELD: 1.0}
    return pybamm.ParameterValues({**flat, **standard})


def _geometry() -> dict[str, Any]:
    """Dimensions of the cell, and what resists a current in it."""
    area = P(names.AREA) * CM2
    return {
        "Electrode width [m]": np.sqrt(area),
        "Electrode height [m]": np.sqrt(area),
        "Negative electrode thickness [m]": 1e-4,
        "Positive electrode thickness [m]": P(names.THICKNESS),
        "Positive electrode porosity": P("Electrode porosity"),
        "Positive electrode active material volume fraction": active_fraction(P),
        "Positive electrode conductivity [S.m-1]": P("Electrode conductivity [S.m-1]"),
        "Positive electrode Bruggeman coefficient (electrolyte)": P(
            "Electrode Bruggeman coefficient"
        ),
        "Positive electrode Bruggeman coefficient (electrode)": 0.0,
        "Separator Bruggeman coefficient (electrolyte)": P("Separator Bruggeman coefficient"),
        "Separator Bruggeman coefficient (electrode)": 0.0,
        "Negative electrode conductivity [S.m-1]": 1.39e7,  # potassium; the plate drops no voltage
        "Contact resistance [Ohm]": P(names.SERIES_RESISTANCE) / P(names.AREA),
    }


def _open_circuit(values: Mapping[str, float | tuple[float, ...]]) -> dict[str, Any]:
    """Both branches of the electrode, and the metal that it is measured against.

    Of two hosts the potential is a state (submodels.host_equilibrium) and no function of the occupancy; PyBaMM
    then takes that of the start for its first guesses.
    """
    insertion, extraction = (
        _at_start
        if is_composed(values)
        else _slope
        if is_sloping(values)
        else branch(name, len(np.atleast_1d(values[f"{name} plateau potentials [V]"])))
        for name in ("Insertion", "Extraction")
    )
    return {
        names.OCP: lambda sto: (insertion(sto) + extraction(sto)) / 2,
        names.INSERTION_OCP: insertion,
        names.EXTRACTION_OCP: extraction,
        "Positive electrode OCP entropic change [V.K-1]": 0.0,
        "Negative electrode OCP [V]": 0.0,
        "Negative electrode OCP entropic change [V.K-1]": 0.0,
        "Open-circuit voltage at 0% SOC [V]": P(names.LOWER_CUT_OFF),
        "Open-circuit voltage at 100% SOC [V]": P(names.UPPER_CUT_OFF),
    }


def _slope(sto: Any) -> Any:
    """Both branches of a curve without plateaus."""
    return sloping_potential(sto, *(P(name) for name in SLOPING_CURVE))


def _at_start(sto: Any) -> Any:
    return P(names.INITIAL_POTENTIAL)


def _particles(architecture: Architecture) -> dict[str, Any]:
    """Sites and diffusivity."""
    sites = P(names.SPECIFIC_CAPACITY) * MAH_PER_G * P(names.DENSITY)  # C.m-3
    return {
        names.RADIUS: P(names.PARTICLE_SIZE),
        names.C_MAX: sites / (FARADAY * P(names.CHARGE_NUMBER)),
        names.C_INIT: P(INITIAL_OCCUPANCY) * P(names.C_MAX),
        names.DIFFUSIVITY: lambda sto, temperature: architecture.diffusivity(P, temperature),
    }


def _kinetics() -> dict[str, Any]:
    """Charge transfer, double layer and electrolyte."""
    return {
        "Positive electrode exchange-current density [A.m-2]": exchange_current_density,
        "Exchange-current density for lithium metal electrode [A.m-2]": metal_exchange_current_density,
        "Lithium metal partial molar volume [m3.mol-1]": 4.54e-5,  # PyBaMM asks for it; no law here uses it
        "Negative electrode charge transfer coefficient": 0.5,
        "Positive electrode charge transfer coefficient": 0.5,
        "Positive electrode double-layer capacity [F.m-2]": P(names.DOUBLE_LAYER),
        "Negative electrode double-layer capacity [F.m-2]": P(names.DOUBLE_LAYER),
        "Electrolyte conductivity [S.m-1]": of_temperature("conductivity", "S.m-1"),
        "Electrolyte diffusivity [m2.s-1]": of_temperature("diffusivity", "m2.s-1"),
    }


def _ageing() -> dict[str, Any]:
    """Loss of material and growth of a film."""
    return {
        "Positive electrode current-driven LAM rate": _material_loss,
        "Positive electrode reaction-driven LAM factor [m3.mol-1]": P(
            names.MATERIAL_LOSS_WITH_FILM
        ),
        "SEI growth activation energy [J.mol-1]": 0.0,
    }


def _run() -> dict[str, Any]:
    """Current, temperature and what PyBaMM asks of any cell."""
    return {
        names.NOMINAL_CAPACITY: full_charge(P) / HOUR,
        names.CURRENT: P(names.NOMINAL_CAPACITY),
        "Initial temperature [K]": P(names.AMBIENT_TEMPERATURE),
        "Number of electrodes connected in parallel to make a cell": 1.0,
        "Number of cells connected in series to make a battery": 1.0,
        "citations": [],
        "chemistry": "lithium_ion",
    }


INITIAL_OCCUPANCY = names.INITIAL_OCCUPANCY
"""Of the equilibrium from which a run starts [-]."""

__all__ = [
    "INITIAL_OCCUPANCY",
    "branch",
    "pybamm_values",
]
