"""What a sweep costs: the script that a PyBaMM user would write, PyBaMM's fastest public path, and hetsim.

    python benchmarks/compare_sweep.py [--quick] [--threads 2] [--write docs/performance.md]

The same cases, model and mesh. Each case is seven discharges (insertion from rest to the cut-off at seven currents).
Ratios are what counts; absolute times are those of the machine. "Cold" starts from nothing: no model built, no code
compiled, an empty folder for compiled code. Only the engine's library is there, as it comes with hetsim.

1. New Simulation: one for each case and current, as in PyBaMM's examples; timed on a share of the cases.
2. List: the model built once with every parameter an input, lists of inputs, compiled; on the same share,
   its build and compilation spread over all cases.
3. hetsim: `hs.sweep`, all cases, in a process of its own: from the start of Python to the dataset, so that importing
   hetsim and PyBaMM, building the model and making its interpreter count.
"""

import argparse
import itertools
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pybamm

import hetsim as hs
from benchmarks.particle_mesh import mesh_cost, mesh_error
from hetsim import names
from hetsim.engine.built import BuiltModel
from hetsim.engine.native.library import library
from hetsim.models.half_cell import THROUGH_CELL
from hetsim.models.solver import TOLERANCES, solver
from hetsim.simulation import versions
from hetsim.simulation.potentiostat import PATIENCE, Potentiostat
from hetsim.simulation.run_many import run_many
from hetsim.submodels.particle_sub_mesh import ParticleSubMesh

CURRENTS = (0.1, 0.3, 0.5, 1.0, 3.0, 5.0, 10.0)  # A/g, those of the measured curve of CZT
DIFFUSION = {
    "Particle radius [m]": (0.5, 2.0),
    "Component A diffusivity [m2.s-1]": (0.3, 3.0),
}
PLAIN = {
    **DIFFUSION,
    "Electrode thickness [m]": (0.8, 1.5),
    names.AMBIENT_TEMPERATURE: (0.95, 1.05),
}
"""Ranges of the sweep, as multiples of the values of the cell."""
FIELD = {
    names.CORE_DEBYE_LENGTH: (0.5, 2.0),
    names.SHELL_DEBYE_LENGTH: (0.5, 2.0),
    names.BUILT_IN_POTENTIAL: (-1.5, 1.5),
}
"""What is swept beside it in particles with a field."""
MARK = "<!-- table of benchmarks/compare_sweep.py -->"


@dataclass(frozen=True)
class Study:
    """One row of the table: a model of a cell, how many cases, and on how many the slow ways are timed."""

    model: str
    variant: str
    classes: int
    cases: int
    timed: int
    asked: float | None = None

    @property
    def label(self) -> str:
        return f"{self.model}, {'field, ' if self.variant else ''}{_classes(self.classes)}"

    def cell(self) -> hs.HalfCell:
        made = hs.load("CZT", variant=self.variant)
        return made.with_particle(classes=self.classes, fast=self.classes > 1)

    def changes(self) -> list[dict[str, float]]:
        """Values of each case, at random in the ranges."""
        cell, rng = self.cell(), np.random.default_rng(1)
        ranges = PLAIN | FIELD if self.variant else PLAIN
        return [
            {name: float(cell.values[name] * rng.uniform(*ends)) for name, ends in ranges.items()}
            for _ in range(self.cases)
        ]

    def sweep(self) -> np.ndarray:
        """Capacities [mA.h.g-1] of all cases, by `hs.sweep`."""
        test = hs.RateTest(CURRENTS, from_equilibrium=True)
        data = hs.sweep(self.cell(), hs.Cases(self.changes()), test, self.model)
        return data["capacity_mAh_per_g"].values


def _classes(count: int) -> str:
    return "one sphere" if count == 1 else f"{count} classes, fast share"


FULL = (
    Study("SPM", "", 9, 1000, 20, 500),
    Study("SPMe", "", 9, 1000, 20, 400),
    Study("DFN", "", 9, 200, 4, 150),
    Study("SPM", "", 1, 1000, 50),
    Study("DFN", "", 1, 200, 10),
    Study("SPMe", "core-shell", 9, 300, 10),
)
QUICK = (Study("SPM", "", 1, 40, 3),)


def tolerances(kind: str) -> dict[str, float]:
    """Those of hetsim, for all three ways."""
    return dict.fromkeys(("rtol", "atol"), TOLERANCES[kind])


# --- the three ways ------------------------------------------------------------------------------


def new_simulations(cells: Sequence[hs.HalfCell], kind: str) -> np.ndarray:
    """Capacities [mA.h.g-1], each by a Simulation of its own."""
    model = cells[0].model(kind)
    found = np.empty((len(cells), len(CURRENTS)))
    for (i, cell), (k, current) in itertools.product(enumerate(cells), enumerate(CURRENTS)):
        values = cell.parameter_values()
        mass = cell.values["Active mass loading [mg.cm-2]"] * cell.values["Electrode area [cm2]"]
        values[names.CURRENT] = current * mass * 1e-3
        simulation = pybamm.Simulation(
            model, parameter_values=values, solver=solver(**tolerances(kind))
        )
        end = cell.values["Specific capacity [mA.h.g-1]"] / current * 3.6
        found[i, k] = simulation.solve([0, end]).t[-1] * current / 3.6
    return found


class ListOfInputs:
    """PyBaMM's own list of inputs on a model that was built once."""

    def __init__(self, cell: hs.HalfCell, kind: str, threads: int) -> None:
        self.kind = kind
        self.built = BuiltModel(cell, kind)
        self.solver = solver(
            **tolerances(kind),
            output_variables=[names.VOLTAGE],
            options={"compile": True, "num_threads": threads, "num_solvers": threads},
        )

    def __call__(self, cells: Sequence[hs.HalfCell]) -> np.ndarray:
        """Capacities [mA.h.g-1]; a list for each current, for all of a list have one end time."""
        benches = [Potentiostat(cell, self.kind) for cell in cells]
        found = np.empty((len(cells), len(CURRENTS)))
        for k, current in enumerate(CURRENTS):
            segments = [bench.segment(current) for bench in benches]
            inputs = [
                {**bench.inputs, **self.built.imposed(segment, bench.inputs)}
                for bench, segment in zip(benches, segments, strict=True)
            ]
            end = max(one.duration for one in segments)
            found[:, k] = _ends(self.solver, self.built.model, end, inputs) * current / 3.6
        return found


def _ends(used: pybamm.IDAKLUSolver, model: object, end: float, inputs: list) -> np.ndarray:
    solutions = used.solve(model, [0, end], inputs=inputs, t_interp=np.array([0, end]))
    solutions = solutions if isinstance(solutions, list) else [solutions]
    return np.array([one.t[-1] for one in solutions])


def with_hetsim(study: Study) -> tuple[float, float, np.ndarray]:
    """Seconds of wall and of all cores, and the same capacities, by `hs.sweep` in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "capacities.npy"
        told = json.dumps([study.model, study.variant, study.classes, study.cases, study.timed])
        used, begin = _core_seconds(), time.perf_counter()
        with_engine = {**os.environ, "HETSIM_ENGINE_LIBRARY": _engine_library()}
        subprocess.run(
            [sys.executable, __file__, "--sweep", told, str(path)], check=True, env=with_engine
        )
        wall, cores = time.perf_counter() - begin, _core_seconds() - used
        return wall, cores, np.load(path)


def _engine_library() -> str:
    """Path of the engine's library, which comes with an installed hetsim; a checkout without one compiled it by now."""
    loaded = library()
    return str(loaded.path) if loaded else ""


def _core_seconds() -> float:
    """Of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


# --- cold ----------------------------------------------------------------------------------------


def cold(study: Study, threads: int) -> tuple[dict[str, float], np.ndarray]:
    """Seconds a case of the three ways, ratios and the largest difference of capacity."""
    cell = study.cell()
    some = [cell.with_values(one) for one in study.changes()[: study.timed]]
    wall, cores, capacities = with_hetsim(study)
    ours = wall / study.cases
    begin, used = time.perf_counter(), time.process_time()
    by_new = new_simulations(some, study.model)
    new = (time.perf_counter() - begin) / study.timed
    new_cores = (time.process_time() - used) / study.timed

    _empty_cache()
    begin = time.perf_counter()
    listed = ListOfInputs(cell, study.model, threads)
    listed(some[:1])
    once = time.perf_counter() - begin
    begin = time.perf_counter()
    by_list = listed(some)
    path = (time.perf_counter() - begin) / study.timed + once / study.cases
    full = np.array([one.values["Specific capacity [mA.h.g-1]"] for one in some])[:, np.newaxis]
    others = np.maximum(
        np.abs(by_new - capacities[: study.timed]), np.abs(by_list - capacities[: study.timed])
    )
    return {
        "new": new,
        "list": path,
        "hetsim": ours,
        "ratio": new / ours,
        "of cores": new_cores / (cores / study.cases),
        "to list": path / ours,
        "difference": float(np.nanmax(others / full)),
        "failed": int(np.isnan(capacities).any(axis=1).sum()),
    }, capacities


def _empty_cache() -> None:
    os.environ["PYBAMM_CASADI_AOT_CACHE"] = tempfile.mkdtemp(prefix="cold_")


# --- warm ----------------------------------------------------------------------------------------


def warm(kind: str, count: int, threads: int) -> dict[str, float]:
    """Milliseconds a discharge, the mean of the seven currents, compiled and in lists: PyBaMM's own particle,
    ours, ours with a field.

    PyBaMM's particle is one sphere on the mesh of ours, with its diffusivity and current as inputs; ours is
    one size class, which has one state more, and with a field a mesh that is fine at the junction. The same
    electrolyte, kinetics, open-circuit curve, tolerances and cut-offs.
    """
    names_of = {"stock particle": None, "hetsim": "", "hetsim, field": "core-shell"}
    runs = {}
    for label, variant in names_of.items():
        cell = hs.load("CZT", variant=variant or "").with_particle(classes=1, fast=False)
        if variant is None:
            runs[label] = _stock(cell, kind, count, threads)
        else:
            runs[label] = _ours(cell, kind, count, threads)
    best = dict.fromkeys(runs, np.inf)
    for label, run in list(runs.items()):
        try:
            run()
        except pybamm.SolverError:  # PyBaMM's own particle at these tolerances
            del runs[label]
            best[label] = np.nan
    for _ in range(5):  # by turns: a neighbour on the machine slows all of them alike
        for label, run in runs.items():
            begin = time.perf_counter()
            run()
            best[label] = min(
                best[label], (time.perf_counter() - begin) / count / len(CURRENTS) * 1e3
            )
    return best


def _factors(count: int) -> np.ndarray:
    return np.geomspace(0.5, 2, count)


def _ours(cell: hs.HalfCell, kind: str, count: int, threads: int):
    name = "Component A diffusivity [m2.s-1]"
    cells = [cell.with_values({name: cell.values[name] * f}) for f in _factors(count)]
    test = hs.RateTest(CURRENTS, from_equilibrium=True)
    return lambda: run_many(cells, test, kind, threads=threads)


def _stock(cell: hs.HalfCell, kind: str, count: int, threads: int):
    values = cell.parameter_values()
    diffusivity = float(
        values.evaluate(values[names.DIFFUSIVITY](0.5, values[names.AMBIENT_TEMPERATURE]))
    )
    values.update({names.DIFFUSIVITY: "[input]", names.CURRENT: "[input]"})
    options = {"working electrode": "positive", "contact resistance": "true"}
    if kind != "DFN":
        options["x-average side reactions"] = "true"
    model = getattr(pybamm.lithium_ion, kind)(options)
    meshes = {
        **model.default_submesh_types,
        names.PARTICLE: pybamm.MeshGenerator(ParticleSubMesh, {"edges": cell.structure.edges}),
    }
    volumes = {names.PARTICLE_COORDINATE: cell.structure.volumes}
    points = {**model.default_var_pts, **THROUGH_CELL, **volumes}
    simulation = pybamm.Simulation(
        model, parameter_values=values, submesh_types=meshes, var_pts=points
    )
    simulation.build()
    used = solver(
        **tolerances(kind),
        output_variables=[names.VOLTAGE],
        options={"compile": True, "num_threads": threads, "num_solvers": threads},
    )
    mass = cell.values["Active mass loading [mg.cm-2]"] * cell.values["Electrode area [cm2]"] * 1e-3
    full = PATIENCE * cell.values["Specific capacity [mA.h.g-1]"] * 3.6

    def run() -> None:
        for current in CURRENTS:
            inputs = [
                {names.DIFFUSIVITY: diffusivity * f, names.CURRENT: current * mass}
                for f in _factors(count)
            ]
            _ends(used, simulation.built_model, full / current, inputs)

    return run


# --- the report ----------------------------------------------------------------------------------


def report(quick: bool, threads: int, only_cold: bool = False) -> str:
    """The tables as Markdown, printed as they come."""
    lines: list[str] = []

    def tell(text: str = "") -> None:
        print(text, flush=True)
        lines.append(text)

    tell(_machine(threads))
    tell()
    tell(
        "Cold, milliseconds a case of seven discharges, with import, build and compilation spread over all cases:"
    )
    tell()
    tell(
        "| model | cases | new Simulation (timed on) | list of inputs | hs.sweep | new / hs.sweep (asked) "
        "| the same in seconds of cores | list / hs.sweep | largest difference, of the full capacity | failed |"
    )
    tell("|---|---|---|---|---|---|---|---|---|---|")
    studies = QUICK if quick else FULL
    for study in studies:
        found, _ = cold(study, threads)
        asked = f" ({study.asked:.0f})" if study.asked else ""
        tell(
            f"| {study.label} | {study.cases} | {1e3 * found['new']:.0f} ({study.timed}) "
            f"| {1e3 * found['list']:.1f} | {1e3 * found['hetsim']:.2f} | {found['ratio']:.0f}{asked} "
            f"| {found['of cores']:.0f} | {found['to list']:.2f} | {found['difference']:.1e} | {found['failed']} |"
        )
    if only_cold:
        return "\n".join(lines) + "\n"
    tell()
    tell(
        "Warm, milliseconds a discharge, mean of the seven, lists, compiled, one size of particles:"
    )
    tell()
    tell("| model | stock particle | hetsim | over stock (asked) | hetsim, field | field costs |")
    tell("|---|---|---|---|---|---|")
    kinds = [("SPM", 40)] if quick else [("SPM", 200), ("SPMe", 200), ("DFN", 40)]
    for kind, count in kinds:
        best = warm(kind, count, threads)
        stock, ours, field = best.values()
        beside = ("fails", "") if np.isnan(stock) else (f"{stock:.2f}", f"{ours / stock:.2f} (1.3)")
        tell(
            f"| {kind} | {beside[0]} | {ours:.2f} | {beside[1]} | {field:.2f} "
            f"| {100 * (field / ours - 1):+.0f} % |"
        )
    tell()
    for variant, classes in [("", 1)] if quick else [("", 9), ("", 1), ("core-shell", 9)]:
        cell = hs.load("CZT", variant=variant).with_particle(classes=classes, fast=classes > 1)
        found = mesh_error(cell, DIFFUSION | FIELD if variant else DIFFUSION)
        tell(
            f"- Particle mesh ({'with' if variant else 'without'} a field, {_classes(classes)}): "
            f"{cell.structure.volumes} volumes are {found['of delivered']:.1e} of the delivered and "
            f"{found['of full']:.1e} of the full capacity off at worst over the range of the sweep (asked "
            f"1e-3; Richardson, observed order {found['order']:.1f} or more), at {mesh_cost(cell):.2f} times "
            f"the time of half as many."
        )
    return "\n".join(lines) + "\n"


def _machine(threads: int) -> str:
    return (
        f"{os.cpu_count()} shared cores, {threads} used for lists; {platform.system()}, Python "
        f"{platform.python_version()}, pybamm {pybamm.__version__}, hetsim {versions()['hetsim']}."
    )


def write(text: str, path: Path) -> None:
    """Put the tables between the marks of a document."""
    before, _, after = path.read_text(encoding="utf-8").split(MARK)
    path.write_text(f"{before}{MARK}\n\n{text}\n{MARK}{after}", encoding="utf-8")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small numbers, less than a minute")
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--write", type=Path, help="put the tables into this document")
    parser.add_argument("--cold", action="store_true", help="the first table alone")
    parser.add_argument("--sweep", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.sweep:
        np.save(chosen.sweep[1], Study(*json.loads(chosen.sweep[0])).sweep())
        return
    text = report(chosen.quick, chosen.threads, chosen.cold)
    if chosen.write:
        write(text, chosen.write)


if __name__ == "__main__":
    main()
