"""The engine's library: which one is loaded, from where, and what is said where there is none."""

import ctypes
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from hetsim.engine.native import build
from hetsim.engine.native import library as loader
from hetsim.engine.native.library import VERSION, compiler_note, library
from hetsim.errors import ParameterError

pytestmark = pytest.mark.xdist_group("native library")  # its variants are compiled once

VARIANTS = build.variants()
REAL = build.SOURCES
SMALL = (
    "int hetsim_version(void) {{ return {0}; }}\nlong long hetsim_memory(void) {{ return W; }}\n"
)
"""In place of the interpreter, which takes seconds to compile."""
ASK = "int hetsim_processor(void) {{ return {0}; }}\n"
STALE = "int hetsim_version(void) { return 99; }\n"

assert build.find_compiler(), "the tests of the engine's library need a C compiler"


@pytest.fixture(autouse=True)
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout that nothing was built in, an empty cache, and a process that has loaded nothing."""
    folder = tmp_path / "native"
    folder.mkdir()
    (folder / "interpreter.c").write_text(SMALL.format(VERSION), encoding="utf-8")
    (folder / "narrow.c").write_text("extern int nothing;\n", encoding="utf-8")
    shutil.copy(REAL / "processor.c", folder)
    for name in ("HETSIM_ENGINE", "HETSIM_ENGINE_LIBRARY", "HETSIM_NO_COMPILER", "CC"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYBAMM_CASADI_AOT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(build, "SOURCES", folder)
    start_again(monkeypatch)
    return folder


def start_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a new process begins."""
    build._stamp.cache_clear()
    monkeypatch.setattr(loader, "_LOADED", {})


def two_variants(monkeypatch: pytest.MonkeyPatch) -> tuple[build.Variant, build.Variant]:
    """A kind of machine with two variants, whichever this one is."""
    made = build.Variant("narrow", 2), build.Variant("wide", 2, ("-DWIDE",))
    monkeypatch.setattr(build, "variants", lambda: made)
    return made


def loaded() -> loader.Library:
    found = library()
    assert found is not None
    assert found.functions.hetsim_version() == VERSION
    return found


def compiled(code: str, target: Path) -> Path:
    source = target.with_suffix(".c")
    source.write_text(code, encoding="utf-8")
    command = [*build.find_compiler(), "-shared", "-fPIC", "-o", str(target), str(source)]
    subprocess.run(command, check=True)
    source.unlink()
    return target


def test_first_use_compiles_into_the_cache_and_the_next_process_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = loaded()
    assert first.path.parent == tmp_path / "cache" / "engine"
    written = first.path.stat().st_mtime_ns
    start_again(monkeypatch)
    monkeypatch.setenv("HETSIM_NO_COMPILER", "1")
    again = loaded()
    assert again.path == first.path
    assert again.path.stat().st_mtime_ns == written


def test_what_came_with_hetsim_is_taken_before_the_cache(sources: Path, tmp_path: Path) -> None:
    made, message = build.compile_all(sources)
    assert {path.name for path in made} == {path.name for path in sources.glob("*.so")}
    assert ", ".join(one.name for one in VARIANTS) in message
    assert loaded().path.parent == sources
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("place", range(len(VARIANTS)))
def test_widest_variant_that_the_processor_can_run(sources: Path, place: int) -> None:
    (sources / "processor.c").write_text(ASK.format(place), encoding="utf-8")
    assert loaded().variant == VARIANTS[place].name


def test_processor_says_what_the_kernel_says() -> None:
    """Linux lists what processor and kernel support; elsewhere only the range is checked."""
    flags = Path("/proc/cpuinfo")
    found = loader._usable_variants()
    assert 1 <= len(found) <= len(VARIANTS)
    if len(VARIANTS) > 1 and flags.exists():
        words = set(flags.read_text(encoding="utf-8").split("\n\n")[0].split())
        avx2 = {"avx2", "fma"} <= words
        avx512 = avx2 and {"avx512f", "avx512dq", "avx512vl"} <= words
        assert len(found) == 1 + avx2 + avx512


@pytest.mark.parametrize("place", range(len(VARIANTS)))
def test_variant_of_choice(sources: Path, place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    (sources / "processor.c").write_text(ASK.format(len(VARIANTS) - 1), encoding="utf-8")
    monkeypatch.setenv("HETSIM_ENGINE", VARIANTS[place].name)
    assert loaded().variant == VARIANTS[place].name


def test_variant_that_the_processor_cannot_run(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide, only = "wide", "narrow"
    two_variants(monkeypatch)
    (sources / "processor.c").write_text(ASK.format(0), encoding="utf-8")
    monkeypatch.setenv("HETSIM_ENGINE", wide)
    with pytest.raises(ParameterError) as caught:
        library()
    assert str(caught.value) == (
        f"HETSIM_ENGINE is '{wide}', which this processor cannot run; it can: {only}."
    )


def test_off_loads_and_compiles_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HETSIM_ENGINE", "off")
    assert library() is None
    assert compiler_note() == ""
    assert not (tmp_path / "cache").exists()


def test_unknown_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HETSIM_ENGINE", "fast")
    names = ", ".join(one.name for one in VARIANTS)
    with pytest.raises(ParameterError) as caught:
        library()
    assert str(caught.value) == f"HETSIM_ENGINE is 'fast'; allowed here: auto, {names}, off."


def test_changed_source_is_compiled_again(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build.compile_all(sources)
    old = loaded().path
    with (sources / "interpreter.c").open("a", encoding="utf-8") as file:
        file.write("/* one line more */\n")
    start_again(monkeypatch)
    new = loaded().path
    assert new.name != old.name
    assert new.parent != sources


def test_library_of_another_version_is_not_used(sources: Path) -> None:
    made, _ = build.compile_all(sources)
    for path in made:
        if path.name.startswith("_interpreter"):
            compiled(STALE, path)
    assert loaded().path.parent != sources


def test_version_that_fits_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "VERSION", VERSION + 1)
    assert library() is None
    assert f"has version {VERSION}, and this hetsim needs {VERSION + 1}." in compiler_note()


def test_library_of_another_system_is_not_used(sources: Path) -> None:
    made, _ = build.compile_all(sources)
    for path in made:
        path.write_bytes(b"not for this system")
    assert loaded().path.parent != sources


@pytest.mark.parametrize(
    ("machine", "system", "names"),
    [
        ("x86_64", "linux", ["sse2", "avx2", "avx512"]),
        ("x86_64", "darwin", ["sse2", "avx2", "avx512"]),
        ("AMD64", "win32", ["sse2"]),
        ("aarch64", "linux", ["neon"]),
        ("arm64", "darwin", ["neon"]),
        ("riscv64", "linux", ["plain"]),
    ],
)
def test_variants_of_a_machine(
    machine: str, system: str, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr("sys.platform", system)
    assert [one.name for one in build.variants()] == names


# --- a library of one's own ------------------------------------------------------------------------


def test_library_of_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shutil.copy(loaded().path, tmp_path / "mine.so")
    start_again(monkeypatch)
    monkeypatch.setenv("HETSIM_ENGINE_LIBRARY", str(path))
    found = loaded()
    assert (found.path, found.variant) == (path, "given")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "there is no such file."),
        ("not a library", "the library cannot be loaded ("),
        (STALE, f"the library has version 99, and this hetsim needs {VERSION}."),
        ("int other(void) { return 1; }", "the library cannot be loaded ("),
    ],
)
def test_library_of_choice_that_cannot_be_used(
    content: str | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.so"
    if content and content.startswith("int"):
        compiled(content, path)
    elif content:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setenv("HETSIM_ENGINE_LIBRARY", str(path))
    with pytest.raises(ParameterError) as caught:
        library()
    assert str(caught.value).startswith(f"HETSIM_ENGINE_LIBRARY is '{path}': {said}")
    assert "\n" not in str(caught.value)


# --- without a compiler ----------------------------------------------------------------------------


def empty_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    return "there is no C compiler (cc, gcc, clang, or what CC names)"


def forbidden(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.setenv("HETSIM_NO_COMPILER", "1")
    return "HETSIM_NO_COMPILER is set"


def unknown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.setenv("CC", "nonesuch -O1")
    return "there is no C compiler 'nonesuch -O1', which CC names"


def broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.setenv("CC", "false")
    return "the engine could not be compiled (exit status 1)"


def no_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    return "the engine has no folder to be compiled into ("


@pytest.mark.parametrize("without", [empty_path, forbidden, unknown, broken, no_folder])
def test_without_a_library_there_is_one_sentence(
    without: Callable[[pytest.MonkeyPatch, Path], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reason = without(monkeypatch, tmp_path)
    assert library() is None
    note = compiler_note()
    assert f", because {reason}" in note
    assert note.endswith(".")
    assert "\n" not in note
    assert not list(tmp_path.glob("**/*.so"))
    assert not list(tmp_path.glob("**/.build-*"))


def test_without_a_compiler_what_is_built_is_used(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.compile_all(sources)
    empty_path(monkeypatch, tmp_path)
    assert loaded().path.parent == sources
    assert compiler_note() == ""


def test_compiler_of_choice_with_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", f"{build.find_compiler()[0]} -pipe")
    assert build.find_compiler()[1] == "-pipe"
    loaded()


def test_compiler_that_does_not_know_the_widest_variant(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow, wide = two_variants(monkeypatch)
    (sources / "processor.c").write_text(ASK.format(1), encoding="utf-8")
    old = old_compiler(tmp_path, wide.flags[0])
    monkeypatch.setenv("CC", str(old))
    assert loaded().variant == narrow.name
    made, message = build.compile_all(sources)
    assert message.endswith(f"'{old}' cannot build {wide.name}.")
    assert build.library_name(wide) not in {path.name for path in made}
    assert build.library_name(narrow) in {path.name for path in made}


def old_compiler(folder: Path, widest: str) -> Path:
    """A compiler that does not know a flag."""
    path = folder / "old-cc"
    real = shutil.which(build.find_compiler()[0])
    text = f'#!/bin/sh\ncase "$*" in *{widest}*) echo "error: {widest}" >&2; exit 1;; esac\n'
    path.write_text(f'{text}exec {real} "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    return path


# --- several at once -------------------------------------------------------------------------------


def test_threads_get_one_library() -> None:
    barrier = Barrier(8)

    def ask(_: int) -> int:
        barrier.wait()
        return id(library())

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {id(loaded())}


def test_processes_that_compile_at_once_find_whole_files(sources: Path, tmp_path: Path) -> None:
    """Each compiles ten times into the same place, and loads what it finds there after each."""
    shutil.copy(Path(build.__file__), sources)
    code = """
        import ctypes, pathlib, sys
        import build
        folder = pathlib.Path(sys.argv[1])
        for _ in range(10):
            path = build.compile_variant(build.find_compiler(), build.variants()[0], folder)
            print(ctypes.CDLL(str(path)).hetsim_version())
    """
    folder = tmp_path / "shared"
    folder.mkdir()
    command = [sys.executable, "-c", textwrap.dedent(code), str(folder)]
    several = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=sources) for _ in range(4)
    ]
    assert {one.communicate(timeout=60)[0] for one in several} == {f"{VERSION}\n" * 10}
    assert [path.name for path in folder.iterdir()] == [build.library_name(VARIANTS[0])]


def test_import_of_hetsim_loads_nothing() -> None:
    code = """
        import hetsim, hetsim.simulation
        from hetsim.engine.native import library
        assert not library._LOADED
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True, env=os.environ)


# --- the engine itself -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Every variant, from the real sources: as they were installed, where their names tell the same sources."""
    installed = [build.SOURCES / build.library_name(variant) for variant in build.variants()]
    if all(path.exists() for path in installed):
        return installed
    found, _ = build.compile_all(tmp_path_factory.mktemp("built"))
    return [path for path in found if path.name.startswith("_interpreter")]


def test_all_variants_have_the_version_of_this_package(built: list[Path]) -> None:
    assert len(built) == len(VARIANTS)
    assert {ctypes.CDLL(str(path)).hetsim_version() for path in built} == {VERSION}


@pytest.mark.skipif(not shutil.which("nm"), reason="nm is not here to list what a library needs")
def test_library_needs_nothing_but_memory_functions(built: list[Path]) -> None:
    """It runs beside any C library, and allocates nothing: no memory of its own can leak."""
    for path in built:
        command = ["nm", "-D", "-u", str(path)]
        listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        rows = [line.split() for line in listed.splitlines()]
        needed = {row[-1].split("@")[0] for row in rows if row[0] != "w"}
        assert needed <= {"memcpy", "memset", "memmove"}
