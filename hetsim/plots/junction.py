"""The figure of an interface: bands, potential and field in a particle, space charge, temperature."""

from __future__ import annotations

from typing import Any, NamedTuple

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from hetsim.architectures import ARCHITECTURES
from hetsim.junctions.pair import TEMPERATURE
from hetsim.junctions.report import InterfaceReport, interface_potential, ratio_constants
from hetsim.laws import hopping, potential, space_charge
from hetsim.laws.junction import Material
from hetsim.plots.axes import describe
from hetsim.plots.style import COLOURS, COLUMN, STYLE
from hetsim.units import MV

TEMPERATURES = np.linspace(230.0, 330.0, 101)
"""[K]"""

SIZE_RATIOS = (1.0, 3.0, 10.0, 100.0)
"""R / lambda of the profiles shown beside the one at hand [-]."""

SHOWN_CORE = 0.8
"""r_j / R where no system gives one [-]."""

SIDE_A, SIDE_B, CATION = COLOURS[0], COLOURS[1], COLOURS[2]
GREY = "0.45"
_STYLE = {**STYLE, "axes.titlesize": 8, "axes.titlelocation": "left"}


class _Levels(NamedTuple):
    """Energies of one side below its vacuum level [eV]; None where data lack."""

    fermi: float
    conduction: float | None
    valence: float | None


def figure(report: InterfaceReport) -> Figure:
    """Four panels at two column widths."""
    with matplotlib.rc_context(_STYLE):
        made = Figure(figsize=(2 * COLUMN, 5.6), layout="constrained")
        made.get_layout_engine().set(w_pad=0.06, h_pad=0.05)  # type: ignore[call-arg, union-attr]
        grid = made.add_gridspec(4, 2, height_ratios=[1.15, 0.85, 1, 1])
        bands = made.add_subplot(grid[0:2, 0])
        phi = made.add_subplot(grid[0, 1])
        field = made.add_subplot(grid[1, 1], sharex=phi)
        _draw_bands(bands, report)
        _draw_profile(phi, field, report)
        _draw_carriers(made.add_subplot(grid[2:4, 0]), report)
        _draw_ratio(made.add_subplot(grid[2:4, 1]), report)
        ions = f"junction of {' and '.join(report.pair.names)} for {report.pair.ion} ions"
        told = f"a: energies of electrons below the vacuum level; widths not to scale. d: dotted at {TEMPERATURE:g} K."
        describe(made, f"{report.pair.name}: {ions}", told)
    return made


# --- bands ----------------------------------------------------------------------------------------


def _draw_bands(axes: Any, report: InterfaceReport) -> None:
    """Before contact the vacuum levels agree, after it the Fermi levels."""
    axes.set_title("a  Bands before and after contact", pad=15)
    axes.set_ylabel("Energy [eV]")
    axes.set_xticks([])
    joined = report.pair.junction
    step = report.contact.built_in_potential_V
    if step is None:
        _say(axes, "no work functions in the library:\nthe bands cannot be aligned")
        axes.set_axis_off()
        return
    a, b = _levels(joined.a), _levels(joined.b)
    _draw_side(axes, (0.0, 1.0), a, SIDE_A)
    _draw_side(axes, (1.6, 2.6), b, SIDE_B)
    _draw_contact(axes, joined.a, joined.b, step)
    lowest = min(-one for level in (a, b) for one in level if one is not None)
    axes.set_ylim(lowest - max(step, 0.0) - 0.7, 1.6 + max(-step, 0.0))
    axes.set_xlim(-0.6, 7.5)
    axes.set_xticks([1.3, 5.0], ["before contact", "after contact"])
    axes.tick_params(bottom=False)
    top = axes.get_ylim()[1]
    for x, text, colour in (
        (0.5, joined.a.name, SIDE_A),
        (2.1, joined.b.name, SIDE_B),
        (4.2, joined.a.name, SIDE_A),
        (5.8, joined.b.name, SIDE_B),
    ):
        axes.text(x, top, text, color=colour, ha="center", va="top", fontsize=7)


def _levels(side: Material) -> _Levels:
    affinity, gap = side.electron_affinity_eV, side.band_gap_eV
    valence = None if affinity is None or gap is None else affinity + gap
    return _Levels(float(side.need("work_function_eV")), affinity, valence)


def _draw_side(axes: Any, ends: tuple[float, float], levels: _Levels, colour: str) -> None:
    """One material alone: all levels flat below its vacuum level."""
    x, vacuum = np.array(ends), np.zeros(2)
    axes.plot(x, vacuum, color=GREY, lw=0.8)
    axes.plot(ends, 2 * [-levels.fermi], "--", color=colour)
    axes.annotate("", (x[0] + 0.3, -levels.fermi), (x[0] + 0.3, 0), arrowprops=_ARROW)
    axes.text(
        x[0] + 0.26,
        -1.7,
        f"{levels.fermi:.2f} eV",
        fontsize=6.5,
        rotation=90,
        ha="right",
        va="center",
    )
    _draw_edges(axes, x, vacuum, levels, colour)
    axes.text(ends[0], -levels.fermi, "$E_F$ ", fontsize=7, ha="right", va="center", color=colour)


def _draw_edges(axes: Any, x: Any, vacuum: Any, levels: _Levels, colour: str) -> None:
    for below, name in ((levels.conduction, "$E_c$"), (levels.valence, "$E_v$")):
        if below is None:
            continue
        axes.plot(x, vacuum - below, color=colour)
        axes.text(x[-1], vacuum[-1] - below, " " + name, fontsize=7, va="center", color=colour)
    if levels.valence is not None:
        bottom = vacuum - levels.valence
        axes.fill_between(x, bottom - 0.4, bottom, color=colour, alpha=0.18, lw=0)


def _draw_contact(axes: Any, a: Material, b: Material, step: float) -> None:
    """Energies of electrons fall by V_bi from A to B; a metal keeps its level up to the junction."""
    share_a, share_b = _shares(a, b)
    x_a, x_b = np.linspace(3.6, 5.0, 60), np.linspace(5.0, 6.4, 60)
    vacuum_a = -step * share_a * np.exp((x_a - 5.0) / 0.3)
    vacuum_b = -step * (1 - share_b * np.exp((5.0 - x_b) / 0.3))
    fermi = -a.need("work_function_eV")
    for x, vacuum, side, colour in ((x_a, vacuum_a, a, SIDE_A), (x_b, vacuum_b, b, SIDE_B)):
        axes.plot(x, vacuum, color=GREY, lw=0.8)
        _draw_edges(axes, x, vacuum, _levels(side), colour)
    axes.plot([3.6, 6.4], [fermi, fermi], "--", color="black")
    axes.text(3.6, fermi, "$E_F$ ", fontsize=7, ha="right", va="center")
    axes.axvline(5.0, color=GREY, lw=0.6, ls=":")
    axes.plot([5.0, 6.6], [0, 0], color=GREY, lw=0.5, ls=":")
    axes.annotate("", (6.5, -step), (6.5, 0), arrowprops=_ARROW)
    axes.text(6.6, -step / 2, f"$eV_{{bi}}$\n{abs(step):.2f} eV", fontsize=6.5, va="center")
    signs = ("−", "+") if step > 0 else ("+", "−")
    height = max(0.0, -step) + 0.4
    for at, sign, colour in ((4.8, signs[0], SIDE_A), (5.2, signs[1], SIDE_B)):
        axes.text(at, height, sign, ha="center", va="center", fontsize=10, color=colour)


def _shares(a: Material, b: Material) -> tuple[float, float]:
    """How the step is drawn on the sides (a drawing, not to scale): none of it in a metal."""
    metals = [side.conduction == "metal" for side in (a, b)]
    if metals[0] != metals[1]:
        return (0.0, 1.0) if metals[0] else (1.0, 0.0)
    return 0.5, 0.5


_ARROW = {"arrowstyle": "<->", "lw": 0.7, "color": "black", "shrinkA": 0, "shrinkB": 0}


# --- potential in the particle --------------------------------------------------------------------


def _draw_profile(axes: Any, field: Any, report: InterfaceReport) -> None:
    screening = report.screening
    core = screening.core_fraction or SHOWN_CORE
    own = screening.radius_over_debye_length
    x = np.unique(np.concatenate([np.linspace(1e-4, 1, 600), core + np.linspace(-0.03, 0.03, 600)]))
    x = x[(x > 0) & (x <= 1)]
    ratios = [
        size_ratio
        for size_ratio in SIZE_RATIOS
        if own is None or abs(np.log(size_ratio / own)) > 0.5
    ]
    for index, ratio in enumerate(ratios):
        label = f"{ratio:g}" if index else f"$R/\\lambda$ = {ratio:g}"
        _draw_one(axes, field, x, report, core, ratio, label, COLOURS[index + 2], 1.0)
    if own is not None:
        _draw_one(axes, field, x, report, core, own, f"{own:.3g} (here)", "black", 1.8)
    architecture = ARCHITECTURES.get(report.pair.architecture)
    has_core = architecture is not None and architecture.has_field
    title = "Potential and field in a particle" if has_core else "A core-shell particle"
    unknown = report.contact.built_in_potential_V is None
    axes.set_title(f"b  {title}{' (sign unknown)' if unknown else ''}", pad=15)
    axes.set_ylabel("$\\varphi$ [mV]")
    axes.tick_params(labelbottom=False)
    axes.legend(
        frameon=False,
        ncols=5,
        loc="lower right",
        bbox_to_anchor=(1.02, 0.94),
        columnspacing=0.9,
        handlelength=1.1,
        handletextpad=0.4,
    )
    field.set_ylabel("$\\lambda E$ [mV]")
    field.set_xlabel("Radius $r/R$ [-]")
    field.set_xlim(0, 1)
    for one in (axes, field):
        one.axvline(core, color=GREY, lw=0.6, ls=":")


def _draw_one(
    axes: Any,
    field: Any,
    x: Any,
    report: InterfaceReport,
    core: float,
    ratio: float,
    label: str,
    colour: str,
    width: float,
) -> None:
    """Field times lambda: one scale for every size of particle."""
    lengths = (1 / ratio, 1 / ratio)
    phi = potential.core_shell_potential(x, report.acting_potential, *lengths, core) / MV
    axes.plot(x, phi, color=colour, lw=width, label=label)
    field.plot(x, -np.gradient(phi, x) / ratio, color=colour, lw=width)


# --- space charge ---------------------------------------------------------------------------------


def _draw_carriers(axes: Any, report: InterfaceReport) -> None:
    middle, low, high, _ = interface_potential(report.pair)
    x = np.linspace(0, 5, 300)
    for index, one in enumerate(sorted({low, middle, high})):
        u0 = space_charge.enrichment_exponent(one, TEMPERATURE, report.pair.charge)
        colour = COLOURS[index]
        axes.plot(
            x, space_charge.gouy_chapman(x, 1.0, u0), color=colour, label=f"{one / MV:.3g} mV"
        )
        axes.plot(x, space_charge.gouy_chapman(x, 1.0, -u0), "--", color=colour)
    axes.axhline(1, color=GREY, lw=0.6, ls=":")
    axes.set_yscale("log")
    bottom, top = axes.get_ylim()
    axes.set_ylim(min(bottom, 0.05), max(top, 20))  # at least two decades, for the ticks
    axes.set_xlim(0, 5)
    axes.set_xlabel("Distance from the junction $x/\\lambda$ [-]")
    axes.set_ylabel("Carriers $c/c_\\infty$ [-]")
    axes.set_title("c  Space charge at the junction")
    negative = report.pair.junction.negative_side if report.contact.positive_side else None
    towards = f" ({negative.name})" if negative else ""
    axes.legend(
        title=f"full: side that draws {report.pair.ion} ions{towards}\ndashed: the other side",
        frameon=False,
        title_fontsize=6.5,
        loc="upper right",
    )


def _draw_ratio(axes: Any, report: InterfaceReport) -> None:
    pair = report.pair
    middle, low, high, _ = interface_potential(pair)
    ratios = pair.file.ratios if pair.file else ()
    if ratios:
        _draw_measured(axes, report)
        alone = space_charge.conductivity_ratio(high, TEMPERATURES, charge=pair.charge)
        label = f"space charge alone, {high / MV:.3g} mV"
        axes.plot(TEMPERATURES, alone, "--", color=COLOURS[1], label=label)
    else:
        for index, one in enumerate(sorted({low, middle, high})):
            values = ratio_constants(pair, one).ratio(TEMPERATURES)
            label = f"space charge, {one / MV:.3g} mV"
            axes.plot(TEMPERATURES, values, color=COLOURS[index], label=label)
    interface = report.transport.interface_migration_barrier_eV
    for index, (name, barrier) in enumerate(
        zip(
            pair.names,
            (report.transport.migration_barrier_a_eV, report.transport.migration_barrier_b_eV),
            strict=True,
        )
    ):
        if barrier is not None and interface is not None:
            bound = hopping.barrier_ratio_bound(barrier, interface, TEMPERATURES)
            label = f"bound by barriers, over {name}"
            style = ("--", "-.")[index]
            axes.plot(TEMPERATURES, bound, style, color="black", lw=1, label=label)
    axes.axvline(TEMPERATURE, color=GREY, lw=0.6, ls=":")
    axes.set_yscale("log")
    axes.set_xlim(TEMPERATURES[0] - 3, TEMPERATURES[-1])
    bottom, top = axes.get_ylim()
    bottom, top = min(bottom, 1), max(top, 10)
    axes.set_ylim(bottom, top * (top / bottom) ** 0.45)  # room for the legend
    axes.set_xlabel("Temperature [K]")
    axes.set_ylabel("Interface over bulk, $\\sigma/\\sigma_\\infty$ [-]")
    axes.set_title("d  Conductivity ratio")
    axes.legend(frameon=False, loc="upper right")


def _draw_measured(axes: Any, report: InterfaceReport) -> None:
    pair = report.pair
    constants = ratio_constants(pair, report.space_charge.interface_potential_V)
    sum_eV = report.space_charge.enthalpy_and_half_potential_eV
    label = f"one set of constants,\n$\\Delta H + ze\\Delta\\varphi/2$ = {sum_eV:.4f} eV"
    axes.plot(TEMPERATURES, constants.ratio(TEMPERATURES), color=COLOURS[0], label=label)
    for one in pair.file.ratios if pair.file else ():
        marker, text = ("^", "measured, above") if one.lower_bound else ("o", "measured")
        axes.plot(
            one.temperature_K,
            one.ratio,
            marker,
            color="black",
            markerfacecolor="white",
            clip_on=False,
            label=f"{text} {one.ratio:g} at {one.temperature_K:g} K",
        )


def _say(axes: Any, text: str) -> None:
    axes.text(0.5, 0.5, text, ha="center", va="center", transform=axes.transAxes, fontsize=7)
