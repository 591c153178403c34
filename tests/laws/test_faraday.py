"""Theoretical capacities against those that papers print."""

import pytest

from hetsim.errors import ParameterError
from hetsim.laws.faraday import molar_mass, theoretical_capacity


@pytest.mark.parametrize(
    ("formula", "electrons", "printed"),
    [
        ("MoS2", 4, 670),
        ("SnS", 5.75, 1022),
        ("FeS", 2, 609),
        ("Si", 4.4, 4200),
        ("CoTe2", 4, 341.3),
    ],
)
def test_capacity_is_the_printed_one(formula: str, electrons: float, printed: float) -> None:
    """Printed to three digits; FeS as 609 mAh/g."""
    assert theoretical_capacity(formula, electrons) == pytest.approx(printed, rel=2e-3)


def test_capacity_goes_with_the_electrons() -> None:
    assert theoretical_capacity("V2O5", 4) == pytest.approx(2 * theoretical_capacity("V2O5", 2))


def test_fractions_and_two_letters() -> None:
    assert molar_mass("Fe0.5Co0.5S2") == pytest.approx(
        (molar_mass("FeS2") + molar_mass("CoS2")) / 2
    )


@pytest.mark.parametrize(
    ("wrong", "said"), [("", "''"), ("mos2", "'mos2'"), ("Mo(S)2", "'Mo"), ("XxS", "'Xx'")]
)
def test_what_is_no_formula_is_named(wrong: str, said: str) -> None:
    with pytest.raises(ParameterError, match=said.replace("(", r"\(")):
        molar_mass(wrong)
