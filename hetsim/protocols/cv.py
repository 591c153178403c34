"""Cyclic voltammetry."""

from collections.abc import Sequence
from dataclasses import dataclass

from hetsim.errors import ParameterError
from hetsim.parameters.toml_reading import number, numbers
from hetsim.protocols.checks import DIRECTIONS, count, one_of, positive

_WHERE = "CV"


@dataclass(frozen=True)
class CV:
    """Linear ramps of the potential between two vertices, cycle after cycle.

    The cell begins at rest, as near to `start` as its open-circuit curve comes, and is swept there. At
    each scan rate it begins as the one before left it.

    Parameters
    ----------
    scan_rates : Sequence[float]
        [mV.s-1], positive, in the order in which they are run
    lower, upper : float | None, default None
        Vertices [V]; the cut-offs of the cell if not given
    start : float | None, default None
        Potential where each cycle begins and ends [V]; the vertex opposite to `direction` if not
        given
    direction : str, default 'insertion'
        Of the first sweep, "insertion" (potential falls) or "extraction" (it rises)
    cycles : int, default 60
        How many are run at most at each scan rate
    tolerance : float | None, default 1e-05
        The cycle is periodic, and is the result, when the charge that goes in equals the charge
        that comes out to this share. The search for the periodic state looks ahead from the cycles
        before (slow particles would need thousands of them). None runs exactly `cycles` cycles, as
        in the laboratory, and the last one is the result. A cell that loses material has no periodic
        cycle: unless it loses less than the tolerance, its second cycle is the result, with the
        outcome "not periodic"
    points : int, default 300
        How many points of each sweep are kept

    Raises
    ------
    ParameterError
        For scan rates that are no list of positive finite numbers, a window that is upside down, a
        start outside the window, or counts below 1.
    """

    scan_rates: tuple[float, ...]
    lower: float | None = None
    upper: float | None = None
    start: float | None = None
    direction: str = "insertion"
    cycles: int = 60
    tolerance: float | None = 1e-5
    points: int = 300

    def __init__(
        self,
        scan_rates: Sequence[float],
        lower: float | None = None,
        upper: float | None = None,
        start: float | None = None,
        direction: str = "insertion",
        cycles: int = 60,
        tolerance: float | None = 1e-5,
        points: int = 300,
    ) -> None:
        found = numbers(scan_rates, "scan_rates", _WHERE)
        if not found:
            raise ParameterError("CV needs at least one scan rate [mV/s].")
        checked = tuple(positive(one, "scan_rates", "mV/s", _WHERE) for one in found)
        object.__setattr__(self, "scan_rates", checked)
        for name, raw in (("lower", lower), ("upper", upper), ("start", start)):
            value = None if raw is None else number(raw, name, _WHERE)
            object.__setattr__(self, name, value)
        object.__setattr__(self, "direction", one_of(direction, DIRECTIONS, "direction", _WHERE))
        object.__setattr__(self, "cycles", count(cycles, "cycles", _WHERE))
        exact = None if tolerance is None else positive(tolerance, "tolerance", "", _WHERE)
        object.__setattr__(self, "tolerance", exact)
        object.__setattr__(self, "points", count(points, "points", _WHERE))
        if self.lower is not None and self.upper is not None:
            check_window(self.lower, self.upper, self.start)


def check_window(lower: float, upper: float, start: float | None) -> None:
    """Raises ParameterError for a window that is upside down or without its start."""
    if not lower < upper:
        raise ParameterError(
            f"CV: the window is {lower:g} to {upper:g} V; 'lower' must be below 'upper'."
        )
    if start is not None and not lower <= start <= upper:
        raise ParameterError(
            f"CV: 'start' is {start:g} V; allowed: {lower:g} to {upper:g} V, the window."
        )
