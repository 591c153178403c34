"""What comes out of a fit."""

import math
from dataclasses import dataclass

import pandas as pd

from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.free_value import FreeValue, Known
from hetsim.fitting.gauss_newton import Linearised
from hetsim.fitting.observations import FitWarning, Observed
from hetsim.fitting.problem import Problem
from hetsim.results import Array
from hetsim.results.comparison import Comparison

WIDE = 2.0
"""A 68 % interval of more than this factor: the data say little about the value."""
ALIKE = 0.95
"""|cos| from which two values change the curves in the same way."""
AT_LIMIT = 1e-3
"""Of the logarithm: so close to a limit counts as at it."""


@dataclass(frozen=True)
class FittedValue:
    """A value with its 68 % interval, a factor: value / factor to value * factor."""

    free: FreeValue
    value: float
    factor: float
    known: Known
    source: str

    @property
    def interval(self) -> tuple[float, float]:
        return self.value / self.factor, self.value * self.factor

    @property
    def at_limit(self) -> bool:
        ends = (self.known.low, self.known.high)
        return any(abs(math.log(self.value / end)) < AT_LIMIT for end in ends)

    def toml(self) -> str:
        """Lines for a parameter file, one for each parameter that has the value."""
        low, high = self.interval
        entry = (
            f'{{ value = {self.value:.4g}, kind = "fitted", source = "{self.source}", '
            f"range = [{self.known.low:.4g}, {self.known.high:.4g}], "
            f'note = "68 % interval {low:.3g} to {high:.3g}" }}'
        )
        return "\n".join(f'"{name}" = {entry}' for name in self.free.names)


@dataclass(frozen=True, repr=False)
class FitResult:
    """Fitted values with intervals, how well they are determined, and the cells that have them.

    Parameters
    ----------
    values : tuple[FittedValue, ...]
        In the order in which they were freed
    cells : tuple[HalfCell, ...]
        With the fitted values, in the order in which they were given
    comparisons : tuple[Comparison, ...]
        Each rate curve beside its measured one, errors point by point; `observed` has data of all kinds
    linearised : Linearised
        Slopes and covariance of the logarithms at the fitted values
    converged : bool
        Whether the search came to its end
    problem : Problem
        Cells before the fit, data, free values with their priors: from values to deviations
    warnings : tuple[FitWarning, ...], optional
        What is odd about the data or the free values, each with a name; part of `remarks` too
    """

    values: tuple[FittedValue, ...]
    cells: tuple[HalfCell, ...]
    comparisons: tuple[Comparison, ...]
    linearised: Linearised
    converged: bool
    problem: Problem
    warnings: tuple[FitWarning, ...] = ()

    def __repr__(self) -> str:
        fitted = ", ".join(f"{value.free.label} = {value.value:.3g}" for value in self.values)
        if not self.comparisons:
            worst = max(one.misfit for one in self.observed)
            return f"<FitResult {fitted}; {worst:.2g} deviations>"
        mean = max(comparison.mean_abs_error_percent for comparison in self.comparisons)
        return f"<FitResult {fitted}; mean error {mean:.1f} %>"

    @property
    def best(self) -> Array:
        """Logarithms of the fitted values, in their order: a point of `problem`."""
        return self.linearised.x

    @property
    def observed(self) -> tuple[Observed, ...]:
        """Data of each kind and cell beside what the fitted model makes of them."""
        return self.problem.observed(self.best)

    @property
    def cell(self) -> HalfCell:
        """The cell with the fitted values. Raises ParameterError if several were fitted together."""
        if len(self.cells) != 1:
            raise ParameterError(
                f"{len(self.cells)} cells were fitted together; they are in `cells`."
            )
        return self.cells[0]

    def value(self, label: str) -> float:
        """A fitted value by its parameter's name, with "CELL: " before it if one cell has it alone."""
        known = {value.free.label: value.value for value in self.values}
        if label not in known:
            raise ParameterError(f"'{label}' was not fitted; fitted were: {', '.join(known)}.")
        return known[label]

    @property
    def correlation(self) -> pd.DataFrame:
        """Correlation matrix of the logarithms of the fitted values."""
        labels = [value.free.label for value in self.values]
        return pd.DataFrame(self.linearised.correlation, index=labels, columns=labels)

    @property
    def at_limits(self) -> tuple[str, ...]:
        """Values that ended at a limit of their range: not determined, or the model does not fit."""
        return tuple(value.free.label for value in self.values if value.at_limit)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the data do not determine, in words."""
        sentences = [str(one) for one in self.warnings]
        sentences += [
            f"'{value.free.label}' is known to a factor of {value.factor:.1f} only: the points say little about it."
            for value in self.values
            if value.factor > WIDE
        ]
        cosines = self.linearised.cosines
        for i, one in enumerate(self.values):
            for j, other in enumerate(self.values[:i]):
                if abs(cosines[i, j]) > ALIKE:
                    way = "raising" if cosines[i, j] > 0 else "lowering"
                    sentences.append(
                        f"Raising '{one.free.label}' does to the curves what {way} "
                        f"'{other.free.label}' does (|cos| = {abs(cosines[i, j]):.2f}): fix one of them."
                    )
        sentences += [f"'{label}' ended at a limit of its range." for label in self.at_limits]
        if not self.converged:
            sentences.append("The search stopped before its end; start from other values.")
        return tuple(sentences)

    def to_frame(self) -> pd.DataFrame:
        """One row a fitted value."""
        return pd.DataFrame(
            [
                {
                    "parameter": value.free.label,
                    "value": value.value,
                    "68 % low": value.interval[0],
                    "68 % high": value.interval[1],
                    "prior": value.known.prior,
                    "at limit": value.at_limit,
                }
                for value in self.values
            ]
        ).set_index("parameter")

    def to_toml(self) -> str:
        """Lines for the parameter file, those of one cell alone under a comment with its name."""
        return "\n".join(
            (f"# {value.free.of}\n" if value.free.of else "") + value.toml()
            for value in self.values
        )
