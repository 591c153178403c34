"""Impedance spectroscopy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hetsim.errors import ParameterError
from hetsim.parameters.toml_reading import numbers
from hetsim.protocols.checks import occupancies, positive

_WHERE = "EIS"
USUAL_FREQUENCIES = tuple(float(one) for one in np.logspace(5, -3, 65))
"""100 kHz to 1 mHz, eight a decade [Hz]."""


@dataclass(frozen=True)
class EIS:
    """The linear response of a cell at rest.

    soc : state of charge, one or several, from 0 (extracted) to 1 (inserted), at rest
    frequencies : [Hz], positive; 100 kHz to 1 mHz if not given

    The response to a small current, without end effects of an excitation: hysteresis does not act (a small
    current does not move the material from one branch to the other: the mean of the branches
    holds), and the double layer is that of the cell.

    Raises ParameterError for a soc outside 0 to 1 or frequencies that are no list of positive numbers.
    """

    soc: tuple[float, ...]
    frequencies: tuple[float, ...] = USUAL_FREQUENCIES

    def __init__(self, soc: Any = 0.5, frequencies: Sequence[float] | None = None) -> None:
        object.__setattr__(self, "soc", occupancies(soc, "soc", _WHERE))
        raw = USUAL_FREQUENCIES if frequencies is None else frequencies
        found = numbers(raw, "frequencies", _WHERE)
        if not found:
            raise ParameterError("EIS needs at least one frequency [Hz].")
        checked = tuple(positive(one, "frequencies", "Hz", _WHERE) for one in found)
        object.__setattr__(self, "frequencies", checked)
