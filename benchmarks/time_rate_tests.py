"""Timings for asv (airspeed velocity): `pip install asv`, then `asv run` in this folder's parent.

Classes with `time_*` methods; asv calls `setup` before each and repeats the methods.
"""

import numpy as np

import hetsim as hs
from hetsim.engine.built import BuiltModel
from hetsim.simulation.run_many import run_many

DIFFUSIVITY = "Component A diffusivity [m2.s-1]"


class OneCell:
    """A cell as users have it, on a model that is built."""

    params = ["SPM", "SPMe"]
    param_names = ["model"]

    def setup(self, model: str) -> None:
        self.cell = hs.load("CZT")
        self.test = hs.RateTest([1.0], from_equilibrium=True)
        hs.run(self.cell, self.test, model)

    def time_a_discharge(self, model: str) -> None:
        hs.run(self.cell, self.test, model)

    def time_a_build(self, model: str) -> None:
        assert BuiltModel(self.cell, model).model.len_rhs_and_alg

    def time_changing_a_value(self, model: str) -> None:
        self.cell.with_values({DIFFUSIVITY: 1e-17})


class ManyCells:
    """Twenty cells at once, compiled."""

    params = ["SPM", "SPMe"]
    param_names = ["model"]
    count = 20

    def setup(self, model: str) -> None:
        cell = hs.load("CZT")
        factors = np.geomspace(0.5, 2, self.count)
        self.cells = [
            cell.with_values({DIFFUSIVITY: cell.values[DIFFUSIVITY] * f}) for f in factors
        ]
        self.rest = hs.RateTest([1.0], from_equilibrium=True)
        self.cycled = hs.RateTest([1.0], cycles=1)
        run_many(self.cells[:2], self.rest, model)

    def time_discharges(self, model: str) -> None:
        run_many(self.cells, self.rest, model)

    def time_cycles(self, model: str) -> None:
        run_many(self.cells, self.cycled, model)
