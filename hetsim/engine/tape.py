"""Instruction lists (tapes) of scalar functions, as the interpreter of the engine runs them.

A function of casadi, written out number by number, is a list of operations on registers. `assembled` gives each
register, input and output a slot of one memory, writes results straight to where they belong, and fuses an operation
with the one that alone uses it.
"""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hetsim.engine.operations import NUMBER, OPERATIONS
from hetsim.engine.taped_model import Code

if TYPE_CHECKING:  # kept tapes do not wait for casadi
    from hetsim.engine.written import Written

Instruction = tuple[int, int, int, int, int]
"""Operation, slot of the result, and three slots of operands; those that it has no use for are any."""

_FUSED = {
    ("ADD", "MUL"): ("PLUS_PRODUCT", "PLUS_PRODUCT"),
    ("SUB", "MUL"): ("PRODUCT_LESS", "LESS_PRODUCT"),
    ("MUL", "ADD"): ("SUM_TIMES", "SUM_TIMES"),
    ("MUL", "SUB"): ("DIFFERENCE_TIMES", "DIFFERENCE_TIMES"),
    ("MUL", "MUL"): ("PRODUCT_TIMES", "PRODUCT_TIMES"),
    ("INV_ONE_PLUS", "HELD_EXP"): ("LOGISTIC", "LOGISTIC"),
}
"""One operation in place of two, by the outer and the inner one, which is the first or the second operand. Its operands
are those of the inner one and the other one."""


@dataclass
class Memory:
    """The slots of all tapes of a model; constants lie first and are shared.

    size : slots given away so far, without the constants, which are counted at the end
    """

    constants: dict[float, int]
    size: int = 0
    registers: int = 0

    def block(self, length: int) -> int:
        """The first of some slots in a row."""
        first = self.size
        self.size += length
        return first

    def constant(self, value: float) -> int:
        """The number of a constant."""
        return self.constants.setdefault(value, len(self.constants))


# Until all tapes are made, a slot is a constant at -1 - k, a register at _FAR + k, or a place in a block.
_FAR = 1 << 28


def register(place: int) -> int:
    """The slot of a register, before the tapes are finished."""
    return _FAR + place


def assembled(
    of: "Written", known: Mapping[int, int], targets: Sequence[tuple[int, int]], memory: Memory
) -> list[Instruction]:
    """The tape that computes some values.

    known : slots of values that are there before
    targets : slot and value of what is wanted
    """
    needed, waiting = set[int](), [value for _, value in targets]
    while waiting:
        value = waiting.pop()
        if value in needed:
            continue
        needed.add(value)
        if value not in known and of.values[value][0] != "constant":
            waiting += of.values[value][1:]
    order = sorted(needed)
    place_of = {value: place for place, value in enumerate(order)}
    values: list[tuple[Any, ...]] = []
    for one in order:
        kind, *operands = of.values[one]
        if one in known:
            values.append(("slot", known[one]))
        elif kind == "constant":
            values.append(("slot", -1 - memory.constant(operands[0])))
        else:
            values.append((kind, *(place_of[operand] for operand in operands)))
    return placed(values, [(slot, place_of[value]) for slot, value in targets], memory)


def placed(
    values: list[tuple[Any, ...]], wanted: list[tuple[int, int]], memory: Memory
) -> list[Instruction]:
    """The instructions of some values, with a slot for each that is computed.

    values : ("slot", its slot), or an operation and the places of the values before that it is made of
    wanted : slot and place of those that are results
    """
    homes: dict[int, int] = {}
    copies: list[tuple[int, int]] = []
    for slot, one in wanted:
        if values[one][0] == "slot" or one in homes:
            copies.append((slot, one))
        else:
            homes[one] = slot
    placing = _Placing(*_fused(values, homes), homes, {one for _, one in copies})
    for place in placing.order:
        placing.add(place)
    for slot, one in copies:
        placing.copy(slot, placing.slots[one])
    memory.registers = max(memory.registers, placing.used)
    return placing.code


class _Placing:
    """Instructions as they are written, and the registers that are free.

    gone : values that are part of another operation;  homes : slots of values that are results
    kept : values that are read when all is computed
    """

    def __init__(
        self,
        values: list[tuple[Any, ...]],
        gone: set[int],
        homes: Mapping[int, int],
        kept: set[int],
    ) -> None:
        self._values, self._homes = values, dict(homes)
        self.code: list[Instruction] = []
        self.slots = [value[1] if value[0] == "slot" else 0 for value in values]
        self.used = 0
        self._free: list[int] = []
        operations = [
            place for place, value in enumerate(values) if value[0] != "slot" and place not in gone
        ]
        self.order = _in_runs({place: values[place] for place in operations})
        self._last: dict[int, int] = {}
        for place in self.order:
            self._last.update(dict.fromkeys(values[place][1:], place))
        self._last.update(dict.fromkeys(kept, -1))
        for place in reversed(self.order):  # what is added to stands where the sum is to be
            summand = _summand(values[place])
            if place in self._homes and summand is not None and self._ends(summand, place):
                self._homes.setdefault(summand, self._homes[place])

    def _ends(self, operand: int, place: int) -> bool:
        """Whether an operation is the last to read a value that is computed and no result."""
        is_computed = self._values[operand][0] != "slot" and operand not in self._homes
        return is_computed and self._last[operand] == place

    def _register(self) -> int:
        if self._free:
            return self._free.pop()
        self.used += 1
        return register(self.used - 1)

    def copy(self, to: int, slot: int) -> None:
        """Copy a slot to another one."""
        self.code.append((NUMBER["ASSIGN"], to, slot, slot, slot))

    def add(self, place: int) -> None:
        """An operation; a register that it is the last to read may hold its result, that of a sum before others."""
        name, *operands = self._values[place]
        slots = [self.slots[one] for one in operands]
        read = [self.slots[one] for one in dict.fromkeys(operands) if self._last[one] == place]
        ending = [slot for slot in read if slot >= _FAR]
        if place in self._homes:
            to = self._homes[place]
            self._free += ending
        elif name in _SUMS and slots[-1] in ending:
            to = slots[-1]
            self._free += [slot for slot in ending if slot != to]
        else:
            self._free += ending
            to = self._register()
        self.slots[place] = to
        self.code.append((NUMBER[name], to, slots[0], slots[min(1, len(slots) - 1)], slots[-1]))


_SUMS = ("PLUS_PRODUCT", "LESS_PRODUCT")
"""Operations that go on in the registers of the processor where one adds to the result of the one before."""


def _summand(value: tuple[Any, ...]) -> int | None:
    """What a product is added to or taken from."""
    return int(value[3]) if value[0] in _SUMS else None


def _in_runs(values: Mapping[int, tuple[Any, ...]]) -> list[int]:
    """Operations in an order in which many of a kind follow each other, each after what it reads.

    The interpreter turns to another kind as seldom as can be: it then knows beforehand what comes next. A product that
    is added to the sum before follows that at once.
    """
    readers: dict[int, list[int]] = {}
    missing: dict[int, int] = {}
    ready: dict[str, deque[int]] = {}
    for place, (name, *operands) in values.items():
        needed = {one for one in operands if one in values}
        missing[place] = len(needed)
        for one in needed:
            readers.setdefault(one, []).append(place)
        if not needed:
            ready.setdefault(name, deque()).append(place)
    order: list[int] = []
    while ready:
        name = max(ready, key=lambda one: len(ready[one]))
        run = ready.pop(name)
        while run:
            place = run.popleft()
            order.append(place)
            for reader in readers.get(place, ()):
                missing[reader] -= 1
                if missing[reader]:
                    continue
                kind = values[reader][0]
                if kind != name:
                    ready.setdefault(kind, deque()).append(reader)
                elif _summand(values[reader]) == place:
                    run.appendleft(reader)
                else:
                    run.append(reader)
    return order


def _fused(
    values: list[tuple[Any, ...]], homes: Mapping[int, int]
) -> tuple[list[tuple[Any, ...]], set[int]]:
    """The values with operations in place of two of which the outer alone uses the inner one, and the inner ones.

    Sums come first: a product in a sum costs nothing, and several in a row stay in the registers of the processor.
    """
    uses = Counter(one for value in values if value[0] != "slot" for one in value[1:])
    made, gone = list(values), set[int]()
    for outer in (("ADD", "SUB", "INV_ONE_PLUS"), ("MUL",)):
        for place, value in enumerate(values):
            if value[0] not in outer or place in gone:
                continue
            for at in range(len(value) - 1, 0, -1):
                inner = value[at]
                names = _FUSED.get((value[0], made[inner][0]))
                others = [one for k, one in enumerate(value) if k not in (0, at)]
                alone = uses[inner] == 1 and inner not in homes
                # a sum that stays in registers is in no slot that a product could read
                if names and alone and not set(others) & set(made[inner][1:]):
                    made[place] = (names[at - 1], *made[inner][1:], *others)
                    gone.add(inner)
                    break
    return made, gone


def finished(tapes: Mapping[str, list[Instruction]], memory: Memory) -> dict[str, Code]:
    """The tapes with final slots: constants, blocks, registers."""
    constants = len(memory.constants)

    def final(slots: Any) -> Any:
        return np.where(
            slots < 0,
            -1 - slots,
            np.where(slots >= _FAR, slots - _FAR + constants + memory.size, slots + constants),
        )

    made = {}
    for name, tape in tapes.items():
        code = np.array([*tape, (len(OPERATIONS), 0, 0, 0, 0)], dtype=np.int64)
        code[:, 1:] = final(code[:, 1:])
        made[name] = np.ascontiguousarray(code, dtype=np.int32)
    return made
