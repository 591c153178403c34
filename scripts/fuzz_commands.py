"""Damaged measured files given to the analyses: a result, or one sentence and the output folder as it was.

    python -m scripts.fuzz_commands 500 [--seed 0]

Every file of the corpus of the tests is damaged as by scripts.fuzz_reading and given to `hetsim analyse` with a folder
in which earlier results lie. A command that fails must leave them, and nothing else; one that does not must write all
of its files.
"""

import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from click.testing import CliRunner

from hetsim.cli import main as hetsim
from scripts.fuzz_reading import damaged
from scripts.fuzzing import run

ANALYSES = {
    "rate": ("rate",),
    "trace": ("gitt", "--sphere-radius-nm", "200"),
    "cv": ("cv",),
    "eis": ("eis",),
}
"""What is done with a file of each kind."""
EARLIER = {
    name: f"earlier {name}" for name in ("gitt.csv", "gitt.json", "rate.csv", "cv.csv", "eis.csv")
}


def outcome(file: Path, words: tuple[str, ...], folder: Path) -> str:
    """ "written", "refused", or what is wrong."""
    for name, text in EARLIER.items():
        (folder / name).write_text(text)
    before = contents(folder)
    result = CliRunner().invoke(
        hetsim, ["analyse", words[0], str(file), *words[1:], "--out", str(folder)]
    )
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return f"wrong: {words[0]} raises {type(result.exception).__name__}: {result.exception}"
    after = contents(folder)
    if result.exit_code == 0:
        empty = [name for name, content in after.items() if not content]
        return f"wrong: {words[0]} writes {empty[0]} without content" if empty else "written"
    if after != before:
        return f"wrong: {words[0]} ends with {result.exit_code} and changes its folder"
    return f"refused with exit code {result.exit_code}"


def stated(given: Mapping[str, object]) -> list[str]:
    """What a user states of a file, as options."""
    return [
        word
        for name, value in given.items()
        if isinstance(value, float | int | str)
        for word in (f"--{name.replace('_', '-')}", str(value))
    ]


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {
        str(one.relative_to(folder)): one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_file()
    }


def fuzz(count: int, seed: int, folder: Path) -> Counter[str]:
    """How many damaged files ended how."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))
    from corpus import corpus

    cases = [case for case in corpus() if case.kind in ANALYSES]
    chance = np.random.default_rng(seed)
    ends: Counter[str] = Counter()
    for number in range(count):
        case = cases[number % len(cases)]
        path, out = folder / case.name, folder / "out"
        # the first round as they are: what is refused or written without damage
        path.write_bytes(case.content if number < len(cases) else damaged(case.content, chance))
        out.mkdir()
        ends[outcome(path, (*ANALYSES[case.kind], *stated(case.given)), out)] += 1
        for one in sorted(out.rglob("*"), reverse=True):
            one.unlink() if one.is_file() else one.rmdir()
        out.rmdir()
    return ends


if __name__ == "__main__":
    run(__doc__.splitlines()[0], fuzz, "wrong")
