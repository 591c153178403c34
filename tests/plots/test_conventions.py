"""Figures keep the conventions of the field, and nothing in them leaves the page or covers the data."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg

import hetsim as hs
from hetsim.analysis import (
    b_values,
    dunn_shares,
    fit_rate_equation,
    spectrum_analysis,
    weppner_huggins,
)
from hetsim.analysis.diffusion_length import sphere
from hetsim.junctions.pair import pair_of_system
from hetsim.junctions.report import report
from hetsim.measurements.cv import CvCycle
from hetsim.plots.junction import figure as junction_figure
from hetsim.results.quantities import CAPACITY

ON_PAGE = 0.02  # inch: half a stroke of a line on the border


@cache
def run(kind):
    cell = hs.load("CZT", "lumped").with_particle(classes=1)
    protocol = {
        "cv": lambda: hs.CV([0.2, 1.0]),
        "rate": lambda: hs.RateTest([1.0, 10.0], cycles=1),
        "eis": lambda: hs.EIS([0.2, 0.8]),
        "titration": lambda: hs.GITT(1.0, 60.0, 300.0, 3),
        "cycling": lambda: hs.Cycling(3.0, cycles=3, traces=(1, 3)),
    }[kind]()
    return hs.run(cell, protocol, "SPM")


def long_cycling():
    """Three cycles, called the first, the middle and the last of 4000."""
    result = run("cycling")
    numbers = (1, 2000, 4000)
    cycles = [replace(one, number=n) for one, n in zip(result.cycles, numbers, strict=True)]
    return replace(result, cycles=tuple(cycles))


@cache
def full():
    return hs.run(hs.load("KPB-CZT"), hs.RateTest([0.1, 0.5], from_equilibrium=True), "SPM")


def swept():
    values = np.add.outer(np.arange(9.0), 50 * np.arange(3.0))[..., None] + np.zeros(3)
    dims = ("Built-in potential [V]", "Particle radius [m]", "current")
    coords = dict(
        zip(dims, (np.linspace(-0.1, 0.1, 9), [5e-9, 2e-8, 5e-8], [1, 3, 10]), strict=True)
    )
    data = xr.Dataset(
        {CAPACITY.key: (dims, values), "time_used_s": (dims[:2], values[..., 0])}, coords
    )
    return data.assign_attrs(system="CZT", model="SPM")


def sensitivity():
    names = ["Particle radius [m]", "Series resistance [Ohm.cm2]"]
    columns = ("S1", "S1_conf", "ST", "ST_conf")
    return pd.DataFrame({name: [0.6, 0.2] for name in columns}, index=names)


def controls():
    cell = hs.load("CZT").with_particle(classes=1)
    return hs.plots.controls(cell, hs.RateTest([1.0, 10.0], from_equilibrium=True), "SPM")


def prediction():
    return hs.predict("VS2", "graphene", "Na", draws=20, currents=(0.1, 5.0))


def analysed_titration():
    trace = run("titration").trace
    length = sphere(2.5e-7)
    return hs.plots.analysed_gitt(trace, weppner_huggins(trace, length))


def analysed_rate():
    measured = hs.measured("CZT")
    return hs.plots.analysed_rate(
        measured, fit_rate_equation(measured.currents, measured.capacities)
    )


FIGURES = {
    "rate": lambda: hs.plots.rates([(run("rate"), hs.measured("CZT"))]),
    "rate of a full cell": lambda: hs.plots.rate(full()),
    "voltammogram": lambda: hs.plots.voltammogram(run("cv")),
    "voltammograms": lambda: hs.plots.voltammograms([run("cv"), run("cv")]),
    "impedance": lambda: hs.plots.impedance(run("eis")),
    "trace": lambda: hs.plots.trace(run("titration")),
    "traces": lambda: hs.plots.traces([run("titration"), run("titration")]),
    "cycling": lambda: hs.plots.cycling([run("cycling"), long_cycling()], ["a", "b"]),
    "ragone": lambda: hs.plots.ragone(full()),
    "parts of a rate test": lambda: hs.plots.voltage_components(run("rate")),
    "parts of a titration": lambda: hs.plots.voltage_components(run("titration")),
    "parts of a full cell": lambda: hs.plots.voltage_components(full()),
    "analysed voltammograms": lambda: analysed(1),
    "analysed titration": analysed_titration,
    "analysed rate": analysed_rate,
    "controls": controls,
    "prediction": lambda: hs.plots.predicted(prediction()),
    "solid electrolyte": lambda: hs.plots.solid_electrolyte(
        hs.solid_electrolyte("peo-vs-disordered")
    ),
    "sweep": lambda: hs.plots.sweep_overview(swept()),
    "sensitivity": lambda: hs.plots.sensitivity_bars(sensitivity(), "capacity at current 1 A/g"),
    "junction": lambda: junction_figure(report(pair_of_system("CZT"))),
}


def analysed(sign):
    cycles = [CvCycle(one.scan_rate, one.potential, sign * one.current) for one in run("cv").sweeps]
    return hs.plots.analysed_cv(dunn_shares(cycles), b_values(cycles))


@cache
def drawn(name):
    """A figure, laid out as in its file."""
    figure = FIGURES[name]()
    FigureCanvasAgg(figure).draw()
    return figure


def texts(figure):
    own = [figure._suptitle, figure._supxlabel]
    found = [one for one in own if one is not None]
    for axes in figure.axes:
        found += [axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label, *axes.texts]
    for legend in [*figure.legends, *(a.get_legend() for a in figure.axes if a.get_legend())]:
        found += [*legend.get_texts(), legend.get_title()]
    return [one for one in found if one.get_visible() and one.get_text().strip()]


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_says_what_is_seen(name):
    assert drawn(name).get_suptitle()


@pytest.mark.parametrize("name", FIGURES)
def test_every_text_is_on_the_page_and_can_be_read(name):
    figure = drawn(name)
    page = figure.bbox.padded(ON_PAGE * figure.dpi)
    for text in texts(figure):
        box = text.get_window_extent()
        inside = page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1
        assert inside, text.get_text()
        assert text.get_fontsize() >= 6  # pt: what journals ask for at the printed size


@pytest.mark.parametrize("name", [name for name in FIGURES if name != "junction"])
def test_a_legend_covers_no_axes(name):
    figure = drawn(name)
    legends = [*figure.legends, *(a.get_legend() for a in figure.axes if a.get_legend())]
    for legend in legends:
        for axes in figure.axes:
            box, panel = legend.get_window_extent(), axes.get_window_extent().padded(-1)
            assert not box.overlaps(panel), legend.get_texts()[0].get_text()


@pytest.mark.parametrize("name", FIGURES)
def test_titles_and_legends_lie_apart(name):
    figure = drawn(name)
    boxes = [(one.get_text(), one.get_window_extent().padded(-1)) for one in texts(figure)]
    for index, (text, box) in enumerate(boxes):
        for other, another in boxes[index + 1 :]:
            assert not box.overlaps(another), (text, other)


@pytest.mark.parametrize("name", FIGURES)
def test_numbers_on_an_axis_lie_apart(name):
    gap = 3 / 72 * drawn(name).dpi  # 3 pt, more than half a digit
    for axes in drawn(name).axes:
        for axis, low, high in ((axes.xaxis, "x0", "x1"), (axes.yaxis, "y0", "y1")):
            first, last = sorted(axis.get_view_interval())
            ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
            labels = [one.label1 for one in ticks if first <= one.get_loc() <= last]
            shown = [one for one in labels if one.get_visible() and one.get_text()]
            boxes = [one.get_window_extent() for one in shown]
            ends = sorted((getattr(box, low), getattr(box, high)) for box in boxes)
            for (_, end), (start, _) in pairwise(ends):
                assert end + gap <= start, [one.get_text() for one in labels]


# --- what is up -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("insertion_positive", "sign"), [(False, -1), (True, 1)])
def test_a_voltammogram_draws_oxidation_upwards_unless_told(insertion_positive, sign):
    cv = run("cv")
    axes = hs.plots.voltammogram(cv, insertion_positive=insertion_positive).axes[0]
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), sign * cv.sweeps[0].current)
    up = "insertion" if insertion_positive else "oxidation"
    assert axes.get_ylabel() == f"Current [A/g] ({up} positive)"


def test_rising_potential_oxidises():
    fast = run("cv").sweeps[1]
    line = hs.plots.voltammogram(run("cv")).axes[0].lines[1].get_ydata()
    assert line[fast.branch < 0].mean() > 0 > line[fast.branch > 0].mean()


def test_analysed_voltammograms_look_alike_whatever_sign_the_file_has():
    one, other = (analysed(sign).axes[0].lines for sign in (1, -1))
    for line, same in zip(one, other, strict=True):
        # A/g: the fit of k1 is not in the line
        np.testing.assert_allclose(line.get_ydata(), same.get_ydata(), rtol=1e-12)
    rising = max(one, key=lambda line: line.get_ydata().mean())
    assert rising.get_ydata().mean() > 0


def test_a_nyquist_plot_has_equal_axes_and_minus_im_up():
    axes = drawn("impedance").axes[0]
    spectrum = run("eis").spectra[0]
    assert axes.get_aspect() == 1
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), -spectrum.impedance.imag)
    assert axes.lines[0].get_ydata().max() > 0  # capacitive


# --- whose grams ----------------------------------------------------------------------------------


def caption(figure):
    supx = figure.get_supxlabel()
    return supx or figure.legends[0].get_title().get_text()


@pytest.mark.parametrize("name", ["rate", "voltammogram", "trace", "traces", "cycling", "sweep"])
def test_specific_quantities_are_per_gram_of_active_material(name):
    assert "per gram of active material." in caption(drawn(name))


def test_those_of_a_full_cell_are_per_gram_of_the_electrode_that_counts():
    assert "per gram of KPB." in caption(drawn("rate of a full cell"))
    assert "per mass of KPB alone" in caption(drawn("ragone"))
    steps = hs.Protocol([hs.ConstantCurrent(0.1, 60), hs.Rest(60)])
    run_of_steps = hs.run(hs.load("KPB-CZT"), steps, "SPM")
    told = "Currents and capacities per gram of KPB. A positive current discharges."
    assert caption(hs.plots.trace(run_of_steps)) == told


@pytest.mark.parametrize("count", [1, 3, 4, 9])
def test_the_legend_of_analysed_spectra_is_within_the_figure(count):
    """One entry a spectrum; with four of them the legend was once wider than the figure."""
    frequency = np.logspace(4, -1, 31)
    one = spectrum_analysis(frequency, 5 + 20 / (1 + 2j * np.pi * frequency * 0.01))
    names = [f"spectrum {k} (filling 0.{k}25)" for k in range(count)]
    figure = hs.plots.analysed_eis(count * [one], names)
    FigureCanvasAgg(figure).draw()
    box = figure.legends[0].get_window_extent()
    assert [text.get_text() for text in figure.legends[0].get_texts()] == names
    assert 0 <= box.x0 < box.x1 <= figure.bbox.width
    assert 0 <= box.y0 < box.y1 <= figure.bbox.height


# --- curves of several systems --------------------------------------------------------------------


def rate_curve(name, *currents):
    return replace(
        hs.run(
            hs.load("CZT", "lumped").with_particle(classes=1),
            hs.RateTest(list(currents), cycles=1),
            "SPM",
        ),
        system=name,
    )


def test_profiles_of_several_systems_are_at_a_current_that_all_have():
    here, there = rate_curve("here", 0.1, 0.25, 4.0), rate_curve("there", 0.25, 4.0)
    profiles = hs.plots.rates([(here, None), (there, None)]).axes[1]
    assert profiles.get_title().endswith("at 0.25 A/g")
    shown = profiles.lines[0].get_xdata()
    np.testing.assert_array_equal(shown, here.points[1].insertion.capacity)


def test_profiles_without_a_common_current_say_so():
    pairs = [(rate_curve("here", 0.1), None), (rate_curve("there", 0.25), None)]
    title = hs.plots.rates(pairs).axes[1].get_title()
    assert title.endswith("at the lowest current of each, 0.1 to 0.25 A/g")


def test_a_legend_of_long_names_stays_on_the_page():
    long = "ZnSe-MoSe2-C-Li (without potential) of a long name"
    figure = hs.plots.rates([(rate_curve(f"{long} {k}", 1.0), None) for k in range(4)])
    FigureCanvasAgg(figure).draw()
    box = figure.legends[0].get_window_extent()
    assert box.x0 >= 0
    assert box.x1 <= figure.bbox.x1
