"""Fitting a cell to measured rate curves: the full model, regularised, with intervals."""

from hetsim.fitting.fit import fit
from hetsim.fitting.free_value import FreeValue
from hetsim.fitting.posterior import Posterior
from hetsim.fitting.problem import Problem
from hetsim.fitting.profile import Profile, Profiles
from hetsim.fitting.result import FitResult, FittedValue

__all__ = [
    "FitResult",
    "FittedValue",
    "FreeValue",
    "Posterior",
    "Problem",
    "Profile",
    "Profiles",
    "fit",
]
