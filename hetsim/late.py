"""Modules that are imported when something of them is first asked for.

Importing PyBaMM takes longer than a run whose tapes are kept (engine.tape_store), and pandas longer than a figure:

    if TYPE_CHECKING:
        import pybamm
    else:
        pybamm = late("pybamm")

A class that inherits from one of theirs stands in a file that only they ask for who need it.
"""

from importlib import import_module
from typing import Any


class LateModule:
    """A module by its name, of which an attribute is that of the module itself."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"<{self._name}, imported when it is needed>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what looks at every module of a process imports none by that
            raise AttributeError(name)
        return getattr(import_module(self._name), name)


def late(name: str) -> Any:
    """The module of this name, imported when something of it is first asked for."""
    return LateModule(name)
