"""What comes out of a run: values with their outcome, charge balance and provenance."""

from hetsim.results.cycling import Cycle, CyclingResult
from hetsim.results.outcome import BALANCE_LIMIT, Array, Outcome
from hetsim.results.rate import RateCurve, RatePoint, Trace

__all__ = [
    "BALANCE_LIMIT",
    "Array",
    "Cycle",
    "CyclingResult",
    "Outcome",
    "RateCurve",
    "RatePoint",
    "Trace",
]
