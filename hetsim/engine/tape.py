"""Instruction lists (tapes) of scalar functions, as the interpreter of the engine runs them.

A function of casadi, written out number by number, is a list of operations on registers. `assembled` gives each
register, input and output a slot of one memory, writes results straight to where they belong, and fuses a product
with the sum that alone uses it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hetsim.engine.taped_model import Code
from hetsim.engine.written import NUMBER, OPERATIONS, Written

Instruction = tuple[int, int, int, int]


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
    of: Written, known: Mapping[int, int], targets: Sequence[tuple[int, int]], memory: Memory
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
    return _placed(values, [(slot, place_of[value]) for slot, value in targets], memory)


def _placed(
    values: list[tuple[Any, ...]], wanted: list[tuple[int, int]], memory: Memory
) -> list[Instruction]:
    """The instructions, with a slot for each value that is computed."""
    homes: dict[int, int] = {}
    copies: list[tuple[int, int]] = []
    for slot, one in wanted:
        if values[one][0] == "slot" or one in homes:
            copies.append((slot, one))
        else:
            homes[one] = slot
    fused = _fused(values, homes)
    for place in sorted(fused, reverse=True):  # what is added to stands where the sum is to be
        if place in homes:
            homes[_summand(values[place], fused[place])] = homes[place]
    placing = _Placing(values, homes, fused, {one for _, one in copies})
    for place in placing.order:
        if place in fused:
            placing.add_product(place)
        else:
            placing.add(place)
    for slot, one in copies:
        placing.copy(slot, placing.slots[one])
    memory.registers = max(memory.registers, placing.used)
    return placing.code


class _Placing:
    """Instructions as they are written, and the registers that are free.

    homes : slots of values that are results;  fused : sums with a product, by the place of the sum
    kept : values that are read when all is computed
    """

    def __init__(
        self,
        values: list[tuple[Any, ...]],
        homes: Mapping[int, int],
        fused: Mapping[int, int],
        kept: set[int],
    ) -> None:
        self._values, self._homes, self._fused = values, homes, fused
        self.code: list[Instruction] = []
        self.slots = [value[1] if value[0] == "slot" else 0 for value in values]
        self.used = 0
        self._free: list[int] = []
        products = set(fused.values())
        operations = [
            place
            for place, value in enumerate(values)
            if value[0] != "slot" and place not in products
        ]
        operands = {place: self._operands(place) for place in operations}
        self.order = _in_runs({place: self._name(place) for place in operations}, operands)
        self._last: dict[int, int] = {}
        for place in self.order:
            self._last.update(dict.fromkeys(operands[place], place))
        self._last.update(dict.fromkeys(kept, -1))

    def _name(self, place: int) -> str:
        """Of an instruction."""
        name = str(self._values[place][0])
        if place not in self._fused:
            return name
        return "PLUS_PRODUCT" if name == "ADD" else "LESS_PRODUCT"

    def _operands(self, place: int) -> list[int]:
        """What an instruction reads."""
        value = self._values[place]
        if place in self._fused:
            product = self._fused[place]
            return [_summand(value, product), *self._values[product][1:]]
        return list(value[1:])

    def _ending(self, place: int) -> list[int]:
        """Registers that nobody reads after an instruction."""
        operands = dict.fromkeys(self._operands(place))
        ending = [self.slots[one] for one in operands if self._last[one] == place]
        return [slot for slot in ending if slot >= _FAR]

    def _register(self) -> int:
        if self._free:
            return self._free.pop()
        self.used += 1
        return register(self.used - 1)

    def copy(self, to: int, slot: int) -> None:
        """Copy a slot to another one."""
        self.code.append((NUMBER["ASSIGN"], to, slot, slot))

    def add(self, place: int) -> None:
        """An operation; a register that it is the last to read may hold its result."""
        operands = self._operands(place)
        self._free += self._ending(place)
        to = self._homes[place] if place in self._homes else self._register()
        self.slots[place] = to
        first, second = self.slots[operands[0]], self.slots[operands[-1]]
        self.code.append((NUMBER[self._name(place)], to, first, second))

    def add_product(self, place: int) -> None:
        """A sum or a difference that takes in a product, in place of its other summand."""
        value, product = self._values[place], self._fused[place]
        summand = self.slots[_summand(value, product)]
        to = self._homes.get(place, summand)
        if to != summand:
            self.copy(to, summand)
        one, other = (self.slots[operand] for operand in self._values[product][1:])
        self.code.append((NUMBER[self._name(place)], to, one, other))
        self.slots[place] = to
        self._free += [slot for slot in self._ending(place) if slot != to]


def _in_runs(names: Mapping[int, str], operands: Mapping[int, Sequence[int]]) -> list[int]:
    """Operations in an order in which many of a kind follow each other, each after what it reads.

    The interpreter turns to another kind as seldom as can be: it then knows beforehand what comes next.
    """
    readers: dict[int, list[int]] = {}
    missing: dict[int, int] = {}
    ready: dict[str, list[int]] = {}
    for place in names:
        needed = {one for one in operands[place] if one in names}
        missing[place] = len(needed)
        for one in needed:
            readers.setdefault(one, []).append(place)
        if not needed:
            ready.setdefault(names[place], []).append(place)
    order: list[int] = []
    while ready:
        name = max(ready, key=lambda one: len(ready[one]))
        run = ready.pop(name)
        for place in run:  # grows while it is gone through
            order.append(place)
            for reader in readers.get(place, ()):
                missing[reader] -= 1
                if missing[reader]:
                    continue
                kind = names[reader]
                (run if kind == name else ready.setdefault(kind, [])).append(reader)
    return order


def _fused(values: list[tuple[Any, ...]], homes: Mapping[int, int]) -> dict[int, int]:
    """Sums and differences that take in a product which nobody else uses, by the place of the sum.

    Only where nobody else uses the other summand, which then becomes the sum.
    """
    uses = [0] * len(values)
    for value in values:
        if value[0] != "slot":
            for operand in value[1:]:
                uses[operand] += 1

    def is_free(one: int) -> bool:
        return values[one][0] != "slot" and uses[one] == 1 and one not in homes

    fused: dict[int, int] = {}
    taken: set[int] = set()
    for place, value in enumerate(values):
        if value[0] not in ("ADD", "SUB"):
            continue
        for at in (2, 1) if value[0] == "ADD" else (2,):
            product, other = value[at], value[3 - at]
            if (
                values[product][0] == "MUL"
                and is_free(product)
                and is_free(other)
                and product != other
                and not taken & {product, other}
                and other not in values[product][1:]
            ):
                fused[place] = product
                taken.add(product)
                break
    return fused


def _summand(value: tuple[Any, ...], product: int) -> int:
    """What a sum with a product adds it to."""
    return int(value[1] if value[2] == product else value[2])


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
        code = np.array([*tape, (len(OPERATIONS), 0, 0, 0)], dtype=np.int64)
        code[:, 1:] = final(code[:, 1:])
        made[name] = np.ascontiguousarray(code, dtype=np.int32)
    return made
