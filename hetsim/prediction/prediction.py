"""What a prediction is: a band, the draws behind it, and what it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hetsim.cells.half_cell import HalfCell
from hetsim.parameters.catalogue import METALS
from hetsim.prediction.computed import Computed
from hetsim.prediction.population import measured_electrodes

Array = NDArray[np.float64]

_SLOW = 0.2
"""Share of the diffusion time from which hopping is said to limit."""


@dataclass(frozen=True)
class Prediction:
    """A predicted rate curve with its band.

    Parameters
    ----------
    known : Computed
        The computed values that were used
    currents : tuple[float, ...]
        [A.g-1]
    capacities : Array
        Of each draw at each current [mA.h.g-1], [draws, currents]; 0 where the voltage is beyond the cut-off at once
    level : float
        Of the band
    loading : float
        [mg.cm-2]
    values : Mapping[str, Array]
        Drawn values: capacity of all sites [mA.h.g-1], fast fraction, series resistance [Ohm.cm2], diffusion time and
        what of it is hopping [s], mean voltage [V]
    cell : HalfCell
        Of the medians of the drawn values
    without : tuple[str, ...]
        Papers (doi) that were left out
    """

    known: Computed
    currents: tuple[float, ...]
    capacities: Array
    level: float
    loading: float
    values: Mapping[str, Array] = field(repr=False)
    cell: HalfCell = field(repr=False)
    without: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.known.name

    @cached_property
    def median(self) -> Array:
        """[mA.h.g-1], one a current."""
        return self._quantile(0.5)

    @cached_property
    def low(self) -> Array:
        """Lower end of the band [mA.h.g-1]."""
        return self._quantile((1 - self.level) / 2)

    @cached_property
    def high(self) -> Array:
        """Upper end of the band [mA.h.g-1]."""
        return self._quantile((1 + self.level) / 2)

    def _quantile(self, level: float) -> Array:
        found: Array = np.quantile(self.capacities, level, axis=0)
        return found

    def holds(self, capacities: Array) -> NDArray[np.bool_]:
        """Whether measured capacities at the same currents lie in the band [mA.h.g-1]."""
        return (self.low <= capacities) & (capacities <= self.high)

    def to_frame(self) -> pd.DataFrame:
        """Median and band, one row a current."""
        percent = f"{100 * self.level:g} %"
        return pd.DataFrame(
            {
                "current [A.g-1]": self.currents,
                "capacity [mA.h.g-1]": self.median,
                f"{percent} low [mA.h.g-1]": self.low,
                f"{percent} high [mA.h.g-1]": self.high,
            }
        )

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """In words: what the band rests on, and what is in doubt."""
        found = [self._on_capacity(), self._on_voltage(), self._on_barrier(), self._on_electrodes()]
        if self.known.doubt:
            found.append(f"In doubt: {self.known.doubt}.")
        return tuple(found)

    def _on_capacity(self) -> str:
        known = self.known
        if known.capacity is None:
            return (
                "No capacity of it is printed; those of the computed pairs, with their spread, stand for its "
                "theoretical capacity."
            )
        what = f"Theoretical capacity {known.capacity:.4g} mAh/g ({known.capacity_source}{self._where()})"
        return (
            f"{what}; measured electrodes of this kind hold {self._range_of_share()} times theirs."
        )

    def _range_of_share(self) -> str:
        assert self.known.capacity is not None
        low, high = np.quantile(self.values["capacity"] / self.known.capacity, [0.05, 0.95])
        return f"{low:.2f} to {high:.2f}"

    def _where(self) -> str:
        return f", doi:{self.known.doi}" if self.known.doi else ""

    def _on_voltage(self) -> str:
        metal = METALS[self.known.ion]
        if self.known.voltage is None:
            return f"No voltage of it is printed; that of usual conversions against {metal} stands for it."
        return f"Mean voltage {self.known.voltage:g} V against {metal}, good to 0.15 V."

    def _on_barrier(self) -> str:
        known = self.known
        if known.barrier is None:
            return "No barrier of it is printed; the diffusion time is that of measured electrodes."
        numbers = f"{known.barrier:g}" + (
            f" to {known.barrier_high:g}" if known.barrier_high else ""
        )
        share = float(np.median(self.values["hopping"] / self.values["time"]))
        middle = float(np.median(self.values["hopping"]))
        if share < _SLOW:
            told = (
                f"hopping across a particle takes {_duration(middle)}, which is not what limits measured electrodes: a "
                "lower barrier would change nothing"
            )
        else:
            told = f"hopping across a particle takes {_duration(middle)} and limits the electrode"
        return f"Barrier {numbers} eV: {told}."

    def _on_electrodes(self) -> str:
        known = [one for one in measured_electrodes() if one.doi not in self.without]
        same = len({one.doi for one in known if one.ion == self.known.ion})
        papers = len({one.doi for one in known})
        return (
            f"Fast share, resistance, diffusion time and utilisation are drawn from measured electrodes of {papers} "
            f"papers, {same} of them with {METALS[self.known.ion]}."
        )


def _duration(seconds: float) -> str:
    for size, unit in (
        (86400 * 365.25, "years"),
        (86400, "days"),
        (3600, "h"),
        (60, "min"),
        (1, "s"),
    ):
        if seconds >= size:
            return f"{seconds / size:.2g} {unit}"
    return f"{seconds:.1g} s"
