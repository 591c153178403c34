"""What the materials of an electrode store by Faraday's law: a mark to hold fitted capacities against."""

from hetsim.laws.faraday import theoretical_capacity
from hetsim.prediction.theory import reactions


def ceiling(materials: tuple[str, ...], ion: str) -> tuple[str, float] | None:
    """The material that stores most, and how much [mA.h.g-1]; None where nothing is known of any.

    Of parameter_sets/library/theory.csv: full conversion and alloying, and insertion where no more is known.
    """
    found = {}
    for name in materials:
        if (name, ion) in reactions():
            formula, electrons, _ = reactions()[name, ion]
            found[name] = round(float(theoretical_capacity(formula, electrons)), 1)
    if not found:
        return None
    name = max(found, key=lambda one: found[one])
    return name, found[name]
