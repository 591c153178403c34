"""Impedance spectroscopy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hetsim.errors import ParameterError
from hetsim.parameters.toml_reading import numbers
from hetsim.protocols.checks import history, occupancies, positive
from hetsim.results.renamed import FormerSoc, filling_argument

_WHERE = "EIS"
USUAL_FREQUENCIES = tuple(float(one) for one in np.logspace(5, -3, 65))
"""100 kHz to 1 mHz, eight a decade [Hz]."""


@dataclass(frozen=True)
class EIS:
    """The linear response of a cell at rest.

    Parameters
    ----------
    filling : array_like, default 0.5
        Share of the capacity between the cut-offs that is filled, one or several values from 0
        (extracted) to 1 (inserted), at rest; `soc` is its former name
    frequencies : Sequence[float] | None, default None
        [Hz], positive; 100 kHz to 1 mHz if not given
    after : str | None, default None
        "insertion" or "extraction": the branch of the hysteresis on which it rests at the start; None is
        the one on which the filling is reached from the extracted cell

    Raises
    ------
    ParameterError
        For a filling outside 0 to 1, frequencies that are no list of positive numbers, or another branch.

    Notes
    -----
    The response to a current so small that it leaves and meets no branch: the open-circuit potential then follows
    the charge as it does between the branches (laws.hysteresis), on which the cell rests. The double layer is that of
    the cell.
    """

    filling: tuple[float, ...]
    frequencies: tuple[float, ...] = USUAL_FREQUENCIES
    after: str | None = None
    soc = FormerSoc()

    def __init__(
        self,
        filling: Any = 0.5,
        frequencies: Sequence[float] | None = None,
        soc: Any = None,
        after: str | None = None,
    ) -> None:
        chosen = filling_argument(filling, soc, 0.5, _WHERE)
        object.__setattr__(self, "filling", occupancies(chosen, "filling", _WHERE))
        raw = USUAL_FREQUENCIES if frequencies is None else frequencies
        found = numbers(raw, "frequencies", _WHERE)
        if not found:
            raise ParameterError("EIS needs at least one frequency [Hz].")
        checked = tuple(positive(one, "frequencies", "Hz", _WHERE) for one in found)
        object.__setattr__(self, "frequencies", checked)
        object.__setattr__(self, "after", history(after, _WHERE))
