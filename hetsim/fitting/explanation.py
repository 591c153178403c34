"""What explain() found: the shares of the mechanisms in a gain, as numbers, a table and a sentence."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from hetsim.errors import ParameterError
from hetsim.fitting.joint import Joint
from hetsim.results import Array

VAGUE = 0.25
"""Of the gain: a share whose interval is wider than twice this is not told."""
TRADED = -0.7
"""Correlation of two shares below which one takes what the other leaves."""


@dataclass(frozen=True)
class Share:
    """What one mechanism makes of the gain.

    Parameters
    ----------
    mechanism : str
        Its name
    capacity : float
        Shapley share at the best values [mA.h.g-1]
    low, high : float
        95 % interval over the posterior [mA.h.g-1]
    removed : float
        What the heterostructure loses without it alone, of its own capacity [%]
    removed_low, removed_high : float
        95 % interval of that [%]
    """

    mechanism: str
    capacity: float
    low: float
    high: float
    removed: float = float("nan")
    removed_low: float = float("nan")
    removed_high: float = float("nan")


@dataclass(frozen=True, repr=False)
class Explanation:
    """A gain over the controls, shared among mechanisms.

    Parameters
    ----------
    system : str
        Name of the heterostructure
    current : float
        [A.g-1]
    start : float
        What the controls hold by mass [mA.h.g-1]: measured, or of the simulated mixture where `start_measured` is False
    end : float
        What the heterostructure holds [mA.h.g-1]: measured, or simulated where `end_measured` is False
    start_measured, end_measured : bool
        Which of both was measured at this current
    mixture, heterostructure : float
        Simulated [mA.h.g-1]
    shares : tuple[Share, ...]
        Of the mechanisms, and "unexplained" last; they sum to end - start
    correlation : Array
        Of the shares of the mechanisms over the posterior
    missing : tuple[str, ...]
        Data that would help, each as words
    joint : Joint
        The fit behind it
    """

    system: str
    current: float
    start: float
    end: float
    start_measured: bool
    end_measured: bool
    mixture: float
    heterostructure: float
    shares: tuple[Share, ...]
    correlation: Array
    missing: tuple[str, ...]
    joint: Joint

    def __repr__(self) -> str:
        told = ", ".join(f"{one.mechanism} {one.capacity:+.1f}" for one in self.shares)
        return f"<Explanation {self.system} at {self.current:g} A/g: {told} mAh/g>"

    @property
    def gain(self) -> float:
        """end - start [mA.h.g-1]."""
        return self.end - self.start

    def share(self, mechanism: str) -> Share:
        """The share of a mechanism. Raises ParameterError for one that plays no part."""
        for one in self.shares:
            if one.mechanism == mechanism:
                return one
        raise ParameterError(
            f"'{mechanism}' plays no part here; those that do are: {', '.join(one.mechanism for one in self.shares)}."
        )

    @cached_property
    def untold(self) -> tuple[str, ...]:
        """What the data do not tell, each as words."""
        size = abs(self.gain) or 1.0
        mechanisms = self.shares[:-1]
        found = [
            f"how much is {one.mechanism} ({_whole(one.low)} to {_whole(one.high)} mAh/g)"
            for one in mechanisms
            if one.high - one.low > 2 * VAGUE * size
        ]
        for i, one in enumerate(mechanisms):
            for j, other in enumerate(mechanisms[:i]):
                if (
                    self.correlation[i, j] < TRADED
                    and min(one.high - one.low, other.high - other.low) > 0.05 * size
                ):
                    found.append(f"{other.mechanism} from {one.mechanism}")
        found += [
            f"whether {one.mechanism} acts at all"
            for one in mechanisms
            if one.low <= 0 <= one.high and one.high - one.low > 0.05 * size
        ]
        return tuple(found)

    @property
    def opening(self) -> str:
        """The gain, in a sentence."""
        held = "holds" if self.end_measured else "holds in the simulation"
        against = (
            "its controls by mass" if self.start_measured else "the simulated mixture of its hosts"
        )
        return (
            f"At {self.current:g} A/g {self.system} {held} {self.end:.0f} mAh/g, {self.gain:+.0f} against {against} "
            f"({self.start:.0f})."
        )

    @property
    def sentence(self) -> str:
        """What a referee would ask for: the gain, the shares with intervals, what is not told, what is missing."""
        size = self.gain or 1.0
        order = sorted(self.shares, key=lambda one: -abs(one.capacity))
        parts = [
            f"{one.mechanism} {_whole(100 * one.capacity / size)} % ({_interval(one, size)})"
            for one in order
        ]
        said = f"{self.opening} Of this gain the fitted model attributes, with 95 % intervals: {', '.join(parts)}."
        for one in self.shares:
            if one.mechanism == "potential":
                said += (
                    f" Without its potential it would hold {one.removed:.1f} % less ({one.removed_low:.1f} to "
                    f"{one.removed_high:.1f} %)."
                )
        if self.untold:
            said += f" The data do not tell {'; '.join(self.untold)}."
        if self.missing:
            said += f" Missing: {'; '.join(self.missing)}."
        if not self.joint.posterior.converged:
            said += f" The intervals are rough, from {self.joint.posterior.effective_size:.0f} independent draws."
        return said

    def to_frame(self) -> pd.DataFrame:
        """One row a mechanism: its share, 95 % interval, share of the gain, and the loss without it."""
        size = self.gain or float("nan")
        rows = [
            {
                "mechanism": one.mechanism,
                "share [mA.h.g-1]": one.capacity,
                "95 % low [mA.h.g-1]": one.low,
                "95 % high [mA.h.g-1]": one.high,
                "of the gain [%]": 100 * one.capacity / size,
                "loss without it [%]": one.removed,
                "loss 95 % low [%]": one.removed_low,
                "loss 95 % high [%]": one.removed_high,
            }
            for one in self.shares
        ]
        return pd.DataFrame(rows).set_index("mechanism")


def _interval(one: Share, gain: float) -> str:
    low, high = sorted((100 * one.low / gain, 100 * one.high / gain))
    return f"{_whole(low)} to {_whole(high)}"


def _whole(number: float) -> str:
    """Without decimals, and without a sign before zero."""
    return f"{round(number) + 0:d}"
