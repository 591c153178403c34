"""Cycle life: retention, fade per cycle and coulombic efficiency."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import ParameterError
from hetsim.laws import energy

Array = NDArray[np.float64]


def capacity_retention(capacities: Any, reference: int = 0) -> Array:
    """Capacity of each cycle over that of a reference cycle [-].

    Parameters
    ----------
    capacities : array_like
        One a cycle, in any unit
    reference : int, default 0
        Its index, 0 for the first. Papers often take the second or third, behind the irreversible
        losses: the number is larger then.

    Returns
    -------
    Array

    Raises
    ------
    ParameterError
        For capacities that are not positive, or no such cycle.
    """
    values = _capacities(capacities, 1)
    if not 0 <= reference < len(values):
        raise ParameterError(f"There is no cycle {reference} among {len(values)}.")
    return values / values[reference]


def mean_fade(capacities: Any) -> float:
    """Loss per cycle over the first capacity [-]: (1 - Q_N/Q_1)/(N - 1), what papers print in percent.

    It depends on where the counting starts and hides any bend. At least two cycles.

    Parameters
    ----------
    capacities : array_like
        Of each cycle, in order [mA.h.g-1]

    Returns
    -------
    float
    """
    values = _capacities(capacities, 2)
    return float((1 - values[-1] / values[0]) / (len(values) - 1))


def compound_fade(capacities: Any) -> float:
    """Loss per cycle over the capacity of the cycle before [-], by least squares of ln Q against N.

    Q_N = Q_1 (1 - f)^(N - 1): constant if the same share is lost in each cycle.

    Parameters
    ----------
    capacities : array_like
        Of each cycle, in order [mA.h.g-1]

    Returns
    -------
    float
    """
    values = _capacities(capacities, 2)
    slope = np.polyfit(np.arange(len(values)), np.log(values), 1)[0]
    return float(-np.expm1(slope))


def coulombic_efficiency(inserted: Any, extracted: Any) -> Array:
    """Extracted over inserted charge of each cycle of a half cell [-].

    For an anode material against the ion's metal, insertion comes first and what is not extracted is
    lost to side reactions. For a full cell, pass charge as `inserted` and discharge as `extracted`.

    Parameters
    ----------
    inserted : array_like
        Charge of each insertion
    extracted : array_like
        Charge of the extraction after it, in the same unit

    Returns
    -------
    Array

    Raises
    ------
    ParameterError
        For unequal lengths or a charge that is not positive.
    """
    into, out = _capacities(inserted, 1), _capacities(extracted, 1)
    if len(into) != len(out):
        raise ParameterError(
            f"Coulombic efficiency: {len(into)} insertions and {len(out)} extractions; one of each a cycle."
        )
    return np.asarray(energy.coulombic_efficiency(into, out))


def _capacities(raw: Any, least: int) -> Array:
    values = np.atleast_1d(np.asarray(raw, dtype=float))
    if len(values) < least:
        raise ParameterError(f"{len(values)} cycles; at least {least} are needed.")
    if not np.all((values > 0) & np.isfinite(values)):
        raise ParameterError(f"Capacities must be positive numbers, got {values.min():g}.")
    return values
