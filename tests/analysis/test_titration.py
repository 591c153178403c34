"""Three methods on one titration, pulse by pulse."""

import numpy as np
import pytest
from synthetic_gitt import SPHERE, Trace, interrupted, titration

from hetsim import analysis
from hetsim.errors import ParameterError

RADIUS = 1e-6
TRUE = RADIUS**2 / 1000.0
LENGTH = analysis.sphere(RADIUS)


def test_rows_are_pulses_and_each_method_is_that_of_its_own_function():
    trace = titration(SPHERE, 0.05, pulses=4, seconds=1000.0)
    found = analysis.titration_analysis(trace, LENGTH)
    frame = found.to_frame()
    assert len(frame) == 4
    gitt = analysis.weppner_huggins(trace, LENGTH)
    fits = analysis.fit_pulses(trace, LENGTH)
    rests = analysis.intermittent_current_interruption(trace, LENGTH)
    assert frame["diffusivity [m2.s-1]"].tolist() == gitt.diffusivities.tolist()
    assert frame["diffusivity by closed form [m2.s-1]"].tolist() == fits.diffusivities.tolist()
    assert frame["diffusivity by interruption [m2.s-1]"].tolist() == rests.diffusivities.tolist()
    assert frame["resistance by interruption [Ohm.g]"].tolist() == [
        one.resistance for one in rests.results
    ]


def test_half_spaces_are_off_to_either_side_of_the_truth():
    found = analysis.titration_analysis(
        titration(SPHERE, 0.05, pulses=4, seconds=1000.0), LENGTH, interruption_window=(3.0, 60.0)
    )
    assert found.gitt.median_diffusivity < 0.8 * TRUE
    assert found.fits.median_diffusivity == pytest.approx(TRUE, rel=1e-5, abs=0)
    assert np.nanmedian(found.by_interruption) > 1.2 * TRUE


def test_a_current_without_a_rest_before_it_is_a_row_of_no_method():
    """A trace that begins with current: its first rest follows no pulse between two rests."""
    whole = titration(SPHERE, 0.05, pulses=4, seconds=1000.0)
    kept = whole.time > 0
    trace = Trace(whole.time[kept], whole.current[kept], whole.voltage[kept])
    found = analysis.titration_analysis(trace, LENGTH)
    assert len(found.gitt.results) == 3
    assert found.interruptions is not None
    assert len(found.interruptions.results) == 4
    at = [found.interruption_after(one.pulse) for one in found.gitt.results]
    assert at == list(found.interruptions.results[1:])
    # the switch before the first sample is put at that sample, 0.3 s of 50 late
    assert found.fits.diffusivities == pytest.approx(TRUE, rel=0.01, abs=0)


def test_an_interrupted_current_without_a_first_rest_gives_its_diffusivity():
    whole = interrupted(SPHERE, 0.01, seconds=1000.0)
    kept = whole.time >= 0
    # the instant of the switch counts to the current, as where the time stands twice
    current = np.where(whole.time == 0, 0.1, whole.current)[kept]
    voltage = np.where(whole.time == 0, whole.voltage - 0.03, whole.voltage)[kept]
    found = analysis.fit_interruptions(Trace(whole.time[kept], current, voltage), LENGTH)
    assert found.diffusivities == pytest.approx(TRUE, rel=1e-4, abs=0)


def test_one_pulse_has_no_interruption_and_says_why():
    trace = titration(SPHERE, 0.05, pulses=1, seconds=1000.0)
    found = analysis.titration_analysis(trace, LENGTH)
    assert found.interruptions is None
    assert "needs two of a current" in found.why_not
    assert np.isnan(found.by_interruption).all()
    with pytest.raises(ParameterError, match="needs two of a current"):
        analysis.titration_analysis(trace, LENGTH, interruption_window=(1.0, 5.0))
