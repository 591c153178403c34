"""Architectures: how the grains of two hosts share a particle, and what the junctions between them do there.

One class a file. `table.ARCHITECTURES` names them as parameter files do. Nothing here needs PyBaMM.
"""

from hetsim.architectures.base import Architecture
from hetsim.architectures.channels import (
    CHANNELS,
    Channel,
    DiluteCarriers,
    LatticeCarriers,
    NoChannel,
    channel_named,
)
from hetsim.architectures.core_shell import CoreShell
from hetsim.architectures.dispersed import Dispersed
from hetsim.architectures.fields import (
    FieldLaw,
    StateDependentField,
    StaticField,
    SwitchingField,
)
from hetsim.architectures.mixture import Mixture
from hetsim.architectures.stacked_parallel import StackedParallel
from hetsim.architectures.stacked_series import StackedSeries
from hetsim.architectures.table import ARCHITECTURES, architecture_named

__all__ = [
    "ARCHITECTURES",
    "CHANNELS",
    "Architecture",
    "Channel",
    "CoreShell",
    "DiluteCarriers",
    "Dispersed",
    "FieldLaw",
    "LatticeCarriers",
    "Mixture",
    "NoChannel",
    "StackedParallel",
    "StackedSeries",
    "StateDependentField",
    "StaticField",
    "SwitchingField",
    "architecture_named",
    "channel_named",
]
