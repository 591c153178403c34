"""Damaged stores of sweeps: each is opened or refused in one sentence, and no row looks whole that is not.

    python -m scripts.fuzz_stores 1000 [--first 0]

A small store is copied, one of its files is damaged (cut, a bit or a digit changed, zeros, removed, its folder
removed), and it is opened; every tenth is swept into again, which makes it whole or is refused.
"""

import argparse
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

import hetsim as hs
from hetsim.errors import HetsimError

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


def fuzz(count: int, first: int, folder: Path) -> Counter[str]:
    """How many damaged stores ended how."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))
    import stores

    whole = stores.swept(folder / "whole.zarr").load()
    ends: Counter[str] = Counter()
    for number in range(first, first + count):
        path = folder / "study.zarr"
        shutil.copytree(folder / "whole.zarr", path)
        ends[outcome(path, number, whole, stores)] += 1
        shutil.rmtree(path, ignore_errors=True)
    return ends


def main() -> None:
    """Print how the stores ended; exit code 1 for anything wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("--first", type=int, default=0)
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ends = fuzz(words.count, words.first, Path(folder))
    for how, count in ends.most_common():
        print(count, how)
    sys.exit(any(how.startswith("wrong") for how in ends))


if __name__ == "__main__":
    main()
