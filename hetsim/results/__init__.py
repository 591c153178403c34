"""What comes out of a run: values with their outcome, charge balance and provenance."""

from hetsim.results.cv import CVSweep, Peak, Voltammogram
from hetsim.results.cycling import Cycle, CyclingResult
from hetsim.results.eis import ImpedanceRun, Spectrum
from hetsim.results.outcome import BALANCE_LIMIT, Array, Outcome
from hetsim.results.rate import RateCurve, RatePoint, Trace
from hetsim.results.run import Run
from hetsim.results.trace import TimeTrace, TraceRun

__all__ = [
    "BALANCE_LIMIT",
    "Array",
    "CVSweep",
    "Cycle",
    "CyclingResult",
    "ImpedanceRun",
    "Outcome",
    "Peak",
    "RateCurve",
    "RatePoint",
    "Run",
    "Spectrum",
    "TimeTrace",
    "Trace",
    "TraceRun",
    "Voltammogram",
]
