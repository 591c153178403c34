"""The engine's compiled library, loaded when it is first asked for.

It comes with the wheel or with an editable install, or is compiled at first use (a second or two) into the user's
cache. Which of its variants is loaded depends on the processor. Where there is none, simulations run on PyBaMM alone.
"""

import ctypes
import os
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from hetsim.engine.compiler import code_folder
from hetsim.engine.native import build
from hetsim.engine.native.build import Variant
from hetsim.errors import ParameterError

__all__ = ["VERSION", "Library", "compiler_note", "library"]

VERSION = 15
"""What hetsim_version() of a fitting library returns; another number is another way of calling it."""

_SIZES = tuple(
    f"hetsim_machine_{what}{suffix}"
    for what in ("work", "room", "code")
    for suffix in ("", "_alone")
)
"""Functions that return how many numbers or bytes."""

GAIN = "10 to 200 times slower and with the same results"
"""Simulations without the engine, beside those with it."""


@dataclass(frozen=True)
class Library:
    """A loaded library.

    variant : "sse2", "avx2", "avx512", "neon" or "plain"; "given" where HETSIM_ENGINE_LIBRARY names the file
    path : where it is
    functions : those of interpreter.c, called through ctypes
    """

    variant: str
    path: Path
    functions: ctypes.CDLL


class _NoLibraryError(Exception):
    """Why there is no library, as the last part of a sentence."""


_LOADED: dict[tuple[str, str], Library | str] = {}
"""By what the environment asked for; in place of a library, why there is none."""

_LOCK = Lock()


def library() -> Library | None:
    """The engine's library, or None where there is none.

    The environment variable HETSIM_ENGINE chooses: "auto" (the best variant that this processor can run, as without
    the variable), the name of a variant, or "off" for None. HETSIM_ENGINE_LIBRARY is the path of a library to load
    instead. A library is loaded once in a process, by the first thread that asks. Raises ParameterError for another
    value, for a variant that this processor cannot run, and for a path where no fitting library is.
    """
    found = _found()
    return found if isinstance(found, Library) else None


def compiler_note() -> str:
    """What to tell a user once where the engine is missing; nothing where it is there or switched off."""
    found = _found()
    if isinstance(found, Library) or not found:
        return ""
    return f"Simulations run on PyBaMM alone, {GAIN}, because {found}."


def _found() -> Library | str:
    asked, path = os.environ.get("HETSIM_ENGINE") or "auto", os.environ.get("HETSIM_ENGINE_LIBRARY")
    allowed = ("auto", *(one.name for one in build.variants()), "off")
    if asked not in allowed:
        raise ParameterError(f"HETSIM_ENGINE is '{asked}'; allowed here: {', '.join(allowed)}.")
    if asked == "off":
        return ""
    with _LOCK:
        key = (asked, path or "")
        if key not in _LOADED:
            try:
                _LOADED[key] = _given(Path(path)) if path else _best(asked)
            except _NoLibraryError as reason:
                _LOADED[key] = str(reason)
        return _LOADED[key]


def _given(path: Path) -> Library:
    try:
        return _opened("given", path)
    except _NoLibraryError as reason:
        raise ParameterError(f"HETSIM_ENGINE_LIBRARY is '{path}': {reason}.") from reason


def _best(asked: str) -> Library:
    """The widest variant that runs here: the one that came with hetsim, else the one in the cache."""
    usable = _usable_variants()
    names = ", ".join(one.name for one in usable)
    wanted = [one for one in usable if asked in ("auto", one.name)][::-1]
    if not wanted:
        raise ParameterError(
            f"HETSIM_ENGINE is '{asked}', which this processor cannot run; it can: {names}."
        )
    for variant in wanted:
        path = build.SOURCES / build.library_name(variant)
        if path.exists():
            try:
                return _opened(variant.name, path)
            except _NoLibraryError:
                continue  # made for another system; perhaps one can be made here
    return _cached(wanted)


def _cached(wanted: list[Variant]) -> Library:
    """The first of the variants that is in the cache or can be compiled into it."""
    reason = _NoLibraryError()
    for variant in wanted:
        try:
            path = _folder() / build.library_name(variant)
            if not path.exists():
                build.compile_variant(_compiler(), variant, path.parent)
            return _opened(variant.name, path)
        except build.CompileError as error:
            reason = _NoLibraryError(f"the engine could not be compiled ({error})")
    raise reason


def _usable_variants() -> tuple[Variant, ...]:
    """The variants that this processor can run; the first is one that any can."""
    known = build.variants()
    if len(known) == 1:
        return known
    path = build.SOURCES / build.processor_name()
    try:
        if not path.exists():
            path = _folder() / path.name
        if not path.exists():
            build.compile_processor(_compiler(), path.parent)
        return known[: 1 + ctypes.CDLL(str(path)).hetsim_processor()]
    except (_NoLibraryError, build.CompileError, OSError):
        return known[:1]


def _compiler() -> tuple[str, ...]:
    found = build.find_compiler()
    if not found:
        raise _NoLibraryError(build.why_no_compiler())
    return found


def _folder() -> Path:
    """Folder of compiled libraries in the user's cache, one for each kind of processor."""
    try:
        folder = code_folder() / "engine"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError) as error:  # RuntimeError: no home
        raise _NoLibraryError(f"the engine has no folder to be compiled into ({error})") from error
    return folder


def _opened(variant: str, path: Path) -> Library:
    if not path.is_file():
        raise _NoLibraryError("there is no such file")
    try:
        functions = ctypes.CDLL(str(path.resolve()))
        version = functions.hetsim_version()
    except (OSError, AttributeError) as error:
        raise _NoLibraryError(f"the library cannot be loaded ({error})") from error
    if version != VERSION:
        raise _NoLibraryError(f"the library has version {version}, and this hetsim needs {VERSION}")
    functions.hetsim_memory.restype = ctypes.c_longlong
    for name in _SIZES:
        if hasattr(functions, name):  # there is none for other processors
            getattr(functions, name).restype = ctypes.c_longlong
    return Library(variant, path, functions)
