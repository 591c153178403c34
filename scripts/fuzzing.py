"""The command line of the scripts that damage files."""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path


def run(title: str, fuzz: Callable[[int, int, Path], Counter[str]], *wrong: str) -> None:
    """Print how the files ended; exit code 1 where one of them ended wrong.

    title : what is done;  fuzz : of a count, a seed and an empty folder
    wrong : what is in the words for a wrong end
    """
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=0)
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ends = fuzz(words.count, words.seed, Path(folder))
    for how, count in ends.most_common():
        print(count, how)
    sys.exit(any(one in how for how in ends for one in wrong))
