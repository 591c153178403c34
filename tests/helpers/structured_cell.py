"""Half cells of any particle structure, and closed cycles on them."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

import hetsim as hs
from hetsim import engine, names
from hetsim.engine import measured_step
from hetsim.submodels import ParticleStructure

HOUR = 3600.0


@dataclass(frozen=True)
class StructuredCell(hs.HalfCell):
    """A half cell whose particle structure is given as an object."""

    particle: ParticleStructure = field(default_factory=ParticleStructure)

    @property
    def structure(self) -> ParticleStructure:
        return self.particle

    def of(self, particle: ParticleStructure) -> "StructuredCell":
        """The same values in another particle."""
        return replace(self, particle=particle, classes=particle.classes, fast=particle.fast)


def ideal_cell(particle: ParticleStructure, **changes: Any) -> StructuredCell:
    """R^2/D = 1 h, kinetics that take no voltage, one curve with two plateaus for both directions."""
    base = hs.load("CZT", variant="core-shell")
    curve = {
        f"{branch} plateau {what}": value
        for branch in ("Insertion", "Extraction")
        for what, value in (
            ("potentials [V]", (1.2, 0.8)),
            ("shares", (0.5, 0.5)),
            ("widths", (0.1,)),
        )
    }
    cell = StructuredCell(base.system, particle.classes, particle.fast, particle=particle)
    return cell.with_values(
        {
            **curve,
            "Lower voltage cut-off [V]": 0.7,
            "Upper voltage cut-off [V]": 1.3,
            "Series resistance [Ohm.cm2]": 0.0,
            "Exchange-current density [A.m-2]": 1e4,
            "Metal exchange-current density [A.m-2]": 1e5,
            "Component A volume fraction": 1.0,
            "Component A diffusivity [m2.s-1]": base.values["Particle radius [m]"] ** 2 / HOUR,
            "Core radius fraction": 0.7,
            "Core to shell permittivity ratio": 1.0,
            **changes,
        }
    )


def radial_field(volts: float, debye_over_radius: float = 0.1) -> dict[str, float]:
    length = debye_over_radius * hs.load("CZT").values["Particle radius [m]"]
    return {
        names.BUILT_IN_POTENTIAL: volts,
        names.CORE_DEBYE_LENGTH: length,
        names.SHELL_DEBYE_LENGTH: length,
    }


class Bench:
    """A cell at rest at a mean occupancy on a branch, cycled with currents in multiples of 1/h."""

    def __init__(
        self, cell: hs.HalfCell, mean: float, kind: str = "SPM", after: str = "insertion"
    ) -> None:
        self.built = engine.built_model(cell, kind)
        self.inputs = self.built.inputs(cell, mean, after)
        mass = self.inputs["Active mass loading [mg.cm-2]"] * self.inputs["Electrode area [cm2]"]
        self.full = self.inputs["Specific capacity [mA.h.g-1]"] * mass * 1e-6  # A.h
        self.state: Any = None
        self.worst_balance = 0.0

    def step(self, rate: float, hours: float) -> tuple[float, float]:
        """Charge that goes in and energy that comes out, per full charge: [-] and [V]."""
        step = measured_step(self.built, self.inputs, rate * self.full, hours * HOUR, self.state)
        assert step.state is not None, step.reason
        self.state = step.state
        self.worst_balance = max(self.worst_balance, abs(step.charge_balance))
        self.solution = step.solution
        # Simpson's rule: between its steps the solver has its own interpolation
        t = step.time
        middle = step.solution[names.VOLTAGE](t=(t[1:] + t[:-1]) / 2)
        weighed = (step.voltage[1:] + 4 * middle + step.voltage[:-1]) / 6
        charge = rate * (step.time[-1] - step.time[0]) / HOUR
        return charge, rate * float(np.diff(t) @ weighed) / HOUR

    def rest(self, hours: float = 10.0) -> float:
        """Voltage after a rest [V]."""
        self.step(0.0, hours)
        return float(self.solution[names.VOLTAGE].entries[-1])


def dissipated(bench: Bench, rate: float, charge: float) -> float:
    """Energy lost in a closed cycle, per full charge [V]: insert, rest, extract the same, rest.

    What a cut-off leaves inside is extracted slowly.
    """
    inserted, delivered = bench.step(rate, charge / rate)
    bench.rest()
    remaining = inserted
    for slower in (1.0, 0.1, 0.01, 0.001):
        moved, energy = bench.step(-rate * slower, remaining / (rate * slower))
        remaining += moved
        delivered += energy
        if remaining < 1e-9:
            break
        bench.rest()
    assert remaining < 1e-9, "the cycle is not closed"
    bench.rest()
    return -delivered
