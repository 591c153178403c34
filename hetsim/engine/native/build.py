"""Compiling the engine: in which variants, under which names, with which compiler.

Only the standard library is imported, nothing of hetsim: `hatch_build.py` runs this file while a wheel is built,
where nothing is installed yet, and `library.py` runs it at first use where there is no built library.
"""

import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCES = Path(__file__).parent
"""Folder of the C files, and of the libraries that come with a wheel or an editable install."""

ENGINE = ("interpreter.c", "narrow.c")
"""Files that are compiled together."""

FLAGS = (
    "-std=c11",
    "-O3",
    "-fno-math-errno",  # square roots as instructions
    "-fno-trapping-math",  # comparisons and selections as vectors
    "-ffp-contract=fast",  # a*b + c as one instruction
    "-fPIC",
    "-shared",
)
"""Without -ffast-math: it removes the additions that round in vector_math.h, and the tests for NaN."""

COMPILERS = ("cc", "gcc", "clang")
"""What is looked for where CC names none."""


@dataclass(frozen=True)
class Variant:
    """The engine for one kind of processor.

    name : in names of files, and in HETSIM_ENGINE
    width : doubles in a vector
    flags : of the compiler
    """

    name: str
    width: int
    flags: tuple[str, ...] = ()


_X86 = (
    Variant("sse2", 2),
    Variant("avx2", 4, ("-mavx2", "-mfma")),
    Variant(
        "avx512",
        8,
        ("-mavx512f", "-mavx512dq", "-mavx512vl", "-mfma", "-mprefer-vector-width=512"),
    ),
)
_ARM = (Variant("neon", 2),)
_OTHER = (Variant("plain", 2),)


class CompileError(Exception):
    """What a compiler said, in one line."""


def variants() -> tuple[Variant, ...]:
    """The variants for this kind of machine, from the one that always runs to the widest vectors."""
    machine = platform.machine().lower()
    if machine in ("x86_64", "amd64") and sys.maxsize > 2**32:
        # 32 and 64 byte vectors on a stack that Windows aligns to 16 bytes end in a crash
        return _X86[:1] if sys.platform == "win32" else _X86
    return _ARM if machine in ("aarch64", "arm64") else _OTHER


# --- names -----------------------------------------------------------------------------------------


def library_name(variant: Variant) -> str:
    """File name of a variant: the hash in it is that of the sources and flags, so that what was made from others is
    not found."""
    return f"_interpreter_{variant.name}_{_stamp(SOURCES, variant.flags)}.so"


def processor_name() -> str:
    """File name of the library that tells what the processor can do."""
    return f"_processor_{_stamp(SOURCES, ())}.so"


@cache
def _stamp(folder: Path, flags: tuple[str, ...]) -> str:
    found = hashlib.sha256(" ".join([*FLAGS, *flags]).encode())
    for path in sorted([*folder.glob("*.c"), *folder.glob("*.h")]):
        found.update(path.name.encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


# --- compiling -------------------------------------------------------------------------------------


def find_compiler() -> tuple[str, ...]:
    """The command of the C compiler: CC if that is set, else cc, gcc or clang; empty where there is none.

    HETSIM_NO_COMPILER=1 says that there is none.
    """
    if compiler_is_forbidden():
        return ()
    told = shlex.split(os.environ.get("CC", ""))
    if told:
        return tuple(told) if shutil.which(told[0]) else ()
    for name in COMPILERS:
        if shutil.which(name):
            return (name,)
    return ()


def compiler_is_forbidden() -> bool:
    """Whether HETSIM_NO_COMPILER is set to something else than 0."""
    return os.environ.get("HETSIM_NO_COMPILER", "0") not in ("", "0")


def why_no_compiler() -> str:
    """Why find_compiler finds none, as a part of a sentence."""
    if compiler_is_forbidden():
        return "HETSIM_NO_COMPILER is set"
    told = os.environ.get("CC")
    if told:
        return f"there is no C compiler '{told}', which CC names"
    return f"there is no C compiler ({', '.join(COMPILERS)}, or what CC names)"


def compile_variant(compiler: tuple[str, ...], variant: Variant, folder: Path) -> Path:
    """Compile the engine into a folder; raises CompileError."""
    words = (f"-DW={variant.width}", *variant.flags)
    return _compile(compiler, ENGINE, words, folder / library_name(variant))


def compile_processor(compiler: tuple[str, ...], folder: Path) -> Path:
    """Compile the library that tells what the processor can do; raises CompileError."""
    return _compile(compiler, ("processor.c",), (), folder / processor_name())


def _compile(
    compiler: tuple[str, ...], sources: tuple[str, ...], words: tuple[str, ...], target: Path
) -> Path:
    """Compile beside the target and rename: who comes at the same time finds a whole file or none."""
    try:
        with tempfile.TemporaryDirectory(prefix=".build-", dir=target.parent) as folder:
            made = Path(folder) / target.name
            command = [*compiler, *FLAGS, *words, "-o", str(made)]
            command += [str(SOURCES / source) for source in sources]
            done = subprocess.run(command, capture_output=True, text=True, timeout=300)
            if done.returncode or not made.exists():
                lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
                raise CompileError(next((line for line in lines if "error" in line), lines[0]))
            os.replace(made, target)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CompileError(str(error)) from error
    return target


def compile_all(folder: Path) -> tuple[list[Path], str]:
    """Compile what a wheel carries.

    Returns the libraries, none where there is no compiler or where it fails, and what happened in one line. A wide
    variant that this compiler does not know is left out.
    """
    compiler = find_compiler()
    without = "hetsim: the engine is not built, and hetsim works on PyBaMM alone"
    if not compiler:
        return [], f"{without}: {why_no_compiler()}."
    made: list[Path] = []
    baseline, *wide = variants()
    try:
        made.append(compile_variant(compiler, baseline, folder))
        if wide:
            made.append(compile_processor(compiler, folder))
    except CompileError as error:
        remove_built(folder)
        return [], f"{without}: '{compiler[0]}' could not compile it ({error})."
    names = [baseline.name]
    for variant in wide:
        with suppress(CompileError):
            made.append(compile_variant(compiler, variant, folder))
            names.append(variant.name)
    left = [one.name for one in wide if one.name not in names]
    rest = f"; '{compiler[0]}' cannot build {', '.join(left)}" if left else ""
    return made, f"hetsim: the engine was built with '{compiler[0]}': {', '.join(names)}{rest}."


def remove_built(folder: Path) -> None:
    """Remove the libraries of this and of earlier builds."""
    for pattern in ("_interpreter_*.so", "_processor_*.so"):
        for path in folder.glob(pattern):
            with suppress(OSError):  # one that is in use, on Windows
                path.unlink()
