"""plan(cell or fit): which further experiment would best tell the mechanisms apart.

Around the best fit the deviations are linear in the logarithms x of the free values, with slopes J, and the posterior
is normal with covariance S = (J^T J)^-1, priors among the deviations. An experiment e whose numbers have slopes J_e
in units of their noise makes it

    S_e = (J^T J + J_e^T J_e)^-1,

whatever comes out of it. Of the values of interest m (a block of S) the expected gain of information is

    I_e = ln(det S_m / det S_e,m) / 2     [nat]

and the interval of a value shrinks by sqrt(S_e,jj / S_jj). I_e = 0 where the experiment says nothing of them, and
more for two values that it tells apart than for two that it moves alike. Slopes are difference quotients of the full
model. Limits: the linearised problem, at the best values, so that an experiment far from the data can be rated too
high; noise as fits assume it (fitting.observations); what is not free counts as known, such as activation energies
for a temperature. Source: K. Chaloner, I. Verdinelli, Stat. Sci. 10, 273 (1995), doi:10.1214/ss/1177009939, section
2.2 (D_s and D optimality).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from hetsim import names
from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.gauss_newton import DIFFERENCE, Linearised
from hetsim.fitting.joint import Joint, best_fit
from hetsim.fitting.noise_scale import scaled
from hetsim.fitting.observations import (
    Observation,
    Polarisation,
    RateData,
    SpectrumData,
    TitrationData,
)
from hetsim.fitting.problem import Problem
from hetsim.fitting.profile import scale_of
from hetsim.fitting.result import FitResult
from hetsim.measurements import MeasuredSpectrum
from hetsim.parameters.values import MeasuredRate
from hetsim.protocols import EIS, GITT, RateTest
from hetsim.results import Array
from hetsim.simulation.run import run

COLD, WARM = 273.15, 318.15
"""Temperatures of further rate curves [K]."""
PULSES = 12
"""Of a titration: so many in the capacity of the cell."""
FREQUENCIES = tuple(float(one) for one in np.logspace(4, -2, 25))
"""Of a spectrum [Hz]."""
NOTHING = 0.01
"""Information [nat] below which an experiment is said to tell nothing."""
NORMAL = 1.96

Observe = Callable[[HalfCell, str], Observation]
"""From a cell and a model to what would be observed on it."""


@dataclass(frozen=True)
class Experiment:
    """An experiment that was not made yet.

    Parameters
    ----------
    name : str
        What it is, in the words of the laboratory
    observe : Callable[[HalfCell, str], Observation]
        From a cell and the name of a model to what would be observed: numbers as simulated, with their noise
    of : str, default ''
        Name of the cell it is made on; the first one if left out
    changes : Mapping[str, float], default {}
        Values of the cell that differ in the experiment, such as its temperature
    scaled : Mapping[str, float], default {}
        Values of the cell that are multiplied, such as its particle radius
    """

    name: str
    observe: Observe
    of: str = ""
    changes: Mapping[str, float] = field(default_factory=dict)
    scaled: Mapping[str, float] = field(default_factory=dict)

    def on(self, cell: HalfCell) -> HalfCell:
        """The cell as it is in the experiment."""
        grown = {name: factor * cell.values.number(name) for name, factor in self.scaled.items()}
        return cell.with_values({**self.changes, **grown})


@dataclass(frozen=True)
class Ranked:
    """What an experiment is expected to tell.

    Parameters
    ----------
    experiment : Experiment
        Which one
    information : float
        About the values of interest [nat]
    shrinks : Mapping[str, float]
        Of each value of interest, the width of its interval (in the logarithm) over that before [-]
    """

    experiment: Experiment
    information: float
    shrinks: Mapping[str, float]

    @property
    def sentence(self) -> str:
        """What it would tell, in words."""
        if self.information < NOTHING:
            return f"{self.experiment.name}: tells nothing new of them."
        label, least = min(self.shrinks.items(), key=lambda one: one[1])
        return (
            f"{self.experiment.name}: the interval of '{label}' would shrink by {100 * (1 - least):.0f} % "
            f"({self.information:.2f} nat on all of them together)."
        )


@dataclass(frozen=True, repr=False)
class Plan:
    """Experiments by what they are expected to tell, the best first.

    Parameters
    ----------
    system : str
        Name of the first cell
    targets : tuple[str, ...]
        Labels of the values of interest
    intervals : Mapping[str, float]
        Of each, the 95 % interval now: a factor to either side
    ranked : tuple[Ranked, ...]
        The experiments
    left_out : tuple[str, ...]
        Experiments that cannot be simulated
    """

    system: str
    targets: tuple[str, ...]
    intervals: Mapping[str, float]
    ranked: tuple[Ranked, ...]
    left_out: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Plan {self.system}: {self.ranked[0].experiment.name} first of {len(self.ranked)}>"

    @property
    def sentence(self) -> str:
        """The best experiment and the second one, in words."""
        best, *others = self.ranked
        if best.information < NOTHING:
            return f"None of {len(self.ranked)} experiments would tell more of {', '.join(self.targets)}."
        said = f"Best for {self.system}: {best.sentence}"
        if others:
            said += f" Next, {others[0].sentence}"
        return said

    def to_frame(self) -> pd.DataFrame:
        """One row an experiment: information [nat], and of each value the share by which its interval shrinks [%]."""
        rows = [
            {
                "experiment": one.experiment.name,
                "information [nat]": one.information,
                **{
                    f"{label}, narrower [%]": 100 * (1 - left)
                    for label, left in one.shrinks.items()
                },
            }
            for one in self.ranked
        ]
        return pd.DataFrame(rows).set_index("experiment")


def plan(
    what: HalfCell | FitResult | Joint,
    targets: Sequence[str] | None = None,
    experiments: Sequence[Experiment] | None = None,
    model: str = "SPMe",
) -> Plan:
    """Rank further experiments by how well they would tell mechanisms apart.

    Parameters
    ----------
    what : HalfCell | FitResult | Joint
        A cell of two hosts, which is fitted here together with its controls; a fit; or `explanation.joint`
    targets : Sequence[str] | None, default None
        Names or labels of free values of the fit that are of interest; all of the first cell's own and shared ones if
        left out
    experiments : Sequence[Experiment] | None, default None
        To choose from; `usual_experiments` of the fit if left out
    model : str, default 'SPMe'
        "SPM", "SPMe" or "DFN", for a cell; a fit has its own

    Returns
    -------
    Plan
        The best experiment first

    Raises
    ------
    ParameterError
        For a cell that `explain` refuses, a target that is not free in the fit, no experiment, or none that can be
        simulated.

    Notes
    -----
    The law and its limits stand in fitting.plan. An experiment that is not among the usual ones is an `Experiment`.
    """
    problem, best = _start(what, model)
    rows = target_rows(problem, targets)
    chosen = usual_experiments(problem, best.x) if experiments is None else list(experiments)
    if not chosen:
        raise ParameterError("A plan needs at least one experiment to choose from.")
    scale = scale_of(problem, best)
    factors = np.ones(len(best.soft))
    for one, part in zip(scale.scales, scale.curves, strict=True):
        factors[part] = one
    before = scaled(best, factors).normal_matrix
    labels = [problem.free[k].label for k in rows]
    found, left_out = [], []
    for experiment in chosen:
        slopes = experiment_slopes(problem, best.x, experiment)
        if slopes is None:
            left_out.append(experiment.name)
            continue
        information, shrinks = expected(before, slopes, rows)
        found.append(
            Ranked(experiment, information, dict(zip(labels, map(float, shrinks), strict=True)))
        )
    if not found:
        raise ParameterError(f"None of the experiments can be simulated: {', '.join(left_out)}.")
    widths = np.sqrt(np.diag(np.linalg.inv(before)))[rows]
    intervals = dict(zip(labels, map(float, np.exp(NORMAL * widths)), strict=True))
    ranked = sorted(found, key=lambda one: -one.information)
    return Plan(problem.cells[0].name, tuple(labels), intervals, tuple(ranked), tuple(left_out))


def expected(before: Array, slopes: Array, rows: Sequence[int]) -> tuple[float, Array]:
    """Information [nat] about some values and what their intervals shrink to, of an experiment with given slopes.

    before : inverse covariance of all free values;  slopes : of the numbers of the experiment over their noise
    """
    block = np.ix_(rows, rows)
    old = np.linalg.inv(before)[block]
    new = np.linalg.inv(before + slopes.T @ slopes)[block]
    information = (np.linalg.slogdet(old)[1] - np.linalg.slogdet(new)[1]) / 2
    return float(max(information, 0.0)), np.sqrt(np.diag(new) / np.diag(old))


def experiment_slopes(problem: Problem, x: Array, experiment: Experiment) -> Array | None:
    """Slopes of the numbers of an experiment over their noise, a column a free value; None where it cannot be run."""
    cell = _cell_of(problem, experiment)
    points = [x, *(x + DIFFERENCE * unit for unit in np.eye(len(x)))]
    try:
        cells = [experiment.on(cell.with_values(problem.changes(one, cell))) for one in points]
        observation = experiment.observe(cells[0], problem.model)
    except ParameterError:
        return None
    acts = [k for k, free in enumerate(problem.free) if free.acts_on(cell)]
    at, *beside = observation.simulated([cells[0], *(cells[k + 1] for k in acts)], problem.model)
    if at is None:
        return None
    slopes = np.zeros((len(at), len(x)))
    for k, one in zip(acts, beside, strict=True):
        if one is None:
            return None
        slopes[:, k] = (one - at) / DIFFERENCE / observation.noise
    return slopes


def _cell_of(problem: Problem, experiment: Experiment) -> HalfCell:
    for cell in problem.cells:
        if experiment.of in ("", cell.name):
            return cell
    raise ParameterError(
        f"'{experiment.name}' is of '{experiment.of}', which is not among the cells: "
        f"{', '.join(cell.name for cell in problem.cells)}."
    )


# --- what to start from, and what is of interest --------------------------------------------------


def _start(what: HalfCell | FitResult | Joint, model: str) -> tuple[Problem, Linearised]:
    if isinstance(what, FitResult):
        return what.problem, what.linearised
    if isinstance(what, Joint):
        return what.problem, what.best
    return best_fit(what, model)


def target_rows(problem: Problem, targets: Sequence[str] | None) -> list[int]:
    """Places of the free values of interest. Raises ParameterError for one that is not free in the fit."""
    first = problem.cells[0]
    if targets is None:
        return [k for k, one in enumerate(problem.free) if one.acts_on(first)]
    if isinstance(targets, str) or not targets:
        raise ParameterError("The targets of a plan are a list of at least one free value.")
    found = []
    for name in targets:
        places = [k for k, one in enumerate(problem.free) if name in (one.label, one.name)]
        if not places:
            raise ParameterError(
                f"'{name}' is not free in the fit; free are: {', '.join(one.label for one in problem.free)}."
            )
        found += places
    return list(dict.fromkeys(found))


# --- the usual experiments ------------------------------------------------------------------------


def usual_experiments(problem: Problem, x: Array) -> list[Experiment]:
    """Further currents, temperatures, sizes, titration, spectrum, polarisation, and curves of the controls."""
    _first, *controls = problem.cells
    currents = sorted(problem.rate_of(0).currents)
    lowest, highest = currents[0], currents[-1]
    found = [
        Experiment(f"capacity at {one:g} A/g", rate_of([one]))
        for one in map(_two_digits, (lowest / 3, _widest_gap(currents), 3 * highest))
    ]
    curve = rate_of(currents)
    found.append(Experiment("the same rate curve once more", curve))
    for temperature in (COLD, WARM):
        words = f"rate curve at {temperature - 273.15:.0f} degC"
        found.append(Experiment(words, curve, changes={names.AMBIENT_TEMPERATURE: temperature}))
    for factor, words in ((0.5, "half"), (2.0, "twice")):
        size = {names.PARTICLE_SIZE: factor}
        found.append(Experiment(f"rate curve of particles of {words} the size", curve, scaled=size))
    found += [
        Experiment(f"titration, {PULSES} pulses", titration),
        Experiment("spectrum at half filling", spectrum),
        Experiment(f"polarisation at {highest:g} A/g", polarisation_at(highest)),
    ]
    for control in controls:
        found.append(Experiment(f"rate curve of {control.name}", curve, control.name))
    return found


def _widest_gap(currents: Sequence[float]) -> float:
    """The middle of the widest gap between currents, in the logarithm; of a single one ten times as much [A.g-1]."""
    if len(currents) < 2:
        return 10 * currents[0]
    logarithms = np.log(currents)
    place = int(np.diff(logarithms).argmax())
    return float(np.exp(logarithms[place : place + 2].mean()))


def _two_digits(current: float) -> float:
    return float(f"{current:.2g}")


def rate_of(currents: Sequence[float]) -> Observe:
    """Capacities at some currents, current after current [A.g-1]."""

    def observe(cell: HalfCell, model: str) -> Observation:
        made = run(cell, RateTest(currents), model)
        capacities = tuple(float(one) for one in made.capacities)
        return RateData(MeasuredRate(tuple(currents), capacities, "simulated"))

    return observe


def polarisation_at(current: float) -> Observe:
    """Polarisation at a current [A.g-1]."""

    def observe(cell: HalfCell, model: str) -> Observation:
        [point] = run(cell, RateTest([current]), model).points
        return Polarisation(current, point.polarisation)

    return observe


def titration(cell: HalfCell, model: str) -> Observation:
    """Pulses of ten minutes with rests of an hour, on insertion."""
    full = cell.values.number(names.SPECIFIC_CAPACITY) / 1000
    protocol = GITT(6 * full / (PULSES + 1), 600.0, 3600.0, pulses=PULSES)
    return TitrationData(run(cell, protocol, model))


def spectrum(cell: HalfCell, model: str) -> Observation:
    """Impedance at half filling."""
    [found] = run(cell, EIS(0.5, FREQUENCIES), model).spectra
    return SpectrumData(
        MeasuredSpectrum(found.frequency, found.impedance, "Ohm.cm2", filling=0.5), filling=0.5
    )
