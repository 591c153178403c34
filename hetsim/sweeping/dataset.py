"""The rows of a store as one labelled dataset."""

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from hetsim.errors import StoreError
from hetsim.sweeping.store import HIDDEN, TEXTS, Store, opened

NOT_RUN = "not run"
"""Outcome of a row that a sweep has not reached yet."""


def open_sweep(path: str | Path) -> xr.Dataset:
    """The dataset of a sweep's store, finished or not.

    A grid has one dimension for each swept variable, any other design a dimension `case`; several
    cells have a dimension `system` before them. Rows that were not reached have the outcome "not run".

    Parameters
    ----------
    path : str | Path
        The folder of the store

    Returns
    -------
    xr.Dataset

    Raises
    ------
    StoreError
        If the path holds no store of a sweep.
    """
    return dataset(opened(Path(path), read_only=True))


def dataset(store: Store) -> xr.Dataset:
    """The rows of an open store in the shape of its design."""
    manifest = store.manifest
    lead = _lead(manifest)
    shape = tuple(len(values) for values in lead.values())
    variables: dict[str, Any] = {}
    coordinates: dict[str, Any] = {}
    for name, array in sorted(store.group.arrays()):
        along = store.along(name)
        attributes = {key: value for key, value in array.attrs.items() if key != TEXTS}
        if name in HIDDEN:
            continue
        if along[0] != "case":
            coordinates[name] = (along, store.read(name), attributes)
            continue
        values = _shaped(_content(store, name), shape)
        if name in lead:  # a swept variable of a grid is the dimension itself
            coordinates[name] = (name, lead[name], attributes)
        elif name in _inputs(manifest):
            coordinates[name] = (tuple(lead), values, attributes)
        else:
            variables[name] = ((*lead, *along[1:]), values, attributes)
    for name, values in lead.items():
        coordinates.setdefault(name, (name, values))
    return xr.Dataset(variables, coordinates, attributes_of(manifest))


def _content(store: Store, name: str) -> Any:
    """The values of an array, text as text."""
    if not store.is_coded(name):
        values = store.read(name)
        if values.dtype != object:
            return values
        places, texts = pd.factorize(values.ravel())
        places = places.reshape(values.shape)
    else:
        places, texts = np.asarray(store.array(name)[:]), store.texts()
    # only the texts that are there, for the longest of them is the size of all
    used = np.bincount(places.ravel(), minlength=len(texts)) > 0
    there = [str(text) for text in texts[used]]
    if name == "outcome":
        there = [text or NOT_RUN for text in there]
    return np.array(there, dtype=str)[(np.cumsum(used) - 1)[places]]


def attributes_of(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The manifest as text attributes, which netCDF can hold."""
    systems = manifest["systems"]
    return {
        "system": ", ".join(systems),
        "model": manifest["model"],
        "protocol": json.dumps(manifest["protocol"]),
        "design": json.dumps(manifest["design"]),
        "parameters": json.dumps({name: system["parameters"] for name, system in systems.items()}),
        "sweep_hash": manifest["hash"],
        **{f"version_{name}": version for name, version in manifest["versions"].items()},
    }


def write_netcdf(data: xr.Dataset, path: Path) -> None:
    """One file, readable wherever netCDF is. Coordinates beside the dimensions come back as variables,
    since netCDF tells them by a list of names without spaces."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*has a space in its name")
        data.to_netcdf(path, engine="scipy")


def _lead(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Dimensions of the cases with their values, as the manifest tells them."""
    design = manifest["design"]
    if design["kind"] == "Grid":
        dimensions = {name: np.array(values) for name, values in design["values"].items()}
    else:
        dimensions = {"case": np.arange(design["cases"])}
    systems = list(manifest["systems"])
    return {"system": np.array(systems), **dimensions} if len(systems) > 1 else dimensions


def _inputs(manifest: Mapping[str, Any]) -> set[str]:
    design = manifest["design"]
    return {*design.get("values", {}), *design.get("ranges", {}), *design.get("derived", {})}


def _shaped(values: Any, shape: tuple[int, ...]) -> Any:
    if values.shape[0] != np.prod(shape):
        raise StoreError("The store and its manifest do not fit together; it was changed.")
    return values.reshape(*shape, *values.shape[1:])
