"""Experiments that were not made yet: what would be observed, and the usual ones to choose from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from hetsim import names
from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.observations import (
    ExtractionData,
    Observation,
    Polarisation,
    RateData,
    SpectrumData,
    TitrationData,
)
from hetsim.fitting.problem import Problem
from hetsim.measurements import MeasuredSpectrum
from hetsim.parameters.values import MeasuredRate
from hetsim.protocols import EIS, GITT, RateTest
from hetsim.simulation.run import run

COLD, WARM = 273.15, 318.15
"""Temperatures of further rate curves [K]."""
PULSES = 12
"""Of a titration: so many in the capacity of the cell."""
FREQUENCIES = tuple(float(one) for one in np.logspace(4, -2, 25))
"""Of a spectrum [Hz]."""

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


def cell_of(problem: Problem, experiment: Experiment) -> HalfCell:
    """The cell that an experiment is made on. Raises ParameterError if it is not among those of the problem."""
    for cell in problem.cells:
        if experiment.of in ("", cell.name):
            return cell
    raise ParameterError(
        f"'{experiment.name}' is of '{experiment.of}', which is not among the cells: "
        f"{', '.join(cell.name for cell in problem.cells)}."
    )


def usual_experiments(problem: Problem) -> list[Experiment]:
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
    if len(currents) > 1:
        found.append(Experiment("extractions, one cycle at each current", extractions_of(currents)))
    for temperature in (COLD, WARM):
        words = f"rate curve at {temperature - 273.15:.0f} degC"
        found.append(Experiment(words, curve, changes={names.AMBIENT_TEMPERATURE: temperature}))
    for factor, words in ((0.5, "half"), (2.0, "twice")):
        size = {names.PARTICLE_SIZE: factor}
        found.append(Experiment(f"rate curve of particles of {words} the size", curve, scaled=size))
    found += [
        Experiment(f"titration, {PULSES} pulses", titration),
        Experiment("spectrum at half filling", spectrum),
        *(
            Experiment(f"polarisation at {current:g} A/g", polarisation_at(current))
            for current in dict.fromkeys((lowest, highest))
        ),
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


def extractions_of(currents: Sequence[float]) -> Observe:
    """How much of each insertion comes back in a rate test of one cycle at each current [A.g-1]."""

    def observe(cell: HalfCell, model: str) -> Observation:
        points = run(cell, RateTest(currents, cycles=1), model).points
        inserted, extracted = (
            tuple(getattr(one, name) for one in points)
            for name in ("capacity", "extraction_capacity")
        )
        curve = MeasuredRate(tuple(currents), inserted, "simulated", extractions=extracted)
        return ExtractionData(curve, cycles=1)

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
