"""The laws as PyBaMM submodels."""

from hetsim.submodels.ageing import (
    Ageing,
    ChargeDrivenLoss,
    MaterialLoss,
    ReactionDrivenLoss,
    SEIGrowth,
)
from hetsim.submodels.architecture import (
    Architecture,
    CoreShell,
    Dispersed,
    StackedParallel,
    StackedSeries,
)
from hetsim.submodels.drift_diffusion import DriftDiffusion
from hetsim.submodels.field import FieldLaw, StateDependentField, StaticField, SwitchingField
from hetsim.submodels.multivalent_ions import IonParameters, SaltDiffusion
from hetsim.submodels.open_circuit import BranchedOpenCircuitPotential
from hetsim.submodels.particle import ParticleStructure

__all__ = [
    "Ageing",
    "Architecture",
    "BranchedOpenCircuitPotential",
    "ChargeDrivenLoss",
    "CoreShell",
    "Dispersed",
    "DriftDiffusion",
    "FieldLaw",
    "IonParameters",
    "MaterialLoss",
    "ParticleStructure",
    "ReactionDrivenLoss",
    "SEIGrowth",
    "SaltDiffusion",
    "StackedParallel",
    "StackedSeries",
    "StateDependentField",
    "StaticField",
    "SwitchingField",
]
