"""What a fit says, in sentences: how good it is, what the data pin down, what they leave open, and what would help."""

from collections.abc import Iterator, Sequence

import numpy as np

from hetsim.fitting.free_value import CAPACITY, FAST, GRAINS, RATIO, RESISTANCE
from hetsim.fitting.identifiability import Pair
from hetsim.fitting.noise_scale import NoiseScale
from hetsim.fitting.observations import RateData
from hetsim.fitting.problem import Problem
from hetsim.fitting.profile import DATA, PRIOR, Profile, Profiles
from hetsim.results.comparison import Comparison

LESS, MORE = 0.7, 1.5
"""Scatter over the assumed noise that counts as less or more than it: the middle nine tenths of seven normal points."""

NARROW = 16.0
"""High over low end of a 95 % interval that pins a value down: a factor of four to either side."""

_TITRATION = "a titration (GITT): its rests show the diffusion time apart from resistances"
_SPECTRUM = "a spectrum (EIS): its high frequencies show the series resistance, its arc the exchange current"
_HELPS = {
    CAPACITY: "a slow cycle or one lower current: it shows the capacity of all sites",
    FAST: "a voltammogram at several scan rates, or a higher current: it shows what is filled at once",
    RESISTANCE: _SPECTRUM,
    "Exchange-current density [A.m-2]": _SPECTRUM,
    "Metal exchange-current density [A.m-2]": _SPECTRUM,
    **dict.fromkeys(GRAINS, _TITRATION),
    "Particle radius [m]": "a micrograph: a rate curve sees radius and diffusivity only as R^2/D",
    RATIO: "a control without the junction, fitted together with the pair",
}
"""Which measurement shows a value that the data leave open."""


def verdict(
    problem: Problem,
    comparisons: Sequence[Comparison],
    profiles: Profiles,
    pairs: Sequence[Pair],
    remarks: Sequence[str],
) -> tuple[str, ...]:
    """Sentences on a fit, its values and the next experiment.

    comparisons : of the rate curves among the data of `problem`, in their order
    """
    sentences = [*_quality(problem, comparisons, profiles.scale), *_held(profiles)]
    sentences += [one.sentence for one in profiles if {one.low.held_by, one.high.held_by} != {DATA}]
    sentences += _followed(pairs, profiles)
    sentences += remarks
    if profiles.lower:
        sentences.append(
            "A better fit was met on the way along a profile; start the fit from other values."
        )
    return tuple(dict.fromkeys([*sentences, *_next(problem, profiles)]))


def _quality(
    problem: Problem, comparisons: Sequence[Comparison], scale: NoiseScale
) -> Iterator[str]:
    """How near the model comes to each part of the data, beside the noise."""
    left = iter(comparisons)
    for (index, data), own, freedom in zip(
        problem.parts, scale.scales, scale.freedoms, strict=True
    ):
        name = problem.cells[index].name
        if isinstance(data, RateData):
            found = next(left)
            errors = np.abs(found.errors)
            worst = found.curve.points[int(np.argmax(errors))].current
            yield (
                f"{name}: the model meets the {len(errors)} points of the rate curve to {errors.mean():.1f} % on "
                f"average (largest {errors.max():.1f} % at {worst:g} A/g)."
            )
            noise = f"the assumed noise ({100 * data.level:.3g} %)"
        else:
            noise = "the assumed noise"
        if own > MORE:
            yield (
                f"{name}, {data.kind}: the data scatter {own:.1f} times as much about the model as {noise}: the "
                "noise is larger, or the model misses something. The intervals are as wide as the scatter asks for "
                f"({freedom:.0f} degrees of freedom)."
            )
        elif own < LESS:
            yield f"{name}, {data.kind}: the data scatter less about the model than {noise}."
        else:
            yield f"{name}, {data.kind}: the data scatter about the model as {noise}."


def _held(profiles: Sequence[Profile]) -> Iterator[str]:
    """Values that the data determine on both sides, narrowly or not."""
    held = [one for one in profiles if one.low.held_by == one.high.held_by == DATA]
    narrow = [one for one in held if one.high.value <= NARROW * one.low.value]
    wide = [one for one in held if one not in narrow]
    if narrow:
        yield f"The data pin down (95 %): {_ends(narrow)}."
    if wide:
        yield f"The data bound on both sides, but widely: {_ends(wide)}."
    if not held:
        yield "The data alone bound no single value on both sides."


def _ends(profiles: Sequence[Profile]) -> str:
    return ", ".join(
        f"'{one.free.label}' ({one.low.value:.3g} to {one.high.value:.3g})" for one in profiles
    )


def _followed(pairs: Sequence[Pair], profiles: Sequence[Profile]) -> Iterator[str]:
    """What follows along a profile, where the slopes at the fitted values have not said it yet."""
    named = {frozenset((one.one, one.other)) for one in pairs}
    for one in profiles:
        for other, exponent in one.follows.items():
            pair = frozenset((one.free.label, other))
            if pair not in named:
                named.add(pair)
                yield (
                    f"From end to end of the interval of '{one.free.label}' the data stay much as they are if "
                    f"'{other}' follows as its power {exponent:.2g}."
                )


def _next(problem: Problem, profiles: Sequence[Profile]) -> Iterator[str]:
    """Which further measurement would show what is open."""
    wanting = [
        one
        for one in profiles
        if one.low.open or one.high.open or PRIOR in (one.low.held_by, one.high.held_by)
    ]
    wide = [one for one in profiles if one not in wanting and one.high.value > 10 * one.low.value]
    told = dict.fromkeys(
        _HELPS[name] for one in [*wanting, *wide] if (name := one.free.name) in _HELPS
    )
    if told:
        cell = problem.cells[0]
        # the command fits a cell of two hosts with its controls; a file with one lumped host alone has none
        two = cell.hosts is not None or cell.system.variant == "lumped"
        plan = f"hetsim plan {cell.system.name}" if two else "hs.plan(found)"
        yield f"What would help: {'; '.join(told)}. `{plan}` ranks experiments."
