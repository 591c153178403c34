"""What a sweep keeps of titrations, voltammograms, impedance, cycling and single steps."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.integrate import trapezoid

from hetsim.protocols import CV, EIS, GITT, ConstantCurrent, Cycling, Hold, Replay, Rest
from hetsim.results import Array
from hetsim.results.cv import CVSweep, Voltammogram
from hetsim.results.cycling import CyclingResult
from hetsim.results.eis import ImpedanceRun
from hetsim.results.trace import TimeTrace, TraceRun
from hetsim.sweeping.quantities import Axis, Column, Summary, summary

_CAPACITY = "mA.h.g-1"


@summary.register(GITT | ConstantCurrent | Hold | Rest | Replay)
def _trace(protocol: Any, trace_points: int = 0) -> Summary:
    columns = [
        Column("capacity_mAh_per_g", _CAPACITY, meaning="inserted charge minus extracted charge"),
        Column("duration_s", "s", meaning="time until the end"),
        Column("final_voltage_V", "V", meaning="at the end"),
    ]
    if isinstance(protocol, GITT):
        columns += [
            Column("pulses", "1", meaning="how many were begun"),
            Column(
                "pulse_polarisation_V",
                "V",
                meaning="mean of what the voltage relaxes by in the rest after a pulse",
            ),
        ]
    axes = {}
    if trace_points:
        axes["time_share"] = Axis(np.linspace(0, 1, trace_points))
        columns.append(
            Column("voltage_V", "V", ("time_share",), meaning="at shares of the duration")
        )

    def read(run: TraceRun) -> Mapping[str, Any]:
        trace = run.trace
        if trace.time.size < 2:
            return {}
        found: dict[str, Any] = {
            "capacity_mAh_per_g": _inserted_in(trace),
            "duration_s": trace.time[-1] - trace.time[0],
            "final_voltage_V": trace.voltage[-1],
        }
        if isinstance(protocol, GITT):
            found["pulses"] = np.unique(trace.step[trace.step % 2 == 1]).size
            found["pulse_polarisation_V"] = _polarisation(trace)
        if trace_points:
            at = trace.time[0] + axes["time_share"].values * (trace.time[-1] - trace.time[0])
            found["voltage_V"] = np.interp(at, trace.time, trace.voltage)
        return found

    return Summary(tuple(columns), axes, read)


def _inserted_in(trace: TimeTrace) -> float:
    """Charge in minus charge out [mA.h.g-1]; where a step begins its own current holds at once."""
    right = trace.current[1:]
    left = np.where(np.diff(trace.step) == 0, trace.current[:-1], right)
    return float(np.sum((left + right) / 2 * np.diff(trace.time)) / 3.6)


def _polarisation(trace: TimeTrace) -> float:
    """Mean of |V at the end of a pulse - V at the end of the rest after it| [V]."""
    ends = {int(step): trace.voltage[trace.step == step][-1] for step in np.unique(trace.step)}
    found = [abs(ends[step] - ends[step + 1]) for step in ends if step % 2 and step + 1 in ends]
    return float(np.mean(found)) if found else float("nan")


@summary.register
def _cv(protocol: CV, trace_points: int = 0) -> Summary:
    at = ("scan_rate",)
    columns = [
        Column("capacity_mAh_per_g", _CAPACITY, at, meaning="inserted in the last cycle"),
        Column("insertion_peak_V", "V", at, meaning="potential of the largest current"),
        Column("insertion_peak_A_per_g", "A.g-1", at, meaning="largest current"),
        Column("extraction_peak_V", "V", at, meaning="potential of the largest current"),
        Column("extraction_peak_A_per_g", "A.g-1", at, meaning="largest current"),
        Column("outcome_at_scan_rate", "", at, text=True, meaning="how each scan rate ended"),
        Column("reason_at_scan_rate", "", at, text=True, meaning="why, where it is not good"),
    ]

    def read(run: Voltammogram) -> Mapping[str, Any]:
        found: dict[str, Any] = {column.name: [] for column in columns}
        for sweep in run.sweeps:
            found["capacity_mAh_per_g"].append(_inserted(sweep))
            for name in ("insertion", "extraction"):
                peak = sweep.largest(name)
                found[f"{name}_peak_V"].append(peak.potential if peak else np.nan)
                found[f"{name}_peak_A_per_g"].append(peak.current if peak else np.nan)
            found["outcome_at_scan_rate"].append(sweep.outcome.value)
            found["reason_at_scan_rate"].append(sweep.reason)
        return found

    axes = {"scan_rate": Axis(np.array(protocol.scan_rates), "mV.s-1")}
    return Summary(tuple(columns), axes, read)


def _inserted(sweep: CVSweep) -> float:
    if not sweep.time.size:
        return float("nan")
    return float(trapezoid(np.maximum(sweep.current, 0), sweep.time) / 3.6)


@summary.register
def _eis(protocol: EIS, trace_points: int = 0) -> Summary:
    both = ("filling", "frequency")
    columns = (
        Column("resistance_Ohm_cm2", "Ohm.cm2", both, meaning="real part of the impedance"),
        Column("reactance_Ohm_cm2", "Ohm.cm2", both, meaning="imaginary part of the impedance"),
        Column("potential_V", "V", ("filling",), meaning="at rest"),
        Column(
            "outcome_at_filling", "", ("filling",), text=True, meaning="how each spectrum ended"
        ),
        Column(
            "reason_at_filling", "", ("filling",), text=True, meaning="why, where it is not good"
        ),
    )
    axes = {
        "filling": Axis(np.array(protocol.filling)),
        "frequency": Axis(np.array(protocol.frequencies), "Hz"),
    }
    nothing = np.full(len(protocol.frequencies), np.nan, dtype=complex)

    def read(run: ImpedanceRun) -> Mapping[str, Any]:
        z = np.array([s.impedance if s.impedance.size else nothing for s in run.spectra])
        return {
            "resistance_Ohm_cm2": z.real,
            "reactance_Ohm_cm2": z.imag,
            "potential_V": [one.potential for one in run.spectra],
            "outcome_at_filling": [one.outcome.value for one in run.spectra],
            "reason_at_filling": [one.reason for one in run.spectra],
        }

    return Summary(columns, axes, read)


@summary.register
def _cycling(protocol: Cycling, trace_points: int = 0) -> Summary:
    columns = [
        Column("capacity_mAh_per_g", _CAPACITY, meaning="inserted in the last cycle"),
        Column("first_capacity_mAh_per_g", _CAPACITY, meaning="inserted in the first cycle"),
        Column("retention", meaning="last capacity over that of the reference cycle"),
        Column("last_cycle", meaning="number of the last cycle"),
        Column("polarisation_V", "V", meaning="mean of extraction minus insertion, last cycle"),
        Column("active_material", meaning="share that is left"),
    ]
    axes = {}
    if trace_points:
        axes["cycle"] = Axis(np.unique(np.linspace(1, protocol.cycles, trace_points).round()))
        columns.append(
            Column("capacity_at_cycle_mAh_per_g", _CAPACITY, ("cycle",), meaning="inserted")
        )

    def read(run: CyclingResult) -> Mapping[str, Any]:
        if not run.cycles:
            return {}
        last = run.cycles[-1]
        found = {
            "capacity_mAh_per_g": last.insertion,
            "first_capacity_mAh_per_g": run.cycles[0].insertion,
            "retention": run.retention[-1],
            "last_cycle": last.number,
            "polarisation_V": last.polarisation,
            "active_material": last.active_material,
        }
        if trace_points:
            found["capacity_at_cycle_mAh_per_g"] = _between(run, axes["cycle"].values)
        return found

    steps = 2 * (protocol.cycles + sum(count for _, count in protocol.formation))
    return Summary(tuple(columns), axes, read, steps)


def _between(run: CyclingResult, cycles: Array) -> Array:
    """Capacities at cycle numbers, those that were leapt over in between; none after the end."""
    return np.interp(cycles, run.numbers, run.capacities, right=np.nan)
