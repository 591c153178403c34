"""compare_models(cell): a measured rate curve by hetsim's fit, by the rate equation and by galpynostatic.

    fit               mean |model / measured - 1| over the points
    highest current   the same of the highest current, predicted from a fit to all lower ones

The rate equation (analysis.rate_equation) has priors and noise like those of the fit. galpynostatic (F. Fernandez et
al., Electrochim. Acta 464, 142951 (2023), doi:10.1016/j.electacta.2023.142951) finds one diffusivity and one rate
constant of single particles on a map; it is used where it is installed.
"""

import importlib.util
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from hetsim import names
from hetsim.analysis.rate_equation import RateEquationPriors, fit_rate_equation
from hetsim.cells.half_cell import HalfCell
from hetsim.errors import MeasurementError, ParameterError
from hetsim.fitting.fit import fit
from hetsim.fitting.free_value import CAPACITY, FAST, GRAINS, RESISTANCE, FreeValue
from hetsim.fitting.observations import RateData
from hetsim.fitting.observations.rate import CYCLES
from hetsim.parameters.values import MeasuredRate
from hetsim.protocols import RateTest
from hetsim.results import Array
from hetsim.simulation.run_many import rate_capacities

FEWEST = 4
"""Points: three are left where the highest current is predicted."""
GALPYNOSTATIC = "galpynostatic"

_GRID = {"dcoeff_num": 60, "k0_num": 60}
"""Of its search: steps of 0.15 decades of either value, in a third of the time of its own 100."""

Predict = Callable[[MeasuredRate, Sequence[float]], tuple[Array, int]]
"""From a curve to fit and currents to predict [A.g-1]: capacities [mA.h.g-1] and how many values were fitted."""


@dataclass(frozen=True)
class ModelOfCurve:
    """What one model makes of a measured rate curve.

    Parameters
    ----------
    model : str
        "hetsim", "rate equation" or "galpynostatic"
    values : int
        How many values were fitted
    capacities : tuple[float, ...]
        Of the fit, at the measured currents [mA.h.g-1]
    predicted : float
        At the highest current, from a fit to all lower ones [mA.h.g-1]
    errors : tuple[float, ...]
        100 (fitted / measured - 1) [%]
    predicted_error : float
        100 (predicted / measured - 1) at the highest current [%]
    """

    model: str
    values: int
    capacities: tuple[float, ...]
    predicted: float
    errors: tuple[float, ...]
    predicted_error: float

    @property
    def mean_abs_error_percent(self) -> float:
        return float(np.mean(np.abs(self.errors)))


@dataclass(frozen=True)
class ModelsCompared:
    """A measured rate curve beside what several models make of it.

    Parameters
    ----------
    system : str
        Name of the cell
    measured : MeasuredRate
        The first pass of the measured curve, in rising order of the currents
    models : tuple[ModelOfCurve, ...]
        hetsim first
    left_out : tuple[str, ...]
        Models that did not take part, each with the reason, as sentences
    """

    system: str
    measured: MeasuredRate
    models: tuple[ModelOfCurve, ...]
    left_out: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """One row a point and model: measured, fitted, error; and the prediction at the highest current."""
        rows = []
        for one in self.models:
            for k, current in enumerate(self.measured.currents):
                last = k == len(self.measured.currents) - 1
                rows.append(
                    {
                        "model": one.model,
                        "current [A.g-1]": current,
                        "measured capacity [mA.h.g-1]": self.measured.capacities[k],
                        "fitted capacity [mA.h.g-1]": one.capacities[k],
                        "error [%]": one.errors[k],
                        "predicted capacity [mA.h.g-1]": one.predicted if last else np.nan,
                        "error of prediction [%]": one.predicted_error if last else np.nan,
                    }
                )
        return pd.DataFrame(rows)

    @property
    def summary(self) -> pd.DataFrame:
        """One row a model: fitted values, mean error of the fit, error at the highest current predicted."""
        return pd.DataFrame(
            {
                "fitted values": {one.model: one.values for one in self.models},
                "mean error of the fit [%]": {
                    one.model: one.mean_abs_error_percent for one in self.models
                },
                "highest current predicted, error [%]": {
                    one.model: one.predicted_error for one in self.models
                },
            }
        )


def compare_models(
    cell: HalfCell,
    measured: MeasuredRate | None = None,
    free: Sequence[str | FreeValue] = (),
    model: str = "SPMe",
) -> ModelsCompared:
    """A measured rate curve by hetsim's fit, by the rate equation with like priors, and by galpynostatic.

    Parameters
    ----------
    cell : HalfCell
        Of `hs.load`, or of `hs.template` for a curve of which little else is known
    measured : MeasuredRate | None, default None
        Its rate curve; that of its file without
    free : Sequence[str | FreeValue], default ()
        What hetsim fits; capacity, fast fraction, series resistance and one diffusivity without
    model : str, default 'SPMe'
        "SPM", "SPMe" or "DFN"

    Returns
    -------
    ModelsCompared

    Raises
    ------
    MeasurementError
        Without a measured curve, or with fewer than four currents in its first pass.
    ParameterError
        For input that a fit refuses.

    Notes
    -----
    A smaller error does not make a mechanism: the rate equation has none. docs/fits.md has the same on all measured
    curves.

    References
    ----------
    Tian et al., Nat. Commun. 10, 1933 (2019), doi:10.1038/s41467-019-09792-9.
    Fernandez et al., Electrochim. Acta 464, 142951 (2023), doi:10.1016/j.electacta.2023.142951.
    """
    curve = _rising(cell, measured)
    ways: dict[str, Predict] = {
        "hetsim": _hetsim(cell, free, model),
        "rate equation": _rate_equation,
    }
    left_out = []
    if importlib.util.find_spec(GALPYNOSTATIC) is None:
        left_out.append(
            "galpynostatic is not installed; `pip install galpynostatic` adds it to the comparison."
        )
    else:
        ways[GALPYNOSTATIC] = _galpynostatic(cell.values.number(names.PARTICLE_SIZE))
    made = tuple(_judged(name, predict, curve) for name, predict in ways.items())
    return ModelsCompared(cell.name, curve, made, tuple(left_out))


def _rising(cell: HalfCell, measured: MeasuredRate | None) -> MeasuredRate:
    given = cell.measured if measured is None else measured
    if given is None:
        raise MeasurementError(
            f"{cell.name} has no measured rate curve; give one, such as `hs.measured('curve.csv')`."
        )
    curve = RateData(given).first_pass
    if len(curve.currents) < FEWEST:
        raise MeasurementError(
            f"The rate curve of {cell.name} has {len(curve.currents)} currents; a comparison needs at least {FEWEST}."
        )
    order = np.argsort(curve.currents)
    # what the other models cannot use is left out for all of them
    return replace(curve.at(order.tolist()), extractions=())


def _judged(name: str, predict: Predict, curve: MeasuredRate) -> ModelOfCurve:
    fitted, count = predict(curve, curve.currents)
    lower = curve.at(range(len(curve.currents) - 1))
    predicted = float(predict(lower, curve.currents)[0][-1])
    errors = 100 * (fitted / np.array(curve.capacities) - 1)
    return ModelOfCurve(
        name,
        count,
        tuple(map(float, fitted)),
        predicted,
        tuple(map(float, errors)),
        100 * (predicted / curve.capacities[-1] - 1),
    )


def _hetsim(cell: HalfCell, free: Sequence[str | FreeValue], model: str) -> Predict:
    chosen = list(free) or [CAPACITY, FAST, RESISTANCE, FreeValue(GRAINS[0], tied=GRAINS[1:])]

    def predict(curve: MeasuredRate, currents: Sequence[float]) -> tuple[Array, int]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            found = fit(cell, curve, chosen, model)
        [capacities] = rate_capacities(list(found.cells), RateTest(currents, cycles=CYCLES), model)
        if capacities is None or not np.all(np.isfinite(capacities)):
            raise ParameterError(
                f"{cell.name} does not run at {max(currents):g} A/g with the fitted values; compare fewer points."
            )
        return np.asarray(capacities), len(chosen)

    return predict


def _rate_equation(curve: MeasuredRate, currents: Sequence[float]) -> tuple[Array, int]:
    found = fit_rate_equation(curve.currents, curve.capacities, RateEquationPriors())
    return found.capacities(currents), 3


def _galpynostatic(radius: float) -> Predict:
    """One diffusivity and one rate constant of spheres; the highest measured capacity counts as full."""

    def predict(curve: MeasuredRate, currents: Sequence[float]) -> tuple[Array, int]:
        from galpynostatic.model import GalvanostaticRegressor

        full = max(curve.capacities)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            regressor = GalvanostaticRegressor(dataset="spherical", d=100 * radius, z=3, **_GRID)
            rates = 1e3 * np.array(curve.currents) / full
            regressor.fit(rates.reshape(-1, 1), np.array(curve.capacities) / full)
            shares = regressor.predict((1e3 * np.array(currents) / full).reshape(-1, 1))
        return full * np.asarray(shares, dtype=float), 2

    return predict
