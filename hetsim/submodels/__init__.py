"""The laws as PyBaMM submodels."""

from hetsim.submodels.drift_diffusion import DriftDiffusion
from hetsim.submodels.open_circuit import BranchedOpenCircuitPotential
from hetsim.submodels.structure import Architecture, CoreShell, Dispersed, ParticleStructure

__all__ = [
    "Architecture",
    "BranchedOpenCircuitPotential",
    "CoreShell",
    "Dispersed",
    "DriftDiffusion",
    "ParticleStructure",
]
