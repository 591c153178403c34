"""The laws as PyBaMM submodels."""

from hetsim.submodels.architecture import (
    Architecture,
    CoreShell,
    Dispersed,
    StackedParallel,
    StackedSeries,
)
from hetsim.submodels.drift_diffusion import DriftDiffusion
from hetsim.submodels.field import FieldLaw, StateDependentField, StaticField, SwitchingField
from hetsim.submodels.ion_charge import IonParameters, SaltDiffusion
from hetsim.submodels.open_circuit import BranchedOpenCircuitPotential
from hetsim.submodels.structure import ParticleStructure

__all__ = [
    "Architecture",
    "BranchedOpenCircuitPotential",
    "CoreShell",
    "Dispersed",
    "DriftDiffusion",
    "FieldLaw",
    "IonParameters",
    "ParticleStructure",
    "SaltDiffusion",
    "StackedParallel",
    "StackedSeries",
    "StateDependentField",
    "StaticField",
    "SwitchingField",
]
