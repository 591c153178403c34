"""The store of a sweep: a zarr group with one row a case, written chunk by chunk.

A chunk counts as done when its checksum stands in `chunk_checksum`, which is written after its data have
been brought to the disk; a chunk whose data and checksum differ is run again. So whatever ends a sweep,
what is there can be trusted. Without a path the same group lives in memory.

Text stands as whole numbers: places in the array `texts`, which grows as texts come and to which the attribute
"texts" of their array points. Place 0 is the blank text of a row that is not done. Stores of format 1 have the text
itself in each row; they are read and gone on with as they are.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.storage import LocalStore, MemoryStore

from hetsim.errors import StoreError
from hetsim.results.quantities import of_column
from hetsim.sweeping.chunk import Columns
from hetsim.sweeping.summaries import Axis, Column
from hetsim.sweeping.texts import Texts

MANIFEST = "hetsim_sweep"
_CHECKSUMS = "chunk_checksum"
TEXTS = "texts"
"""The array of all texts, and the attribute of an array of places in it."""
CHECKSUM = "checksum"
"""The attribute of a dimension's values by which a change of them is seen."""
HIDDEN = (_CHECKSUMS, TEXTS)
"""Arrays that are no part of a dataset."""
_TEXTS_A_CHUNK = 1024
_NOT_DONE = 0
_TORN = -1
"""Checksums of a chunk that is not done, and of one whose checksum cannot be read; no chunk has them."""
NOT_THERE, WHOLE, DAMAGED = range(3)
"""States of a chunk."""
_MANIFEST_HAS = frozenset(
    {"format", "versions", "systems", "design", "protocol", "model", "chunk", "hash"}
)


@dataclass(frozen=True)
class Layout:
    """What a store holds: a row for each of `cases`, `chunk` rows together.

    inputs : swept and derived names
    """

    cases: int
    chunk: int
    inputs: tuple[str, ...]
    columns: tuple[Column, ...]
    axes: Mapping[str, Axis]

    @property
    def chunks(self) -> int:
        return -(-self.cases // self.chunk)

    def rows(self, index: int) -> slice:
        """The cases of a chunk."""
        return slice(index * self.chunk, min((index + 1) * self.chunk, self.cases))


class Store:
    """A store that is open for one sweep; `created` and `opened` make one."""

    def __init__(self, group: zarr.Group, path: Path | None) -> None:
        self.group = group
        self.path = path
        self._lock: int | None = None
        self._known: list[str] | None = None
        self._places: dict[str, int] = {}

    @property
    def manifest(self) -> dict[str, Any]:
        """What was swept: versions, parameters, design, protocol."""
        return cast(dict[str, Any], self.group.attrs[MANIFEST])

    def array(self, name: str) -> zarr.Array:
        """An array of the store. Raises StoreError where it is missing or its description is damaged."""
        try:
            return cast(zarr.Array, self.group[name])
        except Exception as error:  # zarr has many ways to say so
            what = "is missing" if isinstance(error, KeyError) else "cannot be read"
            raise self.damaged(f"'{name}' {what}") from error

    def axis(self, name: str) -> NDArray[Any]:
        """The values of a dimension beside that of the cases. Raises StoreError where they are not as written."""
        array = self.array(name)
        try:
            values = np.asarray(array[:])
        except Exception as error:
            raise self.damaged(f"'{name}' cannot be read") from error
        written = array.attrs.get(CHECKSUM)  # stores of before have none
        if written not in (None, checksum_of(values)) or not np.isfinite(values).all():
            raise self.damaged(f"'{name}' is not as it was written")
        return values

    def names(self) -> list[str]:
        """The arrays of the store, sorted. Raises StoreError where one of them is damaged."""
        try:
            members = self.group.members(max_depth=None)  # "N/P ratio" lies in a group "N"
            return sorted(name for name, one in members if isinstance(one, zarr.Array))
        except Exception as error:
            raise self.damaged("the list of its arrays cannot be read") from error

    def damaged(self, what: str) -> StoreError:
        """The error for a store of which something else than chunks is damaged."""
        place = "in memory" if self.path is None else f"'{self.path}'"
        return StoreError(
            f"The store {place} is damaged: {what}. Bring it back from a copy, or remove it and sweep anew."
        )

    def along(self, name: str) -> tuple[str, ...]:
        """The dimensions of an array."""
        return tuple(getattr(self.array(name).metadata, "dimension_names", ()))

    def is_coded(self, name: str) -> bool:
        """Whether an array holds places of texts."""
        return self.array(name).attrs.get(TEXTS) == TEXTS

    def texts(self) -> NDArray[Any]:
        """All texts, as objects."""
        try:
            return np.asarray(self.array(TEXTS)[:]).astype(object)
        except StoreError:
            raise
        except Exception as error:
            raise self.damaged("its texts cannot be read") from error

    def read(self, name: str, rows: slice = slice(None)) -> Any:
        """Values of an array; text as objects."""
        values = np.asarray(self.array(name)[rows])
        if self.is_coded(name):
            return self.texts()[values]
        return values if values.dtype.kind in "fiu" else values.astype(object)

    def write(self, index: int, content: Columns, layout: Layout) -> None:
        """Write the rows of a chunk, and only then that they are there."""
        rows = layout.rows(index)
        coded = self._coded(content)
        for name, values in coded.items():
            self._put(name, index, rows, values)
        self._put(_CHECKSUMS, index, index, self._checksum(coded))

    def _put(self, name: str, index: int, rows: Any, values: Any) -> None:
        """Write a chunk of an array anew, whatever its file holds, and bring it to the disk."""
        array = self.array(name)
        self._file(array, index).unlink(missing_ok=True) if self.path is not None else None
        try:
            array[rows] = values
        except (
            ValueError,
            IndexError,
            TypeError,
        ) as error:  # its description says another shape or type
            raise self.damaged(f"'{name}' does not take its rows") from error
        self._settle(array, index)

    def _coded(self, content: Columns) -> Columns:
        """The content with places in place of texts, which are written if they are new."""
        coded = {name: Texts.of(content[name]) for name in content if self.is_coded(name)}
        there = {name: np.flatnonzero(texts.counts()) for name, texts in coded.items()}
        self._known_texts()
        places = self._places
        of_all = [coded[name].known[code] for name, codes in there.items() for code in codes]
        new = [text for text in of_all if text not in places]
        if new:
            self._add_texts(list(dict.fromkeys(new)))
        found = dict(content)
        for name, texts in coded.items():
            place_of = np.zeros(len(texts.known), dtype=np.int32)
            place_of[there[name]] = [places[texts.known[code]] for code in there[name]]
            found[name] = place_of[texts.codes]
        return found

    def _known_texts(self) -> list[str]:
        """All texts; this sweep alone adds to them."""
        if self._known is None:
            self._known = self.texts().tolist() if TEXTS in self.names() else []
            for place, text in enumerate(self._known):
                self._places.setdefault(text, place)  # a damaged store may have a text twice
        return self._known

    def _add_texts(self, new: list[str]) -> None:
        array, known = self.array(TEXTS), self._known_texts()
        first = len(known)
        array.resize((first + len(new),))
        array[first:] = np.array(new, dtype=object)
        known += new
        self._places |= {text: first + place for place, text in enumerate(new)}
        for index in range(first // _TEXTS_A_CHUNK, (len(known) - 1) // _TEXTS_A_CHUNK + 1):
            self._settle(array, index)
        if self.path is not None:
            _to_disk(self.path / TEXTS / "zarr.json")

    def done(self, layout: Layout) -> list[int]:
        """Chunks whose data are there as they were written."""
        names = [*layout.inputs, *(column.name for column in layout.columns)]
        for name in names:
            self.array(name)  # says which is missing
        found = self.states(layout.cases, layout.chunk, names)
        return [int(index) for index in np.flatnonzero(found == WHOLE)]

    def states(self, cases: int, chunk: int, names: Sequence[str]) -> NDArray[np.int64]:
        """Of each chunk whether it is NOT_THERE, WHOLE or DAMAGED.

        names : of all arrays with a row a case
        """
        starts = range(0, cases, chunk)
        marks = [self._mark(index) for index in range(len(starts))]
        found = []
        for index, start in enumerate(starts):
            rows = slice(start, min(start + chunk, cases))
            if marks[index] == _NOT_DONE:
                found.append(NOT_THERE)
            else:
                found.append(WHOLE if self._as_written(names, rows, marks[index]) else DAMAGED)
        return np.array(found)

    def _mark(self, index: int) -> int:
        """The checksum of a chunk; one that no chunk has where its file is torn."""
        try:
            return int(np.asarray(self.array(_CHECKSUMS)[index]))
        except StoreError:
            raise
        except Exception:
            return _TORN

    def _as_written(self, names: Sequence[str], rows: slice, mark: int) -> bool:
        try:
            there = {name: np.asarray(self.array(name)[rows]) for name in names}
            return self._checksum(there) == mark
        except StoreError:
            raise
        except Exception:  # a torn file fails in the decoder in ways that are not documented
            return False

    def _checksum(self, content: Mapping[str, Any]) -> int:
        """63 bits that depend on every value; never that of a chunk that is not done."""
        digest = hashlib.blake2b(digest_size=8)
        all_texts = self._known_texts()
        for name in sorted(content):
            values = np.asarray(content[name])
            digest.update(name.encode())
            if values.dtype.kind == "f":
                digest.update(np.ascontiguousarray(values, dtype="<f8").tobytes())
            elif self.is_coded(name):
                digest.update(np.ascontiguousarray(values, dtype="<i4").tobytes())
                used = np.flatnonzero(np.bincount(values.ravel()))
                digest.update(json.dumps([all_texts[place] for place in used]).encode())
            else:
                digest.update(json.dumps([str(one) for one in values.ravel()]).encode())
        return int.from_bytes(digest.digest()) >> 1 or 1

    def lock(self) -> None:
        """Hold the store until the process ends; StoreError if another one does."""
        if self.path is None:
            return
        try:
            import fcntl
        except (
            ImportError
        ):  # pragma: no cover - Windows: two sweeps into one store are not told apart
            return
        self._lock = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.release()
            raise StoreError(f"The store '{self.path}' is in use by another sweep.") from error

    def release(self) -> None:
        """Let others have the store."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _settle(self, array: zarr.Array, index: int) -> None:
        """Bring a chunk's file of an array, and its entry in its folder, to the disk."""
        if self.path is None:
            return
        file = self._file(array, index)
        if not file.is_file():  # nothing but the fill value: zarr writes no file
            return
        for path in (file, *file.parents[: array.ndim]):
            _to_disk(path)

    def _file(self, array: zarr.Array, index: int) -> Path:
        """Where zarr keeps a chunk of an array."""
        assert self.path is not None
        inner = "/".join("0" for _ in array.shape[1:])
        return self.path / array.path / "c" / str(index) / inner


def checksum_of(values: NDArray[Any]) -> str:
    """Of the values of a dimension."""
    content = np.ascontiguousarray(values, dtype="<f8").tobytes()
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def created(path: Path | None, manifest: Mapping[str, Any], layout: Layout) -> Store:
    """An empty store; it stands in its place as a whole or not at all.

    Raises StoreError if it cannot be written.
    """
    if path is None:
        return Store(_filled(zarr.create_group(MemoryStore()), manifest, layout), None)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _filled(zarr.create_group(LocalStore(beside)), manifest, layout)
        for one in (*beside.rglob("*"), beside):
            _to_disk(one)
        os.replace(beside, path)  # an empty folder in its place is replaced
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        reason = error.strerror or str(error)
        raise StoreError(f"The store '{path}' cannot be written: {reason}.") from error
    return opened(path)


def exists(path: Path) -> bool:
    """Whether anything stands at the path of a store."""
    try:
        return path.exists() and not (path.is_dir() and not any(path.iterdir()))
    except OSError as error:  # such as a name that is too long
        raise StoreError(
            f"The store '{path}' cannot be read: {error.strerror or error}."
        ) from error


def opened(path: Path, read_only: bool = False) -> Store:
    """The store at a path. Raises StoreError if there is none or it is not one of a sweep."""
    if not exists(path):
        raise StoreError(f"There is no store '{path}'.")
    try:
        group = zarr.open_group(
            LocalStore(path, read_only=read_only), mode="r" if read_only else "r+"
        )
        manifest = dict(json.loads(json.dumps(group.attrs[MANIFEST])))
    except Exception as error:  # zarr has many ways to say that this is no group
        raise StoreError(
            f"'{path}' is no store of a hetsim sweep; nothing was written. Choose another path."
        ) from error
    store = Store(group, path)
    if not set(manifest) >= _MANIFEST_HAS:
        raise store.damaged("what was swept is not whole")
    return store


def _filled(group: zarr.Group, manifest: Mapping[str, Any], layout: Layout) -> zarr.Group:
    group.attrs[MANIFEST] = dict(manifest)
    sizes = {name: axis.values.size for name, axis in layout.axes.items()}
    for name, axis in layout.axes.items():
        array = group.create_array(
            name,
            shape=axis.values.shape,
            chunks=axis.values.shape,
            dtype="float64",
            dimension_names=(name,),
            attributes={"units": axis.unit, CHECKSUM: checksum_of(axis.values)},
        )
        array[:] = axis.values
    inputs = [Column(name, unit=of_column(name).unit) for name in layout.inputs]
    for column in (*inputs, *layout.columns):
        inner = tuple(sizes[name] for name in column.along)
        attributes: dict[str, Any] = {"long_name": column.meaning} if column.meaning else {}
        attributes |= {TEXTS: TEXTS} if column.text else {"units": column.unit}
        group.create_array(
            column.name,
            shape=(layout.cases, *inner),
            chunks=(layout.chunk, *inner),
            dtype="int32" if column.text else "float64",
            fill_value=0 if column.text else np.nan,
            dimension_names=("case", *column.along),
            attributes=attributes,
        )
    group.create_array(
        TEXTS,
        shape=(1,),
        chunks=(_TEXTS_A_CHUNK,),
        dtype="string",
        fill_value="",
        dimension_names=("text",),
    )
    group.create_array(
        _CHECKSUMS,
        shape=(layout.chunks,),
        chunks=(1,),
        dtype="int64",
        fill_value=_NOT_DONE,
        dimension_names=("chunk",),
    )
    return group


def _to_disk(path: Path) -> None:
    """Force the content of a file, or the entries of a folder, onto the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
