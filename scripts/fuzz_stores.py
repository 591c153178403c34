"""Damaged stores of sweeps: each is opened or refused in one sentence, and no row looks whole that is not.

    python -m scripts.fuzz_stores 1000 [--seed 0]

A small store is copied, one of its files is damaged (cut, a bit or a digit changed, zeros, removed, its folder
removed), and it is opened; every tenth is swept into again, which makes it whole or is refused.
"""

import shutil
import sys
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

import hetsim as hs
from hetsim.errors import HetsimError
from scripts.fuzzing import run

AGAIN = 10
"""Of so many stores one is swept into again, which takes longer."""


def outcome(path: Path, number: int, whole: Any, helper: Any) -> str:
    """How a damaged store ended: "opened", "run again", the error's name, or what is wrong."""
    what = helper.damaged(path, number)
    try:
        if number % AGAIN:
            found, how = hs.open_sweep(path), "opened"
        else:
            found, how = helper.swept(path), "run again"
            if (found["outcome"] != whole["outcome"]).any():
                return f"wrong: {what} is run again with other outcomes"
        wrong = helper.differs(found, whole)
    except HetsimError as error:
        return type(error).__name__ if "\n" not in str(error) else f"wrong: two lines: {error}"
    except Exception:
        return f"wrong: {what}: {traceback.format_exc()}"
    return f"wrong: {what} changes {wrong}" if wrong else how


def fuzz(count: int, seed: int, folder: Path) -> Counter[str]:
    """How many damaged stores ended how; the seed is the number of the first."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))
    import stores

    whole = stores.swept(folder / "whole.zarr").load()
    ends: Counter[str] = Counter()
    for number in range(seed, seed + count):
        path = folder / "study.zarr"
        shutil.copytree(folder / "whole.zarr", path)
        ends[outcome(path, number, whole, stores)] += 1
        shutil.rmtree(path, ignore_errors=True)
    return ends


if __name__ == "__main__":
    run(__doc__.splitlines()[0], fuzz, "wrong")
