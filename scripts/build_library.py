"""Make the files of parameter_sets/library from the facts of parameter_sets/facts.

    python -m scripts.build_library               # what is missing or whose facts changed; some minutes on two cores
    python -m scripts.build_library --all         # everything again
    python -m scripts.build_library --only CZTS   # fit some of them
    python -m scripts.build_library --files       # only write the files again, from what was fitted
    python -m scripts.build_library --index       # parameter_sets/index.json alone, after an edit of a file by hand

Each electrode goes through the neutral template and the fit (scripts/library). Files that are written by hand
(parameter_sets/systems) are left alone. A run that is stopped goes on where it was; two runs write the same bytes.
"""

import argparse
import hashlib
import json
import multiprocessing
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from hetsim.parameters.index import FILE, index_text
from hetsim.parameters.library import PARAMETER_SETS
from hetsim.parameters.system_text import system_text
from scripts.library.facts import Electrode, electrodes
from scripts.library.fits import Fitted, fitted, taken_up
from scripts.library.index import index_entries
from scripts.library.priors import priors_of
from scripts.library.system import neutral_cell, system_of, variants_of

FOLDER = PARAMETER_SETS / "library"
FITS = Path(__file__).parents[1] / "hetsim-out" / "library"
"""What was fitted already, one file an electrode: a build that was stopped goes on from there."""
SIMULATED = FOLDER / "simulated.json"
"""Capacities of each made cell at its measured points, for the pages on the systems; and of the neutral fit of curves
whose files are written by hand, which stay as they are."""
VERSION = 2
"""Counts changes of the fits after which all of them must be made again."""
COMMENT = "Made by `python -m scripts.build_library` from parameter_sets/facts; edit those."


def mark_of(electrode: Electrode) -> str:
    """Changes with what is fitted, the priors and the way in which it is fitted."""
    fitted_to = (
        electrode.fresh, electrode.ends, electrode.retentions, electrode.window, electrode.loading,
        electrode.electrolyte, electrode.celsius, electrode.materials, electrode.name,
    )  # fmt: skip
    content = json.dumps([VERSION, str(priors_of(electrode)), str(fitted_to)])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def controls_of(name: str) -> tuple[str, ...]:
    """Names of the controls of a heterostructure."""
    return tuple(one.name for one in electrodes() if one.control_of == name)


def text_of(electrode: Electrode, found: Fitted) -> str:
    """The file of an electrode."""
    system = system_of(electrode, found, controls_of(electrode.name))
    return system_text(system, COMMENT, variants_of(electrode, found))


def found_for(electrode: Electrode) -> Fitted | None:
    """What was fitted to an electrode; None where it was not, or to other facts."""
    path = FITS / f"{electrode.name}.json"
    if not path.exists():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    return taken_up(neutral_cell(electrode), kept) if kept["mark"] == mark_of(electrode) else None


def _fit(electrode: Electrode) -> tuple[str, str]:
    try:
        found = fitted(neutral_cell(electrode), electrode, priors_of(electrode))
    except Exception as error:  # the others are fitted all the same
        return electrode.name, f"{type(error).__name__}: {error}"
    write(FITS / f"{electrode.name}.json", json.dumps({"mark": mark_of(electrode), **found.kept()}))
    return electrode.name, ""


def write(path: Path, text: str) -> None:
    """A file that is there whole or not at all."""
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def fit_all(made: list[Electrode], again: bool, processes: int) -> int:
    """Fit what was not fitted to these facts; the number of those that failed."""
    FITS.mkdir(parents=True, exist_ok=True)
    left = [one for one in made if again or found_for(one) is None]
    failed = 0
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for count, (name, error) in enumerate(pool.imap_unordered(_fit, left), 1):
            failed += bool(error)
            print(f"{count}/{len(left)} {name} {error}", file=sys.stderr, flush=True)
    return failed


def write_files(made: list[Electrode]) -> None:
    """The files of all electrodes that were fitted, what they simulate, and the index; others are taken away."""
    FOLDER.mkdir(exist_ok=True)
    simulated = {}
    for one in made:
        found = found_for(one)
        if found is None:
            continue
        if one.by_hand:
            simulated[one.name] = {"neutral": found.simulated}
            continue
        write(FOLDER / f"{one.name}.toml", text_of(one, found))
        simulated[one.name] = {"fresh": found.simulated, "after cycles": found.at_ends}
    lines = (f"{json.dumps(name)}: {json.dumps(one)}" for name, one in sorted(simulated.items()))
    write(SIMULATED, "{\n" + ",\n".join(lines) + "\n}\n")
    names = {one.name for one in made if not one.by_hand}
    for path in FOLDER.glob("*.toml"):
        if path.stem not in names:
            path.unlink()
    write(FILE, index_text(index_entries()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="fit everything again")
    parser.add_argument("--only", nargs="*", default=[], help="names of electrodes to fit")
    parser.add_argument("--files", action="store_true", help="write the files and fit nothing")
    parser.add_argument("--index", action="store_true", help="write index.json and nothing else")
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    if given.index:
        write(FILE, index_text(index_entries()))
        return
    begun = time.perf_counter()
    made = [one for one in electrodes() if not one.by_hand or (one.curve and one.is_full)]
    chosen = [one for one in made if not given.only or one.name in given.only]
    failed = 0 if given.files else fit_all(chosen, given.all, given.processes)
    write_files(made)
    print(f"{failed} failed, {time.perf_counter() - begun:.0f} s")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
