"""Tapes kept between processes: what one command has built, the next one reads.

Building a model and its tapes is most of what a command takes whose runs take milliseconds. A program of its own may
change an equation while it runs, which no key can tell. So tapes are kept where the environment variable
HETSIM_KEEP_TAPES is 1, as it is for commands unless it is set to 0 before.
"""

import hashlib
import io
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from hetsim.engine.compiler import cache_home
from hetsim.engine.taped_model import Part, TapedModel

MOST = 200_000_000
"""Bytes of tapes that are kept; beyond, those go that were not used for longest."""

_ARRAYS = (
    *("mass", "reference", "bounds", "diagonal", "pattern", "pivots"),
    *("branches", "held", "leniency", "constants"),
)
_LISTS = ("value_names", "imposed_names", "events", "output_names", "inventories", "alone")
_NUMBERS = ("states", "model_states", "sizes", "places")
_DIGEST = hashlib.sha256().digest_size


class TapeStore:
    """Where the tapes of one built model are kept.

    key : all that the model is made from: frozen classes of hetsim, texts, numbers, and tuples and tables of them
    """

    def __init__(self, *key: Any) -> None:
        self._path: Path | None = None
        if os.environ.get("HETSIM_KEEP_TAPES") == "1":
            with suppress(_UnknownError, OSError):
                self._path = cache_home() / "tapes" / f"{_named(_stamp(), key)}.tapes"

    def read(self) -> TapedModel | None:
        """The kept tapes; None where there are none, or a file that is not whole."""
        if self._path is None:
            return None
        with suppress(OSError, ValueError, KeyError):
            whole = self._path.read_bytes()
            digest, content = whole[:_DIGEST], whole[_DIGEST:]
            if hashlib.sha256(content).digest() != digest:
                return None
            found = _unpacked(content)
            os.utime(self._path)  # when it was used last
            return found
        return None

    def write(self, model: TapedModel) -> None:
        """Keep the tapes; nothing is kept where the folder cannot be written."""
        if self._path is None:
            return
        content = _packed(model)
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._path.parent, suffix=".part")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(hashlib.sha256(content).digest() + content)
                os.replace(name, self._path)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
            _forget_oldest(self._path.parent)


# --- what is kept ----------------------------------------------------------------------------------


def _packed(model: TapedModel) -> bytes:
    plain = {name: getattr(model, name) for name in (*_LISTS, *_NUMBERS)}
    arrays = {name: getattr(model, name) for name in _ARRAYS}
    arrays.update({f"tape {name}": code for name, code in model.tapes.items()})
    plain["parts"] = {
        name: [(part.times, part.kept, part.names) for part in several]
        for name, several in model.parts.items()
    }
    for name, several in model.parts.items():
        for k, part in enumerate(several):
            arrays[f"part {k} {name}"] = part.code
            arrays[f"moving {k} {name}"] = part.moving
    text = json.dumps(plain, default=int)  # numpy's integers
    file = io.BytesIO()
    np.savez(file, plain=np.frombuffer(text.encode(), np.uint8), **arrays)
    return file.getvalue()


def _unpacked(content: bytes) -> TapedModel:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        plain = json.loads(arrays["plain"].tobytes())
        for name in _LISTS:
            plain[name] = None if plain[name] is None else tuple(plain[name])
        tapes = {
            name.removeprefix("tape "): arrays[name]
            for name in arrays.files
            if name.startswith("tape ")
        }
        plain["parts"] = {
            name: [
                Part(arrays[f"part {k} {name}"], times, kept, names, arrays[f"moving {k} {name}"])
                for k, (times, kept, names) in enumerate(several)
            ]
            for name, several in plain["parts"].items()
        }
        return TapedModel(**plain, **{name: arrays[name] for name in _ARRAYS}, tapes=tapes)


def _forget_oldest(folder: Path) -> None:
    """Remove what was not used for longest, until at most MOST bytes are kept."""
    used = sorted(
        ((path.stat().st_mtime, path.stat().st_size, path) for path in folder.glob("*.tapes")),
        reverse=True,
    )
    total = 0
    for _, size, path in used:
        total += size
        if total > MOST:
            path.unlink(missing_ok=True)


# --- under which name ------------------------------------------------------------------------------


class _UnknownError(Exception):
    """Something of which it is not known what it does to the equations."""


@cache
def _stamp() -> str:
    """Changes with the sources of hetsim, and with the versions of what makes tapes of them."""
    found = hashlib.sha256(" ".join(map(version, ("pybamm", "casadi", "numpy"))).encode())
    package = Path(__file__).parents[1]
    for path in sorted(package.rglob("*.py")):
        found.update(str(path.relative_to(package)).encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _named(*key: Any) -> str:
    return hashlib.sha256("\n".join(_told(key)).encode()).hexdigest()[:32]


def _told(of: Any) -> Iterator[str]:
    """All that is in a key, one text after the other."""
    if of is None or isinstance(of, bool | int | float | str):
        yield f"{type(of).__name__} {of!r}"
    elif isinstance(of, tuple | list):
        yield f"{len(of)} of"
        for one in of:
            yield from _told(one)
    elif isinstance(of, Mapping):
        yield from _told(tuple(of.items()))
    else:
        yield _told_class(of if isinstance(of, type) else type(of))
        if isinstance(of, Enum):
            yield of.name
        elif is_dataclass(of):
            yield from _told({field.name: getattr(of, field.name) for field in fields(of)})
        elif not isinstance(of, type):
            yield from _told(vars(of))


def _told_class(of: type) -> str:
    """A class of hetsim, whose sources are part of the stamp."""
    if of.__module__.split(".")[0] != "hetsim":
        raise _UnknownError
    return f"{of.__module__}.{of.__qualname__}"
