"""What a sweep keeps of titrations, voltammograms, impedance, cycling and single steps."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.integrate import trapezoid

from hetsim.protocols import (
    CCCV,
    CV,
    EIS,
    GITT,
    ICI,
    ConstantCurrent,
    Cycling,
    Hold,
    Protocol,
    Ramp,
    Replay,
    Rest,
)
from hetsim.results import Array, quantities
from hetsim.results.cv import CVSweep, Voltammogram
from hetsim.results.cycling import CyclingResult
from hetsim.results.eis import ImpedanceRun
from hetsim.results.protocol import ProtocolRun
from hetsim.results.quantities import Quantity
from hetsim.results.trace import TimeTrace, TraceRun
from hetsim.sweeping.summaries import Axis, Column, Summary, summary
from hetsim.units import MAH

_FINAL_VOLTAGE = Quantity("final voltage", "V")
_PULSES = Quantity("pulses")
_STEPS = Quantity("steps")
_INSERTED = Quantity("inserted", quantities.CAPACITY.unit)
_EXTRACTED = Quantity("extracted", quantities.CAPACITY.unit)
_PULSE_POLARISATION = Quantity("pulse polarisation", "V")
_FIRST_CAPACITY = Quantity("first capacity", quantities.CAPACITY.unit)
_CAPACITY_AT_CYCLE = Quantity("capacity at cycle", quantities.CAPACITY.unit)
_LAST_CYCLE = Quantity("last cycle")
_ACTIVE_MATERIAL = Quantity("active material")


@summary.register(GITT | ConstantCurrent | Hold | Ramp | Rest | Replay)
def _trace(protocol: Any, trace_points: int = 0) -> Summary:
    columns = [
        Column.of(quantities.CAPACITY, meaning="inserted charge minus extracted charge"),
        Column.of(quantities.DURATION, meaning="time until the end"),
        Column.of(_FINAL_VOLTAGE, meaning="at the end"),
    ]
    if isinstance(protocol, GITT):
        columns += [
            Column.of(_PULSES, meaning="how many were begun"),
            Column.of(
                _PULSE_POLARISATION,
                meaning="mean of what the voltage relaxes by in the rest after a pulse",
            ),
        ]
    axes = {}
    if trace_points:
        axes["time_share"] = Axis(np.linspace(0, 1, trace_points))
        columns.append(
            Column.of(quantities.VOLTAGE, ("time_share",), meaning="at shares of the duration")
        )

    def read(run: TraceRun) -> Mapping[str, Any]:
        trace = run.trace
        if trace.time.size < 2:
            return {}
        found: dict[str, Any] = {
            quantities.CAPACITY.key: trace.charge[-1],
            quantities.DURATION.key: trace.time[-1] - trace.time[0],
            _FINAL_VOLTAGE.key: trace.voltage[-1],
        }
        if isinstance(protocol, GITT):
            found[_PULSES.key] = np.unique(trace.step[trace.step % 2 == 1]).size
            found[_PULSE_POLARISATION.key] = _polarisation(trace)
        if trace_points:
            at = trace.time[0] + axes["time_share"].values * (trace.time[-1] - trace.time[0])
            found[quantities.VOLTAGE.key] = np.interp(at, trace.time, trace.voltage)
        return found

    return Summary(tuple(columns), axes, read)


def _polarisation(trace: TimeTrace) -> float:
    """Mean of |V at the end of a pulse - V at the end of the rest after it| [V]."""
    ends = {int(step): trace.voltage[trace.step == step][-1] for step in np.unique(trace.step)}
    polarisations = [
        abs(ends[step] - ends[step + 1]) for step in ends if step % 2 and step + 1 in ends
    ]
    return float(np.mean(polarisations)) if polarisations else float("nan")


@summary.register(Protocol | ICI | CCCV)
def _protocol(protocol: Any, trace_points: int = 0) -> Summary:
    columns = [
        Column.of(quantities.CAPACITY, meaning="inserted charge minus extracted charge"),
        Column.of(_INSERTED, meaning="of the steps that insert in all"),
        Column.of(_EXTRACTED, meaning="of the steps that extract in all"),
        Column.of(quantities.DURATION, meaning="time until the end"),
        Column.of(_FINAL_VOLTAGE, meaning="at the end"),
        Column.of(_STEPS, meaning="how many were run, spectra among them"),
    ]
    axes = {}
    if trace_points:
        axes["time_share"] = Axis(np.linspace(0, 1, trace_points))
        columns.append(
            Column.of(quantities.VOLTAGE, ("time_share",), meaning="at shares of the duration")
        )

    def read(run: ProtocolRun) -> Mapping[str, Any]:
        trace = run.trace
        if trace.time.size < 2:
            return {}
        passed = np.array([step.charge for step in run.step_list])
        found: dict[str, Any] = {
            quantities.CAPACITY.key: passed.sum(),
            _INSERTED.key: np.maximum(passed, 0).sum(),
            _EXTRACTED.key: np.maximum(-passed, 0).sum(),
            quantities.DURATION.key: trace.time[-1] - trace.time[0],
            _FINAL_VOLTAGE.key: trace.voltage[-1],
            _STEPS.key: len(run.step_list),
        }
        if trace_points:
            at = trace.time[0] + axes["time_share"].values * (trace.time[-1] - trace.time[0])
            found[quantities.VOLTAGE.key] = np.interp(at, trace.time, trace.voltage)
        return found

    steps = protocol if isinstance(protocol, Protocol) else protocol.protocol
    return Summary(tuple(columns), axes, read, steps.least_steps)


@summary.register
def _cv(protocol: CV, trace_points: int = 0) -> Summary:
    at = ("scan_rate",)
    columns = [
        Column.of(quantities.CAPACITY, at, meaning="inserted in the last cycle"),
        *(
            column
            for sweep in ("insertion", "extraction")
            for column in (
                Column.of(_peak(sweep, "V"), at, meaning="potential of the largest current"),
                Column.of(_peak(sweep, "A.g-1"), at, meaning="largest current"),
            )
        ),
        Column.of(_at_scan_rate("outcome"), at, meaning="how each scan rate ended"),
        Column.of(_at_scan_rate("reason"), at, meaning="why, where it is not good"),
    ]

    def read(run: Voltammogram) -> Mapping[str, Any]:
        found: dict[str, Any] = {column.name: [] for column in columns}
        for sweep in run.sweeps:
            found[quantities.CAPACITY.key].append(_inserted(sweep))
            for name in ("insertion", "extraction"):
                peak = sweep.largest(name)
                found[_peak(name, "V").key].append(peak.potential if peak else np.nan)
                found[_peak(name, "A.g-1").key].append(peak.current if peak else np.nan)
            found[_at_scan_rate("outcome").key].append(sweep.outcome.value)
            found[_at_scan_rate("reason").key].append(sweep.reason)
        return found

    axes = {"scan_rate": Axis.of(quantities.SCAN_RATE, protocol.scan_rates)}
    return Summary(tuple(columns), axes, read)


def _peak(sweep: str, unit: str) -> Quantity:
    return Quantity(f"{sweep} peak", unit)


def _at_scan_rate(ending: str) -> Quantity:
    return Quantity(f"{ending} at scan rate", "")


def _inserted(sweep: CVSweep) -> float:
    if not sweep.time.size:
        return float("nan")
    return float(trapezoid(np.maximum(sweep.current, 0), sweep.time) / MAH)


@summary.register
def _eis(protocol: EIS, trace_points: int = 0) -> Summary:
    both = ("filling", "frequency")
    columns = (
        Column.of(quantities.REAL, both, meaning="real part of the impedance"),
        Column.of(quantities.IMAGINARY, both, meaning="imaginary part of the impedance"),
        Column.of(quantities.POTENTIAL, ("filling",), meaning="at rest"),
        Column.of(_at_filling("outcome"), ("filling",), meaning="how each spectrum ended"),
        Column.of(_at_filling("reason"), ("filling",), meaning="why, where it is not good"),
    )
    axes = {
        "filling": Axis.of(quantities.FILLING, protocol.filling),
        "frequency": Axis.of(quantities.FREQUENCY, protocol.frequencies),
    }
    nothing = np.full(len(protocol.frequencies), np.nan, dtype=complex)

    def read(run: ImpedanceRun) -> Mapping[str, Any]:
        z = np.array([s.impedance if s.impedance.size else nothing for s in run.spectra])
        return {
            quantities.REAL.key: z.real,
            quantities.IMAGINARY.key: z.imag,
            quantities.POTENTIAL.key: [spectrum.potential for spectrum in run.spectra],
            _at_filling("outcome").key: [spectrum.outcome.value for spectrum in run.spectra],
            _at_filling("reason").key: [spectrum.reason for spectrum in run.spectra],
        }

    return Summary(columns, axes, read)


def _at_filling(ending: str) -> Quantity:
    return Quantity(f"{ending} at filling", "")


@summary.register
def _cycling(protocol: Cycling, trace_points: int = 0) -> Summary:
    columns = [
        Column.of(quantities.CAPACITY, meaning="inserted in the last cycle"),
        Column.of(_FIRST_CAPACITY, meaning="inserted in the first cycle"),
        Column.of(quantities.RETENTION, meaning="last capacity over that of the reference cycle"),
        Column.of(_LAST_CYCLE, meaning="number of the last cycle"),
        Column.of(
            quantities.POLARISATION, meaning="mean of extraction minus insertion, last cycle"
        ),
        Column.of(_ACTIVE_MATERIAL, meaning="share that is left"),
    ]
    axes = {}
    if trace_points:
        axes["cycle"] = Axis(np.unique(np.linspace(1, protocol.cycles, trace_points).round()))
        columns.append(Column.of(_CAPACITY_AT_CYCLE, ("cycle",), meaning="inserted"))

    def read(run: CyclingResult) -> Mapping[str, Any]:
        if not run.cycles:
            return {}
        last = run.cycles[-1]
        found = {
            quantities.CAPACITY.key: last.insertion,
            _FIRST_CAPACITY.key: run.cycles[0].insertion,
            quantities.RETENTION.key: run.retention[-1],
            _LAST_CYCLE.key: last.number,
            quantities.POLARISATION.key: last.polarisation,
            _ACTIVE_MATERIAL.key: last.active_material,
        }
        if trace_points:
            found[_CAPACITY_AT_CYCLE.key] = _between(run, axes["cycle"].values)
        return found

    steps = 2 * (protocol.cycles + sum(count for _, count in protocol.formation))
    return Summary(tuple(columns), axes, read, steps)


def _between(run: CyclingResult, cycles: Array) -> Array:
    """Capacities at cycle numbers, those that were leapt over in between; none after the end."""
    return np.interp(cycles, run.numbers, run.capacities, right=np.nan)
