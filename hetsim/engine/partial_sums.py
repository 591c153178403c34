"""Long sums of products, added up in several parts: one after the other, each product waits for the one before.

A tape runs the products of a sum in a row, in which every one is added to the result of the last. A processor could do
several at once, but has to wait for each result. Here a long sum becomes a few shorter ones that do not wait for each
other, and are then added.
"""

from collections.abc import Iterator, Mapping, Sequence

from hetsim.engine.operations import NUMBER
from hetsim.engine.tape import Instruction, Memory, register

__all__ = ["in_partial_sums"]

_ADD, _SUB, _MUL = NUMBER["ADD"], NUMBER["SUB"], NUMBER["MUL"]
_PLUS, _LESS = NUMBER["PLUS_PRODUCT"], NUMBER["LESS_PRODUCT"]

_PRODUCTS, _MOST_PARTS = 4, 4
"""Products of a part at least, and parts of a sum at most: as many operations as a processor begins while it waits."""


def in_partial_sums(
    tapes: Mapping[str, Sequence[Instruction]], memory: Memory
) -> dict[str, list[Instruction]]:
    """The tapes with their long sums in parts; slots are those before the tapes are finished."""
    aside = [register(memory.registers + place) for place in range(_MOST_PARTS - 1)]
    made = {
        name: [one for run in _runs(tape) for one in _in_parts(run, aside)]
        for name, tape in tapes.items()
    }
    memory.registers += len(aside)
    return made


def _runs(tape: Sequence[Instruction]) -> Iterator[Sequence[Instruction]]:
    """The products of a sum that follow each other, or one instruction of another kind."""
    first = 0
    for place in range(1, len(tape) + 1):
        kind, to, *_ = tape[first]
        goes_on = place < len(tape) and kind in (_PLUS, _LESS)
        if goes_on and tape[place][:2] == (kind, to) and tape[place][4] == to:
            continue
        yield tape[first:place]
        first = place


def _in_parts(run: Sequence[Instruction], aside: Sequence[int]) -> Iterator[Instruction]:
    """The instructions of one sum.

    aside : slots in which the parts after the first one are added up
    """
    parts = min(_MOST_PARTS, len(run) // _PRODUCTS)
    if parts < 2:
        yield from run
        return
    kind, to, *_ = run[0]
    yield from run[::parts]
    others = aside[: parts - 1]
    for place, part in enumerate(others, 1):
        (_, _, a, b, _), *rest = run[place::parts]
        yield (_MUL, part, a, b, b)
        for _, _, one, other, _ in rest:
            yield (_PLUS, part, one, other, part)
    for one, other in zip(others[1::2], others[2::2], strict=False):
        yield (_ADD, one, one, other, other)
    for part in (*others[:1], *others[1::2]):
        yield (_ADD if kind == _PLUS else _SUB, to, to, part, part)
