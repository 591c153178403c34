"""The tape of one pole of the exact step: an elimination in complex numbers, written out in real ones.

With a pole p of e^x and c over it, a model M y' = A y + b has at the time t a part (native/affine.h)

    y -= 2 Re(c X),   (M p / t - A) X = M y0 / t + b / p

of which only the diagonal and the right-hand side are complex at first. What is real in the factors stays real here,
and no factor is written to the memory.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from hetsim.engine.operations import OPERATIONS
from hetsim.engine.tape import Instruction, Memory, placed
from hetsim.results import Array

NUMBERS = (
    "rate",
    *("pole over time", "pole over time, imaginary"),
    *("inverse", "inverse, imaginary"),
    *("above", "above, imaginary"),
)
"""What the C file says of a pole: 1/t, p/t, 1/p and 2c, real and imaginary part of each."""

_Part = int | None
"""A value of the tape; None for zero."""


def pole_tape(
    operations: Sequence[Instruction],
    entries: Mapping[tuple[int, int], int],
    computed: int,
    mass: Array,
    kept: Sequence[int],
    places: Mapping[str, int],
    memory: Memory,
) -> list[Instruction]:
    """The tape of one pole. It reads the matrix -A, b as "rate", y0 as "right" and "pole", and adds to "state".

    operations : of the elimination, to factorise and to solve
    entries : place of each entry of the matrix;  computed : how many do not only fill in
    mass : M, [states]
    kept : states that are wanted
    """
    made = _Values()

    def slot(block: str, place: int) -> int:
        return made.value("slot", places[block] + place)

    def of_mass(one: float, number: int) -> _Part:
        constant = made.value("slot", -1 - memory.constant(float(one)))
        return number if one == 1 else made.product(constant, number)

    said = {name: slot("pole", place) for place, name in enumerate(NUMBERS)}
    pole = said["pole over time"], said["pole over time, imaginary"]
    inverse = said["inverse"], said["inverse, imaginary"]
    held: dict[int, tuple[_Part, _Part]] = {}
    for (line, column), place in entries.items():
        real: _Part = slot("matrix", place) if place < computed else None
        imaginary: _Part = None
        if line == column:
            shift = [of_mass(mass[line], part) for part in pole]
            real, imaginary = made.sum(real, shift[0]), shift[1]
        held[places["matrix"] + place] = real, imaginary
    for line, one in enumerate(mass):
        push = slot("rate", line)
        start = made.product(of_mass(one, said["rate"]), slot("right", line))
        real = made.sum(start, made.product(push, inverse[0]))
        held[places["right"] + line] = real, made.product(push, inverse[1])
    for operation, to, a, b, _ in operations:
        held[to] = made.done(OPERATIONS[operation], held.get(to), held[a], held[b])
    wanted = []
    for state in kept:
        real, imaginary = held[places["right"] + state]
        less = made.difference(slot("state", state), made.product(said["above"], real))
        found = made.sum(less, made.product(said["above, imaginary"], imaginary))
        assert found is not None
        wanted.append((places["state"] + state, found))
    return placed(*made.needed_for(wanted), memory)


class _Values:
    """Values as they are written, each once: a kind and the values that it is made of, or a slot."""

    def __init__(self) -> None:
        self._values: list[tuple[Any, ...]] = []
        self._known: dict[tuple[Any, ...], int] = {}

    def value(self, *made: Any) -> int:
        if made not in self._known:
            self._known[made] = len(self._values)
            self._values.append(made)
        return self._known[made]

    def product(self, a: _Part, b: _Part) -> _Part:
        return None if a is None or b is None else self.value("MUL", a, b)

    def sum(self, a: _Part, b: _Part) -> _Part:
        if a is None or b is None:
            return b if a is None else a
        return self.value("ADD", a, b)

    def difference(self, a: _Part, b: _Part) -> _Part:
        if b is None:
            return a
        return self.value("NEG", b) if a is None else self.value("SUB", a, b)

    def done(
        self,
        operation: str,
        to: tuple[_Part, _Part] | None,
        a: tuple[_Part, _Part],
        b: tuple[_Part, _Part],
    ) -> tuple[_Part, _Part]:
        """An instruction of the elimination, done in complex numbers."""
        if operation == "ASSIGN":
            return a
        if operation == "INV":
            return self._inverse(*a)
        assert to is not None
        if operation == "TIMES":
            return self._product(to, a)
        assert operation == "LESS_PRODUCT", operation
        # one product after the other, so that each is one operation with its difference
        real = self.difference(to[0], self.product(a[0], b[0]))
        imaginary = self.difference(to[1], self.product(a[0], b[1]))
        return (
            self.sum(real, self.product(a[1], b[1])),
            self.difference(imaginary, self.product(a[1], b[0])),
        )

    def _product(self, a: tuple[_Part, _Part], b: tuple[_Part, _Part]) -> tuple[_Part, _Part]:
        real = self.difference(self.product(a[0], b[0]), self.product(a[1], b[1]))
        return real, self.sum(self.product(a[0], b[1]), self.product(a[1], b[0]))

    def _inverse(self, real: _Part, imaginary: _Part) -> tuple[_Part, _Part]:
        if imaginary is None:
            assert real is not None
            return self.value("INV", real), None
        square = self.sum(self.product(real, real), self.product(imaginary, imaginary))
        assert square is not None
        scale = self.value("INV", square)
        return self.product(real, scale), self.product(self.value("NEG", imaginary), scale)

    def needed_for(
        self, wanted: list[tuple[int, int]]
    ) -> tuple[list[tuple[Any, ...]], list[tuple[int, int]]]:
        """The values that some of them need, and where these stand among them."""
        needed, waiting = set[int](), [value for _, value in wanted]
        while waiting:
            one = waiting.pop()
            if one not in needed:
                needed.add(one)
                kind, *operands = self._values[one]
                waiting += operands if kind != "slot" else []
        place_of = {one: place for place, one in enumerate(sorted(needed))}
        values = [
            value if value[0] == "slot" else (value[0], *(place_of[one] for one in value[1:]))
            for value in (self._values[one] for one in place_of)
        ]
        return values, [(slot, place_of[one]) for slot, one in wanted]
