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
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from hetsim import names
from hetsim.architectures.channels import MOBILITY_RATIO, POTENTIAL, STORING_SHARE
from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
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
DRAWS = 40
"""Of the posterior, whose shares make the intervals."""
LEVEL = 0.95
VAGUE = 0.25
"""Of the gain: a share whose interval is wider than twice this is not told."""
TRADED = -0.7
"""Correlation of two shares below which one takes what the other leaves."""
FEW = 3
"""Fresh points of a control below which its rate curve is said to be missing."""
UNEXPLAINED = "unexplained"


@dataclass(frozen=True)
class Share:
    """What one mechanism makes of the gain.

    Parameters
    ----------
    mechanism : str
        Its name
    capacity : float
        Shapley share at the best values [mA.h.g-1]
    low, high : float
        95 % interval over the posterior [mA.h.g-1]
    removed : float
        What the heterostructure loses without it alone, of its own capacity [%]
    removed_low, removed_high : float
        95 % interval of that [%]
    """

    mechanism: str
    capacity: float
    low: float
    high: float
    removed: float = float("nan")
    removed_low: float = float("nan")
    removed_high: float = float("nan")


@dataclass(frozen=True, repr=False)
class Explanation:
    """A gain over the controls, shared among mechanisms.

    Parameters
    ----------
    system : str
        Name of the heterostructure
    current : float
        [A.g-1]
    start : float
        What the controls hold by mass [mA.h.g-1]: measured, or of the simulated mixture where `start_measured` is False
    end : float
        What the heterostructure holds [mA.h.g-1]: measured, or simulated where `end_measured` is False
    start_measured, end_measured : bool
        Which of both was measured at this current
    mixture, heterostructure : float
        Simulated [mA.h.g-1]
    shares : tuple[Share, ...]
        Of the mechanisms, and "unexplained" last; they sum to end - start
    correlation : Array
        Of the shares of the mechanisms over the posterior
    missing : tuple[str, ...]
        Data that would help, each as words
    joint : Joint
        The fit behind it
    """

    system: str
    current: float
    start: float
    end: float
    start_measured: bool
    end_measured: bool
    mixture: float
    heterostructure: float
    shares: tuple[Share, ...]
    correlation: Array
    missing: tuple[str, ...]
    joint: Joint

    def __repr__(self) -> str:
        told = ", ".join(f"{one.mechanism} {one.capacity:+.1f}" for one in self.shares)
        return f"<Explanation {self.system} at {self.current:g} A/g: {told} mAh/g>"

    @property
    def gain(self) -> float:
        """end - start [mA.h.g-1]."""
        return self.end - self.start

    def share(self, mechanism: str) -> Share:
        """The share of a mechanism. Raises ParameterError for one that plays no part."""
        for one in self.shares:
            if one.mechanism == mechanism:
                return one
        raise ParameterError(
            f"'{mechanism}' plays no part here; those that do are: {', '.join(one.mechanism for one in self.shares)}."
        )

    @cached_property
    def untold(self) -> tuple[str, ...]:
        """What the data do not tell, each as words."""
        size = abs(self.gain) or 1.0
        mechanisms = self.shares[:-1]
        found = [
            f"how much is {one.mechanism} ({_whole(one.low)} to {_whole(one.high)} mAh/g)"
            for one in mechanisms
            if one.high - one.low > 2 * VAGUE * size
        ]
        for i, one in enumerate(mechanisms):
            for j, other in enumerate(mechanisms[:i]):
                if (
                    self.correlation[i, j] < TRADED
                    and min(one.high - one.low, other.high - other.low) > 0.05 * size
                ):
                    found.append(f"{other.mechanism} from {one.mechanism}")
        found += [
            f"whether {one.mechanism} acts at all"
            for one in mechanisms
            if one.low <= 0 <= one.high and one.high - one.low > 0.05 * size
        ]
        return tuple(found)

    @property
    def opening(self) -> str:
        """The gain, in a sentence."""
        held = "holds" if self.end_measured else "holds in the simulation"
        against = (
            "its controls by mass" if self.start_measured else "the simulated mixture of its hosts"
        )
        return (
            f"At {self.current:g} A/g {self.system} {held} {self.end:.0f} mAh/g, {self.gain:+.0f} against {against} "
            f"({self.start:.0f})."
        )

    @property
    def sentence(self) -> str:
        """What a referee would ask for: the gain, the shares with intervals, what is not told, what is missing."""
        size = self.gain or 1.0
        order = sorted(self.shares, key=lambda one: -abs(one.capacity))
        parts = [
            f"{one.mechanism} {_whole(100 * one.capacity / size)} % ({_interval(one, size)})"
            for one in order
        ]
        said = f"{self.opening} Of this gain the fitted model attributes, with 95 % intervals: {', '.join(parts)}."
        for one in self.shares:
            if one.mechanism == "potential":
                said += (
                    f" Without its potential it would hold {one.removed:.1f} % less ({one.removed_low:.1f} to "
                    f"{one.removed_high:.1f} %)."
                )
        if self.untold:
            said += f" The data do not tell {'; '.join(self.untold)}."
        if self.missing:
            said += f" Missing: {'; '.join(self.missing)}."
        if not self.joint.posterior.converged:
            said += f" The intervals are rough, from {self.joint.posterior.effective_size:.0f} independent draws."
        return said

    def to_frame(self) -> pd.DataFrame:
        """One row a mechanism: its share, 95 % interval, share of the gain, and the loss without it."""
        size = self.gain or float("nan")
        rows = [
            {
                "mechanism": one.mechanism,
                "share [mA.h.g-1]": one.capacity,
                "95 % low [mA.h.g-1]": one.low,
                "95 % high [mA.h.g-1]": one.high,
                "of the gain [%]": 100 * one.capacity / size,
                "loss without it [%]": one.removed,
                "loss 95 % low [%]": one.removed_low,
                "loss 95 % high [%]": one.removed_high,
            }
            for one in self.shares
        ]
        return pd.DataFrame(rows).set_index("mechanism")


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


def _interval(one: Share, gain: float) -> str:
    low, high = sorted((100 * one.low / gain, 100 * one.high / gain))
    return f"{_whole(low)} to {_whole(high)}"


def _whole(number: float) -> str:
    """Without decimals, and without a sign before zero."""
    return f"{round(number) + 0:d}"
