"""The particle that the demonstrations look at: diffusion alone, R^2/D = 1 h, core and shell.

Everything else of the cell is made so good that it takes no voltage, so what is seen is the particle.
"""

import hetsim as hs
from hetsim import engine, names
from hetsim.engine import measured_step

HOUR = 3600.0
RADIUS = hs.load("CZT").values["Particle radius [m]"]


def field(potential: float, debye_over_radius: float) -> dict[str, float]:
    """Values of a field: V_bi [V] and both Debye lengths as a share of the radius."""
    length = debye_over_radius * RADIUS
    return {
        names.BUILT_IN_POTENTIAL: potential,
        names.CORE_DEBYE_LENGTH: length,
        names.SHELL_DEBYE_LENGTH: length,
    }


def core_shell_cell(**changes: float) -> hs.HalfCell:
    """One particle size, no fast share, R^2/D = 1 h, junction at 0.7 R."""
    cell = hs.load("CZT", variant="core-shell").with_particle(classes=1, fast=False)
    return cell.with_values(
        {
            "Series resistance [Ohm.cm2]": 0.0,
            "Exchange-current density [A.m-2]": 1e4,
            "Metal exchange-current density [A.m-2]": 1e5,
            "Component A volume fraction": 1.0,
            "Component A diffusivity [m2.s-1]": RADIUS**2 / HOUR,
            "Core radius fraction": 0.7,
            "Core to shell permittivity ratio": 1.0,
            **changes,
        }
    )


def symmetric_cell(potential: float, debye_over_radius: float = 0.05) -> hs.HalfCell:
    """A curve and cut-offs that exchange insertion and extraction when ions become vacancies."""
    shape = (("potentials [V]", (1.2, 0.8)), ("shares", (0.5, 0.5)), ("widths", (0.1,)))
    curve = {
        f"{branch} plateau {what}": value
        for branch in ("Insertion", "Extraction")
        for what, value in shape
    }
    cut_offs = {"Lower voltage cut-off [V]": 0.7, "Upper voltage cut-off [V]": 1.3}
    return core_shell_cell(**field(potential, debye_over_radius)).with_values({**curve, **cut_offs})


def passed_share(cell: hs.HalfCell, c_rate: float) -> float:
    """Share of the sites filled (c_rate > 0) or emptied (< 0) from rest at the opposite cut-off."""
    built = engine.built_model(cell, "SPM")
    inputs = built.inputs(cell)
    start = cell.extracted_occupancy if c_rate > 0 else cell.inserted_occupancy
    inputs["Initial surface occupancy"] = cell.surface_occupancy(start)
    mass = inputs["Active mass loading [mg.cm-2]"] * inputs["Electrode area [cm2]"] * 1e-3
    full = inputs["Specific capacity [mA.h.g-1]"] * mass * 1e-3  # A.h
    step = measured_step(built, inputs, c_rate * full, 2 * HOUR / abs(c_rate), None)
    if not step.outcome.good:
        raise RuntimeError(f"{c_rate:g}C: {step.outcome}. {step.reason}")
    return float(step.time[-1] / HOUR * abs(c_rate))
