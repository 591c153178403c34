"""From what a user hands over to observations."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from hetsim.analysis.pulses import Piece, as_trace, current_pieces
from hetsim.errors import ParameterError
from hetsim.fitting.observations.aged_capacity import AgedCapacity
from hetsim.fitting.observations.base import Observation
from hetsim.fitting.observations.extraction import ExtractionData
from hetsim.fitting.observations.rate import CYCLES, FIRST_CYCLE, NOISE, RateData
from hetsim.fitting.observations.spectrum import SpectrumData
from hetsim.fitting.observations.titration import TitrationData
from hetsim.fitting.observations.voltage_curve import CYCLES as CURVE_CYCLES
from hetsim.fitting.observations.voltage_curve import VoltageCurveData
from hetsim.fitting.observations.voltammogram import VoltammogramData
from hetsim.measurements import CvCycle, MeasuredSpectrum, Reading
from hetsim.parameters.values import AgedPoint, MeasuredRate
from hetsim.results import TimeTrace, TraceRun
from hetsim.units import MAH

CONSTANT = 0.05
"""A current that stays within this share of its mean is constant [-]."""
SMALL = 0.1
"""Of the largest charge of a trace: shorter currents of it are no curve [-]."""


def observations_of(
    data: Any,
    level: float = NOISE,
    first_cycle: float = FIRST_CYCLE,
    cycles: int = CYCLES,
) -> tuple[Observation, ...]:
    """The observations of one cell.

    data : a measurement of any kind, an observation, or a list of them
    level, first_cycle, cycles : of rate curves that are no observation yet

    Raises ParameterError for anything else.
    """
    if isinstance(data, Observation):
        return (data,)
    if isinstance(data, Reading):
        return observations_of(data.data, level, first_cycle, cycles)
    if isinstance(data, MeasuredRate):
        return of_rate(data, level, first_cycle, cycles)
    if isinstance(data, TimeTrace | TraceRun | pd.DataFrame):
        return of_trace(data)
    if isinstance(data, CvCycle):
        return (VoltammogramData((data,)),)
    if isinstance(data, MeasuredSpectrum):
        return (SpectrumData(data),)
    if isinstance(data, AgedPoint):
        return (AgedCapacity(data),)
    if isinstance(data, Sequence) and not isinstance(data, str) and data:
        if all(isinstance(one, CvCycle) for one in data):
            return (VoltammogramData(tuple(data)),)
        found = [one for part in data for one in observations_of(part, level, first_cycle, cycles)]
        return tuple(found)
    raise ParameterError(
        f"{_told(data)} is no measured curve that a fit knows. Try hs.measured('CZT') for a rate curve, a TimeTrace, "
        "what hs.read gives, a list of CvCycle, a MeasuredSpectrum, an AgedPoint, or hs.Polarisation(0.1, 1.0)."
    )


def of_rate(
    measured: MeasuredRate, level: float, first_cycle: float, cycles: int
) -> tuple[Observation, ...]:
    """A rate curve, and its extractions where they were measured at more than the first current."""
    curve = RateData(measured, level, first_cycle, cycles)
    if not np.isfinite(curve.first_pass.extractions[1:]).any():
        return (curve,)
    return curve, ExtractionData(curve.first_pass, cycles=cycles)


def of_trace(data: Any) -> tuple[Observation, ...]:
    """A titration if the trace has pulses with rests between them; else its last insertion and its last extraction.

    Raises ParameterError for a trace without a constant current.
    """
    trace = as_trace(data)
    pieces = [piece for piece in current_pieces(trace) if piece.duration > 0]
    currents = [piece for piece in pieces if piece.current]
    if not currents:
        raise ParameterError("The trace has no current, so there is nothing that a fit could see.")
    between = pieces[pieces.index(currents[0]) : pieces.index(currents[-1])]
    one_way = len({piece.current > 0 for piece in currents}) == 1
    if any(not piece.current for piece in between) and (one_way or len(currents) > 2):
        return (TitrationData(trace),)
    longest = max(abs(piece.charge) for piece in currents)
    whole = [piece for piece in currents if abs(piece.charge) > SMALL * longest]
    insertions = [piece for piece in whole if piece.current > 0]
    count = len(insertions) if len(whole) > 2 else CURVE_CYCLES
    last = {piece.current > 0: piece for piece in whole}
    return tuple(_curve(trace, piece, count) for piece in last.values())


def _curve(trace: Any, piece: Piece, cycles: int) -> VoltageCurveData:
    """One constant current of a trace as a voltage curve."""
    time, current, voltage = (
        np.asarray(one, dtype=float)[piece.samples]
        for one in (trace.time, trace.current, trace.voltage)
    )
    if np.any(np.abs(current - piece.current) > CONSTANT * abs(piece.current)):
        raise ParameterError(
            f"The current of the trace is not constant: it goes from {current[0]:g} to {current[-1]:g} A/g. A fit "
            "takes constant currents, pulses with rests, or cut out the part that has one."
        )
    charge = abs(piece.current) * (time - piece.start) / MAH
    return VoltageCurveData(piece.current, charge, voltage, cycles)


def _told(data: Any) -> str:
    text = repr(data)
    return text if len(text) < 80 else f"{text[:77]}..."
