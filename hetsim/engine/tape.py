"""Instruction lists (tapes) of scalar functions, as the interpreter of the engine runs them.

A function of casadi, written out number by number, is a list of operations on registers. `Assembler` gives each
register, input and output a slot of one memory, writes results straight to where they belong, and fuses a product
with the sum that alone uses it.
"""

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
"""In the order of the C file. The last three change their result: r - a b, r a, r + a b."""

NUMBER = {name: place for place, name in enumerate(OPERATIONS)}

_SAME_AS = {"CONSTPOW": "POW"}

_NAMES = {
    getattr(casadi, name): name.removeprefix("OP_")
    for name in dir(casadi)
    if name.startswith("OP_")
}

_INPUT, _OUTPUT, _CONST = casadi.OP_INPUT, casadi.OP_OUTPUT, casadi.OP_CONST


class NotTaped(Exception):
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


# Until all tapes are made, a slot is a number of one of three kinds: constants at -1 - k, registers at _FAR + k, blocks.
_FAR = 1 << 28


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


def written(function: Any) -> Written:
    """A function of casadi's scalars, with dense arguments and results.

    Raises NotTaped for an operation that the interpreter does not know.
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
                raise NotTaped(f"The engine has no operation '{name}'.")
            values.append((name, *(current[one] for one in function.instruction_input(k))))
        current[function.instruction_output(k)[0]] = len(values) - 1
    return Written(values, results)


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
    uses = [0] * len(values)
    for value in values:
        if value[0] != "slot":
            for operand in value[1:]:
                uses[operand] += 1
    homes: dict[int, int] = {}
    copies: list[tuple[int, int]] = []
    for slot, value in wanted:
        if values[value][0] == "slot" or value in homes:
            copies.append((slot, value))
        else:
            homes[value] = slot
    fused = _fused(values, uses, homes)
    products = set(fused.values())
    for place in sorted(fused, reverse=True):  # what is added to stands where the sum is to be
        if place in homes:
            homes[_summand(place, values[place], fused)] = homes[place]
    last: dict[int, int] = {}
    for place, value in enumerate(values):
        for operand in _operands(place, value, values, fused):
            last[operand] = place
    for _, value in copies:
        last[value] = len(values)
    slots: list[int] = [0] * len(values)
    free: list[int] = []
    code: list[Instruction] = []
    used = 0
    for place, value in enumerate(values):
        if value[0] == "slot":
            slots[place] = value[1]
            continue
        if place in products:
            continue
        if place not in last and place not in homes:
            continue  # nobody asks for it
        operands = _operands(place, value, values, fused)
        in_place = None
        if place in fused:
            in_place = _summand(place, value, fused)
        # registers of operands that end here may hold the result, but a fused one is written before it is read
        ending = [
            one for one in dict.fromkeys(operands) if last.get(one) == place and slots[one] >= _FAR
        ]
        if in_place is None:
            free += [slots[one] for one in ending]
        if place in homes:
            slots[place] = homes[place]
        elif in_place is not None and in_place in ending:
            slots[place] = slots[in_place]
            ending.remove(in_place)
        else:
            if free:
                slots[place] = free.pop()
            else:
                slots[place] = _FAR + used
                used += 1
        if in_place is None:
            first = slots[operands[0]]
            second = slots[operands[1]] if len(operands) > 1 else first
            code.append((NUMBER[value[0]], slots[place], first, second))
        else:
            if slots[place] != slots[in_place]:
                code.append((NUMBER["ASSIGN"], slots[place], slots[in_place], slots[in_place]))
            product = fused[place]
            one, other = (slots[operand] for operand in _two(values[product]))
            name = "PLUS_PRODUCT" if value[0] == "ADD" else "LESS_PRODUCT"
            code.append((NUMBER[name], slots[place], one, other))
            free += [slots[one] for one in ending]
    for slot, value in copies:
        code.append((NUMBER["ASSIGN"], slot, slots[value], slots[value]))
    memory.registers = max(memory.registers, used)
    return code


def _two(value: tuple[Any, ...]) -> tuple[int, int]:
    """The factors of a product or of a square."""
    return (value[1], value[1]) if value[0] == "SQ" else (value[1], value[2])


def _fused(
    values: list[tuple[Any, ...]], uses: list[int], homes: Mapping[int, int]
) -> dict[int, int]:
    """Sums and differences that take in a product which nobody else uses, by the place of the sum.

    Only where the other summand ends here too or stands in a register, so that no copy is needed.
    """
    fused: dict[int, int] = {}
    taken: set[int] = set()
    for place, value in enumerate(values):
        if value[0] not in ("ADD", "SUB"):
            continue
        candidates = (2, 1) if value[0] == "ADD" else (2,)
        for at in candidates:
            product, other = value[at], value[3 - at]
            if (
                values[product][0] == "MUL"
                and uses[product] == 1
                and product not in homes
                and product not in taken
                and product != other
                and values[other][0] != "slot"
                and uses[other] == 1
                and other not in homes
                and other not in taken
                and other not in values[product][1:]
            ):
                fused[place] = product
                taken.add(product)
                break
    return fused


def _summand(place: int, value: tuple[Any, ...], fused: Mapping[int, int]) -> int:
    """What a fused sum adds the product to."""
    return value[1] if value[2] == fused[place] else value[2]


def _operands(
    place: int, value: tuple[Any, ...], values: list[tuple[Any, ...]], fused: Mapping[int, int]
) -> list[int]:
    """What an instruction reads."""
    if value[0] == "slot":
        return []
    if place in fused:
        return [_summand(place, value, fused), *values[fused[place]][1:]]
    return list(value[1:])


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
        code = np.array(tape, dtype=np.int64).reshape(-1, 4)
        code[:, 1:] = final(code[:, 1:])
        made[name] = np.ascontiguousarray(code, dtype=np.int32)
    return made
