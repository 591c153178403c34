"""What an interface can do to the diffusivity of a particle, with the laws that give it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hetsim import names
from hetsim.architectures import ARCHITECTURES, Architecture, channel_named
from hetsim.architectures.channels import DEBYE_LENGTH, MOBILITY_RATIO, POTENTIAL
from hetsim.architectures.composite import Composite
from hetsim.architectures.grains import Values
from hetsim.junctions.pair import TEMPERATURE, Pair
from hetsim.junctions.quantities import Laws, acting_potential, ion_debye_lengths, potential_acts
from hetsim.laws import hopping
from hetsim.laws.junction import MissingProperty
from hetsim.parameters.junction_file import (
    BARRIER_A,
    BARRIER_B,
    INTERFACE_BARRIER,
)
from hetsim.units import NM


@dataclass(frozen=True)
class Transport:
    """What an interface of this volume and these barriers can do to the diffusivity."""

    interface_width_nm: float | None
    unlike_boundary_fraction: float | None
    interface_volume_fraction: float | None
    interface_mobility_ratio: float | None
    interface_mobility_ratio_source: str | None
    interface_conductivity_ratio: float | None
    d_eff_over_d_bulk: float | None
    d_eff_over_d_bulk_by_architecture: Mapping[str, float] | None
    migration_barrier_a_eV: float | None
    migration_barrier_b_eV: float | None
    interface_migration_barrier_eV: float | None
    barrier_ratio_bound_a: float | None
    barrier_ratio_bound_b: float | None
    barrier_ratio_bound: float | None
    d_eff_over_d_bulk_at_barrier_bound: float | None
    d_eff_over_d_bulk_at_barrier_bound_by_architecture: Mapping[str, float] | None


def transport_laws(pair: Pair) -> Laws:
    """The laws of `Transport`, by field."""

    def fraction() -> float:
        return interface_volume_fraction(pair)

    def ratio() -> float:
        return cell_conductivity_ratio(pair)

    def own(by: Mapping[str, float]) -> float:
        if not pair.architecture:
            raise MissingProperty("a pair of materials has no architecture.")
        return by[pair.architecture]

    return {
        "interface_width_nm": lambda: pair.number("Interface width [m]") / NM,
        "unlike_boundary_fraction": lambda: float(
            _own_architecture(pair).unlike_boundaries(pair.number)
        ),
        "interface_volume_fraction": fraction,
        "interface_mobility_ratio": lambda: pair.number(MOBILITY_RATIO),
        "interface_mobility_ratio_source": lambda: pair.source(MOBILITY_RATIO),
        "interface_conductivity_ratio": ratio,
        "d_eff_over_d_bulk": lambda: own(by_architecture(pair, ratio())),
        "d_eff_over_d_bulk_by_architecture": lambda: by_architecture(pair, ratio()),
        "migration_barrier_a_eV": lambda: pair.barrier(BARRIER_A),
        "migration_barrier_b_eV": lambda: pair.barrier(BARRIER_B),
        "interface_migration_barrier_eV": lambda: pair.barrier(INTERFACE_BARRIER),
        "barrier_ratio_bound_a": lambda: barrier_bound(pair, "a"),
        "barrier_ratio_bound_b": lambda: barrier_bound(pair, "b"),
        "barrier_ratio_bound": lambda: largest_barrier_bound(pair),
        "d_eff_over_d_bulk_at_barrier_bound": lambda: own(
            by_architecture(pair, largest_barrier_bound(pair))
        ),
        "d_eff_over_d_bulk_at_barrier_bound_by_architecture": lambda: by_architecture(
            pair, largest_barrier_bound(pair)
        ),
    }


def cell_conductivity_ratio(pair: Pair) -> float:
    """What the junction layers of the system's cell conduct over its grains at the report's temperature, both with
    their mobility at the reference temperature [-]; of stored ions at half filling.

    The very expression that the cell evaluates. Raises MissingProperty without a system.
    """
    architecture = _own_architecture(pair)
    if pair.interface:
        architecture = architecture.with_channel(channel_named(pair.interface))
    if not architecture.channel.conducts:
        return 1.0
    if not architecture.channel.stores:
        return float(architecture.conductivity_ratio(pair.number, TEMPERATURE))
    hosts = Composite(architecture, pair.sites, pair.flat)
    return float(hosts.conductivity_ratio(hosts.potential(0.5), TEMPERATURE))


def barrier_bound(pair: Pair, side: str) -> float:
    """Largest ratio of diffusivities that the migration barriers of a side and of the interface allow [-]."""
    barrier = pair.barrier(BARRIER_A if side == "a" else BARRIER_B)
    return float(hopping.barrier_ratio_bound(barrier, pair.barrier(INTERFACE_BARRIER), TEMPERATURE))


def largest_barrier_bound(pair: Pair) -> float:
    """The bound over the side of the higher barrier, or over the only one that is known [-]."""
    try:
        over_a = barrier_bound(pair, "a")
    except MissingProperty:
        return barrier_bound(pair, "b")
    try:
        return max(over_a, barrier_bound(pair, "b"))
    except MissingProperty:
        return over_a


def interface_volume_fraction(pair: Pair) -> float:
    """Volume share of the layers between A and B [-], as the architecture of the system has them."""
    return float(_own_architecture(pair).layer_fraction(pair.number))


def by_architecture(pair: Pair, ratio: float) -> dict[str, float]:
    """Effective over grain diffusivity at 25 degC in every architecture [-].

    Parameters
    ----------
    pair : whose volume shares, diffusivities, grain size and layer width are taken
    ratio : conductivity of the junction layers over that of the grains, at the reference temperature [-]

    Notes
    -----
    Each architecture evaluates the expressions of its cell. What the system of another architecture does not
    give is taken from the pair: its interface potential as the step between the layers of a stack, half the
    interface width as Debye length of the ions, equal permittivities.

    Raises
    ------
    MissingProperty : a value is not known
    """
    return {
        name: _gain(architecture, _values_of(pair, ratio))
        for name, architecture in ARCHITECTURES.items()
    }


def _gain(architecture: Architecture, value: Values) -> float:
    whole = architecture.diffusivity(value, TEMPERATURE)
    return float(whole / architecture.grain_diffusivity(value, TEMPERATURE))


def _values_of(pair: Pair, ratio: float) -> Values:
    """The values of a pair in a particle of any architecture."""
    a, b = ion_debye_lengths(pair)
    known = {MOBILITY_RATIO: ratio, POTENTIAL: 0.0, DEBYE_LENGTH: a}
    if not potential_acts(pair):
        known |= {
            names.BUILT_IN_POTENTIAL: acting_potential(pair),
            names.CORE_DEBYE_LENGTH: a,
            names.SHELL_DEBYE_LENGTH: b,
            names.PERMITTIVITY_RATIO: 1.0,
        }

    def value(name: str) -> float:
        return known[name] if name in known else pair.number(name)

    return value


def _own_architecture(pair: Pair) -> Architecture:
    if pair.architecture not in ARCHITECTURES:
        raise MissingProperty("a pair of materials has no architecture.")
    return ARCHITECTURES[pair.architecture]
