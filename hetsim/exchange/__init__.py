"""What leaves hetsim for other programs and papers, and what comes in from them: citations, BPX, sets of PyBaMM.

Names are loaded when they are first used: a command that needs none of them does not wait for them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what a type checker sees; the table below says the same to Python
    from hetsim.exchange.bpx_in import from_bpx as from_bpx
    from hetsim.exchange.bpx_in import host_from_bpx as host_from_bpx
    from hetsim.exchange.bpx_out import to_bpx as to_bpx
    from hetsim.exchange.cite import Bibliography as Bibliography
    from hetsim.exchange.cite import cite as cite
    from hetsim.exchange.pybamm_in import host_from_pybamm as host_from_pybamm

_WHERE = {
    "Bibliography": "cite",
    "cite": "cite",
    "from_bpx": "bpx_in",
    "host_from_bpx": "bpx_in",
    "host_from_pybamm": "pybamm_in",
    "to_bpx": "bpx_out",
}

__all__ = [*_WHERE]


if not TYPE_CHECKING:  # a type checker must not take any name for one of ours

    def __getattr__(name: str) -> Any:
        if name in _WHERE:
            return getattr(import_module(f"hetsim.exchange.{_WHERE[name]}"), name)
        raise AttributeError(f"module 'hetsim.exchange' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
