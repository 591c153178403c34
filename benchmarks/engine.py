"""What the interpreter costs and how closely it solves, beside PyBaMM's lists and PyBaMM alone.

    python benchmarks/engine.py [--quick] [--only CZT] [--write docs/performance.md]

All routes of a row run by turns in one process on one thread; what is compared is CPU time, the median of the turns.

1. Discharges: cells of other diffusivities, each from rest to the cut-off at seven currents. "Volumes" is the route
   without modes and interpreter: the particles divided along their radius, in PyBaMM's lists. "List" is PyBaMM's list
   of the model that the interpreter runs. The interpreter is timed in each of its variants, and with Rosenbrock steps
   alone where the model has an exact step.
2. Protocols of one cell by `hs.run`, with its result: the interpreter beside PyBaMM in volumes.
3. Errors: the largest difference of capacity, over the full one, from PyBaMM's solution of the same model to 1e-9.

`check_engine.py` compares random cells of all systems and protocols.
"""

import argparse
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pybamm
from check_engine import by_pybamm

import hetsim as hs
from hetsim import names
from hetsim.engine.built import BuiltModel
from hetsim.engine.interpreter import Interpreter
from hetsim.engine.lists import Task, list_engine
from hetsim.engine.native.library import library
from hetsim.errors import ParameterError
from hetsim.simulation.potentiostat import Potentiostat
from hetsim.simulation.rate_chains import rate_numbers
from hetsim.simulation.run_many import rate_capacities

CURRENTS = (0.1, 0.3, 0.5, 1.0, 3.0, 5.0, 10.0)  # A/g, those of the measured curve of CZT
DIFFUSIVITY = "Component A diffusivity [m2.s-1]"
REST = hs.RateTest(CURRENTS, from_equilibrium=True)
MARK = "<!-- table of benchmarks/engine.py -->"
VARIANTS = ("sse2", "avx2", "avx512", "neon", "plain")


@dataclass(frozen=True)
class Row:
    """A model of a cell.

    cases, listed : cells on the interpreter and in a list
    volumes, same : ratios that were asked for, to the route in volumes and to the list of the same model
    """

    variant: str
    model: str
    cases: int
    listed: int
    volumes: float | None = None
    same: float | None = None

    @property
    def label(self) -> str:
        return f"CZT{' ' if self.variant else ''}{self.variant}, {self.model}"

    def cell(self) -> hs.HalfCell:
        return hs.load("CZT", self.variant)


ROWS = (
    Row("", "SPM", 256, 12, 150, 200),
    Row("", "SPMe", 128, 12, 50, 70),
    Row("", "DFN", 32, 2, 50, 60),
    Row("lumped", "SPM", 256, 24),
    Row("lumped", "SPMe", 128, 24),
    Row("lumped", "DFN", 32, 4),
    Row("core-shell", "SPMe", 32, 4, 12, 30),
    Row("core-shell", "DFN", 8, 1, 8, 15),
)
QUICK = (Row("lumped", "SPM", 32, 4),)


def varied(cell: hs.HalfCell, count: int) -> list[hs.HalfCell]:
    value = cell.values.number(DIFFUSIVITY)
    return [cell.with_values({DIFFUSIVITY: value * f}) for f in np.geomspace(0.5, 2, count)]


def by_turns(routes: dict[str, Callable[[], Any]], turns: int) -> dict[str, float]:
    """CPU seconds of each, the median; a first call of each is not counted."""
    taken: dict[str, list[float]] = {label: [] for label in routes}
    for one in routes.values():
        one()
    for _ in range(turns):
        for label, one in routes.items():
            begin = time.process_time()
            one()
            taken[label].append(time.process_time() - begin)
    return {label: float(np.median(one)) for label, one in taken.items()}


# --- discharges ----------------------------------------------------------------------------------


def listed(cell: hs.HalfCell, model: str, count: int) -> Callable[[], None]:
    """All discharges of some cells in PyBaMM's lists; what cannot change is prepared before."""
    benches = [Potentiostat(one, model) for one in varied(cell, count)]
    engine = list_engine(benches[0].built)
    prepared = engine.prepare([bench.inputs for bench in benches])

    def run() -> None:
        for current in CURRENTS:  # a list has one end time
            engine.steps(
                [
                    Task(ready, bench.segment(current), None)
                    for ready, bench in zip(prepared, benches, strict=True)
                ]
            )

    return run


def interpreters(built: BuiltModel) -> dict[str, Interpreter]:
    """Of the same tapes, by variant of the library; "steps" without the exact step, where there is one."""
    best = built.interpreter
    assert best is not None
    found, before = {}, os.environ.get("HETSIM_ENGINE")
    try:
        for variant in VARIANTS:
            os.environ["HETSIM_ENGINE"] = variant
            try:
                if library() is not None:
                    found[variant] = Interpreter(best.model)
            except ParameterError:  # not on this machine
                continue
    finally:
        os.environ.pop("HETSIM_ENGINE")
        if before is not None:
            os.environ["HETSIM_ENGINE"] = before
    if best.model.alone is not None:
        found["steps"] = Interpreter(replace(best.model, alone=None))
    return {**found, "best": best}


def interpreted(cell: hs.HalfCell, model: str, count: int) -> dict[str, Callable[[], Any]]:
    """The same discharges as columns, by variant."""
    benches = [Potentiostat(one, model) for one in varied(cell, count)]
    built, each = benches[0].built, [bench.inputs for bench in benches]
    columns = {name: np.array([one[name] for one in each]) for name in each[0]}

    def route(of: Interpreter) -> Callable[[], Any]:
        def run() -> Any:
            built.__dict__["interpreter"] = of
            return rate_numbers(built, columns, count, REST, 1)

        return run

    return {label: route(of) for label, of in interpreters(built).items()}


def discharges(row: Row, turns: int) -> dict[str, float]:
    """Microseconds a discharge by route."""
    cell = row.cell()
    routes: dict[str, Callable[[], Any]] = interpreted(cell, row.model, row.cases)
    counts = dict.fromkeys(routes, row.cases)
    routes["list"] = listed(cell, row.model, row.listed)
    routes["volumes"] = listed(cell.with_particle(in_volumes=True), row.model, row.listed)
    counts |= dict.fromkeys(("list", "volumes"), row.listed)
    taken = by_turns(routes, turns)
    return {
        label: 1e6 * seconds / counts[label] / len(CURRENTS) for label, seconds in taken.items()
    }


def error(row: Row, count: int) -> float:
    """Largest difference of capacity over the full one [-], from a solution to 1e-9."""
    cells = varied(row.cell(), count)
    ours = np.array(rate_capacities(cells, REST, row.model))
    with by_pybamm():
        theirs = np.array([hs.run(one, REST, row.model).capacities for one in cells])
    full = cells[0].values.number(names.SPECIFIC_CAPACITY)
    return float(np.nanmax(np.abs(ours - theirs)) / full)


# --- protocols of one cell -----------------------------------------------------------------------

PROTOCOLS: dict[str, tuple[Any, float]] = {
    "seven currents from rest": (REST, 10),
    "rate test of seven currents, 3 cycles each": (hs.RateTest(CURRENTS), 50),
    "GITT of 60 pulses": (hs.GITT(0.05, 300, 900, pulses=60), 50),
    "CV at 0.2, 0.5 and 1 mV/s, periodic": (hs.CV([0.2, 0.5, 1.0]), 20),
}
"""With the ratio asked for."""


def protocols(protocol: Any, model: str, turns: int) -> dict[str, float]:
    """Milliseconds of a run by `hs.run`."""
    cell = hs.load("CZT")
    divided = cell.with_volumes()

    def alone() -> None:
        with by_pybamm(None):
            hs.run(divided, protocol, model)

    taken = by_turns(
        {"interpreter": lambda: hs.run(cell, protocol, model), "volumes": alone}, turns
    )
    return {label: 1e3 * seconds for label, seconds in taken.items()}


# --- the report ----------------------------------------------------------------------------------


def report(rows: Sequence[Row], quick: bool) -> str:
    """The tables as Markdown, printed as they come."""
    lines: list[str] = []

    def tell(text: str = "") -> None:
        print(text, flush=True)
        lines.append(text)

    tell(
        f"{platform.machine()}, one thread, Python {platform.python_version()}, pybamm {pybamm.__version__}. CPU "
        "time of a discharge [µs], mean of seven currents; in brackets what was asked for:"
    )
    tell()
    tell(
        "| model | volumes, list | list | sse2 | avx2 | avx512 | steps alone | over volumes | over volumes, sse2 "
        "| over list | error of capacity |"
    )
    tell("|" + "---|" * 11)
    for row in rows:
        found = discharges(row, 3 if quick else 5)
        of = error(row, 2 if row.model == "DFN" else 6)
        shown = [
            f"{found[k]:.1f}" if k in found else "" for k in ("sse2", "avx2", "avx512", "steps")
        ]
        best = found["best"]
        plain = found["volumes"] / found["sse2"] if "sse2" in found else np.nan
        tell(
            f"| {row.label} | {found['volumes']:.0f} | {found['list']:.0f} | {' | '.join(shown)} "
            f"| {found['volumes'] / best:.0f}{_asked(row.volumes)} | {plain:.0f} "
            f"| {found['list'] / best:.0f}{_asked(row.same)} | {of:.1e} |"
        )
    tell()
    tell("`hs.run` of one cell (CZT, two hosts), milliseconds, with the result:")
    tell()
    tell("| protocol | model | PyBaMM in volumes | interpreter | ratio |")
    tell("|---|---|---|---|---|")
    chosen = list(PROTOCOLS.items())[:1] if quick else PROTOCOLS.items()
    for label, (protocol, asked) in chosen:
        found = protocols(protocol, "SPMe", 3)
        ratio = found["volumes"] / found["interpreter"]
        tell(
            f"| {label} | SPMe | {found['volumes']:.0f} | {found['interpreter']:.1f} "
            f"| {ratio:.0f}{_asked(asked)} |"
        )
    return "\n".join(lines) + "\n"


def _asked(ratio: float | None) -> str:
    return "" if ratio is None else f" ({ratio:.0f})"


def write(text: str, path: Path) -> None:
    """Put the tables between the marks of a document."""
    before, _, after = path.read_text(encoding="utf-8").split(MARK)
    path.write_text(f"{before}{MARK}\n\n{text}\n{MARK}{after}", encoding="utf-8")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one model, less than a minute")
    parser.add_argument("--only", help="rows whose name begins so, such as 'CZT lumped'")
    parser.add_argument("--write", type=Path, help="put the tables into this document")
    chosen = parser.parse_args()
    rows = QUICK if chosen.quick else ROWS
    text = report([one for one in rows if one.label.startswith(chosen.only or "")], chosen.quick)
    if chosen.write:
        write(text, chosen.write)


if __name__ == "__main__":
    main()
