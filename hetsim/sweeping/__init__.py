"""Sweeps: designs, where they run, what is kept, and what depends on what."""

from hetsim.sweeping.dataset import open_sweep
from hetsim.sweeping.derived import Product
from hetsim.sweeping.design import Cases, Design, Grid, Zip
from hetsim.sweeping.latin_sobol import LatinHypercube, SobolSequence
from hetsim.sweeping.local_sensitivity import local_sensitivity
from hetsim.sweeping.ranges import LinearRange, LogRange
from hetsim.sweeping.saltelli_morris import MorrisDesign, SaltelliDesign
from hetsim.sweeping.sensitivity import sensitivity
from hetsim.sweeping.study import Study
from hetsim.sweeping.study_file import read_study
from hetsim.sweeping.sweep import sweep

__all__ = [
    "Cases",
    "Design",
    "Grid",
    "LatinHypercube",
    "LinearRange",
    "LogRange",
    "MorrisDesign",
    "Product",
    "SaltelliDesign",
    "SobolSequence",
    "Study",
    "Zip",
    "local_sensitivity",
    "open_sweep",
    "read_study",
    "sensitivity",
    "sweep",
]
