"""Measured curves as branches of an isotherm: charge that is held against potential, in one direction each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from hetsim.analysis.pulses import Piece
from hetsim.errors import MeasurementError, ParameterError
from hetsim.fitting.observations import VoltageCurveData, VoltammogramData
from hetsim.fitting.observations.observe import of_trace
from hetsim.fitting.observations.titration import TitrationData
from hetsim.measurements import CvCycle, Reading
from hetsim.results import Array, TimeTrace, TraceRun
from hetsim.units import MAH, MV

CROSSING = 0.06
"""Share of the charge at the start of a branch that is left out: there a host goes over from its other branch."""
SAMPLES = 150
"""That are kept of a branch, evenly spaced along it."""
FEWEST = 6
"""Samples of a branch."""


@dataclass(frozen=True)
class Branch:
    """Charge that an electrode holds against its potential, along one insertion or extraction.

    Parameters
    ----------
    direction : float
        1 for insertion, -1 for extraction
    charge : Array
        Held, from an unknown origin [mA.h.g-1], in the order of the measurement
    potential : Array
        [V]; of a titration at rest, else with what the finite rate takes off
    current : float
        Mean [A.g-1], positive; 0 for rested potentials
    kind : str
        "titration", "voltage curve" or "voltammogram"
    rate : float
        Scan rate of a voltammogram [mV.s-1]; 0 for others
    source : TitrationData | None
        What rested potentials are of
    start : float
        Share of the charge at the start that is left out [-]
    drift : float
        Of a titration, the largest change of the voltage over the second half of a rest [V]
    """

    direction: float
    charge: Array
    potential: Array
    current: float
    kind: str
    rate: float = 0.0
    source: TitrationData | None = None
    start: float = CROSSING
    drift: float = 0.0

    @property
    def name(self) -> str:
        return "insertion" if self.direction > 0 else "extraction"

    @property
    def shares(self) -> Array:
        """Of the charge that has passed since the start of the branch [-]; it is 1 at its end."""
        return (self.charge - self.charge[0]) / (self.charge[-1] - self.charge[0])

    @property
    def span(self) -> float:
        """Charge that passes along the branch [mA.h.g-1]."""
        return float(abs(self.charge[-1] - self.charge[0]))

    def less(self, other: "Branch") -> Array:
        """Potentials less those of the same samples elsewhere, without the start of the branch [V]."""
        kept = self.shares >= max(self.start, other.start)
        return (self.potential - other.potential)[kept]

    def thinned(self) -> "Branch":
        """Without its start, and with samples that are evenly spaced in charge and potential together."""
        kept = np.flatnonzero(self.shares >= self.start)
        charge, potential = self.charge[kept], self.potential[kept]
        if self.kind == "titration" or len(kept) <= SAMPLES:
            return replace(self, charge=charge, potential=potential)
        step = np.hypot(
            np.diff(charge) / np.ptp(charge), np.diff(_running(potential)) / np.ptp(potential)
        )
        way = np.concatenate([[0.0], np.cumsum(step)])
        places = np.unique(
            np.searchsorted(way, np.linspace(0, way[-1], SAMPLES)).clip(0, len(way) - 1)
        )
        return replace(self, charge=charge[places], potential=potential[places])


def branches_of(data: Any) -> list[Branch]:
    """The branches of a slow cycle, a titration or voltammograms (of which the slowest counts).

    Raises ParameterError for anything else, or a branch with too few samples.
    """
    found = [branch for one in _parts(data) for branch in one]
    by_direction = {branch.direction: branch for branch in found}  # the last of each counts
    kept = list(by_direction.values())
    if not kept:
        raise ParameterError(
            f"The titration has fewer than {FEWEST} rests after pulses of one direction, too few for an isotherm."
        )
    for branch in kept:
        moved = float(np.ptp(branch.potential))
        if len(branch.charge) < FEWEST or not branch.span > 0 or not moved > 0:
            raise ParameterError(
                f"The {branch.name} of the {branch.kind} has {len(branch.charge)} samples over {branch.span:g} mAh/g "
                f"and {moved:g} V; an isotherm needs {FEWEST} at least, and a charge and a potential that change."
            )
    return kept


def _parts(data: Any) -> list[list[Branch]]:
    if isinstance(data, Reading):
        return _parts(data.data)
    if isinstance(data, VoltageCurveData):
        return [[_of_curve(data)]]
    if isinstance(data, VoltammogramData):
        return [_of_cycle(data.measured[0])]
    if isinstance(data, TitrationData):
        return [_of_titration(data)]
    if isinstance(data, CvCycle):
        return [_of_cycle(data)]
    if isinstance(data, TimeTrace | TraceRun | pd.DataFrame):
        return [part for one in of_trace(data) for part in _parts(one)]
    if isinstance(data, Sequence) and data and not isinstance(data, str):
        if all(isinstance(one, CvCycle) for one in data):
            return [_of_cycle(min(data, key=lambda one: one.scan_rate))]
        return [part for one in data for part in _parts(one)]
    raise ParameterError(
        "An isotherm is made from a TimeTrace (a slow cycle or a titration), a list of CvCycle, or "
        f"hs.VoltageCurveData; got {type(data).__name__}."
    )


def _of_curve(curve: VoltageCurveData) -> Branch:
    sign = float(np.sign(curve.current))
    return Branch(sign, sign * curve.charge, curve.voltage, abs(curve.current), curve.kind)


def _of_titration(titration: TitrationData) -> list[Branch]:
    """The rested voltages; those after pulses of one sign are a branch."""
    voltage = np.asarray(titration.trace.voltage, dtype=float)
    time = np.asarray(titration.trace.time, dtype=float)
    drifts = []
    points: dict[float, list[tuple[float, float]]] = {1.0: [], -1.0: []}
    for piece, sign, held in rests_of(titration):
        rested = voltage[piece.samples]
        points[sign].append((held, float(rested[-1])))
        middle = (piece.start + piece.end) / 2
        drifts.append(abs(float(rested[-1] - np.interp(middle, time[piece.samples], rested))))
    drift = max(drifts, default=0.0)
    found = []
    for direction, pairs in points.items():
        if len(pairs) >= FEWEST:
            charge, potential = np.array(pairs).T
            one = Branch(direction, charge, potential, 0.0, titration.kind)
            found.append(replace(one, source=titration, drift=drift))
    return found


def rests_of(titration: TitrationData) -> list[tuple[Piece, float, float]]:
    """Rests after a pulse, in order of time: the rest, the sign of the pulse, and the charge held then [mA.h.g-1]."""
    held, sign = 0.0, 0.0
    found = []
    for piece in titration.pieces:
        held += piece.charge
        sign = float(np.sign(piece.current)) or sign
        if not piece.current and sign:
            found.append((piece, sign, held))
    return found


def _of_cycle(cycle: CvCycle) -> list[Branch]:
    """Both sweeps; the charge is the integral of the current over the potential at the scan rate."""
    found = []
    try:
        sweeps = ((1.0, cycle.falling()), (-1.0, cycle.rising()))
    except MeasurementError as error:
        raise ParameterError(str(error)) from error
    for direction, (potential, current) in sweeps:
        order = (
            slice(None, None, -1) if direction > 0 else slice(None)
        )  # both come with rising potential
        u, i = potential[order], current[order]
        seconds = np.abs(np.diff(u)) / (cycle.scan_rate * MV)
        passed = np.concatenate([[0.0], np.cumsum(seconds * (i[1:] + i[:-1]) / 2)]) / MAH
        flowing = float(abs(passed[-1]) * MAH / seconds.sum())
        found.append(Branch(direction, passed, u, flowing, "voltammogram", cycle.scan_rate))
    return found


def _running(potential: Array) -> Array:
    """A mean over a hundredth of the samples, so that the noise of a dense record is no way along the curve."""
    width = max(1, len(potential) // 100)
    kernel = np.ones(width) / width
    padded = np.pad(potential, (width // 2, width - 1 - width // 2), mode="edge")
    return np.convolve(padded, kernel, mode="valid")
