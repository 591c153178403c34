"""What does GITT find of a diffusivity that is known?

The method of Weppner and Huggins takes the particle for a half space. On spheres it therefore reads low as
soon as a pulse is not short against R^2/D, by the share sqrt(pi D tau)/R at first: 5 % at D tau/R^2 = 8e-4, a
half at 0.1. Papers use pulses of ten minutes and particles whose R^2/D nobody knows.

With a built-in field the short pulse has another error. The diffusivity is the same everywhere in these
particles; but E is that of the surface, and in a field the surface follows the mean with another slope, so
dE_s stands for another change of the surface than the mean had. For short pulses the result is off by the
factor (d theta_s / d theta_mean)^2, which thermodynamics gives without any simulation. Three thermal voltages
one way or the other make the same diffusivity read as twice or as a quarter of what it is: the method sees
"faster diffusion" where a field keeps ions at the surface.

Even the size of the pulse counts: one that moves the surface occupancy by 0.01 reads 4 % low here, because
E(theta) bends; the map uses a tenth of that, fractions of a millivolt, which no instrument would.

The map puts known values in (one particle size, no fast share, kinetics that take no voltage) and lets
`hs.analysis.bias` extract. Its zero-field row is compared with the exact series of the sphere.
"""

from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

import hetsim as hs
from experiments._particle import HOUR, field, symmetric_cell
from hetsim.analysis import GittDiffusivity, bias, gitt_ratio
from hetsim.laws.pulse import sphere_surface_rise
from hetsim.plots.axes import describe
from hetsim.plots.style import COLOURS, COLUMN, MARKERS, STYLE

PULSES = np.array([3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0])
"""D tau/R^2."""
STEPS = (-3.0, -1.5, 0.0, 1.5, 3.0)
"""Built-in potential [RT/F]."""
START = 0.25
"""Mean occupancy before the pulse [-]: the middle of a plateau, where E bends least."""
SURFACE = 0.001
"""Change of the surface occupancy in a pulse [-]: small, so that dE/dtheta is constant."""
REST = 2.0
"""After a pulse, in units of R^2/D: the slowest mode is down by exp(-40)."""


@dataclass(frozen=True)
class Result:
    """bias : of `hs.analysis.bias`, one row a pulse and field; exact : D found over true for spheres without
    a field, by theory; short : the limit of short pulses of each field, by thermodynamics."""

    bias: pd.DataFrame
    exact: np.ndarray
    short: dict[float, float]


def titrated_cell(step: float) -> hs.HalfCell:
    """A particle whose rest at the upper cut-off is the mean occupancy START."""
    cell = symmetric_cell(0.0)
    volts = step * cell.thermal_voltage
    start = {
        "Upper voltage cut-off [V]": float(cell.open_circuit_potential(START)),
        "Double-layer capacity [F.m-2]": 0.0,
    }
    return cell.with_values({**field(volts, 0.05), **start})


def main(figures: Path | None = None) -> Result:
    """One pulse for each length and field."""
    frames = []
    for step in STEPS:
        cell = titrated_cell(step)
        for pulse in PULSES:
            # A/g that bring SURFACE to the surface of a sphere without a field
            filled = SURFACE / sphere_surface_rise(pulse) * pulse
            current = filled * cell.values["Specific capacity [mA.h.g-1]"] * 1e-3 / pulse
            test = hs.GITT(current, pulse * HOUR, REST * HOUR, pulses=1)
            frame = bias(cell, test, GittDiffusivity(), {"pulse": [pulse * HOUR]})
            frames.append(frame.assign(step=step))
    found = pd.concat(frames, ignore_index=True)
    exact = gitt_ratio(PULSES, sphere_surface_rise(PULSES), 1 / 3)
    result = Result(found, exact, {step: short_pulse(step) for step in STEPS})
    if figures is not None:
        _draw(result).savefig(figures / "gitt_bias_map.png", dpi=200)
    return result


def short_pulse(step: float) -> float:
    """(d theta_s / d theta_mean)^2 at rest, the ratio that a very short pulse finds [-]."""
    cell, h = titrated_cell(step), 1e-4
    rise = cell.surface_occupancy(START + h) - cell.surface_occupancy(START - h)
    return (rise / (2 * h)) ** 2


def _ratios(result: Result, step: float) -> np.ndarray:
    return result.bias.loc[result.bias["step"] == step, "ratio"].to_numpy()


def _draw(result: Result) -> Figure:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(1.6 * COLUMN, 2.7), layout="constrained")
        axes = figure.subplots()
        line = np.geomspace(PULSES[0] / 3, PULSES[-1], 200)
        exact = gitt_ratio(line, sphere_surface_rise(line), 1 / 3)
        axes.plot(line, exact, color="0.5", label="no field, exact series")
        for step, colour, marker in zip(STEPS, COLOURS, MARKERS, strict=False):
            axes.plot(
                PULSES,
                _ratios(result, step),
                marker,
                color=colour,
                label=f"{step:+g} RT/F" if step else "none",
            )
            axes.plot([PULSES[0] / 3], [result.short[step]], "_", color=colour, markersize=12)
        axes.axhspan(0.95, 1.05, color="0.9", zorder=0)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel(r"Length of the pulse $D\tau/R^2$ [-]")
        axes.set_ylabel(r"$D$ found over $D$ put in [-]")
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.legend(
            frameon=False,
            title="built-in potential",
            title_fontsize=7,
            loc="center left",
            bbox_to_anchor=(1.0, 0.5),
        )
    describe(figure, "What GITT finds of one diffusivity depends on the pulse and on the field")
    return figure


def check(result: Result) -> None:
    """Without a field the exact series; with it the limit of thermodynamics, and no pulse is long enough."""
    assert (result.bias["outcome"] == "protocol completed").all()
    plain = _ratios(result, 0.0)
    # the shortest pulse reaches six volumes deep; the jump of a long one is followed back over a bend
    assert np.all(np.abs(plain / result.exact - 1) < 0.05)
    assert np.all(np.abs(plain / result.exact - 1)[1:4] < 0.02)
    assert abs(plain[0] - 1) < 0.05  # in the window of validity: D within 5 %
    assert plain[-1] < 0.15
    for step in STEPS:
        start = _ratios(result, step)[0]
        # the shortest pulse is already sqrt(pi T) low, as without a field
        assert abs(start / (plain[0] * result.short[step]) - 1) < 0.05
    limits = [result.short[step] for step in STEPS]
    assert max(limits) / min(limits) > 3  # equal diffusivities, read as different ones


if __name__ == "__main__":
    made = main(Path("docs/figures"))
    print(made.bias.to_string())
    print("exact", made.exact.round(3), "\nshort", made.short)
    check(made)
