"""A function of casadi written out number by number, and the same in fewer and quicker operations."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import casadi

from hetsim.engine.operations import NUMBER
from hetsim.engine.taped_model import NotTapedError

_HELD = 300.0

_SAME_AS = {"CONSTPOW": "POW"}

_NAMES = {
    getattr(casadi, name): name.removeprefix("OP_")
    for name in dir(casadi)
    if name.startswith("OP_")
}

_INPUT, _OUTPUT, _CONST = casadi.OP_INPUT, casadi.OP_OUTPUT, casadi.OP_CONST


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

    def needed_for(self, wanted: Iterable[int]) -> set[int]:
        """Some values and those that they are computed from."""
        found, waiting = set[int](), list(wanted)
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                if self.values[one][0] not in ("input", "constant"):
                    waiting += self.values[one][1:]
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
    chain of them is one product; a factor of both terms of a sum is one of the sum. A quotient is a product where its
    reciprocal is given, constant, or serves more than once, for it takes as long as some ten products.
    """
    simple = _Simplifying(of, is_given)
    for place, value in enumerate(of.values):
        simple.add(place, value)
    results = [[simple.made(one) for one in result] for result in of.results]
    return _with_logistics(Written(simple.values, results))


def _with_logistics(of: Written) -> Written:
    """1 / (1 + e^x) in one operation where nothing else asks for e^x."""
    values, wanted = of.values, [one for result in of.results for one in result]
    uses = Counter(wanted)
    for place in of.needed_for(wanted):
        if values[place][0] not in ("input", "constant"):
            uses.update(values[place][1:])

    def is_logistic(value: tuple[Any, ...]) -> bool:
        return value[0] == "INV_ONE_PLUS" and values[value[1]][0] == "HELD_EXP"

    made = [
        ("LOGISTIC", values[value[1]][1]) if is_logistic(value) and uses[value[1]] == 1 else value
        for value in values
    ]
    return Written(made, of.results)


_Parts = tuple[int, int | None]
"""Where a base stands and a factor that is given; None for one."""


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
        elif kind == "SUB" and (share := self._share_of(*operands)) is not None:
            self._place[place] = self._write(("MUL", self.values[share][1], share))
        elif kind in ("ADD", "SUB") and not self._is_given[place]:
            self._place[place] = self._sum(kind, *map(self._parts, operands))
        elif kind == "INV":
            self._place[place] = self._reciprocal(operands[0])
        elif kind == "EXP":
            self._place[place] = self._exponential(operands[0])
        else:
            self._place[place] = self._write((kind, *map(self.made, operands)))

    def made(self, place: int) -> int:
        """Where a value stands now, multiplied with its factor."""
        if place not in self._place:
            self._place[place] = self._product(*self._scaled[place])
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
                if self._is_fixed(other):
                    self._scaled[place] = factor, self.made(other)
                    return True
                return self._scales_product(place, self._parts(other), (factor, None))
        elif kind == "MUL" and not any(map(self._is_fixed, operands)):
            return self._scales_product(place, *map(self._parts, operands))
        elif kind == "MUL":
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

    def _scales_product(self, place: int, one: _Parts, other: _Parts) -> bool:
        """The same of a product of two values, each a base and perhaps a factor that is given."""
        product = self._write(("MUL", one[0], other[0]))
        factors = [factor for _, factor in (one, other) if factor is not None]
        if factors:
            factor = factors[0] if len(factors) == 1 else self._write(("MUL", *factors))
            self._scaled[place] = product, factor
        else:
            self._place[place] = product
        return True

    def _sum(self, kind: str, one: _Parts, other: _Parts) -> int:
        """Of two values, or their difference; what multiplies both multiplies what comes of it."""
        first, second = (self.values[base] for base, _ in (one, other))
        common = set[int]()
        if first[0] == second[0] == "MUL":
            common = set(first[1:]) & set(second[1:])
        if not common:
            return self._write((kind, self._product(*one), self._product(*other)))
        factor = max(common)
        rests = (sum(base[1:]) - factor for base in (first, second))
        terms = (self._product(rest, of[1]) for rest, of in zip(rests, (one, other), strict=True))
        return self._write(("MUL", self._write((kind, *terms)), factor))

    def _product(self, base: int, factor: int | None) -> int:
        """A base times its factor."""
        return base if factor is None else self._write(("MUL", base, factor))

    def _share_of(self, one: int, other: int) -> int | None:
        """Where p = 1 / (1 + e^x) stands, of 1 - p, which is e^x p: that has all its digits where it is small."""
        place = self._place.get(other)
        if self._old[one] != ("constant", 1.0) or place is None:
            return None
        return place if self.values[place][0] == "INV_ONE_PLUS" else None

    def _parts(self, place: int) -> _Parts:
        """A value as a base and a factor that is given."""
        return self._scaled[place] if place in self._scaled else (self._place[place], None)

    def _is_fixed(self, place: int) -> bool:
        return self._old[place][0] == "constant" or self._is_given[place]

    def _is_worth(self, divisor: int) -> bool:
        kind = self._old[divisor]
        if kind[0] == "constant":
            return bool(kind[1])
        if self._is_given[divisor] or self._divides[divisor] > 1:
            return True
        return self._exponential_of(divisor) is not None

    def _reciprocal(self, divisor: int) -> int:
        kind = self._old[divisor]
        if kind[0] == "constant":
            return self._write(("constant", 1 / kind[1]))
        exponential = self._exponential_of(divisor)
        if exponential is not None:
            return self._write(("INV_ONE_PLUS", exponential))
        return self._write(("INV", self.made(divisor)))

    def _exponential_of(self, divisor: int) -> int | None:
        """Where e^x stands, of a divisor that is 1 + e^x."""
        if self._old[divisor][0] != "ADD":
            return None
        for one, other in permutations(self._old[divisor][1:]):
            if self._old[one] == ("constant", 1.0):
                place = self.made(other)
                return place if self.values[place][0] == "HELD_EXP" else None
        return None

    def _exponential(self, operand: int) -> int:
        """Of a value that may be held between two ends."""
        made, held = self.made(operand), []
        inside = made
        for kind, end in (("FMIN", _HELD), ("FMAX", -_HELD)):
            value = self.values[inside]
            if value[0] != kind:
                break
            ends = [one for one in value[1:] if self.values[one] == ("constant", end)]
            if len(ends) != 1:
                break
            held.append(kind)
            inside = sum(value[1:]) - ends[0]
        if len(held) == 2:
            return self._write(("HELD_EXP", inside))
        return self._write(("EXP", made))

    def _write(self, value: tuple[Any, ...]) -> int:
        """The place of a value, which is written once."""
        if value not in self._known:
            self.values.append(value)
            self._known[value] = len(self.values) - 1
        return self._known[value]
