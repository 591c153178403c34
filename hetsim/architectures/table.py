"""The architectures by the names that parameter files give them. A further one is a class and a line here."""

from hetsim.architectures.base import Architecture
from hetsim.architectures.core_shell import CoreShell
from hetsim.architectures.dispersed import Dispersed
from hetsim.architectures.mixture import Mixture
from hetsim.architectures.stacked_parallel import StackedParallel
from hetsim.architectures.stacked_series import StackedSeries

ARCHITECTURES: dict[str, Architecture] = {
    "dispersed": Dispersed(),
    "stacked-parallel": StackedParallel(),
    "stacked-series": StackedSeries(),
    "core-shell": CoreShell(),
    "mixture": Mixture(),
}


def architecture_named(name: str) -> Architecture:
    """The architecture of a name in a parameter file. Raises ValueError for an unknown name."""
    if name not in ARCHITECTURES:
        raise ValueError(f"unknown architecture '{name}'; allowed: {', '.join(ARCHITECTURES)}.")
    return ARCHITECTURES[name]
