"""Columns of text as whole numbers: places in a list of the few texts that there are."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["Texts"]


class Texts:
    """An array of texts, which are few beside its rows.

    codes : places in `known`, of any shape;  known : the texts
    """

    def __init__(self, codes: NDArray[np.int32], known: Sequence[str]) -> None:
        self.codes, self.known = codes, list(known)

    @classmethod
    def blank(cls, shape: tuple[int, ...]) -> "Texts":
        """Blank texts."""
        return cls(np.zeros(shape, np.int32), [""])

    @classmethod
    def of(cls, texts: Any) -> "Texts":
        """From an array of texts."""
        if isinstance(texts, Texts):
            return texts
        given = np.asarray(texts, dtype=object)
        codes, known = pd.factorize(given.ravel())
        return cls(codes.astype(np.int32).reshape(given.shape), known.tolist())

    @classmethod
    def joined(cls, parts: Sequence["Texts"]) -> "Texts":
        """One after the other."""
        made = cls.blank((sum(map(len, parts)), *parts[0].shape[1:]))
        first = 0
        for part in parts:
            made[first : first + len(part)] = part
            first += len(part)
        return made

    @property
    def shape(self) -> tuple[int, ...]:
        return self.codes.shape

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, at: Any) -> Any:
        """One text, or several as `Texts`."""
        codes = self.codes[at]
        return self.known[int(codes)] if np.ndim(codes) == 0 else Texts(codes, self.known)

    def __setitem__(self, at: Any, given: Any) -> None:
        """Texts, one text, or an array of them."""
        if isinstance(given, str):
            self.codes[at] = self._place(given)
            return
        texts = Texts.of(given)
        place_of = np.zeros(len(texts.known), np.int32)
        for code in np.flatnonzero(texts.counts()):
            place_of[code] = self._place(texts.known[code])
        self.codes[at] = place_of[texts.codes]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """The texts themselves, as objects."""
        found = np.array(self.known, dtype=object)[self.codes]
        return found if dtype is None else found.astype(dtype)

    def counts(self) -> NDArray[np.intp]:
        """How often each of the known texts is there."""
        return np.bincount(self.codes.ravel(), minlength=len(self.known))

    def _place(self, text: str) -> int:
        if text not in self.known:
            self.known.append(text)
        return self.known.index(text)
