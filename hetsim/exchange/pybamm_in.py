"""Electrodes of PyBaMM's parameter sets as hosts of a heterostructure."""

from typing import Any

import numpy as np
import pybamm

from hetsim.cells.heterostructure import Host
from hetsim.errors import ParameterError, did_you_mean
from hetsim.exchange.bpx_files import Array
from hetsim.exchange.bpx_in import DENSITY, ROOM, host_of_curves
from hetsim.exchange.sites_of_curve import MOST
from hetsim.parameters.schema import IONS

_POINTS = 241
_SIDES = ("positive", "negative")
_WINDOW = (0.02, 0.98)
"""Stoichiometries where a set does not tell its own."""


def host_from_pybamm(
    parameter_set: str | pybamm.ParameterValues,
    electrode: str = "positive",
    ion: str = "Li",
    density: float = DENSITY,
    window: tuple[float, float] | None = None,
    most_sites: int = MOST,
) -> Host:
    """The active material of an electrode of a PyBaMM parameter set as a host for `hs.heterostructure`.

    Parameters
    ----------
    parameter_set : str | pybamm.ParameterValues
        Such as "Chen2020"
    electrode : str, default 'positive'
        "positive" or "negative"
    ion : str, default 'Li'
        The ion of the set
    density : float, default 5000.0
        Of the active material without pores [kg.m-3]: sets have that of the whole electrode only
    window : tuple[float, float] | None, default None
        Stoichiometries between which the open-circuit curve is met; None for those of the full cell of the set
    most_sites : int, default 10
        Kinds of sites at most

    Returns
    -------
    Host
        Sites that meet the open-circuit curve, with their hysteresis where the set has both branches; capacity and
        diffusivity as in `host_from_bpx`

    Raises
    ------
    ParameterError
        For an unknown set, one without an open-circuit curve of this electrode, a window outside 0 to 1, and a curve
        that does not fall while ions enter.
    """
    values, name = _values(parameter_set)
    if electrode not in _SIDES:
        raise ParameterError(f"The electrode is {electrode!r}; allowed: {', '.join(_SIDES)}.")
    if ion not in IONS:
        raise ParameterError(f"{name}: unknown ion '{ion}'; allowed: {', '.join(IONS)}.")
    side = electrode.capitalize()
    if f"{side} electrode OCP [V]" not in values:
        raise ParameterError(f"{name} has no '{side} electrode OCP [V]', which a host is made of.")
    low, high = window or _window(values, electrode)
    if not 0 < low < high < 1:
        raise ParameterError(
            f"{name}: the window goes from {low:g} to {high:g}; it must lie within 0 to 1."
        )
    x = np.linspace(low, high, _POINTS)
    temperature = values.get("Reference temperature [K]", ROOM)
    both = all(
        f"{side} electrode {one} OCP [V]" in values for one in ("lithiation", "delithiation")
    )
    way = " lithiation" if both else ""
    return host_of_curves(
        f"{name} ({electrode})",
        x,
        _curve(values, f"{side} electrode{way} OCP [V]", x, temperature),
        _curve(values, f"{side} electrode delithiation OCP [V]", x, temperature) if both else None,
        float(values[f"Maximum concentration in {electrode} electrode [mol.m-3]"]),
        _curve(values, f"{side} particle diffusivity [m2.s-1]", x, temperature),
        ion,
        density,
        temperature,
        most_sites,
    )


def _values(parameter_set: Any) -> tuple[Any, str]:
    if isinstance(parameter_set, pybamm.ParameterValues):
        return parameter_set, "The parameter set"
    known = list(pybamm.parameter_sets)
    if parameter_set not in known:
        raise ParameterError(
            f"PyBaMM has no parameter set '{parameter_set}'. {did_you_mean(str(parameter_set), known)}"
        )
    return pybamm.ParameterValues(parameter_set), str(parameter_set)


def _window(values: Any, electrode: str) -> tuple[float, float]:
    """Stoichiometries of the electrode in the full cell of the set, empty and full of ions."""
    try:
        x_0, x_100, y_100, y_0 = pybamm.lithium_ion.get_min_max_stoichiometries(values)
    except Exception:  # a half cell, or a set that is not balanced
        return _WINDOW
    low, high = (y_100, y_0) if electrode == "positive" else (x_0, x_100)
    return max(float(low), 1e-3), min(float(high), 1 - 1e-3)


def _curve(values: Any, name: str, x: Array, temperature: float) -> Array:
    """A function of a set at stoichiometries."""
    inputs = {"sto": pybamm.Vector(x)}
    if "diffusivity" in name:
        inputs["Temperature [K]"] = pybamm.Scalar(temperature)
    found = values.process_symbol(pybamm.FunctionParameter(name, inputs)).evaluate()
    return np.broadcast_to(np.asarray(found, dtype=float).ravel(), x.shape).copy()
