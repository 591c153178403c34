"""A cheap cell, protocol and design that the tests of sweeps share."""

import numpy as np
import xarray as xr

import hetsim as hs

RADIUS, FIELD = "Particle radius [m]", "Built-in potential [V]"
RATE = hs.RateTest([1.0, 10.0], from_equilibrium=True)
GRID = {FIELD: [-0.05, 0.0, 0.05], RADIUS: [2e-8, 1e-7]}
TIME = "time_used_s"
"""The only quantity that differs from run to run."""


def cheap_cell() -> hs.HalfCell:
    """One size class and no fast share: 40 ms a case."""
    return hs.load("CZT", variant="core-shell").with_particle(classes=1, fast=False)


def many(count: int) -> hs.Zip:
    """As many cases as are wanted, all different."""
    return hs.Zip({RADIUS: np.geomspace(2e-8, 2e-7, count)})


def assert_same(one: xr.Dataset, other: xr.Dataset) -> None:
    """Every value and label, to the last bit, but the time used."""
    xr.testing.assert_identical(one.drop_vars(TIME), other.drop_vars(TIME))
