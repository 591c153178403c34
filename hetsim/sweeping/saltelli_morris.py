"""Designs for Sobol indices and for Morris screening, drawn by SALib."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from hetsim.errors import ParameterError
from hetsim.results import Array
from hetsim.sweeping.latin_sobol import Drawn

_REMEDY = "SALib is needed for sensitivity designs and indices: pip install 'hetsim[sensitivity]'."


def salib(name: str) -> ModuleType:
    """A module of SALib; ParameterError with the remedy where it is not installed."""
    from importlib import import_module

    try:
        return import_module(f"SALib.{name}")
    except ImportError as error:
        raise ParameterError(_REMEDY) from error


def unit_problem(names: tuple[str, ...]) -> dict[str, Any]:
    """SALib's problem with every range from 0 to 1; hetsim's own ranges make values of it."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


@dataclass(frozen=True)
class SaltelliDesign(Drawn):
    """Cases for Sobol indices: n base points (a power of 2), each in a block of d + 2 cases.

    References
    ----------
    Saltelli et al., Comput. Phys. Commun. 181, 259 (2010), doi:10.1016/j.cpc.2009.09.018.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.n & (self.n - 1):
            near = 2 ** round(np.log2(self.n))
            raise ParameterError(
                f"SaltelliDesign: 'n' is {self.n}; it must be a power of 2, such as {near}."
            )

    @property
    def block(self) -> int:
        """Cases that only count together."""
        return len(self.ranges) + 2

    @property
    def size(self) -> int:
        return self.n * self.block

    def draw(self) -> Array:
        sample = salib("sample.sobol").sample
        problem = unit_problem(self.names)
        return np.asarray(sample(problem, self.n, calc_second_order=False, seed=self.seed))


@dataclass(frozen=True)
class MorrisDesign(Drawn):
    """Cases for Morris screening: n paths through the ranges, each of d + 1 cases that differ from the
    one before in one value.

    Parameters
    ----------
    levels : int, optional
        Steps of the grid that the paths run on, an even number

    References
    ----------
    Morris, Technometrics 33, 161 (1991), doi:10.1080/00401706.1991.10484804.
    """

    levels: int = 4

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.levels, bool) or self.levels < 2 or self.levels % 2:
            raise ParameterError(
                f"MorrisDesign: 'levels' is {self.levels}; it must be an even number from 2 on."
            )

    @property
    def block(self) -> int:
        """Cases that only count together."""
        return len(self.ranges) + 1

    @property
    def size(self) -> int:
        return self.n * self.block

    def outline(self) -> dict[str, Any]:
        return {**super().outline(), "levels": self.levels}

    def draw(self) -> Array:
        sample = salib("sample.morris").sample
        problem = unit_problem(self.names)
        return np.asarray(sample(problem, self.n, num_levels=self.levels, seed=self.seed))
