"""Tapes in which much is the same at each of several places."""

from itertools import count

import numpy as np

from hetsim.engine.operations import NUMBER, OPERATIONS
from hetsim.engine.packed import Model

CONSTANTS = 4
GIVEN = np.array([0.0, 1.0, -2.5, 1e-3])
"""The constants of a tape."""

PLACES, ROWS = 7, 5
OTHERS = {"TIMES", "POW", "AND", "OR", "SIN", "COS"}
"""Operations that what is repeated in these tapes does without: those that are called, and the one in place."""


def repeated_tape(
    random: np.random.Generator, without: set[str] = OTHERS
) -> tuple[np.ndarray, Model, list[int]]:
    """Twice the same at each of several places, then a sum over them; the model, and where the blocks of its memory
    begin.

    There are blocks of rows, blocks in which the numbers of a place lie together, and blocks in no order: three that
    are read, and three that are written to. The second time, what each place has come to and the sum of them is read,
    too.
    """
    kinds = [number for name, number in NUMBER.items() if name not in without]
    blocks = [CONSTANTS + k * PLACES * ROWS for k in range(7)]
    shuffled = random.permutation(PLACES * ROWS)

    def slot(block: int, row: int, place: int) -> int:
        in_rows = row * PLACES + place
        return blocks[block] + (in_rows, place * ROWS + row, int(shuffled[in_rows]))[block % 3]

    code = list[tuple[int, ...]]()
    free = count(blocks[-1])
    first, ends = [slot(0, 0, place) for place in range(PLACES)], list[int]()
    for half in range(2):
        body = [
            (int(random.choice(kinds)), [_where(random, k, half) for _ in range(2)])
            for k in range(30)
        ]
        places = []
        for place in range(PLACES):
            now = [first[place]]
            for kind, where in body:
                known = {"now": now, "end": ends[place : place + 1], "constant": range(CONSTANTS)}
                others = [
                    known[name][at % len(known[name])]
                    if name in known
                    else slot(int(name), at, place)
                    for name, at in where
                ]
                code.append((kind, next(free), now[-1], *others))
                now.append(code[-1][1])
            places.append(now)
            for block in range(3, 6):
                code.append((NUMBER["ASSIGN"], slot(block, half, place), now[-block], 0, 0))
        ends = [now[-1] for now in places]
        total = ends[0]
        for end in ends[1:]:
            code.append((NUMBER["ADD"], next(free), total, end, 0))
            total = code[-1][1]
        first = [total] * PLACES
    code.append((NUMBER["NEG"], slot(3, ROWS - 1, 0), total, 0, 0))
    model = Model(
        slots=next(free) + 600,
        constants=CONSTANTS,
        registers=blocks[-1],
        constant=GIVEN.ctypes.data,
    )
    return np.array([*code, (len(OPERATIONS), 0, 0, 0, 0)], np.int32), model, blocks


def _where(random: np.random.Generator, done: int, half: int) -> tuple[str, int]:
    """What an operation reads beside the one before: of which kind, and which of them."""
    names = ["now", "0", "1", "2", "constant", *(["end"] * half)]
    name = str(random.choice(names))
    return name, int(random.integers(done + 1 if name == "now" else ROWS))
