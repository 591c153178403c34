"""The laws as PyBaMM submodels."""

from hetsim.submodels.drift_diffusion import DriftDiffusion
from hetsim.submodels.open_circuit import BranchedOpenCircuitPotential
from hetsim.submodels.structure import CoreShell, Dispersed, ParticleStructure

__all__ = [
    "BranchedOpenCircuitPotential",
    "CoreShell",
    "Dispersed",
    "DriftDiffusion",
    "ParticleStructure",
]
