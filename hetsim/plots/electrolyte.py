"""Figure of the conductivity of a solid electrolyte against temperature, modelled and printed."""

from typing import Any

import matplotlib
from matplotlib.figure import Figure

from hetsim.plots.axes import colour, describe, legend_above
from hetsim.plots.style import COLUMN, MARKERS, STYLE
from hetsim.solid_electrolytes.electrolyte import PLAUSIBLE, SolidElectrolyte, temperatures

_PER_CM = 100.0
ZERO_CELSIUS = 273.15


def solid_electrolyte(electrolyte: SolidElectrolyte) -> Figure:
    """Conductivity against inverse temperature: printed points as markers, the host and a plausible layer as lines.

    Parameters
    ----------
    electrolyte : SolidElectrolyte
        Of `hs.solid_electrolyte`

    Returns
    -------
    Figure
    """
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(1.25 * COLUMN, 2.9), layout="constrained")
        draw_conductivities(figure.subplots(), electrolyte)
        describe(figure, f"{electrolyte.facts.title}: conductivity", electrolyte.reason)
    return figure


def draw_conductivities(axes: Any, electrolyte: SolidElectrolyte) -> None:
    """The same on axes of the caller's."""
    kelvin = temperatures(electrolyte)
    x = [1000 / one for one in kelvin]
    if electrolyte.host is not None:
        lines = [(False, 0.0, "-", 0, "host as printed")]
        if electrolyte.host.law == "melts":
            lines.append((True, 0.0, "-", 1, "amorphous polymer"))
        if electrolyte.has_layers:
            layer = f"with layers of {1e3 * PLAUSIBLE:.0f} mV"
            lines.append((electrolyte.host.law == "melts", PLAUSIBLE, "--", 1, layer))
        for amorphous, potential, style, place, label in lines:
            sigma = [
                electrolyte.conductivity(one, potential, amorphous=amorphous) / _PER_CM
                for one in kelvin
            ]
            axes.plot(x, sigma, style, color=colour(place), label=label)
    for used, face, label in (
        (True, "white", "printed"),
        (False, "0.8", "printed, exponent in doubt"),
    ):
        found = [
            (1000 / one.temperature, one.value / _PER_CM)
            for one in electrolyte.facts.conductivities
            if one.used == used and one.temperature
        ]
        if found:
            axes.plot(
                *zip(*found, strict=True),
                MARKERS[0],
                color=colour(2),
                markerfacecolor=face,
                label=label,
            )
    axes.set_yscale("log")
    axes.set_xlabel("1000/T [1/K]")
    axes.set_ylabel("Conductivity [S/cm]")
    legend_above(axes, 2)
