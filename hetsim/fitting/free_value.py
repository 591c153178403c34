"""What a fit may change: a value, where it is looked for and what is known of it beforehand.

Fits act on logarithms. A prior says that ln(value) lies at ln(centre) +- width; it is weak, and holds
what the points leave open. The default centres and widths are those found on 109 measured rate curves.
"""

import math
from dataclasses import dataclass

from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError, did_you_mean
from hetsim.parameters.host_names import is_sloping
from hetsim.parameters.schema import SCHEMA
from hetsim.parameters.values import MeasuredRate

CAPACITY = "Specific capacity [mA.h.g-1]"
FAST = "Fast fraction"
RESISTANCE = "Series resistance [Ohm.cm2]"
RATIO = "Interface mobility ratio"
GRAINS = ("Component A diffusivity [m2.s-1]", "Component B diffusivity [m2.s-1]")

TYPICAL_TIME = 6 * 3600.0
"""Median R^2/D [s] of the measured curves; 80 % of them lie between one minute and four days."""
CAPACITY_OVER_HIGHEST = 1.08
"""Capacity of all sites over the highest measured capacity, median of the measured curves."""
WIDTH = 1.0
"""Of the logarithm, where nothing is known: a factor of 2.7."""

_PRIORS = {
    FAST: (0.31, 0.5),
    # contacts and films alone; with electrolyte and charge transfer the curves show 35 ohm cm2
    RESISTANCE: (10.0, 1.0),
    RATIO: (
        85.0,
        2.0,
    ),  # with 65 mV a conductivity between none and exp(0.3 eV / kT) times the grains'
}
CURVE_PRIORS = {
    "Capacity over the highest": (1.30, 0.213),
    FAST: (0.455, 0.542),
    RESISTANCE: (23.8, 1.60),
    "R^2/D [h]": (24.6, 2.18),
}
"""Centre and width of the logarithm of the values of such a cell, learned on measured rate curves
(benchmarks/fit_all.py, which learns them for each group of papers from the others)."""
_WIDTHS = {CAPACITY: 0.5, **dict.fromkeys(GRAINS, 3.0)}


@dataclass(frozen=True)
class FreeValue:
    """One value that a fit may change.

    Parameters
    ----------
    name : str
        As in the parameter files, a positive number
    prior : float | None, optional
        Where it is expected; by default from measured rate curves (capacity, fast fraction,
        resistance, diffusivities, junction ratio), the cell's own value otherwise
    width : float | None, optional
        Of the prior, as a standard deviation of the logarithm
    of : str, optional
        Name of the one cell that has it for itself; without it all cells of the fit share it
    tied : tuple[str, ...], optional
        Further parameters that are given the same value

    Raises
    ------
    ParameterError
        For a name that is no scalar parameter, or a prior or width not above zero.
    """

    name: str
    prior: float | None = None
    width: float | None = None
    of: str = ""
    tied: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in self.names:
            if name not in SCHEMA or SCHEMA[name].is_list:
                scalars = (one for one in SCHEMA if not SCHEMA[one].is_list)
                near = did_you_mean(name, scalars, f"One is '{CAPACITY}'.", alike=0.6)
                raise ParameterError(
                    f"A fit cannot free '{name}'; it must be a parameter that is one number. {near}"
                )
        for what, number in (("prior", self.prior), ("width", self.width)):
            if number is not None and not 0 < number < math.inf:
                raise ParameterError(
                    f"The {what} of '{self.name}' is {number}; it must be a positive finite number."
                )

    @property
    def names(self) -> tuple[str, ...]:
        """All parameters that take the value."""
        return (self.name, *self.tied)

    @property
    def label(self) -> str:
        return f"{self.of}: {self.name}" if self.of else self.name

    def acts_on(self, cell: HalfCell) -> bool:
        return self.of in ("", cell.name)


@dataclass(frozen=True)
class Known:
    """What is known of a free value before the fit: prior, width of its logarithm and limits."""

    prior: float
    width: float
    low: float
    high: float


def known_of(free: FreeValue, cell: HalfCell, measured: MeasuredRate) -> Known:
    """Prior and limits of a free value; `cell` and `measured` are the first that it acts on.

    The limits are the `range` of the parameter file, else those of plausibility.
    Raises ParameterError where the cell lacks the value or the prior is outside the limits.
    """
    if free.name not in cell.values:
        raise ParameterError(f"{cell.name} has no '{free.name}' that a fit could change.")
    value = cell.system.values[free.name]
    low, high = value.range or (value.info.low, value.info.high)
    centre, width = _prior(free.name, cell, measured)
    prior = centre if free.prior is None else free.prior
    if not prior > 0:
        raise ParameterError(
            f"'{free.label}' = {prior:g} has no logarithm; a fit frees positive values only."
        )
    low = max(low, 1e-4 * min(prior, high))  # zero has no logarithm either
    if not low < prior < high:
        if free.prior is not None:
            raise ParameterError(
                f"The prior of '{free.label}' is {prior:g}, outside its range {low:g} to {high:g}."
            )
        prior = math.sqrt(low * high)
    return Known(prior, free.width or width, low, high)


def _prior(name: str, cell: HalfCell, measured: MeasuredRate) -> tuple[float, float]:
    width = _WIDTHS.get(name, WIDTH)
    if is_sloping(cell.values):
        known = _of_slope(name, cell, measured)
        if known is not None:
            return known
    if name in _PRIORS:
        return _PRIORS[name]
    if name == CAPACITY:
        return CAPACITY_OVER_HIGHEST * max(measured.capacities), width
    if name in GRAINS:
        radius = cell.values["Particle radius [m]"]
        assert not isinstance(radius, tuple)
        return radius**2 / TYPICAL_TIME, width
    own = cell.values[name]
    assert not isinstance(own, tuple)
    return own, width


def _of_slope(name: str, cell: HalfCell, measured: MeasuredRate) -> tuple[float, float] | None:
    """Prior and width of a cell that has an open-circuit curve without plateaus; None where nothing was learned."""
    if name == CAPACITY:
        over, width = CURVE_PRIORS["Capacity over the highest"]
        return over * max(measured.capacities), width
    if name in GRAINS:
        hours, width = CURVE_PRIORS["R^2/D [h]"]
        return cell.values.number("Particle radius [m]") ** 2 / (3600 * hours), width
    return CURVE_PRIORS.get(name)
