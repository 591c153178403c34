"""The Jacobian of a function that is written out number by number, in few operations.

Each value has derivatives with respect to those that it is computed from. Values in between are then taken out one
after the other, the derivatives past each multiplied and added up, until those of the results with respect to an
argument are left. In which order decides how many products there are: the value is taken next that has the fewest pairs
of a value before and one behind it (H. M. Markowitz's rule; A. Griewank, A. Walther, Evaluating Derivatives, 2nd ed.,
SIAM 2008, chapter 9, doi:10.1137/1.9780898717761). Products of what is given count less, for they are computed once for
a case. Sweeps forwards, as casadi makes them, have more than twice as many for a cell of two hosts.
"""

import heapq
from collections.abc import Callable, Sequence
from itertools import permutations
from typing import Any, NamedTuple

from hetsim.engine.taped_model import NotTapedError
from hetsim.engine.written import Written

_ONE = -1
_STEPS = ("LT", "LE", "EQ", "NE", "AND", "OR", "NOT", "SIGN")
"""Operations whose results are steps: their slope is zero where they have one."""


class Derivative(NamedTuple):
    """A sign, times a value that is given, times one that is not; _ONE in place of a value that is one.

    Products of what is given are computed once for a case, so that they are kept apart until a sum needs them.
    """

    sign: int
    given: int = _ONE
    place: int = _ONE


def with_matrix(of: Written, longest: int) -> tuple[Written, list[tuple[int, int]]]:
    """A function with a second result put in: -df/dy of its first result f and its first argument y.

    longest : values that there may be

    Returns it with the line and the column of each derivative, column by column; what is zero at all arguments is not
    among them. Raises NotTapedError where there would be more values than that.
    """
    writing = _Writing(of, longest)
    edges = _Edges(of, writing)
    edges.take_out()
    found = sorted(edges.left(), key=lambda one: (one[1], one[0]))
    jacobian = [writing.value(derivative) for _, _, derivative in found]
    entries = [(line, column) for line, column, _ in found]
    return Written(writing.values, [of.results[0], jacobian, *of.results[1:]]), entries


class _Writing:
    """Values that are added to a function, each once."""

    def __init__(self, of: Written, longest: int) -> None:
        self.values = list(of.values)
        self._longest = longest
        self._is_given = of.given_by(1)
        self._known = {value: place for place, value in enumerate(self.values)}

    def write(self, *value: Any) -> int:
        """The place of a value."""
        if value not in self._known:
            if len(self.values) >= self._longest:
                raise NotTapedError("The Jacobian has more values than are worth a tape.")
            self._known[value] = len(self.values)
            self.values.append(value)
            constant = value[0] == "constant"
            self._is_given.append(constant or all(self._is_given[one] for one in value[1:]))
        return self._known[value]

    def constant(self, number: float) -> int:
        """The place of a number."""
        return self.write("constant", float(number))

    @property
    def one(self) -> int:
        """The place of the number one."""
        return self.constant(1)

    def derivative(self, number: float, place: int) -> Derivative:
        """A number times a value."""
        sign, size = (1 if number > 0 else -1), abs(number)
        scale = _ONE if size == 1 else self.constant(size)
        if place == _ONE or self._is_given[place]:
            return Derivative(sign, self._times(scale, place))
        return Derivative(sign, scale, place)

    def _times(self, one: int, other: int) -> int:
        """The product of two values that may be one."""
        if _ONE in (one, other):
            return max(one, other)
        return self.write("MUL", *sorted((one, other)))

    def value(self, of: Derivative) -> int:
        """The place of a derivative."""
        sign, given, place = of
        if sign < 0 and given == _ONE != place:
            return self.write("NEG", place)
        factor = self.one if given == _ONE else given
        if sign < 0:
            factor = self.write("NEG", factor)
        if place == _ONE:
            return factor
        return place if given == _ONE else self.write("MUL", place, factor)

    def product(self, one: Derivative, other: Derivative) -> Derivative:
        """Of two derivatives."""
        given, place = (self._times(one[k], other[k]) for k in (1, 2))
        return Derivative(one.sign * other.sign, given, place)

    def sum(self, one: Derivative, other: Derivative) -> Derivative | None:
        """Of two derivatives; None for zero."""
        if one[1:] == other[1:] and one.sign != other.sign:
            return None
        kind = "ADD" if one.sign == other.sign else "SUB"
        if one.place == other.place:  # what is given is added up once
            parts = (self.value(Derivative(1, of.given)) for of in (one, other))
            return Derivative(one.sign, self.write(kind, *parts), one.place)
        if one.given == other.given:
            parts = (self.value(Derivative(1, _ONE, of.place)) for of in (one, other))
            return Derivative(one.sign, one.given, self.write(kind, *parts))
        parts = (self.value(Derivative(1, of.given, of.place)) for of in (one, other))
        return Derivative(one.sign, _ONE, self.write(kind, *parts))


_COMPUTED = 3
"""By how much the product of two derivatives that are not given costs more than another one: found by trial."""


class _Edges:
    """The derivatives between values, of which those of the first result are sinks of their own.

    before, behind : derivatives of each value with respect to others, and those of others with respect to it
    """

    def __init__(self, of: Written, writing: _Writing) -> None:
        self._writing = writing
        depends, lines = of.asks_for(0), of.results[0]
        needed = of.needed_for(lines)
        self._column = {
            place: value[2]
            for place, value in enumerate(of.values)
            if value[0] == "input" and value[1] == 0
        }
        self._before: dict[int, dict[int, Derivative]] = {}
        self._behind: dict[int, dict[int, Derivative]] = {}
        for place in sorted(needed):
            value = of.values[place]
            if not depends[place] or value[0] == "input" or value[0] in _STEPS:
                continue
            terms = _of_shares(writing, place) or _derivatives(writing, value, place, depends)
            for operand, derivative in terms:
                self._add(operand, place, derivative)
        self._sinks = range(len(of.values), len(of.values) + len(lines))
        for sink, place in zip(self._sinks, lines, strict=True):
            if depends[place]:
                self._add(place, sink, Derivative(-1))

    def _add(self, first: int, second: int, derivative: Derivative) -> None:
        before = self._before.setdefault(second, {})
        total: Derivative | None = derivative
        if first in before:
            total = self._writing.sum(before[first], derivative)
        behind = self._behind.setdefault(first, {})
        if total is None:
            del before[first], behind[second]
        else:
            before[first] = behind[second] = total

    def take_out(self) -> None:
        """All values but the argument and the results."""
        middle = [
            one
            for one in set(self._before) | set(self._behind)
            if one not in self._column and one not in self._sinks
        ]
        waiting = [(self._cost(one), one) for one in middle]
        heapq.heapify(waiting)
        done: set[int] = set()
        while waiting:
            known, one = heapq.heappop(waiting)
            if one in done:
                continue
            now = self._cost(one)
            if now > known:
                heapq.heappush(waiting, (now, one))
                continue
            done.add(one)
            for other in self._take(one):  # which may have become cheaper
                if other not in self._column and other not in self._sinks:
                    heapq.heappush(waiting, (self._cost(other), other))

    def _cost(self, one: int) -> int:
        """Pairs of a derivative before a value and one behind it; a product that is not given counts as several."""
        before, behind = self._before.get(one, {}), self._behind.get(one, {})
        first, second = (
            [derivative.place for derivative in side.values()] for side in (before, behind)
        )
        computed = (len(first) - first.count(_ONE)) * (len(second) - second.count(_ONE))
        return len(first) * len(second) + _COMPUTED * computed

    def _take(self, one: int) -> list[int]:
        """Take a value out; returns its neighbours."""
        before, behind = self._before.pop(one, {}), self._behind.pop(one, {})
        for first in before:
            del self._behind[first][one]
        for second in behind:
            del self._before[second][one]
        for first, inner in before.items():
            for second, outer in behind.items():
                self._add(first, second, self._writing.product(outer, inner))
        return [*before, *behind]

    def left(self) -> list[tuple[int, int, Derivative]]:
        """Line, column and derivative of each that is left."""
        return [
            (sink - self._sinks[0], self._column[first], derivative)
            for sink in self._sinks
            for first, derivative in self._before.get(sink, {}).items()
        ]


# --- of the shares of a logistic step ---


def _of_shares(w: _Writing, place: int) -> list[tuple[int, Derivative]] | None:
    """The derivative with respect to x of p = 1 / (1 + e^x), of q = e^x p and of their product; None for another value.

    They are -p q, p q and p q (p - q): the rules of their operations have several products for each.
    """
    shares = _shares(w.values, place)
    if shares is None:
        return None
    which, p, x = shares
    q = w.write("MUL", w.values[p][1], p)
    both = w.write("MUL", *sorted((p, q)))
    if which == "both":
        return [(x, Derivative(1, _ONE, w.write("MUL", both, w.write("SUB", p, q))))]
    return [(x, Derivative(1 if which == "q" else -1, _ONE, both))]


def _shares(values: Sequence[Any], place: int) -> tuple[str, int, int] | None:
    """Which of these a value is, where p stands, and x; nothing but e^x that is held stands in INV_ONE_PLUS."""
    kind, *operands = values[place]
    if kind == "INV_ONE_PLUS":
        return "p", place, values[operands[0]][1]
    if kind == "MUL":
        for one, other in permutations(operands):
            if values[other] == ("INV_ONE_PLUS", one):
                return "q", other, values[one][1]
            if values[other][0] == "INV_ONE_PLUS" and values[one][0] == "MUL":
                exponential = values[other][1]
                if set(values[one][1:]) == {other, exponential}:
                    return "both", other, values[exponential][1]
    return None


# --- of one operation ----------------------------------------------------------------------------

_Term = tuple[float, int]
"""A number times a value; times one where the place of the value is _ONE."""

_Rule = Callable[[_Writing, Sequence[int], int], _Term]
"""From the places of the operands and that of the value itself to the derivative with respect to one operand."""


def _number(number: float) -> _Rule:
    return lambda w, a, v: (number, _ONE)


def _one_over_root(w: _Writing, a: Sequence[int], v: int) -> _Term:
    return 1.0, w.write("INV", w.write("SQRT", w.write("ADD", w.one, w.write("SQ", a[0]))))


def _power(w: _Writing, a: Sequence[int], v: int) -> _Term:
    return 1.0, w.write("MUL", a[1], w.write("POW", a[0], w.write("SUB", a[1], w.one)))


def _is_least(w: _Writing, a: Sequence[int]) -> int:
    return w.write("LE", a[0], a[1])


def _same_signs(w: _Writing, a: Sequence[int], v: int) -> _Term:
    return 1.0, w.write("MUL", *(w.write("COPYSIGN", w.one, one) for one in a))


_RULES: dict[str, tuple[_Rule, ...]] = {
    "ADD": (_number(1), _number(1)),
    "SUB": (_number(1), _number(-1)),
    "MUL": (lambda w, a, v: (1.0, a[1]), lambda w, a, v: (1.0, a[0])),
    "DIV": (
        lambda w, a, v: (1.0, w.write("INV", a[1])),
        lambda w, a, v: (-1.0, w.write("MUL", v, w.write("INV", a[1]))),
    ),
    # the first operand where both are the same
    "FMIN": (
        lambda w, a, v: (1.0, _is_least(w, a)),
        lambda w, a, v: (1.0, w.write("NOT", _is_least(w, a))),
    ),
    "FMAX": (
        lambda w, a, v: (1.0, _is_least(w, a[::-1])),
        lambda w, a, v: (1.0, w.write("NOT", _is_least(w, a[::-1]))),
    ),
    "IF_ELSE_ZERO": (
        _number(0),
        lambda w, a, v: (1.0, w.write("IF_ELSE_ZERO", a[0], w.one)),
    ),
    "POW": (_power, lambda w, a, v: (1.0, w.write("MUL", v, w.write("LOG", a[0])))),
    "HYPOT": (
        lambda w, a, v: (1.0, w.write("DIV", a[0], v)),
        lambda w, a, v: (1.0, w.write("DIV", a[1], v)),
    ),
    "COPYSIGN": (_same_signs, _number(0)),
    "NEG": (_number(-1),),
    "ASSIGN": (_number(1),),
    "TWICE": (_number(2),),
    "SQ": (lambda w, a, v: (2.0, a[0]),),
    "INV": (lambda w, a, v: (-1.0, w.write("SQ", v)),),
    "INV_ONE_PLUS": (lambda w, a, v: (-1.0, w.write("SQ", v)),),
    "EXP": (lambda w, a, v: (1.0, v),),
    "HELD_EXP": (lambda w, a, v: (1.0, v),),
    "LOGISTIC": (lambda w, a, v: (-1.0, w.write("MUL", v, w.write("SUB", w.one, v))),),
    "LOG": (lambda w, a, v: (1.0, w.write("INV", a[0])),),
    "SQRT": (lambda w, a, v: (0.5, w.write("INV", v)),),
    "TANH": (lambda w, a, v: (1.0, w.write("SUB", w.one, w.write("SQ", v))),),
    "SINH": (lambda w, a, v: (1.0, w.write("COSH", a[0])),),
    "COSH": (lambda w, a, v: (1.0, w.write("SINH", a[0])),),
    "ASINH": (_one_over_root,),
    "FABS": (lambda w, a, v: (1.0, w.write("SIGN", a[0])),),
    "SIN": (lambda w, a, v: (1.0, w.write("COS", a[0])),),
    "COS": (lambda w, a, v: (-1.0, w.write("SIN", a[0])),),
    "LOG1P": (lambda w, a, v: (1.0, w.write("INV", w.write("ADD", w.one, a[0]))),),
    "EXPM1": (lambda w, a, v: (1.0, w.write("ADD", w.one, v)),),
}
"""The derivatives of each operation with respect to its operands. Those of e^x that is held count as if it were not:
what follows from it does not change there."""


def _derivatives(
    w: _Writing, value: tuple[Any, ...], place: int, depends: Sequence[bool]
) -> list[tuple[int, Derivative]]:
    """The operands of a value that depend on the argument, with the derivative with respect to each; of one twice where
    it stands twice."""
    kind, *operands = value
    rules = zip(operands, _RULES[kind], strict=True)
    found = [(one, rule(w, operands, place)) for one, rule in rules if depends[one]]
    return [(one, w.derivative(*term)) for one, term in found if term[0]]
