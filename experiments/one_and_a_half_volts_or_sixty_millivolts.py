"""1.5 V or 60 mV? What each would do to the ions.

The work functions of CoTe2 and ZnTe differ by 1.50 eV, and papers print such differences as "built-in
field". Kelvin probe on a related pair (Co-doped FeSe/Fe3Se4) reads 62.84 mV. Both cannot be what an ion
feels, and one look at the occupancies tells which can: at rest the ions follow mu = ln(theta / (1 -
theta)) + Phi, uniform through the particle.

With 63 mV (2.4 V_T) the core of CoTe2 holds a few times as many ions as the shell; both fill side by
side. With 1.5 V (58 V_T) the core fills to the last site before the shell takes anything: at half
filling not one ion would sit in the shells of 1e12 particles. Its reactions with potassium show no such
thing: alone CoTe2 and ZnTe react 0.40 V apart (0.90 and 0.50 V against potassium), and a step of 1.5 V
between them would set the two reactions up to 1.9 V apart, which no voltammogram could hide. The 1.5 V
is a step for electrons, before any ion comes; what an ion feels is what screening leaves of it: where
it was measured, tens of millivolts.

The figure shows the occupancies of core and shell while the particle fills, and the profile at half
filling (Debye and Hueckel's linear one; at 1.5 V it only shows where the ions go).
"""

from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from hetsim.constants import BOLTZMANN_EV, FARADAY
from hetsim.junctions.pair import TEMPERATURE, pair_of_system
from hetsim.junctions.report import core_fraction, junction
from hetsim.laws.limits import equilibrium_occupancy
from hetsim.laws.potential import core_shell_potential
from hetsim.parameters.junction_file import INTERFACE_POTENTIAL, read_junction
from hetsim.plots.axes import describe
from hetsim.plots.style import COLOURS, COLUMN, STYLE

THERMAL_VOLTAGE = BOLTZMANN_EV * TEMPERATURE
AVOGADRO = 6.02214076e23
DEBYE = 0.05
"""lambda / R of the profile: the step survives."""

MEANS = np.linspace(0.01, 0.99, 197)
RADII = np.linspace(1e-3, 1, 1000)


@dataclass(frozen=True)
class Filling:
    """Occupancies of core and shell over MEANS, and over RADII at half filling, for one step [V]."""

    step: float
    core: NDArray[np.float64]
    shell: NDArray[np.float64]
    profile: NDArray[np.float64]

    def at_half(self) -> tuple[float, float]:
        """Core and shell at half filling."""
        middle = len(MEANS) // 2
        return float(self.core[middle]), float(self.shell[middle])


@dataclass(frozen=True)
class Result:
    """Without a step, with the measured one and with the whole difference of the work functions."""

    none: Filling
    measured: Filling
    work_functions: Filling
    sites_in_a_shell: float
    core_fraction: float


def main(figures: Path | None = None) -> Result:
    """Fill the particle of CZT as core and shell, for each step."""
    pair = pair_of_system("CZT")
    core = core_fraction(pair)
    measured = read_junction("Co-FeSe-Co-Fe3Se4").value(INTERFACE_POTENTIAL)
    assert measured is not None
    whole = junction("CoTe2", "ZnTe").built_in_potential
    capacity, density = (
        pair.number("Specific capacity [mA.h.g-1]"),
        pair.number("Active material density [kg.m-3]"),
    )
    sites = 3.6e3 * capacity * density / FARADAY * AVOGADRO  # m-3
    shell = 4 / 3 * np.pi * pair.number("Particle radius [m]") ** 3 * (1 - core**3)
    fillings = [_fill(step, core) for step in (0.0, measured, whole)]
    result = Result(*fillings, sites_in_a_shell=float(sites * shell), core_fraction=core)
    if figures is not None:
        name = "one_and_a_half_volts_or_sixty_millivolts.png"
        _draw(result).savefig(figures / name, dpi=200)
    return result


def _fill(step: float, core: float) -> Filling:
    """Two media with sharp sides while filling; Debye-Hueckel profile at half filling."""
    phi = np.array([0.0, step / THERMAL_VOLTAGE])
    shares = np.array([core**3, 1 - core**3])
    theta = np.array([equilibrium_occupancy(phi, mean, shares) for mean in MEANS])
    profile = core_shell_potential(RADII, step, DEBYE, DEBYE, core) / THERMAL_VOLTAGE
    return Filling(step, theta[:, 0], theta[:, 1], equilibrium_occupancy(profile, 0.5, RADII**2))


def _draw(result: Result) -> Figure:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 2.7), layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True)
        for one, colour in zip(
            (result.none, result.measured, result.work_functions), ("0.5", *COLOURS), strict=False
        ):
            name = "no step" if one.step == 0 else _volts(one.step)
            left.plot(MEANS, one.core, color=colour)
            left.plot(MEANS, one.shell, "--", color=colour)
            right.plot(RADII, one.profile, color=colour, label=name)
        left.plot([], [], color="black", label="core, CoTe2")
        left.plot([], [], "--", color="black", label="shell, ZnTe")
        left.set_xlabel("Mean occupancy [-]")
        left.set_ylabel(r"Occupancy $\theta$ [-]")
        left.set_xlim(0, 1)
        left.set_ylim(-0.03, 1.03)
        left.legend(frameon=False, loc="lower right", bbox_to_anchor=(1, 0.05))
        right.set_xlabel("Radius $r/R$ [-], at half filling")
        right.set_xlim(0, 1)
        right.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 0.1))
    describe(figure, "A step of 1.5 V would empty the shell; 63 mV leaves ions on both sides")
    return figure


def _volts(step: float) -> str:
    return f"{step:.2f} V, work functions" if step >= 1 else f"{1e3 * step:.0f} mV, measured"


def check(result: Result) -> None:
    """63 mV shares the ions out, 1.5 V gives them all to the core."""
    core, shell = result.measured.at_half()
    assert 0.55 < core < 0.75
    assert 0.15 < shell < 0.4
    # uniform mu: the odds differ by exp(step / V_T)
    odds = core / (1 - core) / (shell / (1 - shell))
    assert np.isclose(odds, np.exp(0.06284 / THERMAL_VOLTAGE), rtol=1e-9)
    core, shell = result.work_functions.at_half()
    assert np.isclose(core, 0.5 / result.core_fraction**3, rtol=1e-12)  # all ions in the core
    assert shell * result.sites_in_a_shell < 1e-12  # ions in the shell of one particle
    assert np.allclose(result.none.core, MEANS, atol=1e-12)


if __name__ == "__main__":
    made = main(Path("docs/figures"))
    check(made)
    for one in (made.measured, made.work_functions):
        core, shell = one.at_half()
        print(f"{one.step:.4f} V at half filling: core {core:.3f}, shell {shell:.3g}")
    ions = made.work_functions.at_half()[1] * made.sites_in_a_shell
    print(
        f"ions in the shell of a particle at 1.5 V: {ions:.1g} of {made.sites_in_a_shell:.2g} sites"
    )
