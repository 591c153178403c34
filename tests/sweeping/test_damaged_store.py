"""Damage of any kind to any file of a store: it is named, run again or refused, and never data that look whole."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import numpy as np
import pytest
import xarray as xr

import hetsim as hs
from hetsim.errors import HetsimError, StoreError

CELL = hs.load("CZT", "lumped").with_particle(classes=1, fast=False)
DESIGN = hs.Grid(
    {"Particle radius [m]": [1e-7, 3e-7, 1e-6], "Series resistance [Ohm.cm2]": [1.0, 2000.0]}
)
TEST = hs.RateTest([20.0], from_equilibrium=True)
TIME = "time_used_s"


def swept(path: Path) -> xr.Dataset:
    return hs.sweep(CELL, DESIGN, TEST, "SPM", store=path, workers=1, chunk=2)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, xr.Dataset]:
    path = tmp_path_factory.mktemp("store") / "whole.zarr"
    return path, swept(path).load()


def cut(file: Path, random: Random) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: random.randrange(len(content))])


def flipped(file: Path, random: Random) -> None:
    content = bytearray(file.read_bytes())
    content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    file.write_bytes(content)


def another_digit(file: Path, random: Random) -> None:
    content = bytearray(file.read_bytes())
    digits = [place for place, one in enumerate(content) if chr(one).isdigit()]
    content[random.choice(digits or [0])] = ord(str(random.randrange(10)))
    file.write_bytes(content)


def zeros(file: Path, random: Random) -> None:
    file.write_bytes(bytes(file.stat().st_size))


def removed(file: Path, random: Random) -> None:
    file.unlink()


def folder_removed(file: Path, random: Random) -> None:
    shutil.rmtree(file.parent)


KINDS: tuple[Callable[[Path, Random], None], ...] = (
    cut, flipped, another_digit, zeros, removed, folder_removed,
)  # fmt: skip


def damaged(path: Path, number: int) -> str:
    """Damage one file, a description or a chunk by turns; what was done."""
    random = Random(number)
    files = sorted(one for one in path.rglob("*") if one.is_file())
    described = [one for one in files if one.name == "zarr.json"]
    file = random.choice(
        described if number % 2 else [one for one in files if one not in described]
    )
    kind = KINDS[number // 2 % len(KINDS)]
    kind(file, random)
    return f"{kind.__name__} {file.relative_to(path)}"


def differs(found: xr.Dataset, expected: xr.Dataset) -> str:
    """The first quantity in which rows that say they are whole are not; empty if there is none."""
    same = found["outcome"].values == expected["outcome"].values
    for name, wanted in expected.drop_vars([TIME, "outcome"]).variables.items():
        rows = same if wanted.shape[: same.ndim] == same.shape else ...
        if rows is same and not same.any():
            continue
        if name not in found.variables:
            return f"{name} is missing"
        values = found[name].values[rows]
        equal_nan = values.dtype.kind == "f"
        if not np.array_equal(values, wanted.values[rows], equal_nan=equal_nan):
            return str(name)
    return ""


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
