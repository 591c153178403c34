"""What a wheel, a source distribution and an editable install hold, with a C compiler and without."""

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from hetsim.engine.native import build
from hetsim.engine.native.library import VERSION
from hetsim.teaching.bundle import PAGE

ROOT = Path(__file__).parents[3]
NATIVE = "hetsim/engine/native/"
SMALL = f"int hetsim_version(void) {{ return {VERSION}; }}\n"
"""In place of the interpreter, which takes seconds to compile; the real one is compiled in test_library.py."""
PARTS = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".gitignore")

assert build.find_compiler(), "the tests of the wheel need a C compiler"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project in a folder of its own, with a small engine."""
    for name in ("HETSIM_NO_COMPILER", "CC"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "checkout"
    ignored = shutil.ignore_patterns("__pycache__", "*.so", ".build-*")
    for part in ("hetsim", "parameter_sets"):
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    for part in PARTS:
        shutil.copy(ROOT / part, folder)
    (folder / NATIVE / "interpreter.c").write_text(SMALL, encoding="utf-8")
    (folder / NATIVE / "narrow.c").write_text("extern int nothing;\n", encoding="utf-8")
    return folder


def built(checkout: Path, target: str = "wheel", **environment: str) -> tuple[Path, str]:
    """The file that is built, and what is said."""
    out = checkout.parent / f"out{len(list(checkout.parent.iterdir()))}"
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(out)]
    done = subprocess.run(
        command,
        cwd=checkout,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    [path] = out.iterdir()
    return path, done.stderr


def libraries(names: list[str]) -> set[str]:
    return {name for name in names if name.endswith(".so")}


def check_carries_the_engine(wheel: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "SOURCES", checkout / NATIVE)
    expected = {build.library_name(one) for one in build.variants()}
    if len(expected) > 1:
        expected.add(build.processor_name())
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        assert libraries(names) == {NATIVE + name for name in expected}
        about = archive.read(next(name for name in names if name.endswith("/WHEEL"))).decode()
        path = archive.extract(NATIVE + build.library_name(build.variants()[0]), wheel.parent)
    tag = wheel.stem.split("-", 2)[2]
    assert tag.startswith("py3-none-")
    assert tag != "py3-none-any"
    assert f"Tag: {tag}" in about
    assert "Root-Is-Purelib: false" in about
    assert ctypes.CDLL(path).hetsim_version() == VERSION


def test_wheel_carries_every_variant(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel, said = built(checkout)
    check_carries_the_engine(wheel, checkout, monkeypatch)
    assert "hetsim: the engine was built with" in said
    assert not list(checkout.glob("**/*.so"))  # an installation leaves the checkout as it is


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"HETSIM_NO_COMPILER": "1"}, "HETSIM_NO_COMPILER is set."),
        ({"PATH": "/nowhere"}, "there is no C compiler (cc, gcc, clang, or what CC names)."),
        ({"CC": "false"}, "'false' could not compile it (exit status 1)."),
    ],
)
def test_without_a_compiler_the_wheel_is_a_pure_one(
    environment: dict[str, str], reason: str, checkout: Path
) -> None:
    (checkout / NATIVE / "_interpreter_sse2_0.so").write_text("of an earlier install")
    wheel, said = built(checkout, **environment)
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert not libraries(names)
    assert NATIVE + "interpreter.c" in names  # it can be compiled at first use
    page = {path.relative_to(ROOT).as_posix() for path in PAGE.rglob("*.*")}
    assert {f"hetsim/teaching/page/{name}" for name in ("index.html", "engine.wasm")} < page
    assert page <= set(names)  # the teaching page needs none
    lines = [line for line in said.splitlines() if line.startswith("hetsim:")]
    expected = "hetsim: the engine is not built, and hetsim works on PyBaMM alone"
    assert lines == [f"{expected}: {reason}"]


def test_wheel_of_the_source_distribution(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / NATIVE / "_interpreter_sse2_0.so").write_text("of an earlier install")
    source, _ = built(checkout, "sdist")
    with tarfile.open(source) as archive:
        assert not libraries(archive.getnames())
        archive.extractall(checkout.parent, filter="data")
    [unpacked] = checkout.parent.glob("hetsim-*")
    wheel, _ = built(unpacked)
    check_carries_the_engine(wheel, unpacked, monkeypatch)


def hook(checkout: Path) -> Any:
    spec = importlib.util.spec_from_file_location("hatch_build", checkout / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.EngineHook(str(checkout), {}, None, None, "", "wheel")


def test_editable_install_leaves_the_libraries_in_the_tree(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / NATIVE / "_interpreter_sse2_0.so").write_text("of an earlier install")
    data: dict[str, Any] = {"force_include": {}}
    hook(checkout).initialize("editable", data)
    assert data == {"force_include": {}}
    monkeypatch.setattr(build, "SOURCES", checkout / NATIVE)
    found = {path.name for path in (checkout / NATIVE).glob("*.so")}
    assert {build.library_name(one) for one in build.variants()} <= found
    assert "_interpreter_sse2_0.so" not in found
    monkeypatch.setenv("HETSIM_NO_COMPILER", "1")
    hook(checkout).initialize("editable", data)
    assert not list((checkout / NATIVE).glob("*.so"))
    assert capsys.readouterr().err.count("hetsim:") == 2
