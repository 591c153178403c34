"""The laws as PyBaMM submodels."""

from hetsim.architectures import (
    Architecture,
    CoreShell,
    Dispersed,
    FieldLaw,
    StackedParallel,
    StackedSeries,
    StateDependentField,
    StaticField,
    SwitchingField,
)
from hetsim.submodels.ageing import (
    Ageing,
    ChargeDrivenLoss,
    MaterialLoss,
    ReactionDrivenLoss,
    SEIGrowth,
)
from hetsim.submodels.drift_diffusion import DriftDiffusion
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
