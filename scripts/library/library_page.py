"""docs/library.md: how the files are made, how good they are, which miss, and all systems by ion and class."""

from collections.abc import Iterator

import numpy as np

from hetsim.parameters.catalogue import METALS
from hetsim.parameters.index import Entry, entries
from hetsim.parameters.library import component_names
from scripts.library.facts import electrodes
from scripts.library.quality import (
    FULL_LIMIT,
    LIMIT,
    Errors,
    errors_of,
    errors_of_curves,
    why_missed,
)
from scripts.library.said import said


def lines() -> Iterator[str]:
    """The page."""
    errors = {one.name: errors_of(one) for one in electrodes() if not one.by_hand}
    yield from _head(len(errors), len(component_names("systems")))
    yield from _quality(errors)
    yield from _misses(errors)
    yield from _index(errors)


def _head(made: int, hand: int) -> Iterator[str]:
    yield "# The library"
    yield ""
    yield said(
        f"""Written by `python -m scripts.library_pages`. {hand + made} systems run by name: {hand} files are written by
        hand (`parameter_sets/systems`, [systems](systems.md)) and {made} are made from printed facts
        (`parameter_sets/library`). `hetsim list` shows all of them; `hetsim list --ion Na --class sulfide
        --with-controls` finds. What became of every electrode that the reviews name is in [the ledger](ledger.md), what
        is assumed and how often in [assumed values](assumed.md)."""
    )
    yield ""
    yield "## How a file is made"
    yield ""
    yield said(
        """`python -m scripts.build_library` turns the facts of an electrode (`parameter_sets/facts`: materials, ion,
        window, loading, points, doubts) into a file through the neutral template and the fit ([fits](fits.md)). It goes
        on where it was stopped, and two runs write the same bytes. Each number has its kind and source; a fitted one
        its range, its 95 % interval and the prior that it had."""
    )
    yield ""
    yield "| points | fitted | the rest |"
    yield "|---|---|---|"
    yield "| three or more | capacity, fast fraction, series resistance, R^2/D | the neutral template |"
    yield said(
        """| two, those after cycles among them | capacity, and the one of R^2/D, resistance and fast fraction that
        moves least from its prior; resistance and R^2/D where none of them meets the points | median of its family,
        drawn towards all curves |"""
    )
    yield "| one | capacity | the same |"
    yield ""
    yield said(
        """Priors are learned on the curves of other papers than that of the electrode. A capacity after cycles is no
        point of the curve: where the fresh cell has more, the difference is a loss of active material per cycle; where
        it has less, that capacity is a lower bound of the fresh one and fitted as such. The capacity of an electrode of
        few points stays below 1.3 times what the best of its materials stores by theory, and a file says when it is
        above it once. Of two printed values of one quantity both stand in the file, with the reason for the one that
        is used (`parameter_sets/facts/doubts.csv`). Files of one or two points describe these and test nothing. What a
        rate curve cannot tell, above all the open-circuit curve and the junction, is neutral in all of them."""
    )
    yield ""
    with_hosts = sum("hosts" in one.variants for one in entries() if one.made)
    yield said(
        f"""Where the library has isotherms of both materials for the ion ({with_hosts} files), `--variant hosts` has
        them in place of the slope, fitted to the same points: for voltage curves, which a slope cannot tell."""
    )
    yield ""


def _quality(errors: dict[str, Errors]) -> Iterator[str]:
    curves = errors_of_curves()
    few = [one for one in errors.values() if not one.electrode.is_full]
    groups = {
        "one or two points, largest error": [one for one in few if one.count <= 2],
        "three or four points, largest error": [one for one in few if one.count > 2],
    }
    yield "## How good they are"
    yield ""
    yield "| | number | median | 90th percentile | within the limit |"
    yield "|---|---|---|---|---|"
    inside = sum(one <= FULL_LIMIT for one in curves)
    yield (
        f"| full curves of papers, neutral fit, mean error of a curve | {len(curves)} | {np.median(curves):.2f} % | "
        f"{np.percentile(curves, 90):.1f} % | {inside} within {FULL_LIMIT:g} % |"
    )
    for title, some in groups.items():
        sizes = [one.largest for one in some]
        inside = sum(one.is_met for one in some)
        yield (
            f"| {title} | {len(some)} | {np.median(sizes):.2f} % | {np.percentile(sizes, 90):.1f} % | "
            f"{inside} within {LIMIT:g} % |"
        )
    yield ""
    yield said(
        """Of the full curves those of files written by hand are among them as the neutral fit has them; the files
        themselves hold another description ([systems](systems.md))."""
    )
    yield ""


def _misses(errors: dict[str, Errors]) -> Iterator[str]:
    yield "### Those that miss"
    yield ""
    yield "| system | points | mean error % | largest % | why |"
    yield "|---|---|---|---|---|"
    for name, one in sorted(errors.items(), key=lambda item: -item[1].largest):
        if not one.is_met:
            points = _points(len(one.fresh), len(one.after))
            yield f"| `{name}` | {points} | {one.mean:.1f} | {one.largest:.1f} | {why_missed(one)} |"
    yield ""


def _points(fresh: int, after: int) -> str:
    return f"{fresh} + {after}" if after else str(fresh)


def _index(errors: dict[str, Errors]) -> Iterator[str]:
    yield "## By ion and class"
    yield ""
    yield said(
        """Points: fresh, and after cycles behind a plus. Errors are of the whole rate test (three cycles at each
        current, SPMe), and of the aged cell."""
    )
    for ion in METALS:
        some = [one for one in entries() if one.ion == ion and "||" not in one.architecture]
        if some:
            yield from _of_ion(ion, some, errors)
    yield ""


def _of_ion(ion: str, some: list[Entry], errors: dict[str, Errors]) -> Iterator[str]:
    yield ""
    yield f"### {METALS[ion].capitalize()}"
    yield ""
    yield "| system | what it is | class | architecture | points | mean error % | largest % | controls |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in sorted(some, key=lambda one: (one.classification.lower(), one.name.lower())):
        found = errors.get(one.name)
        cells = [
            f"`{one.name}`",
            one.title,
            one.classification,
            one.architecture,
            _points(one.points, one.aged),
            f"{found.mean:.1f}" if found else "[by hand](systems.md)",
            f"{found.largest:.1f}" if found else "",
            ", ".join(one.controls),
        ]
        yield f"| {' | '.join(cells)} |"
