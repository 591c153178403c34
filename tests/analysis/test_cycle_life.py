"""Cycle life."""

import numpy as np
import pytest

from hetsim import analysis
from hetsim.errors import ParameterError


def test_constant_relative_loss_is_found():
    capacities = 196.1 * (1 - 2.8e-5) ** np.arange(4000)
    assert analysis.compound_fade(capacities) == pytest.approx(2.8e-5, rel=1e-9, abs=0)
    assert analysis.capacity_retention(capacities)[-1] == pytest.approx((1 - 2.8e-5) ** 3999)


def test_mean_fade_is_what_papers_print():
    # CZT: 89.4 % after 4000 cycles is 0.003 % a cycle (doi:10.1007/s40820-023-01202-6, section 3.3)
    fade = analysis.mean_fade([196.1, *np.full(3998, 190.0), 175.3])
    assert 100 * fade == pytest.approx(0.003, abs=0.0005)


def test_reference_cycle_changes_the_retention():
    assert analysis.capacity_retention([400, 300, 270], reference=1)[-1] == pytest.approx(0.9)
    assert analysis.capacity_retention([400, 300, 270])[-1] == pytest.approx(0.675)


def test_first_cycle_has_a_low_efficiency():
    efficiency = analysis.coulombic_efficiency([500, 370], [360, 368])
    assert efficiency == pytest.approx([0.72, 368 / 370])


@pytest.mark.parametrize(
    "call",
    [
        lambda: analysis.capacity_retention([]),
        lambda: analysis.capacity_retention([1, 0]),
        lambda: analysis.capacity_retention([1, 2], reference=2),
        lambda: analysis.mean_fade([100]),
        lambda: analysis.coulombic_efficiency([1, 2], [1]),
        lambda: analysis.coulombic_efficiency([1, np.nan], [1, 1]),
    ],
)
def test_bad_cycles_are_refused(call):
    with pytest.raises(ParameterError):
        call()
