"""Data of each kind, made by the model with known values and noise."""

from functools import cache
from typing import Any

import numpy as np

import hetsim as hs
from hetsim.fitting import FreeValue
from hetsim.measurements import CvCycle, MeasuredSpectrum
from hetsim.parameters.values import MeasuredRate

MODEL = "SPM"
CAPACITY = "Specific capacity [mA.h.g-1]"
RESISTANCE = "Series resistance [Ohm.cm2]"
EXCHANGE = "Exchange-current density [A.m-2]"
LOADING = "Active mass loading [mg.cm-2]"
LOSS = "Active material loss per full cycle"
A, B = (f"Component {one} diffusivity [m2.s-1]" for one in "AB")
GRAINS = FreeValue(A, tied=(B,))
CURRENTS = (0.1, 0.5, 2.0, 5.0)


@cache
def start() -> hs.HalfCell:
    return hs.load("CZT", "lumped").with_particle(classes=3)


@cache
def truth() -> hs.HalfCell:
    return start().with_values(
        {CAPACITY: 450.0, A: 4e-17, B: 4e-17, RESISTANCE: 8.0, EXCHANGE: 0.05}
    )


def rng() -> np.random.Generator:
    return np.random.default_rng(11)


# --- what a laboratory would have measured, if the model were the truth ----------------------------


@cache
def rate() -> MeasuredRate:
    found = hs.run(truth(), hs.RateTest(CURRENTS), MODEL).capacities
    noisy = found * (1 + 0.02 * rng().normal(size=len(found)))
    return MeasuredRate(CURRENTS, tuple(noisy.tolist()), "simulated")


@cache
def cycle() -> Any:
    return hs.run(truth(), hs.RateTest((0.2,), cycles=2), MODEL).points[0]


@cache
def voltage_curve(samples: int = 2000) -> hs.VoltageCurveData:
    trace = cycle().insertion
    charge = np.linspace(0, trace.capacity[-1], samples)
    voltage = np.interp(charge, trace.capacity, trace.voltage)
    return hs.VoltageCurveData(0.2, charge, voltage + 2e-3 * rng().normal(size=samples))


@cache
def extraction() -> hs.VoltageCurveData:
    trace = cycle().extraction
    return hs.VoltageCurveData(-0.2, trace.capacity, trace.voltage)


@cache
def titration() -> hs.TimeTrace:
    made = hs.run(truth(), hs.GITT(0.1, 1200, 3600, pulses=10), MODEL).trace
    noise = 5e-4 * rng().normal(size=made.time.size)
    return hs.TimeTrace(made.time, made.current, made.voltage + noise, made.step)


@cache
def voltammograms() -> list[CvCycle]:
    made = hs.run(truth(), hs.CV((0.2, 1.0), cycles=3, tolerance=None), MODEL).sweeps
    return [CvCycle(one.scan_rate, one.potential, 1.02 * one.current) for one in made]


@cache
def spectrum() -> MeasuredSpectrum:
    [made] = hs.run(truth(), hs.EIS(0.5, np.logspace(4, -2, 43).tolist()), MODEL).spectra
    off = 1 + 0.01 * (rng().normal(size=43) + 1j * rng().normal(size=43))
    return MeasuredSpectrum(made.frequency, made.impedance * off, "Ohm.cm2", 0.5)


@cache
def polarisation() -> hs.Polarisation:
    point = hs.run(truth(), hs.RateTest((0.1,), cycles=2), MODEL).points[0]
    return hs.Polarisation(0.1, point.polarisation + 0.01)
