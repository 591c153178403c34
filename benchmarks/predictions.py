"""How often predicted bands hold: measured electrodes are predicted without their own paper, and their points counted.

    python -m benchmarks.predictions            # the table of docs/predictions.md, some minutes of one core

Two sets. *Computed*: electrodes of which a barrier or a capacity was computed, and which were measured.
*Theory*: all electrodes of parameter_sets/library/measured_electrodes.csv, each with the theoretical capacity of its
materials by Faraday's law and nothing else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

import hetsim as hs
from benchmarks.measured_curves import measured_curves
from hetsim.prediction.population import measured_electrodes
from hetsim.prediction.predict import predict
from hetsim.prediction.prediction import Prediction
from hetsim.prediction.theory import capacity_of

PAGE = Path(__file__).parents[1] / "docs" / "predictions.md"


@dataclass(frozen=True)
class Tested:
    """One electrode that was predicted and measured."""

    name: str
    heterostructure: bool
    prediction: Prediction
    measured: tuple[float, ...]
    paper: str

    @property
    def held(self) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
        return self.prediction.holds(np.array(self.measured))

    def held_within(self, level: float) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
        """Whether the points lie in a band of another level, of the same draws."""
        return replace(self.prediction, level=level).holds(np.array(self.measured))

    @property
    def off(self) -> float:
        """Median of the prediction over what was measured, mean logarithm over the points."""
        return float(np.mean(np.log(np.maximum(self.prediction.median, 1.0) / self.measured)))


@dataclass(frozen=True)
class Known:
    """A measured electrode of which something was computed: the pair as hs.predict takes it, and the points."""

    name: str
    pair: tuple[str, str, str]
    papers: tuple[str, ...]
    points: tuple[tuple[float, float], ...]
    capacity: float | None = None
    barrier: float | None = None


def computed_and_measured() -> list[Known]:
    """Electrodes with a computed barrier or capacity and fresh measured points."""
    czt = "10.1007/s40820-023-01202-6"
    found = [
        Known("CZT", ("CoTe2", "ZnTe", "K"), (czt,), _points("CZT")),
        Known("CT", ("CoTe2", "", "K"), (czt,), _points("CT")),
        Known("ZT", ("ZnTe", "", "K"), (czt,), _points("ZT")),
        Known(
            "SnS2-graphene",
            ("graphene", "SnS2", "Na"),
            ("10.1039/c6ta05739j",),
            _points("SnS2-graphene"),
        ),
        Known(
            "Co-FeSe-Fe3Se4",
            ("FeSe", "Fe3Se4", "K"),
            (),
            _points("Co-FeSe-Fe3Se4"),
            barrier=0.34,
        ),
    ]
    tin = next(one for one in measured_curves() if one.name == "SnSSnSe2_Na")
    found.append(
        Known(
            tin.name,
            ("SnS", "SnSe2", "Na"),
            (tin.doi,),
            tuple(zip(tin.currents, tin.capacities, strict=True)),
            barrier=0.39,
        )
    )
    return found


def _points(system: str) -> tuple[tuple[float, float], ...]:
    curve = hs.measured(system)
    return tuple(zip(curve.currents, curve.capacities, strict=True))


def tested_computed() -> Iterator[Tested]:
    """The electrodes that were computed and measured."""
    for one in computed_and_measured():
        a, b, ion = one.pair
        currents, capacities = zip(*sorted(one.points), strict=True)
        made = predict(
            a,
            b,
            ion,
            capacity=one.capacity,
            barrier=one.barrier,
            currents=currents,
            without=one.papers,
        )
        yield Tested(one.name, bool(b), made, capacities, one.papers[0] if one.papers else one.name)


def tested_theory() -> Iterator[Tested]:
    """All measured electrodes, from the theoretical capacity of their materials alone."""
    curves = {one.name: one for one in measured_curves()}
    for one in measured_electrodes():
        curve = curves[one.curve]
        order = np.argsort(curve.currents)
        heterostructure = one.role == "heterostructure"
        made = predict(
            one.parts[0],
            one.parts[-1] if len(one.parts) > 1 else "",
            one.ion,
            capacity=capacity_of(one.parts, one.ion),
            currents=[curve.currents[k] for k in order],
            loading=curve.loading or 1.0,
            without=(one.doi,),
        )
        measured = tuple(curve.capacities[k] for k in order)
        yield Tested(one.curve, heterostructure, made, measured, one.doi)


def table(sets: dict[str, list[Tested]]) -> str:
    """The table of the page."""
    lines = [
        "| electrodes | number | points | in the 90 % band, % (95 % interval over papers) | in the 50 % band, % | "
        "median off by, median |",
        "|---|---|---|---|---|---|",
    ]
    for title, tested in sets.items():
        held = np.concatenate([one.held for one in tested])
        off = np.median([abs(np.expm1(one.off)) for one in tested])
        low, high = between(tested)
        spread = "" if held.all() else f" ({100 * low:.0f} to {100 * high:.0f})"
        share = f"{100 * held.mean():.0f}{spread}"
        half = 100 * np.concatenate([one.held_within(0.5) for one in tested]).mean()
        lines.append(
            f"| {title} | {len(tested)} | {held.size} | {share} | {half:.0f} | {100 * off:.0f} % |"
        )
    return "\n".join(lines)


def between(tested: list[Tested], draws: int = 2000) -> tuple[float, float]:
    """95 % interval of the share of points held, papers drawn with replacement: points of one paper go together."""
    papers: dict[str, list[bool]] = {}
    for one in tested:
        papers.setdefault(one.paper, []).extend(one.held.tolist())
    groups = list(papers.values())
    rng = np.random.default_rng(0)
    shares = []
    for chosen in rng.integers(0, len(groups), (draws, len(groups))):
        points = [held for place in chosen for held in groups[place]]
        shares.append(np.mean(points))
    low, high = np.quantile(shares, [0.025, 0.975])
    return float(low), float(high)


def rows(tested: list[Tested]) -> str:
    """Each electrode of the first set."""
    lines = [
        "| electrode | points | in the band | measured | predicted, 90 % band |",
        "|---|---|---|---|---|",
    ]
    for one in tested:
        at = one.prediction
        lines.append(
            f"| {one.name} | {one.held.size} | {one.held.sum()} | {one.measured[-1]:g} mAh/g at {at.currents[-1]:g} "
            f"A/g | {at.median[-1]:.0f} ({at.low[-1]:.0f} to {at.high[-1]:.0f}) |"
        )
    return "\n".join(lines)


def main() -> None:
    computed, theory = list(tested_computed()), list(tested_theory())
    sets = {
        "computed and measured": computed,
        "all, from theoretical capacities": theory,
        "of these: heterostructures": [one for one in theory if one.heterostructure],
        "of these: controls": [one for one in theory if not one.heterostructure],
    }
    text = f"{table(sets)}\n\n{rows(computed)}"
    print(text)
    if PAGE.exists():
        page = PAGE.read_text(encoding="utf-8")
        marks = r"(<!-- benchmarks/predictions.py -->\n).*?(<!-- end -->)"
        PAGE.write_text(
            re.sub(marks, lambda m: f"{m[1]}\n{text}\n\n{m[2]}", page, flags=re.S), encoding="utf-8"
        )
    frame = pd.DataFrame(
        {
            "electrode": [one.name for one in theory],
            "held": [one.held.mean() for one in theory],
            "off": [one.off for one in theory],
        }
    )
    print(frame.sort_values("off").to_string(float_format="%.2f"))


if __name__ == "__main__":
    main()
