"""Corrupted measured files: each is read or refused in one sentence, never with a traceback.

    python -m scripts.fuzz_reading 2000 [--seed 0]

Every file of the corpus of the tests is damaged in turn: bytes are changed, lines are cut, doubled, moved or emptied,
cells are replaced, the end is cut off, the encoding is mixed.
"""

import sys
import traceback
from collections import Counter
from pathlib import Path

import numpy as np

from hetsim.errors import HetsimError
from hetsim.measurements import read
from scripts.fuzzing import run

_CELLS = (
    b"",
    b"nan",
    b"-",
    b"1e999",
    b"12:34",
    b"2024-13-45",
    b"#REF!",
    b"0x1F",
    b"1,2,3",
    b'"',
    b"\x00",
    b"\xff\xfe",
    b"-0",
    b"9" * 400,
    "电流".encode("gb18030"),
    b"[mA]",
    b"inf",
    b"1.2.3",
    b"=SUM(A1:A9)",
)
_KINDS = ("", "trace", "rate", "cv", "eis", "cycles")


def damaged(content: bytes, chance: np.random.Generator) -> bytes:
    """A file with one to three faults."""
    for _ in range(int(chance.integers(1, 4))):
        content = _FAULTS[int(chance.integers(len(_FAULTS)))](content, chance)
    return content


def _bytes(content: bytes, chance: np.random.Generator) -> bytes:
    made = bytearray(content)
    for _ in range(int(chance.integers(1, 20))):
        if made:
            made[int(chance.integers(len(made)))] = int(chance.integers(256))
    return bytes(made)


def _cut(content: bytes, chance: np.random.Generator) -> bytes:
    return content[: int(chance.integers(len(content) + 1))]


def _lines(content: bytes, chance: np.random.Generator) -> bytes:
    lines = content.split(b"\n")
    place, other = (int(one) for one in chance.integers(len(lines), size=2))
    match int(chance.integers(4)):
        case 0:
            del lines[place]
        case 1:
            lines.insert(other, lines[place])
        case 2:
            lines[place], lines[other] = lines[other], lines[place]
        case _:
            lines[place] = b""
    return b"\n".join(lines)


def _cell(content: bytes, chance: np.random.Generator) -> bytes:
    lines = content.split(b"\n")
    place = int(chance.integers(len(lines)))
    sign = (b",", b";", b"\t")[int(chance.integers(3))]
    cells = lines[place].split(sign)
    cells[int(chance.integers(len(cells)))] = _CELLS[int(chance.integers(len(_CELLS)))]
    lines[place] = sign.join(cells)
    return b"\n".join(lines)


def _sign(content: bytes, chance: np.random.Generator) -> bytes:
    signs = (b",", b";", b"\t", b".", b" ", b"/", b"(", b"\n")
    old, new = (signs[int(one)] for one in chance.integers(len(signs), size=2))
    return content.replace(old, new)


_FAULTS = (_bytes, _cut, _lines, _cell, _cell, _sign)


def outcome(path: Path, kind: str, given: dict[str, object]) -> str:
    """ "read", the error's name, or a traceback."""
    try:
        understood = read(path, kind, **given).understood
    except HetsimError as error:
        return type(error).__name__ if "\n" not in str(error) else f"two lines: {error}"
    except Exception:
        return traceback.format_exc()
    return "read" if "\n" not in understood else f"two lines: {understood}"


def fuzz(count: int, seed: int, folder: Path) -> Counter[str]:
    """How many damaged files ended how."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))
    from corpus import corpus

    cases = corpus()
    chance = np.random.default_rng(seed)
    ends: Counter[str] = Counter()
    for number in range(count):
        case = cases[number % len(cases)]
        path = folder / case.name
        path.write_bytes(damaged(case.content, chance))
        kind = (case.kind, _KINDS[int(chance.integers(len(_KINDS)))])[int(chance.integers(2))]
        ends[outcome(path, kind, case.given)] += 1
    return ends


if __name__ == "__main__":
    run(__doc__.splitlines()[0], fuzz, "Traceback", "two lines")
