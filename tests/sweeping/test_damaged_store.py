"""Damage of any kind to any file of a store: it is named, run again or refused, and never data that look whole."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from stores import damaged, differs, swept

import hetsim as hs
from hetsim.errors import HetsimError, StoreError


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, xr.Dataset]:
    path = tmp_path_factory.mktemp("store") / "whole.zarr"
    return path, swept(path).load()


@contextmanager
def refusals_of_one_line() -> Iterator[None]:
    """An error of hetsim is an answer too, if it is one sentence or two; any other is none."""
    try:
        yield
    except HetsimError as error:
        if "\n" in str(error):
            raise AssertionError("an error of several lines") from error


@pytest.mark.parametrize("number", range(72))
def test_damage_is_named_or_refused(
    number: int, whole: tuple[Path, xr.Dataset], tmp_path: Path
) -> None:
    path = tmp_path / "study.zarr"
    shutil.copytree(whole[0], path)
    what = damaged(path, number)
    with refusals_of_one_line():
        assert not differs(hs.open_sweep(path), whole[1]), what


@pytest.mark.parametrize("number", range(0, 24, 3))
def test_a_sweep_into_a_damaged_store_makes_it_whole_or_refuses(
    number: int, whole: tuple[Path, xr.Dataset], tmp_path: Path
) -> None:
    path = tmp_path / "study.zarr"
    shutil.copytree(whole[0], path)
    what = damaged(path, number)
    with refusals_of_one_line():
        again = swept(path)
        assert not differs(again, whole[1]), what
        assert (again["outcome"] == whole[1]["outcome"]).all(), what


def test_a_torn_chunk_is_named_and_run_again(
    whole: tuple[Path, xr.Dataset], tmp_path: Path
) -> None:
    path = tmp_path / "study.zarr"
    shutil.copytree(whole[0], path)
    file = path / "capacity_mAh_per_g" / "c" / "1" / "0"
    file.write_bytes(file.read_bytes()[:9])
    found = hs.open_sweep(path)
    outcomes = found["outcome"].values.ravel().tolist()
    assert outcomes[2:4] == ["damaged", "damaged"]
    assert outcomes.count("damaged") == 2
    assert "runs them again" in str(found["reason"].values.ravel()[2])
    assert np.isnan(found["capacity_mAh_per_g"].values.ravel()[2:4]).all()
    assert not differs(swept(path), whole[1])
    assert not differs(hs.open_sweep(path), whole[1])


def test_a_variable_that_is_missing_is_named(
    whole: tuple[Path, xr.Dataset], tmp_path: Path
) -> None:
    path = tmp_path / "study.zarr"
    shutil.copytree(whole[0], path)
    shutil.rmtree(path / "charge_balance")
    with pytest.raises(StoreError, match="'charge_balance' is missing"):
        swept(path)
    assert set(hs.open_sweep(path)["outcome"].values.ravel()) == {"damaged"}
    shutil.rmtree(path / "outcome")
    with pytest.raises(StoreError, match="'outcome' is missing"):
        hs.open_sweep(path)


def test_a_name_that_is_too_long_is_refused() -> None:
    for call in (hs.open_sweep, swept):
        with pytest.raises(StoreError, match="cannot be read"):
            call(Path("a" * 300))
