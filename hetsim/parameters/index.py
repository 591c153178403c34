"""What the lists need of every system that ships, in one file, so that a list reads one file and not all of them.

`parameter_sets/index.json` is written by `python -m scripts.build_library`; tests/parameters/test_index.py holds it
equal to the files.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from hetsim.parameters.library import PARAMETER_SETS

FILE = PARAMETER_SETS / "index.json"


@dataclass(frozen=True)
class Entry:
    """A system or a full cell as the lists show it.

    Parameters
    ----------
    name, title, ion, classification, architecture, reference : str
        As in its file
    materials, hosts, controls, variants : tuple[str, ...]
        As in its file; no hosts where they are lumped into one
    points : int
        Measured currents of the fresh electrode
    aged : int
        Measured capacities of the electrode after cycles
    made : bool
        Whether the file was made from facts (parameter_sets/library) and not written by hand
    """

    name: str
    title: str
    ion: str
    classification: str
    architecture: str
    reference: str
    materials: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    points: int = 0
    aged: int = 0
    made: bool = False

    @property
    def classes(self) -> tuple[str, ...]:
        """The parts of the class: of "sulfide/carbon" sulfide and carbon."""
        return tuple(self.classification.split("/"))


def entries() -> tuple[Entry, ...]:
    """Systems by name, then full cells."""
    return _read(FILE)


@cache
def _read(file: Path) -> tuple[Entry, ...]:
    return tuple(_entry(one) for one in json.loads(file.read_text(encoding="utf-8")))


def _entry(raw: dict[str, Any]) -> Entry:
    lists = {key: tuple(value) for key, value in raw.items() if isinstance(value, list)}
    return Entry(**{**raw, **lists})


def index_text(found: Iterable[Entry]) -> str:
    """The file: a line an entry, without what is empty."""
    empty = {one.name: one.default for one in fields(Entry)}
    lines = (
        json.dumps(
            {key: value for key, value in asdict(one).items() if value != empty[key]},
            ensure_ascii=False,
        )
        for one in found
    )
    return "[\n" + ",\n".join(lines) + "\n]\n"
