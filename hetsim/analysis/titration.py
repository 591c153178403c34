"""One titration under every method that reads a diffusion coefficient from it, pulse by pulse."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hetsim.analysis.closed_form import ClosedFormFits, fit_pulses
from hetsim.analysis.diffusion_length import DiffusionLength, stated
from hetsim.analysis.gitt import WINDOW, GittAnalysis, weppner_huggins
from hetsim.analysis.interruption import (
    InterruptionAnalysis,
    InterruptionResult,
    intermittent_current_interruption,
)
from hetsim.analysis.pulses import Pulse, as_trace
from hetsim.errors import ParameterError
from hetsim.results.quantities import DIFFUSIVITY, Quantity
from hetsim.results.tables import table


@dataclass(frozen=True)
class TitrationAnalysis:
    """Each pulse by Weppner and Huggins, by the closed form, and by the first seconds of its rest.

    Parameters
    ----------
    gitt : GittAnalysis
        Of `weppner_huggins`
    fits : ClosedFormFits
        Of `fit_pulses`, one for each pulse of `gitt`
    interruptions : InterruptionAnalysis | None
        Of `intermittent_current_interruption`; None if the rests do not allow it
    why_not : str, default ''
        Why there are no interruptions
    """

    gitt: GittAnalysis
    fits: ClosedFormFits
    interruptions: InterruptionAnalysis | None
    why_not: str = ""

    def interruption_after(self, pulse: Pulse) -> InterruptionResult | None:
        """What the rest after a pulse gives; None if it gives nothing."""
        end = pulse.start + pulse.duration
        found = self.interruptions.results if self.interruptions else ()
        return next((one for one in found if one.interruption.start == end), None)

    @property
    def by_interruption(self) -> NDArray[np.float64]:
        """Diffusivity of each pulse by the rest after it [m2.s-1]; not a number where there is none."""
        found = [self.interruption_after(one.pulse) for one in self.gitt.results]
        return np.array([np.nan if one is None else one.diffusivity for one in found])

    def to_frame(self) -> pd.DataFrame:
        """One row a pulse: the columns of `weppner_huggins`, then those of the other two methods."""

        def of(method: str, unit: str = DIFFUSIVITY.unit, what: str = "diffusivity") -> Quantity:
            return Quantity(f"{what} by {method}", unit)

        rests = [self.interruption_after(one.pulse) for one in self.gitt.results]
        fits = self.fits.results
        added = table(
            {
                of("closed form"): self.fits.diffusivities,
                of("closed form", what="diffusivity low"): [one.low for one in fits],
                of("closed form", what="diffusivity high"): [one.high for one in fits],
                of("closed form", "V", "jump"): [one.jump for one in fits],
                of("closed form", "V", "residual"): [one.residual for one in fits],
                of("closed form", "", "remarks"): ["; ".join(one.remarks) for one in fits],
                of("interruption"): self.by_interruption,
                of("interruption", "Ohm.g", "resistance"): [
                    np.nan if one is None else one.resistance for one in rests
                ],
                of("interruption", "", "remarks"): [
                    "" if one is None else "; ".join(one.remarks) for one in rests
                ],
            }
        )
        return pd.concat([self.gitt.to_frame(), added], axis=1)


def titration_analysis(
    trace: Any,
    length: DiffusionLength | float | None = None,
    window: tuple[float, float] = WINDOW,
    interruption_window: tuple[float, float] | None = None,
    spread: float = 0.0,
    fast_fraction: float = 0.0,
) -> TitrationAnalysis:
    """Diffusion coefficient of every pulse of a GITT by three methods.

    Parameters
    ----------
    trace : TimeTrace | TraceRun | pd.DataFrame
        Anything with time [s], current [A.g-1] and voltage [V]
    length : DiffusionLength | float | None, default None
        As in `weppner_huggins` and `fit_pulses`; there is no default
    window : tuple[float, float], default WINDOW
        Part of the pulse that `weppner_huggins` takes as linear in sqrt(t)
    interruption_window : tuple[float, float] | None, default None
        Part of the rest for `intermittent_current_interruption` [s]
    spread, fast_fraction : float, default 0.0
        Of `fit_pulses`

    Returns
    -------
    TitrationAnalysis

    Raises
    ------
    ParameterError
        As `weppner_huggins` and `fit_pulses` do, and for an interruption window that is stated and cannot
        be fitted. Without a stated one, rests that are sampled too coarsely leave this method out.
    """
    chosen, measured = stated(length), as_trace(trace)
    gitt = weppner_huggins(measured, chosen, window)
    fits = fit_pulses(measured, chosen, spread, fast_fraction)
    rests, why_not = None, ""
    try:
        rests = intermittent_current_interruption(measured, chosen, interruption_window)
    except ParameterError as error:
        if interruption_window is not None:
            raise
        why_not = str(error)
    return TitrationAnalysis(gitt, fits, rests, why_not)
