"""Instruction lists (tapes) of scalar functions, as the interpreter of the engine runs them.

A function of casadi, written out number by number, is a list of operations on registers. `Assembler` gives each
register, input and output a slot of one memory, writes results straight to where they belong, and fuses a product
with the sum that alone uses it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import casadi
import numpy as np
from numpy.typing import NDArray

Code = NDArray[np.int32]
"""Instructions [n, 4]: operation, slot of the result, slots of its operands."""

Instruction = tuple[int, int, int, int]

OPERATIONS = (
    *(
        "ADD",
        "SUB",
        "MUL",
        "DIV",
        "NEG",
        "ASSIGN",
        "SQ",
        "TWICE",
        "INV",
        "EXP",
        "LOG",
        "SQRT",
        "TANH",
        "SINH",
    ),
    *(
        "COSH",
        "ASINH",
        "FABS",
        "POW",
        "FMIN",
        "FMAX",
        "IF_ELSE_ZERO",
        "NOT",
        "LT",
        "LE",
        "EQ",
        "NE",
        "AND",
    ),
    *("OR", "SIGN", "SIN", "COS", "LOG1P", "EXPM1", "HYPOT", "COPYSIGN", "LESS_PRODUCT", "TIMES"),
    "PLUS_PRODUCT",
)
"""In the order of the C file, where the end of a tape follows. The last three change their result: r - a b, r a,
r + a b."""

NUMBER = {name: place for place, name in enumerate(OPERATIONS)}

_SAME_AS = {"CONSTPOW": "POW"}

_NAMES = {
    getattr(casadi, name): name.removeprefix("OP_")
    for name in dir(casadi)
    if name.startswith("OP_")
}

_INPUT, _OUTPUT, _CONST = casadi.OP_INPUT, casadi.OP_OUTPUT, casadi.OP_CONST


class NotTapedError(Exception):
    """A function holds an operation that the interpreter does not know."""


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


@dataclass(frozen=True)
class Written:
    """A function as values, each computed once from others before it.

    values : ("input", argument, place), ("constant", number) or an operation and the places of its operands
    results : the value of each number of each result
    """

    values: list[tuple[Any, ...]]
    results: list[list[int]]

    def given_by(self, argument: int) -> list[bool]:
        """Whether each value follows from one argument and constants alone."""
        found: list[bool] = []
        for value in self.values:
            if value[0] == "input":
                found.append(value[1] == argument)
            else:
                found.append(value[0] == "constant" or all(found[one] for one in value[1:]))
        return found

    def asks_for(self, argument: int) -> list[bool]:
        """Whether each value depends on an argument."""
        found: list[bool] = []
        for value in self.values:
            if value[0] == "input":
                found.append(value[1] == argument)
            else:
                found.append(value[0] != "constant" and any(found[one] for one in value[1:]))
        return found


def written(function: Any) -> Written:
    """A function of casadi's scalars, with dense arguments and results.

    Raises NotTapedError for an operation that the interpreter does not know.
    """
    values: list[tuple[Any, ...]] = []
    current: dict[int, int] = {}
    results = [[-1] * function.numel_out(k) for k in range(function.n_out())]
    for k in range(function.n_instructions()):
        kind = function.instruction_id(k)
        if kind == _OUTPUT:
            result, place = function.instruction_output(k)
            results[result][place] = current[function.instruction_input(k)[0]]
            continue
        if kind == _INPUT:
            values.append(("input", *function.instruction_input(k)))
        elif kind == _CONST:
            values.append(("constant", function.instruction_constant(k)))
        else:
            name = _SAME_AS.get(_NAMES[kind], _NAMES[kind])
            if name not in NUMBER:
                raise NotTapedError(f"The engine has no operation '{name}'.")
            values.append((name, *(current[one] for one in function.instruction_input(k))))
        current[function.instruction_output(k)[0]] = len(values) - 1
    return Written(values, results)


def simplified(of: Written, is_given: Sequence[bool]) -> Written:
    """The same in fewer and quicker operations, given what is known before the function is run.

    A factor that is given or constant is carried along until a sum or another function needs the product, so that a
    chain of them is one product; a quotient is a product where its reciprocal is given, constant, or serves more than
    once, for it takes as long as some ten products.
    """
    simple = _Simplifying(of, is_given)
    for place, value in enumerate(of.values):
        simple.add(place, value)
    return Written(simple.values, [[simple.made(one) for one in result] for result in of.results])


class _Simplifying:
    """Values as they are written anew; `_scaled` holds the base and the factor of those not yet multiplied."""

    def __init__(self, of: Written, is_given: Sequence[bool]) -> None:
        self._old, self._is_given = of.values, is_given
        self._divides = Counter(value[2] for value in of.values if value[0] == "DIV")
        self._divides += Counter(value[1] for value in of.values if value[0] == "INV")
        self.values: list[tuple[Any, ...]] = []
        self._place: dict[int, int] = {}
        self._scaled: dict[int, tuple[int, int]] = {}
        self._known: dict[tuple[Any, ...], int] = {}

    def add(self, place: int, value: tuple[Any, ...]) -> None:
        """Write a value anew."""
        kind, *operands = value
        if kind in ("input", "constant"):
            self._place[place] = self._write(value)
        elif not self._is_given[place] and self._scales(place, kind, operands):
            pass
        elif kind == "INV":
            self._place[place] = self._reciprocal(operands[0])
        else:
            self._place[place] = self._write((kind, *map(self.made, operands)))

    def made(self, place: int) -> int:
        """Where a value stands now, multiplied with its factor."""
        if place not in self._place:
            self._place[place] = self._write(("MUL", *self._scaled[place]))
        return self._place[place]

    def _scales(self, place: int, kind: str, operands: list[int]) -> bool:
        """Whether a value is another one times a factor that is given; that is kept in mind."""
        if kind == "NEG":
            base, factor = self._parts(operands[0])
            if factor is None:
                return False
            self._scaled[place] = base, self._write(("NEG", factor))
            return True
        if kind == "DIV" and self._is_worth(operands[1]):
            other, factor = operands[0], self._reciprocal(operands[1])
            if not self._is_fixed(operands[1]):
                self._place[place] = self._write(("MUL", self.made(other), factor))
                return True
        elif kind == "MUL" and any(map(self._is_fixed, operands)):
            fixed = self._is_fixed(operands[0])
            other, factor = (operands[1], operands[0]) if fixed else operands
            factor = self.made(factor)
        else:
            return False
        base, before = self._parts(other)
        self._scaled[place] = (
            base,
            factor if before is None else self._write(("MUL", before, factor)),
        )
        return True

    def _parts(self, place: int) -> tuple[int, int | None]:
        """A value as a base and a factor that is given."""
        return self._scaled[place] if place in self._scaled else (self._place[place], None)

    def _is_fixed(self, place: int) -> bool:
        return self._old[place][0] == "constant" or self._is_given[place]

    def _is_worth(self, divisor: int) -> bool:
        kind = self._old[divisor]
        if kind[0] == "constant":
            return bool(kind[1])
        return self._is_given[divisor] or self._divides[divisor] > 1

    def _reciprocal(self, divisor: int) -> int:
        kind = self._old[divisor]
        if kind[0] == "constant":
            return self._write(("constant", 1 / kind[1]))
        return self._write(("INV", self.made(divisor)))

    def _write(self, value: tuple[Any, ...]) -> int:
        """The place of a value, which is written once."""
        if value not in self._known:
            self.values.append(value)
            self._known[value] = len(self.values) - 1
        return self._known[value]


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
