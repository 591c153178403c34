"""The laws as PyBaMM submodels.

What a particle is made of, how its field follows its state and how it ages are chosen without PyBaMM; the submodels
themselves are loaded when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

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
from hetsim.submodels.particle import ParticleStructure

if TYPE_CHECKING:  # what a type checker sees; the table below says the same to Python
    from hetsim.submodels.drift_diffusion import DriftDiffusion as DriftDiffusion
    from hetsim.submodels.multivalent_ions import IonParameters as IonParameters
    from hetsim.submodels.multivalent_ions import SaltDiffusion as SaltDiffusion
    from hetsim.submodels.open_circuit import (
        HysteresisOpenCircuitPotential as HysteresisOpenCircuitPotential,
    )
    from hetsim.submodels.relaxation import RelaxationModes as RelaxationModes

_OF_PYBAMM = {
    "DriftDiffusion": "drift_diffusion",
    "IonParameters": "multivalent_ions",
    "SaltDiffusion": "multivalent_ions",
    "HysteresisOpenCircuitPotential": "open_circuit",
    "RelaxationModes": "relaxation",
}

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


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in _OF_PYBAMM:
            return getattr(import_module(f"hetsim.submodels.{_OF_PYBAMM[name]}"), name)
        raise AttributeError(f"module 'hetsim.submodels' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
