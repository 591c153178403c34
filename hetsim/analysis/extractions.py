"""What the literature reads from a run, beside the value that was put into the cell.

Each is frozen, with `quantity` (name and unit), `truth(cell)` and `found(cell, result)`, so that
`bias` can set one beside the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np

from hetsim import names
from hetsim.analysis.b_values import mean_exponent
from hetsim.analysis.closed_form import fit_interruptions, fit_pulses
from hetsim.analysis.diffusion_length import sphere
from hetsim.analysis.dunn import dunn_shares
from hetsim.analysis.gitt import WINDOW, PulseResult, weppner_huggins
from hetsim.analysis.interruption import WINDOW as INTERRUPTION_WINDOW
from hetsim.analysis.interruption import intermittent_current_interruption
from hetsim.analysis.randles import fit_randles, warburg_diffusivity
from hetsim.cells.half_cell import HalfCell
from hetsim.results.quantities import DIFFUSIVITY
from hetsim.units import MAH, MAH_PER_G


@runtime_checkable
class Extraction(Protocol):
    """A number that a method extracts, and what it should be."""

    @property
    def quantity(self) -> str:
        """Name [unit]."""
        ...

    def truth(self, cell: HalfCell) -> float:
        """What was put in."""
        ...

    def found(self, cell: HalfCell, result: Any) -> float:
        """What the method finds in a run."""
        ...


def from_slope(pulse: PulseResult) -> float:
    """D by dE/d sqrt t, the full form [m2.s-1].

    Parameters
    ----------
    pulse : PulseResult
        One pulse of a trace

    Returns
    -------
    float
    """
    return pulse.diffusivity


def from_steps(pulse: PulseResult) -> float:
    """D by dE_s/dE_t, the short form that most papers use [m2.s-1].

    Parameters
    ----------
    pulse : PulseResult
        One pulse of a trace

    Returns
    -------
    float
    """
    return pulse.diffusivity_from_steps


@dataclass(frozen=True)
class GittDiffusivity:
    """Weppner and Huggins on the spheres of the cell: L = R/3 of the median radius; median of the pulses.

    Parameters
    ----------
    form : Callable[[PulseResult], float], optional
        Which D of a pulse, `from_steps` or `from_slope`
    window : tuple[float, float], optional
        Of the pulse, as in `weppner_huggins`
    """

    form: Callable[[PulseResult], float] = from_steps
    window: tuple[float, float] = WINDOW
    quantity: ClassVar[str] = DIFFUSIVITY.column

    def truth(self, cell: HalfCell) -> float:
        return effective_diffusivity(cell)

    def found(self, cell: HalfCell, result: Any) -> float:
        radius = cell.values.number(names.PARTICLE_SIZE)
        analysis = weppner_huggins(result.trace, sphere(radius), self.window)
        values = np.array([self.form(result) for result in analysis.results])
        return (
            float(np.median(values[np.isfinite(values)])) if np.isfinite(values).any() else np.nan
        )


@dataclass(frozen=True)
class PulseFitDiffusivity:
    """The closed form on the spheres of the cell, of the median radius; median of the pulses.

    Parameters
    ----------
    known : bool, optional
        Whether spread and fast share of the cell are taken as known; spheres of one size otherwise
    """

    known: bool = False
    quantity: ClassVar[str] = DIFFUSIVITY.column

    def truth(self, cell: HalfCell) -> float:
        return effective_diffusivity(cell)

    def found(self, cell: HalfCell, result: Any) -> float:
        radius = sphere(cell.values.number(names.PARTICLE_SIZE))
        return fit_pulses(result.trace, radius, *_shares(cell, self.known)).median_diffusivity


@dataclass(frozen=True)
class InterruptionDiffusivity:
    """An interrupted current on the spheres of the cell; median of the interruptions.

    Parameters
    ----------
    window : tuple[float, float], optional
        Time after an interruption [s]
    closed_form : bool, optional
        By `fit_interruptions` in the window; by the slope in sqrt(t) otherwise
    """

    window: tuple[float, float] = INTERRUPTION_WINDOW
    closed_form: bool = False
    quantity: ClassVar[str] = DIFFUSIVITY.column

    def truth(self, cell: HalfCell) -> float:
        return effective_diffusivity(cell)

    def found(self, cell: HalfCell, result: Any) -> float:
        radius = sphere(cell.values.number(names.PARTICLE_SIZE))
        if self.closed_form:
            start, end = self.window
            return fit_interruptions(result.trace, radius, start=start, end=end).median_diffusivity
        return intermittent_current_interruption(
            result.trace, radius, self.window
        ).median_diffusivity


@dataclass(frozen=True)
class RandlesDiffusivity:
    """The Warburg coefficient of a Randles circuit, with the slope of the cell's own voltage; first spectrum.

    Parameters
    ----------
    lowest : float, optional
        Frequency from which on the spectrum is fitted [Hz]
    """

    lowest: float = 0.0
    quantity: ClassVar[str] = DIFFUSIVITY.column

    def truth(self, cell: HalfCell) -> float:
        return effective_diffusivity(cell)

    def found(self, cell: HalfCell, result: Any) -> float:
        spectrum = result.spectra[0]
        fit = fit_randles(spectrum.frequency, spectrum.impedance, self.lowest)
        slope = slope_per_charge(cell, spectrum.filling)
        radius = sphere(cell.values.number(names.PARTICLE_SIZE))
        return warburg_diffusivity(fit.warburg, slope, radius)


def slope_per_charge(cell: HalfCell, filling: float) -> float:
    """dE/dq of the open-circuit voltage at a filling, per charge and electrode area [V.cm2.C-1].

    Parameters
    ----------
    cell : HalfCell
        Half cell; values hold at its ambient temperature
    filling : float
        0 extracted to 1 inserted

    Returns
    -------
    float
    """
    low, high = cell.extracted_occupancy, cell.inserted_occupancy
    at, h = low + filling * (high - low), 1e-4
    rise = cell.open_circuit_potential(at + h) - cell.open_circuit_potential(at - h)
    loading = cell.values.number(names.LOADING) * 1e-3  # g.cm-2
    sites = cell.values.number(names.SPECIFIC_CAPACITY) * MAH * loading  # C.cm-2
    return float(rise) / (2 * h * sites)


def _shares(cell: HalfCell, known: bool) -> tuple[float, float]:
    """Spread of ln(R^2/D) and fast share of a cell, or none of them."""
    if not known:
        return 0.0, 0.0
    spread = cell.values.number(names.TIME_SPREAD) if cell.classes > 1 else 0.0
    return spread, cell.values.number(names.FAST_FRACTION) if cell.fast else 0.0


@dataclass(frozen=True)
class CapacitiveShare:
    """Dunn's share of k1 v at the fastest scan rate, against what capacitors can hold in the window."""

    quantity: ClassVar[str] = "capacitive share"

    def truth(self, cell: HalfCell) -> float:
        return capacitor_share(cell)

    def found(self, cell: HalfCell, result: Any) -> float:
        return float(dunn_shares(result.sweeps).share[-1])


@dataclass(frozen=True)
class MeanExponent:
    """b over both sweeps, against the reading 1/2 diffusion, 1 capacitor: (1 + capacitor's share)/2."""

    quantity: ClassVar[str] = "b"

    def truth(self, cell: HalfCell) -> float:
        return (1 + capacitor_share(cell)) / 2

    def found(self, cell: HalfCell, result: Any) -> float:
        return mean_exponent(result.sweeps)


def effective_diffusivity(cell: HalfCell) -> float:
    """Diffusivity of the particles of a cell, grains and junctions together [m2.s-1].

    Parameters
    ----------
    cell : HalfCell
        The value holds at its ambient temperature

    Returns
    -------
    float
    """
    return cell.effective_diffusivity


def capacitor_share(cell: HalfCell) -> float:
    """Charge that double layer and junctions hold over the window, over all that the cell can take [-].

    C_dl on the inner surface 3 eps/R and the storage of the junctions, each over the span between the
    cut-offs, against the sites filled in between at rest. What is filled at once ("Fast fraction") sits
    on sites and is no capacitor.

    Parameters
    ----------
    cell : HalfCell
        Half cell; values hold at its ambient temperature

    Returns
    -------
    float
    """
    value = cell.values.number
    double_layer = value(names.DOUBLE_LAYER) if names.DOUBLE_LAYER in cell.values else 0.0
    per_volume = 3 / value(names.PARTICLE_SIZE) * double_layer
    if cell.structure.storage:
        area = float(cell.structure.architecture.interface_area(value))
        per_volume += area * value(names.INTERFACIAL_CAPACITY)
    span = value(names.UPPER_CUT_OFF) - value(names.LOWER_CUT_OFF)
    held = per_volume * span / value(names.DENSITY)  # C/kg
    sites = value(names.SPECIFIC_CAPACITY) * MAH_PER_G  # C/kg
    filled = sites * (cell.inserted_occupancy - cell.extracted_occupancy)
    return held / (held + filled)
