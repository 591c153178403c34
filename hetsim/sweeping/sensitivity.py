"""Which value matters: Sobol indices and Morris screening of a finished sweep (SALib)."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from hetsim.errors import ParameterError
from hetsim.sweeping.latin_sobol import Sampled
from hetsim.sweeping.saltelli_morris import MorrisDesign, SaltelliDesign, salib, unit_problem

FEWEST_BLOCKS = 4
"""Whole blocks below which no index is given."""

_CONFIDENCE = 0.95
_RESAMPLES = 100
_BY_KIND: dict[str, type[SaltelliDesign] | type[MorrisDesign]] = {
    "SaltelliDesign": SaltelliDesign,
    "MorrisDesign": MorrisDesign,
}


def sensitivity(data: xr.Dataset, quantity: str, **at: Any) -> pd.DataFrame:
    """How much each swept value moves a quantity, from a sweep over a SaltelliDesign or a MorrisDesign.

    Parameters
    ----------
    data : xr.Dataset
        Of `hs.sweep` or `hs.open_sweep`
    quantity : str
        A variable of the dataset, such as "capacity_mAh_per_g"
    at : keyword arguments
        Where along its other dimensions, such as current=1.0 (nearest) or system="CZT"; what is not
        said must have one value only

    Returns
    -------
    pd.DataFrame

    Raises
    ------
    ParameterError
        For another design, an unknown quantity, or fewer than four whole blocks.

    Notes
    -----
    Saltelli: S1 (share of the variance due to the value alone) and ST (with all that it does together
    with others), with half widths of 95 % intervals. Morris: mean absolute effect mu_star over the
    whole range, mean effect mu and spread sigma, in the unit of the quantity.
    A case without a good outcome takes its whole block of cases with it, since the indices need
    complete ones; `attrs["blocks_used"]` and `attrs["blocks"]` say how many are left. The design then
    no longer covers its ranges evenly, so many lost blocks bias the indices.
    """
    told = json.loads(data.attrs["design"]) if "design" in data.attrs else {}
    if told.get("kind") not in _BY_KIND:
        raise ParameterError(
            f"Sensitivity indices need a sweep over hs.SaltelliDesign or hs.MorrisDesign, this one is "
            f"over {told.get('kind', 'no design')}."
        )
    values = _values(data, quantity, at)
    options = {key: told[key] for key in ("n", "seed", "levels") if key in told}
    design = _BY_KIND[told["kind"]](dict.fromkeys(told["ranges"], (0.0, 1.0)), **options)
    return indices(design, values, quantity)


def indices(
    design: SaltelliDesign | MorrisDesign, values: Any, what: str = "values"
) -> pd.DataFrame:
    """Indices of plain numbers at the cases of a design; not a number marks a failed case."""
    blocks = np.asarray(values, dtype=float).reshape(-1, design.block)
    whole = np.isfinite(blocks).all(axis=1)
    if whole.sum() < FEWEST_BLOCKS:
        raise ParameterError(
            f"Only {whole.sum()} of {whole.size} blocks of {design.block} cases have '{what}' in all "
            f"cases; at least {FEWEST_BLOCKS} are needed. Narrow the ranges or draw more."
        )
    complete = blocks[whole].ravel()
    if np.ptp(complete) == 0:
        raise ParameterError(f"'{what}' is the same in all cases; nothing moves it.")
    if isinstance(design, SaltelliDesign):
        frame = _sobol(design, complete)
    else:
        frame = _morris(design, complete, np.repeat(whole, design.block))
    frame.attrs.update(quantity=what, blocks=int(whole.size), blocks_used=int(whole.sum()))
    return frame


def _sobol(design: SaltelliDesign, values: Any) -> pd.DataFrame:
    found = salib("analyze.sobol").analyze(
        unit_problem(design.names),
        values,
        calc_second_order=False,
        num_resamples=_RESAMPLES,
        conf_level=_CONFIDENCE,
        seed=design.seed,
    )
    return _frame(design, found, ("S1", "S1_conf", "ST", "ST_conf"))


def _morris(design: MorrisDesign, values: Any, rows: Any) -> pd.DataFrame:
    effects = salib("analyze.morris").analyze(
        unit_problem(design.names),
        design.shares(0, design.size)[rows],
        values,
        num_resamples=_RESAMPLES,
        conf_level=_CONFIDENCE,
        num_levels=design.levels,
        seed=design.seed,
    )
    return _frame(design, effects, ("mu_star", "mu_star_conf", "mu", "sigma"))


def _frame(design: Sampled, found: Mapping[str, Any], columns: tuple[str, ...]) -> pd.DataFrame:
    content = {name: np.asarray(found[name], dtype=float) for name in columns}
    return pd.DataFrame(content, index=pd.Index(design.names, name="parameter"))


def _values(data: xr.Dataset, quantity: str, at: Mapping[str, Any]) -> Any:
    if quantity not in data:
        numeric = [str(name) for name in data.data_vars if data[name].dtype.kind == "f"]
        raise ParameterError(f"No quantity '{quantity}'; there are {', '.join(numeric)}.")
    quantity_values = data[quantity]
    for name, value in at.items():
        if name not in quantity_values.dims:
            raise ParameterError(f"'{quantity}' has no dimension '{name}'.")
        try:
            method = None if isinstance(value, str) else "nearest"
            quantity_values = quantity_values.sel({name: value}, method=method)
        except KeyError as error:
            known = ", ".join(str(value) for value in data[name].values)
            raise ParameterError(f"No {name} {value!r}; there are {known}.") from error
    for name in quantity_values.dims:
        if name != "case" and quantity_values.sizes[name] > 1:
            known = ", ".join(f"{value}" for value in data[name].values)
            raise ParameterError(f"Say at which {name} of {known}: sensitivity(..., {name}=...).")
    return quantity_values.values.ravel()
