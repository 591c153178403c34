"""The values of a cell as scalars, the form in which a model takes them."""

from collections.abc import Mapping

from hetsim.names import numbered
from hetsim.parameters.schema import SCHEMA

DEFAULTS = {info.name: info.default for info in SCHEMA.values() if info.default is not None}
"""Values of what a file need not give."""
_NOT_IN_EQUATIONS = (" work function [eV]", " adsorption energy [eV]")


def flat_values(values: Mapping[str, float | tuple[float, ...]]) -> dict[str, float]:
    """Every value as a scalar, the form that PyBaMM takes as inputs: lists are spread out into numbered
    ones, and what a file need not give has its default.

    Work functions and adsorption energies stand in no equation, and not every material has one: they are
    left out, so that cells of one structure have the same inputs.
    """
    flat: dict[str, float] = {}
    for name, value in {**DEFAULTS, **values}.items():
        if name.endswith(_NOT_IN_EQUATIONS):
            continue
        if isinstance(value, tuple):
            flat.update({numbered(name, i): one for i, one in enumerate(value)})
        else:
            flat[name] = value
    return flat
