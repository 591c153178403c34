"""The quantities of an interface in groups, each with the laws that give them.

`Contact` (work functions to a field), `Screening` (what ions leave of it) and `SpaceCharge` (interfacial
conductivity); `Transport` (effective diffusivity) has a file of its own. A group is a frozen set of numbers with their
units in their names; `..._laws(pair)` maps each field to the law that gives it, to be called one by
one, so that a gap in the data leaves out one number and not the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from hetsim import names
from hetsim.architectures import ARCHITECTURES
from hetsim.architectures.channels import POTENTIAL
from hetsim.constants import BOLTZMANN_EV
from hetsim.junctions.pair import TEMPERATURE, Pair
from hetsim.laws import planar, potential, space_charge
from hetsim.laws.junction import MissingProperty
from hetsim.parameters.junction_file import (
    INTERFACE_POTENTIAL,
)
from hetsim.units import MV, NM

POTENTIAL_RANGE = (0.03, 0.1)
"""Interface potentials that are plausible where none is measured [V]: the measured ones of the
library lie between 17 and 63 mV."""


@dataclass(frozen=True)
class Contact:
    """Field of the junction, from work functions, gaps and dopings."""

    work_function_a_eV: float | None
    work_function_b_eV: float | None
    work_function_a_source: str | None
    work_function_b_source: str | None
    built_in_potential_V: float | None
    junction_type: str | None
    positive_side: str | None
    field_direction: str | None
    cation_pulled_towards_on_insertion: str | None
    cation_pulled_towards_on_extraction: str | None
    effect_on_insertion: str | None
    effect_on_extraction: str | None
    schottky_barrier_eV: float | None
    conduction_band_offset_eV: float | None
    valence_band_offset_eV: float | None
    depletion_width_a_nm: float | None
    depletion_width_b_nm: float | None
    maximum_field_V_per_m: float | None
    debye_length_a_nm: float | None
    debye_length_b_nm: float | None


@dataclass(frozen=True)
class Screening:
    """How much of the step ions leave in a particle and between two grains."""

    ion_debye_length_a_nm: float | None
    ion_debye_length_b_nm: float | None
    particle_radius_nm: float | None
    core_fraction: float | None
    radius_over_debye_length: float | None
    surviving_step: float | None
    grain_size_nm: float | None
    grain_size_over_debye_length: float | None
    surviving_step_between_grains: float | None


@dataclass(frozen=True)
class SpaceCharge:
    """Interfacial over bulk conductivity at 25 degC, along the interface (w = 2 lambda)."""

    interface_potential_V: float
    interface_potential_low_V: float
    interface_potential_high_V: float
    interface_potential_origin: str
    enrichment: float
    conductivity_ratio: float
    conductivity_ratio_low: float
    conductivity_ratio_high: float
    conductivity_ratio_origin: str
    log10_conductivity_ratio_at_built_in_potential: float | None
    potential_for_conductivity_ratio_100_V: float
    potential_for_conductivity_ratio_1000_V: float
    measured_conductivity_ratio: float | None
    measured_conductivity_ratio_temperature_K: float | None
    enthalpy_and_half_potential_eV: float | None


Laws = dict[str, Callable[[], Any]]
"""A law for each field of a group; it raises MissingProperty where data lack."""


def contact_laws(pair: Pair) -> Laws:
    """The laws of `Contact`, by field."""
    joined = pair.junction

    def pulled() -> str:  # a static field does not follow the current
        return joined.cation_pulled_towards

    return {
        "work_function_a_eV": lambda: joined.a.need("work_function_eV"),
        "work_function_b_eV": lambda: joined.b.need("work_function_eV"),
        "work_function_a_source": lambda: pair.work_function_source("a"),
        "work_function_b_source": lambda: pair.work_function_source("b"),
        "built_in_potential_V": lambda: joined.built_in_potential,
        "junction_type": lambda: joined.type,
        "positive_side": lambda: joined.positive_side.name if joined.positive_side else None,
        "field_direction": lambda: joined.field_direction,
        "cation_pulled_towards_on_insertion": pulled,
        "cation_pulled_towards_on_extraction": pulled,
        "effect_on_insertion": lambda: _effect(pair, +1),
        "effect_on_extraction": lambda: _effect(pair, -1),
        "schottky_barrier_eV": lambda: joined.schottky_barrier,
        "conduction_band_offset_eV": lambda: joined.conduction_band_offset,
        "valence_band_offset_eV": lambda: joined.valence_band_offset,
        "depletion_width_a_nm": lambda: joined.depletion_widths[0] / NM,
        "depletion_width_b_nm": lambda: joined.depletion_widths[1] / NM,
        "maximum_field_V_per_m": lambda: joined.maximum_field,
        "debye_length_a_nm": lambda: pair.debye_length("a") / NM,
        "debye_length_b_nm": lambda: pair.debye_length("b") / NM,
    }


def _effect(pair: Pair, direction: int) -> str:
    """What the pull means for a current: +1 insertion, -1 extraction."""
    step = signed_step(pair)
    if step == 0:
        return "neither: no step"
    if _has_radial_field(pair):
        return "helped" if direction * step > 0 else "hindered"
    if not pair.architecture:
        return "helped or hindered, as ions run"
    return "neither, on average"


def ion_debye_lengths(pair: Pair) -> tuple[float, float]:
    """Lengths within which ions screen in A and B [m]; MissingProperty without a system.

    A system's own where a step acts; else half the interface width, which is two Debye lengths.
    """
    if potential_acts(pair):
        return pair.number(names.CORE_DEBYE_LENGTH), pair.number(names.SHELL_DEBYE_LENGTH)
    return (pair.number("Interface width [m]") / 2,) * 2


def core_fraction(pair: Pair) -> float:
    """Core over particle radius [-]: of a core-shell system; else that of its volume fraction."""
    if _has_radial_field(pair):
        return pair.number(names.CORE_FRACTION)
    share = pair.number("Component A volume fraction")
    if share in (0.0, 1.0):
        only = pair.names[0 if share == 1 else 1]
        raise ValueError(f"{pair.name} holds {only} only: no core and shell.")
    return float(np.cbrt(share))


def signed_step(pair: Pair) -> float:
    """B minus A [V], as the ion feels it: a system's own where a step acts, else V_bi for its sign."""
    if potential_acts(pair):
        return pair.number(names.BUILT_IN_POTENTIAL)
    return pair.junction.built_in_potential


def screening_laws(pair: Pair) -> Laws:
    """The laws of `Screening`, by field."""

    def radius() -> float:
        return pair.number("Particle radius [m]")

    def grain() -> float:
        return pair.number("Grain size [m]")

    def surviving() -> float:
        a, b = (length / radius() for length in ion_debye_lengths(pair))
        return potential.surviving_step(a, b, core_fraction(pair))

    def between_grains() -> float:
        return planar.bilayer_surviving_step(
            *(
                planar.Layer(grain(), ion_debye_length)
                for ion_debye_length in ion_debye_lengths(pair)
            )
        )

    return {
        "ion_debye_length_a_nm": lambda: ion_debye_lengths(pair)[0] / NM,
        "ion_debye_length_b_nm": lambda: ion_debye_lengths(pair)[1] / NM,
        "particle_radius_nm": lambda: radius() / NM,
        "core_fraction": lambda: core_fraction(pair),
        "radius_over_debye_length": lambda: radius() / max(ion_debye_lengths(pair)),
        "surviving_step": surviving,
        "grain_size_nm": lambda: grain() / NM,
        "grain_size_over_debye_length": lambda: grain() / max(ion_debye_lengths(pair)),
        "surviving_step_between_grains": between_grains,
    }


def interface_potential(pair: Pair) -> tuple[float, float, float, str]:
    """Interface potential, lowest, highest [V] and where they come from.

    The measured one of the pair; else the built-in potential of a system in which it acts, zero included; else
    the interface potential of its cell, where ions gather; else `POTENTIAL_RANGE` with its middle.
    """
    measured = pair.fact(INTERFACE_POTENTIAL)
    if measured is not None:
        value = measured.number
        return value, value, value, f"measured: {measured.source}"
    if potential_acts(pair):
        value = abs(pair.number(names.BUILT_IN_POTENTIAL))
        return value, value, value, pair.source(names.BUILT_IN_POTENTIAL)
    own = pair.values.get(POTENTIAL)
    if own is not None and own.number > 0:
        low, high = POTENTIAL_RANGE if own.kind == "assumed" else (own.number, own.number)
        return own.number, min(low, own.number), max(high, own.number), pair.source(POTENTIAL)
    low, high = POTENTIAL_RANGE
    origin = f"assumed: {low / MV:g} to {high / MV:g} mV, no interface potential is measured"
    return (low + high) / 2, low, high, origin


def acting_potential(pair: Pair) -> float:
    """Signed step B minus A that the space charge is evaluated at [V]; positive where the sign is not known."""
    size = interface_potential(pair)[0]
    try:
        return -size if signed_step(pair) < 0 else size
    except MissingProperty:  # no work functions
        return size


def ratio_constants(pair: Pair, potential_V: float) -> space_charge.InterfaceConstants:
    """One set of constants for all temperatures, through the measured ratio if there is one.

    With equal prefactors only dH + z e dphi0 / 2 acts, so the choice of dphi0 does not matter then.
    """
    exact = _measured_ratio(pair)
    if exact is None:
        return space_charge.InterfaceConstants(potential_V, 0.0, charge=pair.charge)
    ratio, temperature = exact
    return space_charge.constants_from_one_ratio(ratio, temperature, potential_V, pair.charge)


def _measured_ratio(pair: Pair) -> tuple[float, float] | None:
    ratios = pair.file.ratios if pair.file else ()
    exact = [(ratio.ratio, ratio.temperature_K) for ratio in ratios if not ratio.lower_bound]
    return exact[0] if exact else None


def space_charge_laws(pair: Pair) -> Laws:
    """The laws of `SpaceCharge`, by field."""
    middle, low, high, origin = interface_potential(pair)
    measured = _measured_ratio(pair)

    def ratio(at: float) -> Callable[[], float]:
        return lambda: float(ratio_constants(pair, at).ratio(TEMPERATURE))

    def at_built_in() -> float:
        u0 = space_charge.enrichment_exponent(
            abs(pair.junction.built_in_potential), TEMPERATURE, pair.charge
        )
        return float(u0 / 2 / np.log(10))  # log10 of exp(u0/2), which overflows for z = 3

    def needed(target: float) -> Callable[[], float]:
        return lambda: float(
            space_charge.potential_for_ratio(target, TEMPERATURE, charge=pair.charge)
        )

    return {
        "interface_potential_V": lambda: middle,
        "interface_potential_low_V": lambda: low,
        "interface_potential_high_V": lambda: high,
        "interface_potential_origin": lambda: origin,
        "enrichment": lambda: float(
            np.exp(space_charge.enrichment_exponent(middle, TEMPERATURE, pair.charge))
        ),
        "conductivity_ratio": ratio(middle),
        "conductivity_ratio_low": ratio(low),
        "conductivity_ratio_high": ratio(high),
        "conductivity_ratio_origin": lambda: (
            "constants through the measured ratio"
            if measured
            else "space charge alone, bulk mobility in the layer, whole potential on one side"
        ),
        "log10_conductivity_ratio_at_built_in_potential": at_built_in,
        "potential_for_conductivity_ratio_100_V": needed(100.0),
        "potential_for_conductivity_ratio_1000_V": needed(1000.0),
        "measured_conductivity_ratio": lambda: measured[0] if measured else None,
        "measured_conductivity_ratio_temperature_K": lambda: measured[1] if measured else None,
        "enthalpy_and_half_potential_eV": lambda: (
            BOLTZMANN_EV * measured[1] * float(np.log(measured[0])) if measured else None
        ),
    }


def potential_acts(pair: Pair) -> bool:
    """Whether a built-in potential acts on the ions of the system; its file then gives their Debye lengths."""
    own = ARCHITECTURES.get(pair.architecture)
    return own is not None and not own.no_potential


def _has_radial_field(pair: Pair) -> bool:
    own = ARCHITECTURES.get(pair.architecture)
    return own is not None and own.has_field
