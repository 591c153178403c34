"""What a reader of a fit must know of its data and free values: named warnings."""

from hetsim.fitting.free_value import RESISTANCE
from hetsim.fitting.observations import FitWarning
from hetsim.fitting.problem import Problem

_LOADING = "Active mass loading [mg.cm-2]"
_PER_AREA = (
    RESISTANCE,
    "Exchange-current density [A.m-2]",
    "Metal exchange-current density [A.m-2]",
)
"""Values that act together with the loading: of a rate curve in A/g only their product with it is measured."""


def warnings_of(problem: Problem) -> list[FitWarning]:
    """All that is odd about a problem and can be fitted nevertheless.

    Raises ParameterError for data that cannot be what they say, as capacities in another unit.
    """
    found = [
        warning for index, one in problem.parts for warning in one.warnings(problem.cells[index])
    ]
    return [*found, *_too_many(problem), *_nothing_shared(problem), *_loading(problem)]


def _too_many(problem: Problem) -> list[FitWarning]:
    points = problem.independent
    allowed = min(sum(one.bears for _, one in problem.parts), points)
    if len(problem.free) <= allowed:
        return []
    curves = len(problem.parts)
    many = f"{curves} curve{'' if curves == 1 else 's'} of {points:.3g} point{'' if points == 1 else 's'}"
    data = ", ".join(dict.fromkeys(one.kind for _, one in problem.parts))
    return [
        FitWarning(
            "more free values than the data bear",
            f"{len(problem.free)} free values for {many} ({data}): a rate curve shows two or three "
            f"directions, so beyond {allowed:.3g} it is the priors that speak.",
        )
    ]


def _nothing_shared(problem: Problem) -> list[FitWarning]:
    if len(problem.cells) < 2:
        return []
    if any(sum(map(free.acts_on, problem.cells)) > 1 for free in problem.free):
        return []
    cells = ", ".join(cell.name for cell in problem.cells)
    return [
        FitWarning(
            "nothing shared",
            f"no free value is shared by {cells}; the joint fit says no more than a fit of each alone. Leave out `of` "
            "where cells have a value in common.",
        )
    ]


def _loading(problem: Problem) -> list[FitWarning]:
    """A resistance or an exchange current is known no better than a loading that is assumed."""
    free = {name for one in problem.free for name in one.names if name in _PER_AREA}
    assumed = [
        cell
        for cell in problem.cells
        if (known := cell.system.values.get(_LOADING)) is not None and known.kind == "assumed"
    ]
    if not free or not assumed:
        return []
    cells = ", ".join(cell.name for cell in assumed)
    return [
        FitWarning(
            "loading assumed",
            f"the loading of {cells} is assumed, {assumed[0].values.number(_LOADING):g} mg/cm2; of "
            f"'{sorted(free)[0]}' only its product with the loading is measured.",
        )
    ]
