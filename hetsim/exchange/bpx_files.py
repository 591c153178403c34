"""Files of the Battery Parameter eXchange (BPX): reading them with its own package, and curves as its tables."""

import json
import math
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import MissingPackageError, ParameterError

Array = NDArray[np.float64]
Curve = Callable[[Array], Array]

_FUNCTIONS = {"exp": np.exp, "tanh": np.tanh, "cosh": np.cosh}
"""What a function of BPX may call, besides arithmetic."""
_FINEST = 1e-4
"""Of the interval between two points of a table, in its whole length [-]."""


def bpx_package() -> Any:
    """The package `bpx`. Raises MissingPackageError where it is not installed."""
    try:
        with warnings.catch_warnings():  # of its own parser, on names that pyparsing renames
            warnings.simplefilter("ignore", DeprecationWarning)
            import bpx
    except ImportError as error:
        raise MissingPackageError(
            "BPX files need the package bpx, which is not installed: pip install 'hetsim[bpx]'."
        ) from error
    return bpx


def parsed(source: str | Path | Mapping[str, Any]) -> Any:
    """A file (.json, .yml, .yaml) or an object in the form of BPX, checked by its own package.

    Raises ParameterError for a file that is not there, is no JSON or YAML, or does not follow BPX: one sentence that
    names the place.
    """
    bpx = bpx_package()
    where = "The BPX object" if isinstance(source, Mapping) else f"'{source}'"
    try:
        if isinstance(source, Mapping):
            return bpx.parse_bpx_obj(json.loads(json.dumps(source)))
        return bpx.parse_bpx_file(source)
    except FileNotFoundError as error:
        raise ParameterError(f"There is no BPX file {where}.") from error
    except OSError as error:
        raise ParameterError(f"{where} cannot be read: {error.strerror or error}.") from error
    except Exception as error:  # pydantic, json, yaml and bpx raise what they like on foreign text
        raise ParameterError(f"{where} is no BPX file: {_first_of(error)}.") from error


def _first_of(error: Exception) -> str:
    """The first thing that is wrong, in a few words and with its place."""
    errors = getattr(error, "errors", None)
    if callable(errors) and (found := errors()):
        place = " / ".join(str(one) for one in found[0].get("loc", ()))
        text = str(found[0].get("msg", "")).splitlines()[0]
        return f"{text} ({place})" if place else text
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


def curve_of(given: Any, where: str) -> Curve:
    """A value of BPX (a number, a function of x or a table) as a function of an array.

    Raises ParameterError for a function that calls what BPX does not have.
    """
    if isinstance(given, int | float):
        return lambda x: np.full(np.shape(x), float(given))
    if isinstance(given, str):
        return _function(given, where)
    x, y = np.asarray(given.x, dtype=float), np.asarray(given.y, dtype=float)
    order = np.argsort(x)
    return lambda at: np.interp(at, x[order], y[order])


def _function(text: str, where: str) -> Curve:
    code = compile(text, where, "eval")
    unknown = [name for name in code.co_names if name not in (*_FUNCTIONS, "x")]
    if unknown:
        raise ParameterError(
            f"{where}: the function calls '{unknown[0]}'; BPX has {', '.join(_FUNCTIONS)} of x."
        )

    def evaluated(x: Array) -> Array:
        with np.errstate(all="ignore"):
            found = eval(
                code, {"__builtins__": {}}, {**_FUNCTIONS, "x": np.asarray(x, dtype=float)}
            )
        return np.broadcast_to(np.asarray(found, dtype=float), np.shape(x)).copy()

    return evaluated


def table_of(curve: Curve, low: float, high: float, tolerance: float) -> dict[str, list[float]]:
    """A curve as a table that straight lines between its points meet within a tolerance.

    Parameters
    ----------
    curve : Curve
        A smooth function
    low, high : float
        Ends of the table
    tolerance : float
        Largest deviation in the middle of two points, in the unit of the curve

    Returns
    -------
    dict[str, list[float]]
        "x" and "y", as BPX has it
    """
    x = np.linspace(low, high, 65)
    y = curve(x)
    while True:
        middle = (x[:-1] + x[1:]) / 2
        seen = curve(middle)
        coarse = (np.abs(seen - (y[:-1] + y[1:]) / 2) > tolerance) & (
            np.diff(x) > _FINEST * (high - low)
        )
        if not coarse.any():
            return {"x": x.tolist(), "y": y.tolist()}
        order = np.argsort(np.concatenate([x, middle[coarse]]), kind="stable")
        x = np.concatenate([x, middle[coarse]])[order]
        y = np.concatenate([y, seen[coarse]])[order]


def finite(value: float | None, name: str, where: str) -> float:
    """A number that BPX must have. Raises ParameterError for one that is none."""
    if value is None or not math.isfinite(value):
        raise ParameterError(f"{where}: '{name}' is missing or no number.")
    return float(value)
