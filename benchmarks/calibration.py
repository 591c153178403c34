"""Do intervals and bands of fits hold? Made curves whose values are known, and measured points that were left out.

    python benchmarks/calibration.py intervals [--count 100]   # 95 % intervals of made curves with 1.5 % noise
    python benchmarks/calibration.py bands                     # 90 % bands of points left out of measured curves
    python benchmarks/calibration.py field [--count 40] [--without 120]   # is a field found where it is, and where not?
    python benchmarks/calibration.py table                     # the tables of those that were made into docs/fits.md

Each case is a line of a file in the folder --out; what is there is not made again, so a study that was stopped goes on.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from calibration_bands import band_table, left_out, places
from calibration_field import FIELDS, KINDS, UNEQUAL, field_case, field_table
from calibration_intervals import interval_case, interval_table
from measured_curves import measured_curves

from hetsim.errors import ParameterError


def cases(file: Path, names: list[Any], make: Callable[[Any], dict[str, Any] | None]) -> None:
    """Make the cases that the file does not have yet, each a line of JSON."""
    done = {str(one["case"]) for one in records(file)}
    left = [name for name in names if str(name) not in done]
    file.parent.mkdir(parents=True, exist_ok=True)
    with click.progressbar(left, label=file.stem) as bar, file.open("a", encoding="utf-8") as out:
        for name in bar:
            try:
                found = make(name) or {}
            except ParameterError as error:
                found = {"failed": str(error)}
            out.write(json.dumps({"case": str(name), **found}) + "\n")
            out.flush()


def records(file: Path) -> Iterator[dict[str, Any]]:
    """The cases of a file, without those that failed."""
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def study_cases(
    study: str, chosen: argparse.Namespace
) -> tuple[list[Any], Callable[[Any], dict[str, Any]]]:
    """Names of the cases of a study, and what makes one."""
    seeds = range(chosen.first, max(chosen.count, chosen.without))
    if study == "intervals":
        return list(range(chosen.first, chosen.count)), interval_case
    if study == "field":
        names = [
            (made_with, kind, seed)
            for seed in seeds
            for made_with in (*FIELDS, UNEQUAL)
            for kind in KINDS
            if seed < (max(chosen.count, chosen.without) if made_with == 0 else chosen.count // 2)
        ]
        return names, field_case
    known = {one.name: one for one in measured_curves()}
    left = [
        (name, place)
        for name, one in known.items()
        if len(one.currents) >= 5
        for place in places(len(one.currents), chosen.every)
    ]
    return left, lambda name: left_out(known[name[0]], name[1])


TABLES: dict[str, Callable[[list[dict[str, Any]]], list[str]]] = {
    "intervals": interval_table,
    "bands": band_table,
    "field": field_table,
}


def table_of(study: str, folder: Path) -> str:
    """The table of a study; "" if it has no case yet."""
    done = [one for one in records(folder / f"{study}.jsonl") if "failed" not in one]
    return "\n".join(TABLES[study](done)) if done else ""


def marks(study: str) -> tuple[str, str]:
    """Between these the page has the table of a study."""
    return f"<!-- calibration: {study} -->", f"<!-- end of calibration: {study} -->"


def write_into(page: Path, study: str, text: str) -> None:
    """Put a table between its marks in the page."""
    begin, end = marks(study)
    before, mark, rest = page.read_text(encoding="utf-8").partition(begin)
    _, close, after = rest.partition(end)
    if not mark or not close:
        raise SystemExit(f"{page} has no {begin} and {end} to write between.")
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def main() -> None:
    """Make the cases of one study and print its table, or write all tables into the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("study", choices=[*TABLES, "table"])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--without", type=int, default=0, help="sets of data without a field")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--every", action="store_true", help="leave out every point of a curve")
    parser.add_argument("--out", type=Path, default=Path("hetsim-out/calibration"))
    parser.add_argument("--page", type=Path, default=Path("docs/fits.md"))
    chosen = parser.parse_args()
    if chosen.study == "table":
        for study in TABLES:
            if text := table_of(study, chosen.out):
                write_into(chosen.page, study, text)
        return
    names, make = study_cases(chosen.study, chosen)
    cases(chosen.out / f"{chosen.study}.jsonl", names, make)
    print(table_of(chosen.study, chosen.out))


if __name__ == "__main__":
    main()
