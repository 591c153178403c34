"""A tape as values, each computed once, in which long sums are added in pairs."""

from collections.abc import Iterable
from dataclasses import dataclass

from hetsim.engine.operations import NUMBER, OPERATIONS
from hetsim.engine.tape import Instruction

UNARY = {
    NUMBER[name]
    for name in (
        *("NEG", "ASSIGN", "SQ", "TWICE", "INV", "EXP", "LOG", "SQRT", "TANH", "SINH", "COSH"),
        *("ASINH", "FABS", "NOT", "SIGN", "SIN", "COS", "LOG1P", "EXPM1"),
        *("HELD_EXP", "INV_ONE_PLUS", "LOGISTIC"),
    )
}

_ASSIGN, _TIMES, _MUL = NUMBER["ASSIGN"], NUMBER["TIMES"], NUMBER["MUL"]
_ADD, _SUB = NUMBER["ADD"], NUMBER["SUB"]
_PLUS, _LESS = NUMBER["PLUS_PRODUCT"], NUMBER["LESS_PRODUCT"]
_OF_THREE = {
    NUMBER[name]
    for name in (
        *("LESS_PRODUCT", "PLUS_PRODUCT", "PRODUCT_LESS", "SUM_TIMES", "DIFFERENCE_TIMES"),
        "PRODUCT_TIMES",
    )
}

_CHAIN = 4
"""Terms of a sum from which it is added in pairs: one after the other they wait for each other."""


@dataclass(frozen=True)
class Flow:
    """Values in an order in which each follows what it reads.

    A value is the number of an operation, or -1 - the slot in which it stands before.

    kinds, reads : of each operation
    last : the value that is left in each slot of a block
    """

    kinds: list[int]
    reads: list[tuple[int, ...]]
    last: dict[int, int]


def flow_of(code: Iterable[Instruction], registers: int = 0, *, pairs: bool = True) -> Flow:
    """The values of a tape.

    registers : the first slot of those that hold nothing afterwards; 0 if all hold something
    pairs : whether long sums are added in pairs
    """
    kinds: list[int] = []
    reads: list[tuple[int, ...]] = []
    now: dict[int, int] = {}
    for kind, to, a, b, c in code:
        if kind == len(OPERATIONS):
            break
        first, second = now.get(a, -1 - a), now.get(b, -1 - b)
        if kind == _ASSIGN and first >= 0:
            now[to] = first
            continue
        kinds.append(kind)
        if kind in UNARY:
            reads.append((first,))
        elif kind == _TIMES:
            reads.append((now.get(to, -1 - to), first))
        elif kind in _OF_THREE:
            reads.append((first, second, now.get(c, -1 - c)))
        else:
            reads.append((first, second))
        now[to] = len(kinds) - 1
    left = {slot: value for slot, value in now.items() if not registers or slot < registers}
    made = Flow(kinds, reads, left)
    return _Sums(made).in_pairs() if pairs else made


@dataclass(frozen=True)
class _Sum:
    """begin + the products and numbers of `more` - those of `less`."""

    begin: int
    more: tuple[tuple[int, ...], ...]
    less: tuple[tuple[int, ...], ...]

    @property
    def terms(self) -> int:
        return len(self.more) + len(self.less)


class _Sums:
    """A flow whose long sums are written anew."""

    def __init__(self, of: Flow) -> None:
        self._of = of
        uses = [0] * len(of.kinds)
        for value in (*of.last.values(), *(one for reads in of.reads for one in reads)):
            if value >= 0:
                uses[value] += 1
        self._inner: set[int] = set()
        self._sums: dict[int, _Sum] = {}
        for place, (kind, reads) in enumerate(zip(of.kinds, of.reads, strict=True)):
            if kind in (_PLUS, _LESS, _ADD, _SUB):
                self._sums[place] = self._sum(kind, reads, uses)

    def _sum(self, kind: int, reads: tuple[int, ...], uses: list[int]) -> _Sum:
        if kind in (_PLUS, _LESS):
            begin, term = reads[2], reads[:2]
        elif kind == _ADD and self._length(reads[1], uses) > self._length(reads[0], uses):
            begin, term = reads[1], reads[:1]
        else:
            begin, term = reads[0], reads[1:]
        before = _Sum(begin, (), ())
        if self._length(begin, uses):
            before = self._sums[begin]
            self._inner.add(begin)
        if kind in (_PLUS, _ADD):
            return _Sum(before.begin, (*before.more, term), before.less)
        return _Sum(before.begin, before.more, (*before.less, term))

    def _length(self, value: int, uses: list[int]) -> int:
        """Terms of a sum that only one other operation reads; 0 of anything else."""
        return self._sums[value].terms if value in self._sums and uses[value] == 1 else 0

    def in_pairs(self) -> Flow:
        long = {
            place: one
            for place, one in self._sums.items()
            if place not in self._inner and one.terms >= _CHAIN
        }
        # what goes on in a longer sum is written with it
        gone: set[int] = set()
        for place in long:
            gone |= self._links(place)
        self._kinds: list[int] = []
        self._reads: list[tuple[int, ...]] = []
        self._now: dict[int, int] = {}
        for place, (kind, reads) in enumerate(zip(self._of.kinds, self._of.reads, strict=True)):
            if place in long:
                self._now[place] = self._written(long[place])
            elif place not in gone:
                self._now[place] = self._add(kind, *map(self._value, reads))
        last = {slot: self._value(value) for slot, value in self._of.last.items()}
        return Flow(self._kinds, self._reads, last)

    def _links(self, place: int) -> set[int]:
        """The sums that went on in a longer one."""
        found: set[int] = set()
        waiting = [place]
        while waiting:
            for one in self._of.reads[waiting.pop()]:
                if one in self._inner and one not in found and one in self._sums:
                    found.add(one)
                    waiting.append(one)
        return found

    def _value(self, value: int) -> int:
        return value if value < 0 else self._now[value]

    def _add(self, kind: int, *reads: int) -> int:
        self._kinds.append(kind)
        self._reads.append(reads)
        return len(self._kinds) - 1

    def _written(self, one: _Sum) -> int:
        more = [*self._products(one.more), self._value(one.begin)]
        total = self._paired(more)
        return self._add(_SUB, total, self._paired(self._products(one.less))) if one.less else total

    def _products(self, terms: Iterable[tuple[int, ...]]) -> list[int]:
        several = sorted(terms, key=lambda one: -len(one))  # products first, in a row
        return [
            self._value(one[0]) if len(one) == 1 else self._add(_MUL, *map(self._value, one))
            for one in several
        ]

    def _paired(self, several: list[int]) -> int:
        while len(several) > 1:
            half = len(several) // 2
            pairs = zip(several[:half], several[-half:], strict=True)
            several = [*(self._add(_ADD, *pair) for pair in pairs), *several[half:-half]]
        return several[0]
