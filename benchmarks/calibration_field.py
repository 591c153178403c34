"""Is a field found where there is none, and where it is? Core-shell particles of one size (calibration.py)."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from calibration_intervals import CURRENTS, SMALLEST

import hetsim as hs
from hetsim.fitting.free_value import CAPACITY, FAST, GRAINS, RESISTANCE
from hetsim.fitting.gauss_newton import Linearised, Residuals, cost, minimise
from hetsim.fitting.noise_scale import NORMAL, noise_scale
from hetsim.fitting.profile_walk import weighted_by
from hetsim.results import Array
from hetsim.simulation.run_many import run_many

POTENTIAL = "Built-in potential [V]"
FIELDS = (0.0, 0.03, 0.063, 0.1, -0.063)
"""Potentials of the shell against the core [V]: none, and those around the largest that was measured."""
UNEQUAL = "0, particles of unequal sizes"
"""Data without a field that a particle of one size cannot make either: a log-normal spread of diffusion times."""
SPREAD = "Diffusion time spread"
RULES = {"z2": "against none", "z2 against spread": "and against a spread of sizes"}
"""What a field is weighed against: the same particle without one; and, in its place, particles of unequal sizes."""
VOLT = 0.05
"""A step of the potential in the search [V]; it is searched on its own scale, for it may be zero or negative."""
KINDS = {"capacities": False, "capacities and polarisations": True}
"""What is measured: the rate curve, or the difference of the mean voltages of both directions at each current too."""
ASSUMED = (0.02, 0.02)
"""Noise that the search assumes, of a capacity and of a polarisation [V]; three quarters of it are put in."""
WIDTHS = (0.5, 0.5, 1.0, 3.0)
"""Of the priors of capacity, fast fraction, resistance and diffusivity."""


def core_shell() -> hs.HalfCell:
    """A particle with a core and a shell of one size, so that a radial field acts in it."""
    return hs.load("CZT", "core-shell").with_particle(classes=1).with_values({POTENTIAL: 0.0})


def unequal() -> hs.HalfCell:
    """The same electrode without a core, its particles of unequal sizes."""
    lumped = hs.load("CZT", "lumped")
    same = ("Particle radius [m]", "Exchange-current density [A.m-2]")
    return lumped.with_values({name: core_shell().values[name] for name in same})


def field_numbers(
    cell: hs.HalfCell, points: Sequence[Array], polarised: bool, fifth: str = POTENTIAL
) -> list[Array | None]:
    """Logarithms of the capacities, and polarisations [V], of a cell with each of some points' values.

    The fifth value is a potential in units of VOLT, or a spread.
    """
    cells = []
    for x in points:
        capacity, fast, resistance, grains = (float(one) for one in np.exp(x[:4]))
        changes = {CAPACITY: capacity, FAST: min(fast, 0.95), RESISTANCE: resistance}
        changes.update(dict.fromkeys(GRAINS, grains))
        if fifth == SPREAD:
            changes[SPREAD] = float(np.clip(x[4], 0.05, 3.0))
        elif x[4]:
            changes[POTENTIAL] = float(VOLT * x[4])
        cells.append(cell.with_values(changes))
    found: list[Array | None] = []
    for case in run_many(cells, hs.RateTest(CURRENTS, cycles=3), "SPM"):
        good = case.result is not None and np.all(case.result.capacities > 0)
        parts = [np.log(case.result.capacities)] if good else []
        if good and polarised:
            parts.append(np.array([point.polarisation for point in case.result.points]))
        numbers = np.concatenate(parts) if parts else np.array([np.nan])
        found.append(numbers if np.all(np.isfinite(numbers)) else None)
    return found


def field_case(name: tuple[float | str, str, int]) -> dict[str, Any]:
    """How much better one made set of data is met with a potential than without one, in z^2."""
    made_with, kind, seed = name
    polarised = KINDS[kind]
    potential = made_with if isinstance(made_with, float) else 0.0
    cell, rng = core_shell(), np.random.default_rng(seed)
    maker = cell if isinstance(made_with, float) else unequal()
    centre = np.log([486.0, 0.31, 10.0, 2e-17, 1.0])
    centre[4] = 0.0
    while True:
        spread = np.array([0.15, 0.3, 0.7, 1.0, 0.0])
        true = centre + spread * rng.normal(size=5) + np.array([0, 0, 0, 0, potential / VOLT])
        [exact] = field_numbers(maker, [true], polarised)
        if exact is not None and np.ptp(exact[: len(CURRENTS)]) < -math.log(SMALLEST):
            break
    noise = np.repeat(ASSUMED[: 1 + polarised], len(CURRENTS))
    measured = exact + 0.75 * noise * rng.normal(size=len(exact))

    def against(of: hs.HalfCell, fifth: str, middle: float, width: float) -> Residuals:
        prior_at, widths = np.append(centre[:4], middle), np.append(WIDTHS, width)

        def deviations(points: Sequence[Array]) -> list[Array | None]:
            made = field_numbers(of, points, polarised, fifth)
            return [
                None
                if one is None
                else np.append((one - measured) / noise, (x - prior_at) / widths)
                for one, x in zip(made, points, strict=True)
            ]

        return deviations

    field = against(cell, POTENTIAL, 0.0, 0.2 / VOLT)
    spread = against(unequal(), SPREAD, 1.5, 1.0)
    least = field_costs(field, spread, centre, len(measured))
    found = {
        "z2": 2 * (least["none"] - least["field"]),
        "z2 against spread": 2 * (min(least["none"], least["spread"]) - least["field"]),
    }
    return {**found, "made with": made_with, "kind": kind}


def field_costs(field: Residuals, spread: Residuals, centre: Array, count: int) -> dict[str, float]:
    """The least cost with a potential of either sign, without one, and with a spread of sizes in its place.

    The noise is as large as the scatter about the best of them says.
    """
    soft = np.array([True] * count + [False] * 5)
    low, high = centre - 6.0, centre + 6.0
    ends = {"field": (-0.2 / VOLT, 0.2 / VOLT), "none": (0.0, 0.0), "spread": (0.05, 3.0)}
    starts = {"field": (-1.0, 0.5), "none": (0.0,), "spread": (0.5, 2.0)}

    def best(what: str, residuals: Residuals, begin: Sequence[Array]) -> Linearised:
        bottom, top = np.append(low[:4], ends[what][0]), np.append(high[:4], ends[what][1])
        made = [minimise(residuals, one, bottom, top, soft, longest=15)[0] for one in begin]
        return min(
            (one for one in made if one is not None), key=lambda one: cost(one.deviations, soft)
        )

    models = {"field": field, "none": field, "spread": spread}
    first = {
        what: best(what, of, [np.append(centre[:4], one) for one in starts[what]])
        for what, of in models.items()
    }
    nearest = min(first.values(), key=lambda one: cost(one.deviations, soft))
    parts = [len(CURRENTS)] * (count // len(CURRENTS))
    factors = noise_scale(nearest, parts).factors(len(soft))
    found = {}
    for what, of in models.items():
        begin = [first[what].x]
        if what == "field":  # never worse than without one
            begin.append(np.append(first["none"].x[:4], 0.1))
        found[what] = cost(best(what, weighted_by(of, factors), begin).deviations, soft)
    return {**found, "field": min(found["field"], found["none"])}


def field_table(records: list[dict[str, Any]]) -> list[str]:
    """How often a potential is found, by what it is, what was measured, and what it is weighed against."""
    columns = [(kind, rule) for kind in KINDS for rule in RULES]
    head = " | ".join(f"{kind}: {RULES[rule]}" for kind, rule in columns)
    lines = [f"| potential, mV | {head} |", "|---" * (len(columns) + 1) + "|"]
    for made_with in (*FIELDS, UNEQUAL):
        cells = []
        for kind, rule in columns:
            of = [one for one in records if (one["made with"], one["kind"]) == (made_with, kind)]
            found = [one[rule] > NORMAL**2 for one in of if rule in one]
            cells.append(f"{sum(found)} of {len(found)}")
        told = made_with if isinstance(made_with, str) else f"{1e3 * made_with:g}"
        lines.append(f"| {told} | {' | '.join(cells)} |")
    title = (
        "Sets of data in which a potential is found, weighed against the same particle without one, and against a "
        "spread of sizes too:"
    )
    return [title, "", *lines]
