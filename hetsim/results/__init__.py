"""What comes out of a run: values with their outcome, charge balance and provenance.

Names are loaded when they are first used: a quantity does not wait for pandas and xarray.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what a type checker sees; the table below says the same to Python
    from hetsim.results.cv import CVSweep as CVSweep
    from hetsim.results.cv import Peak as Peak
    from hetsim.results.cv import Voltammogram as Voltammogram
    from hetsim.results.cycling import Cycle as Cycle
    from hetsim.results.cycling import CyclingResult as CyclingResult
    from hetsim.results.eis import ImpedanceRun as ImpedanceRun
    from hetsim.results.eis import Spectrum as Spectrum
    from hetsim.results.outcome import BALANCE_LIMIT as BALANCE_LIMIT
    from hetsim.results.outcome import Array as Array
    from hetsim.results.outcome import Outcome as Outcome
    from hetsim.results.protocol import ProtocolRun as ProtocolRun
    from hetsim.results.protocol import ProtocolStep as ProtocolStep
    from hetsim.results.rate import RateCurve as RateCurve
    from hetsim.results.rate import RatePoint as RatePoint
    from hetsim.results.rate import Trace as Trace
    from hetsim.results.run import Run as Run
    from hetsim.results.trace import TimeTrace as TimeTrace
    from hetsim.results.trace import TraceRun as TraceRun

_WHERE = {
    "CVSweep": "cv",
    "Peak": "cv",
    "Voltammogram": "cv",
    "Cycle": "cycling",
    "CyclingResult": "cycling",
    "ImpedanceRun": "eis",
    "Spectrum": "eis",
    "BALANCE_LIMIT": "outcome",
    "Array": "outcome",
    "Outcome": "outcome",
    "ProtocolRun": "protocol",
    "ProtocolStep": "protocol",
    "RateCurve": "rate",
    "RatePoint": "rate",
    "Trace": "rate",
    "Run": "run",
    "TimeTrace": "trace",
    "TraceRun": "trace",
}

__all__ = [*_WHERE]


if not TYPE_CHECKING:  # a type checker must not take any name for one of ours

    def __getattr__(name: str) -> Any:
        if name in _WHERE:
            return getattr(import_module(f"hetsim.results.{_WHERE[name]}"), name)
        raise AttributeError(f"module 'hetsim.results' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
