"""A small store of a sweep, and damage of any kind to any of its files."""

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np
import xarray as xr

import hetsim as hs

CELL = hs.load("CZT", "lumped").with_particle(classes=1, fast=False)
DESIGN = hs.Grid(
    {"Particle radius [m]": [1e-7, 3e-7, 1e-6], "Series resistance [Ohm.cm2]": [1.0, 2000.0]}
)
TEST = hs.RateTest([20.0], from_equilibrium=True)
TIME = "time_used_s"


def swept(path: Path) -> xr.Dataset:
    return hs.sweep(CELL, DESIGN, TEST, "SPM", store=path, workers=1, chunk=2)


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
