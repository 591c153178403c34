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
from hetsim.submodels.open_circuit import HysteresisOpenCircuitPotential
from hetsim.submodels.particle import ParticleStructure
from hetsim.submodels.relaxation import RelaxationModes

__all__ = [
    "Ageing",
    "Architecture",
    "ChargeDrivenLoss",
    "CoreShell",
    "Dispersed",
    "DriftDiffusion",
    "FieldLaw",
    "HysteresisOpenCircuitPotential",
    "IonParameters",
    "MaterialLoss",
    "ParticleStructure",
    "ReactionDrivenLoss",
    "RelaxationModes",
    "SEIGrowth",
    "SaltDiffusion",
    "StackedParallel",
    "StackedSeries",
    "StateDependentField",
    "StaticField",
    "SwitchingField",
]
