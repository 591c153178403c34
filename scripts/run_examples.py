"""Every code block of the documents, run as a reader would, page by page.

    python -m scripts.run_examples [PAGE ...]

The Python blocks of a page share their names, and its commands their folder, which is new and holds the measured
files of scripts/site/example_files.py. Of a shell block the lines that call hetsim or Python are run. Comments in the
Markdown, which no page shows, say the rest:

    <!-- file: my.toml -->       before a block that is the text of a file, there from the start
    <!-- also: code -->          Python that is run here too, such as what a fragment needs
    <!-- not run: reason -->     before a block that needs what is not here, such as a cluster
"""

import os
import re
import shlex
import sys
import tempfile
import time
import tomllib
import traceback
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from textwrap import dedent
from typing import Any

from scripts.site.example_files import write_files

ROOT = Path(__file__).parents[1]
PIECE = re.compile(
    r"^<!-- (?P<order>file|also|not run): (?P<words>.*?) -->\n"
    r"|^(?P<indent> *)```(?P<kind>\w+)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
SHELL = ("sh", "bash", "console")
PREPARING = (
    *("pip ", "git ", "cd ", "bash ", "ruff ", "source ", "python3 -m venv", "python -m pytest"),
)
"""Beginnings of lines that install hetsim or check the project: .ci/run runs those."""


@dataclass(frozen=True)
class Block:
    """A block of a page: its language, its text, the line it begins at, and the file that it is, if it is one."""

    kind: str
    text: str
    line: int
    file: str = ""


def blocks(page: str) -> Iterator[Block]:
    """The blocks to run, in order; what a fragment needs is a block of its own."""
    order, words = "", ""
    for found in PIECE.finditer(page):
        line = page.count("\n", 0, found.start()) + 1
        if found["order"] == "also":
            yield Block("python", found["words"], line)
        elif found["order"]:
            order, words = found["order"], found["words"]
        else:
            if order != "not run":
                yield Block(found["kind"], dedent(found["text"]), line, words)
            order, words = "", ""


def commands(text: str) -> list[list[str]]:
    """Lines of a shell block that are run, split into words; comments and what installs is left out."""
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    parts = [part for line in lines for part in line.split("&&") if part.strip()]
    return [
        words
        for part in parts
        if not part.strip().startswith(PREPARING) and (words := shlex.split(part, comments=True))
    ]


def run_page(path: Path) -> None:
    """Run all blocks of a page in a folder of its own. Raises what the first block that fails raises."""
    names: dict[str, Any] = {"__name__": "__main__"}
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        write_files(Path())
        found = list(blocks(path.read_text(encoding="utf-8")))
        for block in found:
            if block.file:
                Path(block.file).write_text(block.text, encoding="utf-8")
        for block in found:
            try:
                _run(block, names, path)
            except (Exception, SystemExit) as error:
                raise RuntimeError(
                    f"{path.relative_to(ROOT)}, line {block.line}: {error!r}"
                ) from error


def _run(block: Block, names: dict[str, Any], path: Path) -> None:
    if block.kind == "python":
        # at its own line of the page, for the traceback
        code = "\n" * block.line + block.text
        exec(compile(code, str(path), "exec"), names)
    elif block.kind == "toml":
        tomllib.loads(block.text)
    elif block.kind in SHELL:
        for words in commands(block.text):
            _command(words)


def _command(words: list[str]) -> None:
    """A line of a shell. Raises SystemExit with the status where it is not 0."""
    from hetsim.cli import main

    match words:
        case ["hetsim", *arguments]:
            try:
                main.main(arguments, prog_name="hetsim", standalone_mode=True)
            except SystemExit as end:
                if end.code:
                    raise SystemExit(f"{shlex.join(words)}: exit {end.code}") from end
        case ["python", "-c", code]:
            exec(code, {})
        case _:
            raise ValueError(f"{shlex.join(words)} is no command that is run here")


def pages() -> list[Path]:
    """README, and every page that is written by hand."""
    written = (
        path for path in (ROOT / "docs").rglob("*.md") if "reference/systems" not in str(path)
    )
    found = [ROOT / "README.md", *sorted(written)]
    return [path for path in found if list(blocks(path.read_text(encoding="utf-8")))]


def tried(path: Path) -> tuple[bool, str]:
    """Whether all blocks of a page ran, and what is to be said of it."""
    os.environ.setdefault("MPLBACKEND", "Agg")
    said, started, told = StringIO(), time.perf_counter(), ""
    try:
        with redirect_stdout(said), redirect_stderr(said):
            run_page(path.resolve())
    except RuntimeError as error:
        where = "".join(traceback.format_exception(error.__cause__, limit=-2, chain=False))
        told = f"{said.getvalue()[-500:]}\n{error}\n{where}"
    spent = time.perf_counter() - started
    return not told, f"{told}{path.resolve().relative_to(ROOT)}: {spent:.1f} s"


def main(chosen: list[Path]) -> int:
    """Run the pages, two at a time; print the time of each, and what failed. The status is the number of failures."""
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        results = []
        for result in pool.map(tried, chosen):
            results.append(result[0])
            print(result[1], flush=True)
    return results.count(False)


if __name__ == "__main__":
    sys.exit(main([Path(one) for one in sys.argv[1:]] or pages()))
