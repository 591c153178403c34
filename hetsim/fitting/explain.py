"""explain(cell or fit, current): how much of what a heterostructure holds beyond its controls each mechanism makes.

The heterostructure is compared with the mixture of its hosts, which has the values of the controls and no junction. A
mechanism is switched on by giving the mixture the values of the heterostructure, and off by the values of the controls:

| mechanism | on | off |
|---|---|---|
| capacity | capacities of the hosts | those of the controls |
| contact | both hosts in one particle, as its architecture says | particles of A beside particles of B |
| potential | "Interface potential [V]", "Built-in potential [V]" | 0: no more ions in the junction layers |
| barrier | "Interface mobility ratio" | 1: ions as mobile in the layers as in the grains |
| interfacial storage | "Interfacial capacity [F.m-2]", "Interface storing share" | 0 |
| fast share | "Fast fraction" | that of the controls |
| hysteresis | "Site hysteresis ratio" | that of the controls |
| kinetics | "Exchange-current density [A.m-2]" | that of the controls |
| wiring | "Series resistance [Ohm.cm2]", "Electrode conductivity [S.m-1]" | those of the controls |
| size | "Particle radius [m]", "Diffusion time spread" | those of the controls |
| diffusivity | diffusivities of the hosts | those of the controls |

Values of a host come from the control that is this host alone, others are the mean of the controls by the mass shares
of their hosts; without a control they are those of the heterostructure, and the mechanism plays no part. Potential,
barrier and interfacial storage need contact. All other values (loading, thickness, window, electrolyte) are those of
the heterostructure.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from hetsim import names
from hetsim.architectures.channels import MOBILITY_RATIO, POTENTIAL, STORING_SHARE
from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.explanation import Explanation, Share
from hetsim.fitting.free_value import FAST, GRAINS, RESISTANCE
from hetsim.fitting.joint import HOST_CAPACITIES, HYSTERESIS, Joint, joint_fit
from hetsim.fitting.mechanisms import EXCHANGE_CURRENT
from hetsim.fitting.result import FitResult
from hetsim.fitting.shapley import Coalition, coalitions, shapley_weights
from hetsim.parameters.host_names import DENSITY, of_component
from hetsim.parameters.hosts import VOLUME_FRACTION
from hetsim.protocols import RateTest
from hetsim.results import Array
from hetsim.simulation.run_many import rate_capacities

CONTACT = "contact"
NEUTRAL = {
    POTENTIAL: 0.0,
    names.BUILT_IN_POTENTIAL: 0.0,
    MOBILITY_RATIO: 1.0,
    names.INTERFACIAL_CAPACITY: 0.0,
    STORING_SHARE: 0.0,
}
"""What a value is without the mechanism, whatever the controls have."""
SWITCHES: dict[str, tuple[str, ...]] = {
    "capacity": HOST_CAPACITIES,
    CONTACT: (),
    "potential": (POTENTIAL, names.BUILT_IN_POTENTIAL),
    "barrier": (MOBILITY_RATIO,),
    "interfacial storage": (names.INTERFACIAL_CAPACITY, STORING_SHARE),
    "fast share": (FAST,),
    "hysteresis": (HYSTERESIS,),
    "kinetics": (EXCHANGE_CURRENT,),
    "wiring": (RESISTANCE, "Electrode conductivity [S.m-1]"),
    "size": (names.PARTICLE_SIZE, names.TIME_SPREAD),
    "diffusivity": GRAINS,
}
"""The values that each mechanism switches."""
NEEDS = {"potential": CONTACT, "barrier": CONTACT, "interfacial storage": CONTACT}
MOST = 8
"""Mechanisms that are switched in all combinations."""
DRAWS = 100
"""Of the posterior, whose shares make the intervals."""
LEVEL = 0.95
FEW = 3
"""Fresh points of a control below which its rate curve is said to be missing."""
UNEXPLAINED = "unexplained"


def explain(
    what: HalfCell | FitResult,
    current: float | None = None,
    model: str = "SPMe",
    draws: int = DRAWS,
    seed: int = 0,
    joint: Joint | None = None,
) -> Explanation:
    """Share the gain of a heterostructure over its controls among the mechanisms of the fitted model.

    Parameters
    ----------
    what : HalfCell | FitResult
        A cell of two hosts, which is fitted here together with the controls that its file names; or a fit whose first
        cell is the heterostructure and whose others are controls
    current : float | None, default None
        [A.g-1]; the highest measured one if left out
    model : str, default 'SPMe'
        "SPM", "SPMe" or "DFN", for a cell; a fit has its own
    draws : int, default DRAWS
        Of the posterior, whose shares make the intervals; 10 or more
    seed : int, default 0
        Of the random numbers
    joint : Joint | None, default None
        A fit that was made before (`explanation.joint`), for a further current

    Returns
    -------
    Explanation
        Shares with 95 % intervals that sum to the gain; `sentence` says it in words

    Raises
    ------
    ParameterError
        For a cell of one lumped host or of one host alone, which has no controls of its own, one without measured data,
        a current that is not positive or at which it cannot be run, or too few draws.

    Notes
    -----
    Shares are Shapley values over all combinations of mechanisms, in which potential, barrier and interfacial storage
    come after contact (fitting.shapley); what each one switches stands in fitting.explain. A capacity is that of the
    third cycle at the current, from the extracted cell. "unexplained" is what model and measurement differ by, of the
    heterostructure and of its controls together. The best values are those of the fit; intervals hold the uncertainty
    of the free values and not the error of a printed capacity.
    """
    check_numbers(current, draws)
    fitted = joint or joint_fit(what, model, seed)
    chosen = _highest(fitted) if current is None else current
    points = [fitted.best.x, *fitted.posterior.resampled(draws, seed)]
    cells = [fitted.problem.solved(x) for x in points]
    players = _players(cells)
    allowed = coalitions(players, NEEDS)
    values = _capacities(cells, players, allowed, chosen, fitted.problem.model)
    return _explanation(fitted, values, players, chosen)


def _explanation(
    fitted: Joint,
    values: Sequence[Mapping[Coalition, float]],
    players: Sequence[str],
    chosen: float,
) -> Explanation:
    """From the capacity of each coalition, of the best values first and then of each draw, to shares of the gain."""
    shares, removed = _shares(values, players)
    best = values[0]
    first, *controls = fitted.problem.cells
    end = _measured(first, fitted, chosen)
    start = _by_mass(first, controls, fitted, chosen)
    everyone, nobody = frozenset(players), frozenset[str]()
    mixture, whole = best[nobody], best[everyone]
    end_of, start_of = (
        made if one is None else one for one, made in ((end, whole), (start, mixture))
    )
    gain = end_of - start_of
    made = np.array([one[everyone] - one[nobody] for one in values])
    found = [
        Share(player, column[0], *_range(column[1:]), lost[0], *_range(lost[1:]))
        for player, column, lost in zip(players, shares.T, removed.T, strict=True)
    ]
    found.append(Share(UNEXPLAINED, gain - made[0], *_range(gain - made[1:])))
    return Explanation(
        first.name,
        chosen,
        start_of,
        end_of,
        start is not None,
        end is not None,
        mixture,
        whole,
        tuple(found),
        _correlation(shares[1:]),
        tuple(_missing(fitted)),
        fitted,
    )


def check_numbers(current: float | None, draws: int) -> None:
    """Raises ParameterError for a current that is not positive, or too few draws."""
    if draws < 10:
        raise ParameterError(f"An interval from {draws} draws says nothing; it needs 10 or more.")
    if current is not None and not 0 < current < np.inf:
        raise ParameterError(f"The current is {current:g} A/g; it must be a positive number.")


# --- which mechanisms, and their capacities -------------------------------------------------------


def _players(cells: Sequence[Sequence[HalfCell]]) -> list[str]:
    """Mechanisms whose values differ between the heterostructure and its controls, in any draw."""
    found = [
        player
        for player in SWITCHES
        if player == CONTACT or any(_off(player, first, controls) for first, *controls in cells)
    ]
    if len(found) > MOST:
        raise ParameterError(
            f"{len(found)} mechanisms differ from the controls ({', '.join(found)}); at most {MOST} can be switched in "
            "all combinations. Give the controls the values that are not in question."
        )
    return found


def _off(player: str, first: HalfCell, controls: Sequence[HalfCell]) -> dict[str, float]:
    """The values of a heterostructure without a mechanism, as far as they differ from its own."""
    found = {}
    for name in SWITCHES[player]:
        if name not in first.values:
            continue
        own = first.values.number(name)
        off = NEUTRAL[name] if name in NEUTRAL else _of_controls(name, first, controls)
        if not np.isclose(own, off, rtol=1e-12, atol=0):
            found[name] = off
    return found


def _of_controls(name: str, first: HalfCell, controls: Sequence[HalfCell]) -> float:
    """A value of the controls: of the host alone, or the mean by mass."""
    known = [one for one in controls if name in one.values and _host_of(one)]
    for letter in "AB":
        if name.startswith(f"Component {letter} "):
            of_host = [one for one in known if _host_of(one) == letter]
            return of_host[0].values.number(name) if of_host else first.values.number(name)
    if not known:
        return first.values.number(name)
    shares = mass_shares(first)
    weights = np.array([shares[_host_of(one)] for one in known])
    return float(np.array([one.values.number(name) for one in known]) @ weights / weights.sum())


def _host_of(cell: HalfCell) -> str:
    """The letter of the only host of a control; empty where it has both."""
    fraction = cell.values.number(VOLUME_FRACTION)
    return "A" if fraction == 1 else "B" if fraction == 0 else ""


def mass_shares(cell: HalfCell) -> dict[str, float]:
    """Mass of each host over that of both [-]."""
    fraction = cell.values.number(VOLUME_FRACTION)
    masses = {
        letter: share * cell.values.number(of_component(letter, DENSITY))
        for letter, share in (("A", fraction), ("B", 1 - fraction))
    }
    whole = sum(masses.values())
    return {letter: mass / whole for letter, mass in masses.items()}


def _capacities(
    cells: Sequence[Sequence[HalfCell]],
    players: Sequence[str],
    allowed: Sequence[Coalition],
    current: float,
    model: str,
) -> list[dict[Coalition, float]]:
    """The capacity of each coalition [mA.h.g-1], of the best values and of each draw that runs; all side by side."""
    built = [_switched(one, players, coalition) for one in cells for coalition in allowed]
    made = rate_capacities(built, RateTest([current]), model)
    numbers = np.array([np.nan if one is None else one[0] for one in made]).reshape(len(cells), -1)
    good = np.all(np.isfinite(numbers) & (numbers > 0), axis=1)
    if not good[0] or good.sum() < 10:
        raise ParameterError(
            f"{cells[0][0].name} or its controls cannot be run at {current:g} A/g; choose a lower current."
        )
    return [dict(zip(allowed, row, strict=True)) for row in numbers[good]]


def _switched(cells: Sequence[HalfCell], players: Sequence[str], on: Coalition) -> HalfCell:
    """The heterostructure with only some of its mechanisms."""
    first, *controls = cells
    changes: dict[str, float] = {}
    for player in players:
        if player not in on:
            changes.update(_off(player, first, controls))
    if CONTACT in on:
        return first.with_values(changes)
    apart = (one for one in first.controls() if len(one.structure.architecture.populations) > 1)
    mixture = next(apart)
    return mixture.with_values({name: one for name, one in changes.items() if name not in NEUTRAL})


def _shares(
    values: Sequence[Mapping[Coalition, float]], players: Sequence[str]
) -> tuple[Array, Array]:
    """Shapley shares [mA.h.g-1] and losses without each mechanism [%], a row a draw."""
    weights = shapley_weights(players, NEEDS)
    everyone = frozenset(players)
    shares = [[sum(w * one[s] for s, w in weights[p].items()) for p in players] for one in values]
    without = {p: everyone - {p} - {q for q, need in NEEDS.items() if need == p} for p in players}
    removed = [[100 * (1 - one[without[p]] / one[everyone]) for p in players] for one in values]
    return np.array(shares), np.array(removed)


# --- what was measured, and what was not ----------------------------------------------------------


def _highest(joint: Joint) -> float:
    return max(joint.problem.rate_of(0).currents)


def _measured(cell: HalfCell, joint: Joint, current: float) -> float | None:
    """The fresh capacity of a cell at a current, if it was measured [mA.h.g-1]."""
    index = joint.problem.cells.index(cell)
    curve = joint.problem.rate_of(index)
    for one, capacity in zip(curve.currents, curve.capacities, strict=True):
        if np.isclose(one, current, rtol=1e-6) and not curve.source.startswith("highest capacity"):
            return capacity
    return None


def _by_mass(
    first: HalfCell, controls: Sequence[HalfCell], joint: Joint, current: float
) -> float | None:
    """What the controls hold by mass, if both were measured at this current [mA.h.g-1]."""
    shares = mass_shares(first)
    held = {_host_of(one): _measured(one, joint, current) for one in controls}
    parts = [(shares[letter], held.get(letter)) for letter in "AB"]
    return (
        None if any(one is None for _, one in parts) else sum(w * (one or 0.0) for w, one in parts)
    )


def _missing(joint: Joint) -> list[str]:
    """Data that would tell more, in words."""
    first, *controls = joint.problem.cells
    found = []
    letters = {_host_of(one) for one in controls}
    for letter, host in zip("AB", first.system.components, strict=True):
        if letter not in letters:
            found.append(f"a rate curve of {host} alone")
    for index, control in enumerate(controls, 1):
        count = sum(
            len(one.data)
            for k, one in joint.problem.parts
            if k == index and one.kind == "rate curve"
        )
        if count < FEW:
            found.append(
                f"the rate curve of {control.name} ({count} fresh point{'s' if count != 1 else ''} printed)"
            )
    value = first.system.values.get(POTENTIAL)
    if value is not None and value.kind == "assumed" and value.number:
        found.append("a measured potential of this junction (it is assumed)")
    return found


def _range(values: Array) -> tuple[float, float]:
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _correlation(shares: Array) -> Array:
    """Of the columns; 0 where one of them does not vary."""
    away = shares - shares.mean(axis=0)
    size = np.linalg.norm(away, axis=0)
    size[size < 1e-9] = np.inf
    return away.T @ away / np.outer(size, size)
