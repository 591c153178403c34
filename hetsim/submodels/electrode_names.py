"""An expression of hetsim's parameters, in the parameters of one electrode of a full cell."""

from typing import TYPE_CHECKING, Any

from hetsim import names
from hetsim.late import late
from hetsim.parameters.schema import SCHEMA

if TYPE_CHECKING:
    import pybamm
else:
    pybamm = late("pybamm")

_OWN = {info.name for info in SCHEMA.values() if info.home in ("system", "component")}
_STARTS = {names.INITIAL_OCCUPANCY, names.INITIAL_AMPLITUDE, names.INITIAL_POTENTIAL}


def renamed(symbol: Any, electrode: names.Electrode) -> Any:
    """The same expression in the parameters of the electrode, hetsim's and PyBaMM's.

    Laws are written once, for the electrode of a half cell, which PyBaMM calls positive; what a full
    cell has once keeps its name.
    """
    return _renamed(symbol, electrode, {}) if electrode.prefix else symbol


def _renamed(symbol: Any, electrode: names.Electrode, known: dict[int, Any]) -> Any:
    """known : what became of each node, which may occur many times in the expression"""
    if not isinstance(symbol, pybamm.Symbol):
        return symbol
    if id(symbol) not in known:
        known[id(symbol)] = _copied(symbol, electrode, known)
    return known[id(symbol)]


def _copied(symbol: Any, electrode: names.Electrode, known: dict[int, Any]) -> Any:
    if isinstance(symbol, pybamm.Parameter):
        name = electrode.own(symbol.name) if is_own(symbol.name) else electrode.named(symbol.name)
        return symbol if name == symbol.name else pybamm.Parameter(name)
    children = [_renamed(child, electrode, known) for child in symbol.children]
    if all(new is old for new, old in zip(children, symbol.children, strict=True)):
        return symbol
    return symbol.create_copy(new_children=children)


def is_own(name: str) -> bool:
    """Whether it is a parameter of an electrode, or one number of a list of them."""
    return name in _STARTS or names.unnumbered(name) in _OWN
