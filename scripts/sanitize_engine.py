"""Runs tests of the engine with its C file compiled under AddressSanitizer and UndefinedBehaviorSanitizer.

    python -m scripts.sanitize_engine             # the tests of SUITE
    python -m scripts.sanitize_engine tests/...   # others; also with options of pytest

A finding ends the run with exit status 1 and the sanitizer's report. Needs gcc with its sanitizers, on Linux. Before
the tests two faults are committed on purpose, a write beyond an array and an overflow, and both must be found. Leaks
are not looked for here: the library allocates nothing, which tests/engine/native/test_library.py checks.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from hetsim.engine.native import build

SUITE = ("tests/engine/test_hostile_input.py",)

CHECKS = ("-fsanitize=address,undefined,float-cast-overflow", "-fno-sanitize-recover=all")
FLAGS = (
    *(flag for flag in build.FLAGS if flag != "-O3"),
    "-O1",
    "-g",
    "-fno-omit-frame-pointer",
    "-Wall",
    "-Wextra",
    *CHECKS,
)

WITHOUT_DEEPBIND = """
#define _GNU_SOURCE
#include <dlfcn.h>
void *dlopen(const char *path, int mode) {
  void *(*next)(const char *, int) = (void *(*)(const char *, int))dlsym(RTLD_NEXT, "dlopen");
  return next(path, mode & ~RTLD_DEEPBIND);
}
"""
"""casadi loads its plugins in a way that AddressSanitizer refuses; this goes before both."""

FAULTS = """
int beyond(double *x, int n) { x[n] = 1; return 0; }
int overflow(double *x, int n) { (void)x; return n + 2147483647; }
"""
COMMIT = """
import ctypes, sys
import numpy as np
x = np.zeros(1000)
faults = ctypes.CDLL(sys.argv[1])
getattr(faults, sys.argv[2])(ctypes.c_void_p(x.ctypes.data), ctypes.c_int(x.size))
"""
SAID = {"beyond": "heap-buffer-overflow", "overflow": "signed integer overflow"}

LOADED = """
from hetsim.engine.native.library import library
assert library().variant == "given"
"""


def main(words: list[str]) -> int:
    """Compile, make sure that findings are found, run the tests; the exit status."""
    if not shutil.which("gcc"):
        print("There is no gcc here, whose sanitizers are needed.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        environment = _environment(Path(folder))
        library = Path(folder, "faults.so")
        _gcc(_written(Path(folder, "faults.c"), FAULTS), library, *FLAGS)
        for name, said in SAID.items():
            command = [sys.executable, "-c", COMMIT, str(library), name]
            done = subprocess.run(command, env=environment, capture_output=True, text=True)
            if done.returncode == 0 or said not in done.stderr:
                print(f"The sanitizers do not find '{said}':\n{done.stderr}", file=sys.stderr)
                return 1
        library = Path(folder, "interpreter.so")
        width = f"-DW={build.variants()[0].width}"
        first, *others = (build.SOURCES / name for name in build.ENGINE)
        _gcc(first, library, *FLAGS, width, *map(str, others))
        environment["HETSIM_ENGINE_LIBRARY"] = str(library)
        subprocess.run([sys.executable, "-c", LOADED], env=environment, check=True)
        named = any(Path(word.split("::")[0]).exists() for word in words)
        # -s: a report of a sanitizer ends the process, and what pytest holds back would be lost
        tests = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-s",
            *words,
            *(() if named else SUITE),
        ]
        status = subprocess.run(tests, env=environment).returncode
    print("No finding." if status == 0 else "Failed; the reason stands above.", file=sys.stderr)
    return int(status != 0)


def _environment(folder: Path) -> dict[str, str]:
    """libasan comes first in the process; libstdc++ beside it, so that exceptions of PyBaMM's solvers are seen."""
    shim = folder / "without_deepbind.so"
    _gcc(_written(folder / "without_deepbind.c", WITHOUT_DEEPBIND), shim, "-shared", "-fPIC")
    first = [str(shim), *(_file_of_gcc(name) for name in ("libasan.so", "libstdc++.so.6"))]
    options = (
        "verify_asan_link_order=0",  # the shim, which allocates nothing, comes before libasan
        "detect_leaks=0",
        "alloc_dealloc_mismatch=0",  # of other libraries
        "detect_stack_use_after_return=1",
    )
    return {
        **os.environ,
        "LD_PRELOAD": " ".join(first),
        "ASAN_OPTIONS": ":".join(options),
        "UBSAN_OPTIONS": "print_stacktrace=1",
        "PYTHONMALLOC": "malloc",  # every object of Python has red zones of its own
        "HETSIM_ENGINE": "auto",
    }


def _file_of_gcc(name: str) -> str:
    command = ["gcc", f"-print-file-name={name}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _gcc(source: Path, target: Path, *words: str) -> None:
    subprocess.run(["gcc", *words, "-o", str(target), str(source), "-ldl"], check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
