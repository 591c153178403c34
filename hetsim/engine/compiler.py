"""The C compiler behind PyBaMM's compiled solvers, and where compiled code is kept between runs."""

import hashlib
import os
import platform
import shutil
from pathlib import Path

COMPILER = "gcc"  # the one that PyBaMM calls
FLAGS = ("-Og", "-march=native", "-fPIC")
"""Registers instead of memory, and little else: thousands of lines without a branch leave nothing to gain for
the passes of -O1 (3 times as long to compile, 5 % faster) or -O3 (minutes)."""


def has_compiler() -> bool:
    """Whether compiled code can be made here."""
    return shutil.which(COMPILER) is not None


def code_folder() -> Path:
    """Folder of compiled code: in the user's cache, unless PYBAMM_CASADI_AOT_CACHE names another.

    It is found again by the hash of its content. Code is compiled for the processor it runs on, so each
    kind of processor (and each set of flags) has a folder of its own: a home folder may be shared.
    """
    told = os.environ.get("PYBAMM_CASADI_AOT_CACHE")
    return Path(told) if told else _folder()


def cache_home() -> Path:
    """Folder of what hetsim keeps between processes, in the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hetsim"


def _folder() -> Path:
    return cache_home() / "compiled" / _processor()


def _processor() -> str:
    """Changes with what the processor can do."""
    try:
        described = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n\n")[0]
        lines = [
            splitline
            for splitline in described.splitlines()
            if splitline.startswith(("flags", "model name"))
        ]
    except OSError:
        lines = [platform.processor(), platform.machine()]
    return hashlib.sha256("\n".join([*lines, *FLAGS]).encode()).hexdigest()[:12]
