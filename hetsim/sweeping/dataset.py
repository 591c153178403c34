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
from hetsim.parameters.values import content_hash
from hetsim.sweeping.store import CHECKSUM, DAMAGED, HIDDEN, TEXTS, Store, opened
from hetsim.sweeping.study import FORMAT

NOT_RUN = "not run"
"""Outcome of a row that a sweep has not reached yet."""
SPOILT = "damaged"
"""Outcome of a row that is not as it was written; its numbers are none."""
_WHY = "the file of these rows is not as it was written; the same sweep into this store runs them again"


def open_sweep(path: str | Path) -> xr.Dataset:
    """The dataset of a sweep's store, finished or not.

    A grid has one dimension for each swept variable, any other design a dimension `case`; several
    cells have a dimension `system` before them. Rows that were not reached have the outcome "not run",
    and rows whose files were damaged since they were written have "damaged"; neither has numbers.

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
        If the path holds no store of a sweep, or one whose description, and not only some rows, is damaged.
    """
    return dataset(opened(Path(path), read_only=True))


def dataset(store: Store) -> xr.Dataset:
    """The rows of an open store in the shape of its design. Raises StoreError where it is damaged beyond some rows."""
    try:
        return _dataset(store)
    except StoreError:
        raise
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise store.damaged("its arrays do not fit to what was swept") from error


def _dataset(store: Store) -> xr.Dataset:
    manifest = store.manifest
    _check(store, manifest)
    lead = _lead(manifest)
    shape = tuple(len(values) for values in lead.values())
    rows = _Rows(store, int(np.prod(shape)), manifest["chunk"])
    variables: dict[str, Any] = {}
    coordinates: dict[str, Any] = {}
    for name in store.names():
        if name in HIDDEN:
            continue
        along = store.along(name)
        attributes = {
            key: value
            for key, value in store.array(name).attrs.items()
            if key not in (TEXTS, CHECKSUM)
        }
        if along[0] != "case":
            coordinates[name] = (along, store.axis(name), attributes)
            continue
        values = rows.of(name).reshape(*shape, *store.array(name).shape[1:])
        if name in lead:  # a swept variable of a grid is the dimension itself
            coordinates[name] = (name, lead[name], attributes)
        elif name in _inputs(manifest):
            coordinates[name] = (tuple(lead), values, attributes)
        else:
            variables[name] = ((*lead, *along[1:]), values, attributes)
    for name, values in lead.items():
        coordinates.setdefault(name, (name, values))
    if "outcome" not in variables:
        raise store.damaged("'outcome' is missing")
    return xr.Dataset(variables, coordinates, attributes_of(manifest))


def _check(store: Store, manifest: Mapping[str, Any]) -> None:
    """Whether the manifest is as it was written."""
    content = {name: value for name, value in manifest.items() if name != "hash"}
    if manifest["format"] == FORMAT and content_hash(content) != manifest["hash"]:
        raise store.damaged("what was swept was changed")


class _Rows:
    """The rows of a store; those that are not as they were written are blank."""

    def __init__(self, store: Store, cases: int, chunk: int) -> None:
        self.store, self.cases, self.chunk = store, cases, chunk
        names = [
            name
            for name in store.names()
            if name not in HIDDEN and store.along(name)[:1] == ("case",)
        ]
        for name in names:
            for dimension in store.along(name)[1:]:
                store.axis(dimension)  # says so where it is missing
            if store.array(name).shape[0] != cases:
                raise StoreError("The store and its manifest do not fit together; it was changed.")
        states = store.states(cases, chunk, names)
        self.states = np.repeat(states, chunk)[:cases]
        self.spoilt = self.states == DAMAGED

    def of(self, name: str) -> Any:
        """The values of an array, text as text."""
        store = self.store
        array = store.array(name)
        if not store.is_coded(name) and array.dtype.kind in "fiu":
            values = self._numbers(name)
            return (
                np.where(_along(self.spoilt, values), np.nan, values)
                if self.spoilt.any()
                else values
            )
        if store.is_coded(name):
            texts, places = store.texts(), self._numbers(name)
            if self.spoilt.any():
                places = np.where(_along(self.spoilt, places), 0, places)
        else:
            places, texts = pd.factorize(self._numbers(name).astype(object).ravel())
            places = places.reshape(array.shape)
        # only the texts that are there, for the longest of them is the size of all
        used = np.bincount(places.ravel(), minlength=len(texts)) > 0
        blank = NOT_RUN if name == "outcome" else ""  # what is said of rows that are not there
        there = np.where(used, texts, "")
        found = np.array([str(text) or blank for text in there], dtype=str)[places]
        if name in ("outcome", "reason") and self.spoilt.any():
            found = np.where(self.spoilt, SPOILT if name == "outcome" else _WHY, found)
        return found

    def _numbers(self, name: str) -> Any:
        """An array as it stands in the store; chunks that cannot be read are blank."""
        array = self.store.array(name)
        try:
            return np.asarray(array[:])
        except Exception:  # a torn file; its rows are marked as damaged
            found = np.zeros(array.shape, dtype=array.dtype)
            for start in range(0, self.cases, self.chunk):
                rows = slice(start, min(start + self.chunk, self.cases))
                if not self.spoilt[start]:
                    found[rows] = np.asarray(array[rows])
            return found


def _along(spoilt: Any, values: Any) -> Any:
    """A mask of cases in the shape of values with further dimensions."""
    return spoilt.reshape(-1, *[1] * (values.ndim - 1))


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
