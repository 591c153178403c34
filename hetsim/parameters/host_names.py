"""What the parameters of the hosts A and B are called, and whether a system has any."""

from collections.abc import Mapping

from hetsim import names
from hetsim.parameters.values import Number

LETTERS = "AB"
ISOTHERM = ("Site potentials [V]", "Site shares", "Site widths", "Site hysteresis [V]")
"""What an isotherm is made of, one number for each kind of site."""
CAPACITY = "Site capacity [mA.h.g-1]"
DENSITY = "Density [kg.m-3]"


def of_component(letter: str, name: str) -> str:
    """The parameter of a system for one of a material's: "Component A site shares"."""
    return f"Component {letter} {name[0].lower()}{name[1:]}"


HOST_PARAMETERS = tuple(
    of_component(letter, n) for letter in LETTERS for n in (*ISOTHERM, CAPACITY)
)
"""What two hosts have in place of one open-circuit curve."""
_A_SITES = of_component("A", ISOTHERM[0])


def is_composed(values: Mapping[str, object]) -> bool:
    """Whether values are those of two hosts with isotherms, or of one lumped host with one open-circuit curve."""
    return _A_SITES in values


SLOPING_CURVE = (names.EMPTY_POTENTIAL, names.FULL_POTENTIAL, names.OCP_EXPONENT)
"""What a lumped host has in place of plateaus where its open-circuit curve is not known (laws.sloping_curve)."""


def is_sloping(values: Mapping[str, object]) -> bool:
    """Whether the open-circuit curve of one lumped host is a slope without plateaus."""
    return names.OCP_EXPONENT in values


def site_counts(values: Mapping[str, Number]) -> tuple[int, int] | None:
    """How many kinds of sites A and B have; None for a lumped host."""
    if not is_composed(values):
        return None
    a, b = (values[of_component(one, ISOTHERM[0])] for one in LETTERS)
    assert isinstance(a, tuple)
    assert isinstance(b, tuple)
    return len(a), len(b)
