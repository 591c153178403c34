"""What a fit says, in sentences: how good it is, what the data pin down, what they leave open, and what would help."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from hetsim.fitting.free_value import CAPACITY, FAST, GRAINS, RATIO, RESISTANCE
from hetsim.fitting.observations import RateData
from hetsim.fitting.profile import PRIOR, Profile

if TYPE_CHECKING:  # the result asks for its verdict
    from hetsim.fitting.result import FitResult

LESS, MORE = 0.7, 1.5
"""Scatter over the assumed noise that counts as less or more than it: the middle nine tenths of seven normal points."""

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


def verdict(result: "FitResult") -> tuple[str, ...]:
    """Sentences on the fit, its values and the next experiment; the profiles are made if they are not there yet."""
    profiles = result.profiles()
    sentences = [*_quality(result), *_held(list(profiles))]
    sentences += [
        one.sentence for one in profiles if one.low.held_by != "data" or one.high.held_by != "data"
    ]
    for one in profiles:
        for other, exponent in one.follows.items():
            sentences.append(
                f"Along the profile of '{one.free.label}' the data stay as they are if '{other}' follows as its power "
                f"{exponent:.2g}."
            )
    sentences += result.remarks
    if profiles.lower:
        sentences.append(
            "A better fit was met on the way along a profile; start the fit from other values."
        )
    return tuple(dict.fromkeys([*sentences, *_next(result, list(profiles))]))


def _quality(result: "FitResult") -> Iterator[str]:
    """How near the model comes to each part of the data, beside the noise."""
    comparisons = iter(result.comparisons)
    scale = result.noise_scale
    for (index, data), own, freedom in zip(
        result.problem.parts, scale.scales, scale.freedoms, strict=True
    ):
        name = result.cells[index].name
        if isinstance(data, RateData):
            found = next(comparisons)
            errors = np.abs(found.errors)
            worst = found.curve.points[int(np.argmax(errors))].current
            yield (
                f"{name}: the model meets the {len(errors)} points of the rate curve to {errors.mean():.1f} % on "
                f"average (largest {errors.max():.1f} % at {worst:g} A/g)."
            )
            noise = f"{100 * data.level:.3g} %"
        else:
            noise = "what was assumed"
        if own > MORE:
            yield (
                f"{name}: its {data.kind} scatters {own:.1f} times as much about the model as the assumed noise "
                f"({noise}): the noise is larger, or the model misses something. The intervals are as wide as the "
                f"scatter asks for ({freedom:.0f} degrees of freedom)."
            )
        elif own < LESS:
            yield f"{name}: its {data.kind} scatters less about the model than the assumed noise ({noise})."
        else:
            yield f"{name}: the scatter of its {data.kind} about the model is that of the assumed noise ({noise})."


def _held(profiles: Sequence[Profile]) -> Iterator[str]:
    """Values that the data determine on both sides."""
    held = [one for one in profiles if one.low.held_by == one.high.held_by == "data"]
    if held:
        told = ", ".join(
            f"'{one.free.label}' ({one.low.value:.3g} to {one.high.value:.3g})" for one in held
        )
        yield f"The data pin down (95 %): {told}."
    else:
        yield "The data alone pin down no single value on both sides."


def _next(result: "FitResult", profiles: Sequence[Profile]) -> Iterator[str]:
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
        yield f"What would help: {'; '.join(told)}. `hetsim plan {result.cells[0].system.name}` ranks experiments."
