"""What is the same in a tape at each of several places, as in the volumes of an electrode.

Operations are alike where they do the same with slots of the same blocks of the memory. Looked at are those of which
there are as many as places, or a multiple of them; of these, what hangs together belongs to one place.
"""

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from hetsim.engine.flow import Flow

__all__ = ["Group", "groups_of"]

Ints = NDArray[np.int64]

Group = list[list[int]]
"""Sets of values, one for each place: those of a set are computed as those of another one, in this order."""

_FEWEST, _SHORTEST, _TRIED = 4, 24, 3
"""Places for which operations are repeated, how many of them, and numbers of places that are tried."""


def groups_of(of: Flow, blocks: Sequence[int]) -> list[Group]:
    """The groups of a tape, for a number of places that spares many operations; none needs a set of its own group.

    blocks : where the blocks of the memory begin, in rising order
    """
    seen = _Seen(of, blocks)
    values = Counter(seen.sizes[0].tolist())
    tried = sorted((one for one in values if one >= _FEWEST), key=lambda one: -_most(values, one))
    best: list[Group] = []
    for places in tried[:_TRIED]:
        best = max(best, seen.groups(places), key=_spared)
        if _spared(best) >= _most(values, places) / 2:
            break
    return best


def _most(values: Mapping[int, int], places: int) -> float:
    """Operations that a number of places spares at most; values: how many operations there are as often as that."""
    return (1 - 1 / places) * sum(of for size, of in values.items() if size % places == 0)


def _spared(groups: list[Group]) -> int:
    return sum((len(group) - 1) * len(group[0]) for group in groups)


class _Seen:
    """A tape that is looked at for what is repeated.

    reads : the operations that each one reads, the last one more than once where they are not three; one behind the
        last stands for what is in a slot before, [operations, 3]
    shapes : the same number for operations that do the same with slots of the same blocks, [operations]
    sizes : how often there is one of the same shape, and of the same shape for the same uses, [2, operations]
    """

    def __init__(self, of: Flow, blocks: Sequence[int]) -> None:
        count = len(of.kinds)
        reads = np.array([read + (read[-1],) * (3 - len(read)) for read in of.reads])
        self.reads = np.where(reads < 0, count, reads)
        self.shapes = np.array(_shapes(of, blocks))
        uses = _uses(of, self.shapes.tolist(), blocks)
        self.sizes = np.array([_sizes(self.shapes), _sizes(np.array(uses))])

    def groups(self, places: int) -> list[Group]:
        """Sets of operations of which there are as many as places, or a multiple of them, and that hang together."""
        alike = (self.sizes % places == 0).any(axis=0)
        stages = self._stages(alike.tolist())
        linked = alike[:, None] & (stages[self.reads] == stages[:-1, None])
        readers = np.repeat(np.arange(len(alike)), 3)[linked.ravel()]
        links = coo_array(
            (np.ones(len(readers), bool), (readers, self.reads.ravel()[linked.ravel()])),
            shape=(len(alike), len(alike)),
        )
        _, own = connected_components(links, directed=False)
        order = np.lexsort((self.shapes, own))
        order = order[alike[order]]
        sets = np.split(order, np.flatnonzero(np.diff(own[order])) + 1)
        groups = defaultdict[tuple[int, bytes], list[Ints]](list)
        for one in sets:
            if len(one) >= _SHORTEST:
                groups[int(stages[one[0]]), self.shapes[one].tobytes()].append(one)
        found = [np.array(groups[key]) for key in sorted(groups) if len(groups[key]) >= _FEWEST]
        place = np.empty(len(alike) + 1, int)
        place[order] = np.concatenate([np.arange(len(one)) for one in sets]) if sets else order
        own = np.append(own, -1)
        return [
            group[np.argsort(group[:, 0])].tolist()
            for group in found
            if self._agree(group, own, place)
        ]

    def _stages(self, alike: list[bool]) -> Ints:
        """How often it has changed on the way to an operation whether it may be repeated: odd where it may."""
        stages = [0] * (len(alike) + 1)
        for one, (a, b, c) in enumerate(self.reads.tolist()):
            last = max(stages[a], stages[b], stages[c])
            stages[one] = last + (last % 2 != alike[one])
        return np.array(stages)

    def _agree(self, group: Ints, own: Ints, place: Ints) -> bool:
        """Whether operations at the same place of their sets read those at the same places of them."""
        read = self.reads[group]
        inside = own[read] == own[group][:, :, None]
        where = np.where(inside, place[read], -1)
        return bool((where == where[0]).all())


def _sizes(kinds: Ints) -> Ints:
    """How often there is one of the same kind."""
    _, which, sizes = np.unique(kinds, return_inverse=True, return_counts=True)
    return sizes[which]


def _shapes(of: Flow, blocks: Sequence[int]) -> list[int]:
    known: dict[tuple[int, ...], int] = {}
    shapes: list[int] = []
    for kind, reads in zip(of.kinds, of.reads, strict=True):
        read = [shapes[one] if one >= 0 else ~bisect(blocks, -1 - one) for one in reads]
        shapes.append(known.setdefault((kind, *read), len(known)))
    return shapes


def _uses(of: Flow, shapes: list[int], blocks: Sequence[int]) -> list[int]:
    """The same number for those of the same shape that are read by the same shapes, and left in the same blocks."""
    read_by: list[set[int]] = [{~shape} for shape in shapes]
    for shape, reads in zip(shapes, of.reads, strict=True):
        for one in reads:
            if one >= 0:
                read_by[one].add(shape)
    for slot, one in of.last.items():
        read_by[one].add(len(shapes) + bisect(blocks, slot))
    known: dict[frozenset[int], int] = {}
    return [known.setdefault(frozenset(one), len(known)) for one in read_by]
