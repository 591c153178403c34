"""Which systems are most alike."""

import math
from functools import cache

import numpy as np

from hetsim import names
from hetsim.parameters.index import Entry, entries
from hetsim.parameters.system_file import read_system

NEAREST = 3


@cache
def _features() -> dict[str, tuple[Entry, frozenset[str], np.ndarray]]:
    """Of each system its entry, its materials and logarithms of capacity, fast fraction, resistance and R^2/D."""
    found = {}
    for one in entries():
        if "||" in one.architecture:
            continue
        value = read_system(one.name).values
        hours = value[names.PARTICLE_SIZE].number ** 2
        hours /= 3600 * value["Component A diffusivity [m2.s-1]"].number
        numbers = (
            value[names.SPECIFIC_CAPACITY].number,
            max(value[names.FAST_FRACTION].number, 0.01),
            max(value[names.SERIES_RESISTANCE].number, 0.1),
            hours,
        )
        found[one.name] = (one, frozenset(one.materials), np.log(numbers))
    return found


def relatives(name: str) -> list[str]:
    """The systems that are most alike: of its ion, materials and class first, of its values then."""
    own, materials, values = _features()[name]
    scale = np.std([one[2] for one in _features().values()], axis=0)

    def distance(other: str) -> float:
        entry, parts, numbers = _features()[other]
        shared = len(materials & parts) / len(materials | parts)
        classes = len({*own.classes} & {*entry.classes}) / len({*own.classes, *entry.classes})
        apart = float(np.mean(((values - numbers) / scale) ** 2))
        return (
            2 * (entry.ion != own.ion) + 2 * (1 - shared) + (1 - classes) + 0.5 * math.sqrt(apart)
        )

    others = sorted(
        (one for one in _features() if one != name), key=lambda one: (distance(one), one)
    )
    return others[:NEAREST]
