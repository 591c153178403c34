"""A particle whose junctions hold ions beside the sites."""

from typing import Any

from structured_cell import StructuredCell, ideal_cell, radial_field

from hetsim import names
from hetsim.submodels import (
    Architecture,
    CoreShell,
    Dispersed,
    ParticleStructure,
    StackedParallel,
    StackedSeries,
)

CAPACITY = 0.5  # F.m-2
SIZE = 34e-9


def storing(
    architecture: Architecture, capacity: float = CAPACITY, fast: bool = False, **changes: Any
) -> StructuredCell:
    particle = ParticleStructure(architecture, fast=fast, storage=True)
    plain = ideal_cell(particle, **radial_field(0.0))
    bulk = plain.values["Component A diffusivity [m2.s-1]"]
    return plain.with_values(
        {
            "Component A volume fraction": 0.5,
            "Component B diffusivity [m2.s-1]": bulk,
            "Interface mobility ratio": 1.0,
            "Grain size [m]": SIZE,
            names.INTERFACIAL_CAPACITY: capacity,
            **changes,
        }
    )


def area_per_volume(architecture: Architecture, radius: float) -> float:
    return {
        Dispersed(): 2 * 0.5 * 0.5 * 3 / SIZE,
        StackedParallel(): 1 / SIZE,
        StackedSeries(): 1 / SIZE,
        CoreShell(): 3 * 0.7**2 / radius,
    }[architecture]
