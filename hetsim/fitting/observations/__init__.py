"""Data of each kind as a fit sees them: measured numbers, their noise, and the run that makes the same numbers."""

from hetsim.fitting.observations.aged_capacity import AgedCapacity
from hetsim.fitting.observations.base import FitWarning, Observation, Observed
from hetsim.fitting.observations.extraction import ExtractionData
from hetsim.fitting.observations.observe import observations_of
from hetsim.fitting.observations.polarisation import Polarisation
from hetsim.fitting.observations.rate import RateData
from hetsim.fitting.observations.spectrum import SpectrumData
from hetsim.fitting.observations.titration import TitrationData
from hetsim.fitting.observations.voltage_curve import VoltageCurveData
from hetsim.fitting.observations.voltammogram import VoltammogramData

__all__ = [
    "AgedCapacity",
    "ExtractionData",
    "FitWarning",
    "Observation",
    "Observed",
    "Polarisation",
    "RateData",
    "SpectrumData",
    "TitrationData",
    "VoltageCurveData",
    "VoltammogramData",
    "observations_of",
]
