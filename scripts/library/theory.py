"""What full conversion of a material would store: a mark to hold fitted capacities against.

    C = n F / M,   n = 2 (O + S + Se + Te) + 3 (N, P) + sum of what its metals alloy

with the electrons of Li2X, Na2X or K2X and of the alloys in the table. It holds for anodes that convert; of cathodes
and of layers that keep their structure it is far too much, and nothing is said of them.
"""

import re

from hetsim.constants import FARADAY

MASSES = {
    "C": 12.011, "N": 14.007, "O": 15.999, "F": 18.998, "Na": 22.990, "Al": 26.982, "P": 30.974, "S": 32.06,
    "Ti": 47.867, "V": 50.942, "Mn": 54.938, "Fe": 55.845, "Co": 58.933, "Ni": 58.693, "Cu": 63.546, "Zn": 65.38,
    "Ga": 69.723, "Ge": 72.630, "Se": 78.971, "Nb": 92.906, "Mo": 95.95, "In": 114.818, "Sn": 118.710, "Sb": 121.760,
    "Te": 127.60, "W": 183.84, "Bi": 208.980,
}  # fmt: skip
"""Standard atomic weights, IUPAC 2021 (abridged) [g.mol-1]."""
ALLOYS = {
    "Li": {"Sn": 4.4, "Sb": 3, "Bi": 3, "Zn": 1, "In": 1, "Ga": 2, "Ge": 4.4, "Al": 1},
    "Na": {"Sn": 3.75, "Sb": 3, "Bi": 3, "Ge": 1},
    "K": {"Sn": 1, "Sb": 3, "Bi": 3},
}
"""Ions an atom of the richest phase: Li22Sn5, Na15Sn4, KSn, A3Sb, A3Bi, LiZn, LiIn, Li2Ga, Li22Ge5, NaGe."""
KEPT = ("Ti", "Nb")
"""Metals whose oxides keep their structure and do not convert."""
ANIONS = {"O": 2, "S": 2, "Se": 2, "Te": 2, "N": 3, "P": 3}
LOWEST_ANODE = 0.6
"""An electrode whose lower cut-off is above this is taken for a cathode [V]."""

_ATOM = re.compile(r"([A-Z][a-z]?)([\d.]*)")


def composition(material: str) -> dict[str, float] | None:
    """Atoms of a formula unit; vacancies count as filled (Fe1-xS as FeS). None where it is no formula."""
    formula = re.sub(r"(\d?)-x(?=[A-Z]|$)", r"\1", material.partition(" ")[0])
    formula = re.sub(r"(?<=[a-z])1(?=[A-Z])", "", formula)
    atoms = _ATOM.findall(formula)
    if not atoms or "".join(f"{a}{n}" for a, n in atoms) != formula:
        return None
    if any(a not in MASSES for a, _ in atoms):
        return None
    found: dict[str, float] = {}
    for atom, count in atoms:
        found[atom] = found.get(atom, 0.0) + (float(count) if count else 1.0)
    return found


def conversion_capacity(material: str, ion: str) -> float | None:
    """[mA.h.g-1]; None for what is no formula, neither converts nor alloys, or an ion without a list of alloys."""
    atoms = composition(material)
    if atoms is None or ion not in ALLOYS or "C" in atoms or "Na" in atoms:
        return None
    if "O" in atoms and any(one in atoms for one in KEPT):
        return None
    stored = {**ANIONS, **ALLOYS[ion]}
    electrons = sum(count * stored.get(atom, 0) for atom, count in atoms.items())
    mass = sum(count * MASSES[atom] for atom, count in atoms.items())
    return electrons * FARADAY / 3.6 / mass if electrons else None


def ceiling(materials: tuple[str, ...], ion: str, lower_cut_off: float) -> tuple[str, float] | None:
    """The material of an anode that stores most by conversion, and how much [mA.h.g-1]; None where it is not known."""
    if lower_cut_off > LOWEST_ANODE:
        return None
    known = {name: conversion_capacity(name, ion) for name in materials}
    found = {name: one for name, one in known.items() if one is not None}
    if not found:
        return None
    name = max(found, key=lambda one: found[one])
    return name, round(found[name], 1)
