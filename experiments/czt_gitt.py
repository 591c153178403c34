"""GITT of CZT, CT and ZT: what does a diffusion coefficient of 1e-8 cm2/s say?

The paper reports some 1e-8 cm2/s for CZT by GITT, above CT and ZT, and reads it as faster ions. Nothing was fitted to
it here; the parameters are those of the rate curves. The pulse is not printed: 0.1 A/g for 10 minutes with an hour of
rest is taken, as most papers do.

Three lessons. First, the number is that of the length. Its square enters, and the paper's value needs that of the
electrode (20 um): the same traces give 5e-13 m2/s = 5e-9 cm2/s with it and 1e-17 m2/s with R/3 of the particles, as
was put in. Second, it is nearly that of the clock: Weppner and Huggins can find no more than 4 L^2/(pi tau), 8.5e-9
cm2/s for 20 um and 10 minutes, and a pulse that is not short against R^2/D finds some half of it whatever the
material (a voltage curve that bends can lead beyond). A spread of sizes and a fast share make it blunt: by the closed
form, several times the diffusivity of CZT would raise what is found by a third. Third, so does the order. CZT comes out
above CT and ZT, as printed; but the diffusivity that was put into CZT (1.2e-17 m2/s, mean over the window) is no larger
than that of ZT (1.2e-17), both being fits to rate curves that leave them open by factors. The order of CZT and ZT is
that of their voltage curves and fast shares, not of their ions.

Three other readings of the same traces say how much of that is the method. The closed form of one sphere, fitted to
pulse and rest, finds 1.4, 1.4 and 0.8 times what was put in (CZT, CT, ZT), and leaves 4 % of the voltage, more than
noise would: it says that the particle has another form. With the spread and the fast share that the cells have it
finds 1.1, 1.0 and 1.0 times what was put in, and calls half of the pulses good. The first seconds of a rest, read by
the square root of time, see the fast share and the smallest particles: 9 to 85 times too much.

The polarisations at 0.1 A/g come along. They are no test: the hysteresis of the hosts was set in view of CT
and ZT, and what the junction takes off it was fitted to CZT.
"""

from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure

import hetsim as hs
from hetsim.analysis import (
    GittAnalysis,
    effective_diffusivity,
    fit_pulses,
    intermittent_current_interruption,
    layer,
    sphere,
    weppner_huggins,
)
from hetsim.laws.diffusion_spread import log_normal_classes, sphere_modes, surface_response
from hetsim.plots.axes import describe
from hetsim.plots.style import COLOURS, COLUMN, MARKERS, STYLE

SYSTEMS = ("CZT", "CT", "ZT")
CURRENT, PULSE, REST = 0.1, 600.0, 3600.0
"""A/g, s, s: not printed."""


@dataclass(frozen=True)
class System:
    """Of one system: the pulses with L = R/3, the median D with the electrode's thickness as length, what was
    put in, what the closed form of spread and fast share expects [m2.s-1], and the polarisation [V]. Of the closed
    form fitted to pulses and rests, with one sphere, with spread and fast share known, and of the rest by sqrt(t):
    median D with L = R/3 [m2.s-1]."""

    pulses: GittAnalysis
    with_electrode: float
    intrinsic: float
    expected: float
    bound: float
    polarisation: float
    printed_polarisation: float
    balance: float
    one_sphere: float
    shape_known: float
    by_interruption: float

    @property
    def from_steps(self) -> np.ndarray:
        """(4/pi tau) L^2 (dE_s/dE_t)^2 of each pulse, L = R/3 [m2.s-1]."""
        return np.array([one.diffusivity_from_steps for one in self.pulses.results])


def main(figures: Path | None = None) -> dict[str, System]:
    """One titration and one cycle of each system."""
    result = {name: titrate(hs.load(name)) for name in SYSTEMS}
    if figures is not None:
        _draw(result).savefig(figures / "czt_gitt.png", dpi=200)
    return result


def titrate(cell: hs.HalfCell) -> System:
    """GITT with both lengths, and the polarisation at 0.1 A/g."""
    run = hs.run(cell, hs.GITT(CURRENT, PULSE, REST), model="SPM")
    radius = cell.values["Particle radius [m]"]
    thickness = cell.values["Electrode thickness [m]"]
    pulses = weppner_huggins(run.trace, sphere(radius))
    with_electrode = weppner_huggins(run.trace, layer(thickness))
    steps = [one.diffusivity_from_steps for one in with_electrode.results]
    rate = hs.run(cell, hs.RateTest([0.1]))
    spread, fast = cell.values["Diffusion time spread"], cell.values["Fast fraction"]
    rests = intermittent_current_interruption(run.trace, sphere(radius))
    return System(
        pulses,
        float(np.nanmedian(steps)),
        effective_diffusivity(cell),
        expected_by_theory(cell),
        4 * thickness**2 / (np.pi * PULSE),
        rate.points[0].polarisation,
        float(cell.system.facts["Polarisation at 0.1 A/g [V]"].value),
        run.charge_balance,
        fit_pulses(run.trace, sphere(radius)).median_diffusivity,
        fit_pulses(run.trace, sphere(radius), spread, fast).median_diffusivity,
        rests.median_diffusivity,
    )


def expected_by_theory(cell: hs.HalfCell) -> float:
    """Short form on spheres of a spread of sizes with a fast share, dE/dtheta constant [m2.s-1].

    (4/pi tau) (R/3)^2 (T/r(T))^2,   T = D tau/R^2,   r of `laws.diffusion_spread.surface_response`
    """
    radius, spread = cell.values["Particle radius [m]"], cell.values["Diffusion time spread"]
    times, weights = log_normal_classes(9, spread)
    fast = cell.values["Fast fraction"]
    rise = surface_response(times, weights, fast, modes=sphere_modes(200))
    t = effective_diffusivity(cell) * PULSE / radius**2
    return 4 / (np.pi * PULSE) * (radius / 3) ** 2 * (t / rise(t)) ** 2


def _draw(result: dict[str, System]) -> Figure:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(1.7 * COLUMN, 2.7), layout="constrained")
        axes = figure.subplots()
        for (name, one), colour, marker in zip(result.items(), COLOURS, MARKERS, strict=False):
            passed = [pulse.pulse.passed for pulse in one.pulses.results]
            scale = one.with_electrode / np.nanmedian(one.from_steps)
            axes.plot(passed, 1e4 * scale * one.from_steps, marker + "-", color=colour, label=name)
            axes.axhline(1e4 * one.intrinsic, color=colour, linestyle=":")
        axes.axhline(1e4 * result["CZT"].bound, color="0.6", linewidth=0.8, linestyle="--")
        axes.set_yscale("log")
        axes.set_ylim(1e-15, 1e-7)
        axes.annotate(
            r"bound $4L^2/\pi\tau$",
            (1.01, 1e4 * result["CZT"].bound),
            xycoords=("axes fraction", "data"),
        )
        axes.annotate(
            "found with\nL = 20 µm",
            (1.01, 2e-10),
            xycoords=("axes fraction", "data"),
        )
        axes.annotate("put in", (1.01, 3e-14), xycoords=("axes fraction", "data"))
        axes.set_xlabel("Specific charge inserted [mAh/g]")
        axes.set_ylabel(r"$D$ [cm$^2$/s]")
        axes.legend(frameon=False, loc="center", ncols=3)
    describe(figure, "GITT with a length of 20 µm finds four decades more than was put in")
    return figure


def check(result: dict[str, System]) -> None:
    """CZT above its controls; the paper's size with the electrode's length only; the closed form beside it."""
    found = {name: np.nanmedian(one.from_steps) for name, one in result.items()}
    assert found["CZT"] > max(found["CT"], found["ZT"])
    slopes = {name: one.pulses.median_diffusivity for name, one in result.items()}
    assert slopes["CZT"] > max(slopes["CT"], slopes["ZT"])
    for one in result.values():
        assert one.balance <= 1e-6
        assert abs(one.polarisation - one.printed_polarisation) <= 0.1
        assert one.with_electrode <= one.bound  # the median; single pulses on a bend are beyond
    # 1e-8 cm2/s as an order of magnitude
    assert 0.3e-12 < result["CZT"].with_electrode < 3e-12
    # linear theory on a curve with plateaus: within a fifth where the median pulse sits on a slope
    for name in ("CZT", "CT"):
        assert abs(found[name] / result[name].expected - 1) < 0.2
    for one in result.values():
        # of known spread and fast share: the median of pulses between plateaus, of two hosts a mean
        assert abs(one.shape_known / one.intrinsic - 1) < 0.15
        assert one.by_interruption > 5 * one.intrinsic
        assert 0.5 < one.one_sphere / one.intrinsic < 2
    faster = hs.load("CZT").with_values({"Interface mobility ratio": 112.9})
    assert 5 < effective_diffusivity(faster) / result["CZT"].intrinsic < 6.5
    assert expected_by_theory(faster) / result["CZT"].expected < 1.4


if __name__ == "__main__":
    made = main(Path("docs/figures"))
    for name, one in made.items():
        half = one.from_steps[: len(one.from_steps) // 2]
        print(
            f"{name}: put in {one.intrinsic:.2e}, found with R/3 {np.nanmedian(one.from_steps):.2e} (first half "
            f"{np.nanmedian(half):.2e}, slope form {one.pulses.median_diffusivity:.2e}, theory {one.expected:.2e}), "
            f"with 20 um {one.with_electrode:.2e} m2/s; {len(half)} x 2 pulses; polarisation {one.polarisation:.2f} V, "
            f"printed {one.printed_polarisation:.2f}; balance {one.balance:.0e}; closed form {one.one_sphere:.2e}, "
            f"of known shape {one.shape_known:.2e}, interruption {one.by_interruption:.2e}"
        )
    check(made)
