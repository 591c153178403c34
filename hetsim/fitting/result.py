"""What comes out of a fit."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.bands import band_of
from hetsim.fitting.free_value import FreeValue, Known
from hetsim.fitting.gauss_newton import Linearised
from hetsim.fitting.identifiability import Direction, Pair, directions, directions_table, pairs
from hetsim.fitting.noise_scale import NoiseScale, scaled
from hetsim.fitting.observations import FitWarning, Observed, RateData
from hetsim.fitting.posterior import Posterior, posterior_of
from hetsim.fitting.problem import Problem
from hetsim.fitting.profile import Profile, Profiles, profiles_of, scale_of
from hetsim.fitting.verdict import verdict
from hetsim.parameters.system_text import system_text
from hetsim.parameters.values import Value
from hetsim.results import Array
from hetsim.results.comparison import Comparison

WIDE = 4.0
"""A 95 % interval of more than this factor to either side: the data say little about the value."""
AT_LIMIT = 1e-3
"""Of the logarithm: so close to a limit counts as at it."""


@dataclass(frozen=True)
class FittedValue:
    """A value with the 95 % interval of the linearised problem, a factor: value / factor to value * factor.

    The noise of each curve is as large as its points say (fitting.noise_scale). Where the value is not that of least
    cost, the factor holds the interval about that one too. The profile of a value (`FitResult.profiles`) has that
    of the full model, whose sides differ.
    """

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

    def entry(self, name: str, profile: Profile) -> Value:
        """As a value of a parameter file, with what the profile says in its note."""
        sides = [end.told(side) for side, end in (("lower", profile.low), ("upper", profile.high))]
        note = "; ".join(
            ["95 % interval {:.3g} to {:.3g}".format(*profile.interval), *filter(None, sides)]
        )
        limits = (min(self.known.low, self.value), max(self.known.high, self.value))
        return Value(name, self.value, "fitted", self.source, note, limits, "fit")

    def toml(self, interval: tuple[float, float] | None = None) -> str:
        """Lines for a parameter file, one for each parameter that has the value, with its 95 % interval in the note."""
        low, high = interval or self.interval
        entry = (
            f'{{ value = {self.value:.4g}, kind = "fitted", source = "{self.source}", '
            f"range = [{self.known.low:.4g}, {self.known.high:.4g}], "
            f'note = "95 % interval {low:.3g} to {high:.3g}" }}'
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
        Slopes and covariance of the logarithms where the problem's cost is least: what intervals rest on. The fitted
        values are there too, unless they follow the points more closely (`fit`, `noise`)
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
        return np.log([one.value for one in self.values])

    @property
    def observed(self) -> tuple[Observed, ...]:
        """Data of each kind and cell beside what the fitted model makes of them."""
        return self.problem.observed(self.best)

    @property
    def recovery(self) -> pd.DataFrame:
        """Recovery steps of the rate curves, measured and simulated after the rate test; none of them was fitted."""
        tables = [
            one.recovery(self.cells[index], self.problem.model)
            for index, one in self.problem.parts
            if isinstance(one, RateData)
        ]
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()

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
        sentences += [one.sentence for one in self.pairs]
        measured = [one for one in self.directions if one.by_data]
        if len(measured) < len(self.values):
            sentences.append(
                f"The data measure {len(measured)} direction(s) of the {len(self.values)} values better than the "
                "priors do; the priors hold the rest."
            )
        sentences += [f"'{label}' ended at a limit of its range." for label in self.at_limits]
        if not self.converged:
            sentences.append("The search stopped before its end; start from other values.")
        return tuple(sentences)

    # --- intervals --------------------------------------------------------------------------------

    @cached_property
    def noise_scale(self) -> NoiseScale:
        """Noise of each curve over that guessed, as its points say, with its degrees of freedom."""
        return scale_of(self.problem, self.linearised)

    @cached_property
    def _scaled(self) -> Linearised:
        return scaled(self.linearised, self.noise_scale.factors(len(self.linearised.soft)))

    @cached_property
    def directions(self) -> tuple[Direction, ...]:
        """Combinations of the values by how well the data measure them, the best first."""
        labels = [value.free.label for value in self.values]
        return tuple(directions(self._scaled, self.problem.widths, labels))

    def identifiability(self) -> pd.DataFrame:
        """One row a direction of the values, the best measured first.

        Returns
        -------
        DataFrame
            In words the combination of values; how much more the data say of it than the priors, as a ratio of squared
            widths; the share of the prior's width that is left; whether data or prior measure it; and its exponents
        """
        return directions_table(self.directions)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Pairs of values that change the curves alike, and what of them is measured."""
        return tuple(pairs(self._scaled, [value.free.label for value in self.values]))

    def profiles(self) -> Profiles:
        """The profile likelihood of each value, with its 95 % interval and what holds its ends.

        Returns
        -------
        Profiles
            By position or label; `to_frame()` is the table. It is made once, by some 150 simulations a value: a second
            for four values of a rate curve with the engine in C

        Notes
        -----
        The statistic is the likelihood ratio; the noise of each curve, which is not known, is as large as its points
        say, widened so that a value which the data alone determine has Student's interval (fitting.noise_scale).
        Source: doi:10.2307/2347496, doi:10.1093/bioinformatics/btp358.
        """
        return self._profiles

    @cached_property
    def _profiles(self) -> Profiles:
        return profiles_of(self.problem, self.linearised, self.best)

    def posterior(
        self,
        draws: int = 1000,
        method: str = "importance",
        known_noise: bool = False,
        seed: int = 0,
    ) -> Posterior:
        """Draws from the posterior of the values.

        Parameters
        ----------
        draws : int, default 1000
            How many, 100 at least
        method : str, default "importance"
            "importance" (a second or two a rate curve) or "emcee" (a minute or two; the extra `fit`)
        known_noise : bool, default False
            Take the noise that the fit was given as the true one; otherwise it is integrated out
        seed : int, default 0
            Of the random numbers

        Returns
        -------
        Posterior
            With its effective size, the Pareto shape of its weights, and whether it can be relied on

        Raises
        ------
        ParameterError
            For another method, fewer draws, or emcee where it is not installed.

        Notes
        -----
        The priors are cut at the limits of the ranges. What the density is stands in fitting.posterior.
        """
        key = (draws, method, known_noise, seed)
        if key not in self._posteriors:
            self._posteriors[key] = posterior_of(
                self.problem, self.linearised, draws, method, known_noise, seed
            )
        return self._posteriors[key]

    @cached_property
    def _posteriors(self) -> dict[tuple[int, str, bool, int], Posterior]:
        return {}

    def bands(
        self,
        currents: Sequence[float] | None = None,
        level: float = 0.9,
        of: str = "",
        posterior: Posterior | None = None,
    ) -> pd.DataFrame:
        """Where one further measured capacity of the same electrode is expected.

        Parameters
        ----------
        currents : Sequence[float] | None, default None
            [A.g-1]; by default 15 from the lowest measured one to the highest
        level : float, default 0.9
            Share of measured points that the band is to hold
        of : str, default ""
            Name of the cell, where several were fitted together; the first with a rate curve without
        posterior : Posterior | None, default None
            Draws to use; by default those of `posterior()`

        Returns
        -------
        DataFrame
            One row a current: median, low and high [mA.h.g-1]

        Raises
        ------
        ParameterError
            For a fit without a rate curve (of that cell), a level outside 0 to 1, or currents that are not positive.

        Notes
        -----
        Parameters, noise and the model's own error are in it; docs/fits.md says how often it holds.
        """
        parts = [
            part
            for part, (index, one) in enumerate(self.problem.parts)
            if isinstance(one, RateData) and of in ("", self.cells[index].name)
        ]
        if not parts:
            whose = f" of '{of}'" if of else ""
            names = ", ".join(cell.name for cell in self.cells)
            raise ParameterError(f"No rate curve{whose} was fitted; the cells are: {names}.")
        draws = posterior or self.posterior()
        return band_of(self.problem, self.noise_scale, draws, parts[0], currents, level)

    # --- tables and files -------------------------------------------------------------------------

    def to_frame(self, profiled: bool = True) -> pd.DataFrame:
        """One row a fitted value, with its 95 % interval.

        Parameters
        ----------
        profiled : bool, default True
            Intervals of the profiles, with what holds their ends; otherwise those of the linearised problem, at once

        Returns
        -------
        DataFrame
        """
        rows = [
            {
                "parameter": value.free.label,
                "value": value.value,
                "95 % low": value.interval[0],
                "95 % high": value.interval[1],
                "prior": value.known.prior,
                "at limit": value.at_limit,
            }
            for value in self.values
        ]
        frame = pd.DataFrame(rows).set_index("parameter")
        if profiled:
            found = self.profiles().to_frame()
            frame = frame.drop(columns=["95 % low", "95 % high"])
            return (
                frame[["value"]].join(found.drop(columns="value")).join(frame.drop(columns="value"))
            )
        return frame

    @cached_property
    def verdict(self) -> tuple[str, ...]:
        """The fit in sentences: how good it is, what the data pin down, what they leave open and to which side, which
        values cannot be told apart, and which measurement would help. Makes the profiles."""
        return verdict(self.problem, self.comparisons, self.profiles(), self.pairs, self.remarks)

    def parameter_file(self, of: str = "") -> str:
        """A whole parameter file of a fitted cell, which `hs.load` reads.

        Parameters
        ----------
        of : str, default ""
            Name of the cell, where several were fitted together; the first without

        Returns
        -------
        str
            TOML in which each fitted value has the kind "fitted", its data, its range and its 95 % interval

        Raises
        ------
        ParameterError
            For a cell that was not fitted.
        """
        known = {cell.name: cell for cell in self.cells}
        if of and of not in known:
            raise ParameterError(f"'{of}' was not fitted; fitted were: {', '.join(known)}.")
        cell = known[of] if of else self.cells[0]
        values = dict(cell.system.values)
        for one, profile in zip(self.values, self.profiles(), strict=True):
            if one.free.acts_on(cell):
                values.update({name: one.entry(name, profile) for name in one.free.names})
        name = cell.system.name.removesuffix("-fitted") + "-fitted"
        told = f"{cell.name}, fitted by hetsim to: {', '.join(dict.fromkeys(v.source for v in self.values))}."
        return system_text(replace(cell.system, name=name, values=values, variant=""), told)

    def data_frame(self) -> pd.DataFrame:
        """The data of every kind and cell beside what the fitted model makes of them, one row a number."""
        return pd.concat([one.to_frame() for one in self.observed], ignore_index=True)

    def to_toml(self, profiled: bool = False) -> str:
        """Lines for the parameter file, those of one cell alone under a comment with its name.

        Parameters
        ----------
        profiled : bool, default False
            Intervals of the profiles in the notes; otherwise those of the linearised problem

        Returns
        -------
        str
        """
        found = [one.interval for one in self.profiles()] if profiled else [None] * len(self.values)
        return "\n".join(
            (f"# {value.free.of}\n" if value.free.of else "") + value.toml(interval)
            for value, interval in zip(self.values, found, strict=True)
        )
