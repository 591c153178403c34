"""Data of each kind as a fit sees them: measured numbers, their noise, and the run that makes the same numbers."""

from hetsim.fitting.observations.base import FitWarning, Observation, Observed
from hetsim.fitting.observations.observe import observations_of
from hetsim.fitting.observations.rate import RateData

__all__ = ["FitWarning", "Observation", "Observed", "RateData", "observations_of"]
