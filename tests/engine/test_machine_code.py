"""Machine code of tapes: the same numbers as the interpreter's, to the last bit."""

import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hetsim as hs
from hetsim.engine import built_model, machine_code
from hetsim.engine.interpreter import Interpreter
from hetsim.engine.machine_code import ALONE, SIDE_BY_SIDE, Kind
from hetsim.engine.native import build
from hetsim.engine.native.library import _opened, library
from hetsim.engine.operations import NUMBER, OPERATIONS
from hetsim.engine.packed import Model, Tape
from hetsim.engine.parts import parts
from hetsim.engine.taped_model import Part
from hetsim.errors import ParameterError
from hetsim.simulation.rate_chains import rate_chains
from tests.helpers.avx512 import Processor
from tests.helpers.engine import there
from tests.helpers.repeated_tape import CONSTANTS, GIVEN, OTHERS, PLACES, repeated_tape

pytestmark = pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64") or sys.platform == "win32",
    reason="machine code is written for x86-64, and not for Windows",
)

VARIANTS = ("sse2", "avx2", "avx512")
"""The first one runs on every such machine, so that each test runs there."""
BLOCK, REGISTERS, SPARE = 30, 200, 400
HARD = (0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 1e-310, 1e300, -1e300, 700.0, -745.0, 1e-9)


@pytest.fixture(params=VARIANTS)
def functions(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The functions of a library that writes machine code."""
    monkeypatch.setenv("HETSIM_ENGINE", request.param)
    try:
        found = there(library()).functions
    except ParameterError:
        pytest.skip("not on this machine")
    assert hasattr(found, "hetsim_machine_code"), "the library writes no machine code"
    return found


# --- tapes of any kind ----------------------------------------------------------------------------


def random_tape(random: np.random.Generator, length: int) -> np.ndarray:
    """Operations of all kinds on constants, a block and registers, each of which is written to before it is read."""
    first = CONSTANTS + BLOCK
    written = 0
    code = []
    for _ in range(length):
        known = first + written
        # what was computed last is read more often, and a block is read and written in place
        reads = [
            int(random.integers(max(0, known - 12), known))
            if random.random() < 0.5
            else int(random.integers(known))
            for _ in range(3)
        ]
        kind = int(random.integers(len(OPERATIONS)))
        if kind == NUMBER["TIMES"]:  # reads what it writes to
            to = int(random.integers(CONSTANTS, known))
        elif random.random() < 0.3:
            to = int(random.integers(CONSTANTS, first))
        elif written < REGISTERS and random.random() < 0.5:
            to = first + written
            written += 1
        else:
            to = int(random.integers(CONSTANTS, known))
        code.append((kind, to, *reads))
    return np.array([*code, (len(OPERATIONS), 0, 0, 0, 0)], np.int32)


def model_of_tapes() -> Model:
    """As much of a model as a tape needs."""
    first = CONSTANTS + BLOCK
    return Model(
        slots=first + REGISTERS + SPARE,
        constants=CONSTANTS,
        registers=first,
        constant=GIVEN.ctypes.data,
    )


def left_by(
    functions: Any,
    model: Model,
    code: np.ndarray,
    kind: Kind,
    seed: int,
    several: Sequence[Part] = (),
) -> list[Any]:
    """What the interpreter and machine code leave in the block, from numbers of every size."""
    tape = Tape(code.ctypes.data, len(code))
    written, start = machine_code._written(functions, model, tape, kind, several)
    assert written
    memory = machine_code._runnable(written)
    assert memory is not None
    random = np.random.default_rng(seed)
    numbers = random.normal(size=(model.slots, kind.lanes))
    numbers *= 10.0 ** random.uniform(-4, 4, numbers.shape)
    hard = random.random(numbers.shape) < 0.05
    numbers[hard] = random.choice(HARD, hard.sum())
    numbers[:CONSTANTS] = GIVEN[:, None]
    address = machine_code._address(memory) + start
    return [
        machine_code._played(functions, model, tape, kind, numbers, one)[: model.registers].copy()
        for one in (0, address)
    ]


@pytest.mark.parametrize("kind", [ALONE, SIDE_BY_SIDE])
@pytest.mark.parametrize("length", [1, 5, 40, 400])
def test_any_tape_leaves_the_same_numbers(functions: Any, kind: Kind, length: int) -> None:
    model = model_of_tapes()
    for seed in range(30):
        random = np.random.default_rng([length, kind.place, seed])
        played, ran = left_by(functions, model, random_tape(random, length), kind, seed)
        np.testing.assert_array_equal(ran, played, err_msg=f"seed {seed}")


@pytest.mark.parametrize("kind", [ALONE, SIDE_BY_SIDE])
@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation(functions: Any, kind: Kind, name: str) -> None:
    """Of numbers of every size, those that are none among them."""
    model = model_of_tapes()
    first = CONSTANTS
    code = [
        (NUMBER[name], first + 20 + k, first + k, first + k + 3, first + k + 6) for k in range(8)
    ]
    code += [(NUMBER[name], first + 28, first, 2, 3), (NUMBER[name], first + 29, 2, first, first)]
    whole = np.array([*code, (len(OPERATIONS), 0, 0, 0, 0)], np.int32)
    for seed in range(20):
        played, ran = left_by(functions, model, whole, kind, seed)
        np.testing.assert_array_equal(ran, played, err_msg=f"seed {seed}")


@pytest.mark.parametrize("kind", [ALONE, SIDE_BY_SIDE])
def test_the_exponential_of_a_logistic_step_is_close(functions: Any, kind: Kind) -> None:
    """To 4e-14 of itself and as far as its argument is rounded; it stays where it is beyond 300."""
    model = model_of_tapes()
    slots, count = CONSTANTS + np.arange(BLOCK // 2), BLOCK // 2
    code = [(NUMBER["HELD_EXP"], slot + count, slot, slot, slot) for slot in slots]
    whole = np.array([*code, (len(OPERATIONS), 0, 0, 0, 0)], np.int32)
    tape = Tape(whole.ctypes.data, len(whole))
    numbers = np.zeros((model.slots, kind.lanes))
    random = np.random.default_rng(0)
    for size in (1e-3, 0.3, 1.0, 30.0, 300.0, 400.0):
        numbers[slots] = random.uniform(-size, size, (count, kind.lanes))
        left = machine_code._played(functions, model, tape, kind, numbers, 0)
        held = np.clip(numbers[slots], -300, 300)
        allowed = 4e-14 + np.finfo(float).eps * np.abs(held)
        assert (np.abs(left[slots + count] / np.exp(held) - 1) < allowed).all()


@pytest.mark.parametrize("name", ["INV", "INV_ONE_PLUS"])
def test_an_inverse_is_the_nearest_number_or_the_next_one(functions: Any, name: str) -> None:
    """Of any size, and of what has none."""
    model = model_of_tapes()
    slots, count = CONSTANTS + np.arange(BLOCK // 2), BLOCK // 2
    code = [(NUMBER[name], slot + count, slot, slot, slot) for slot in slots]
    whole = np.array([*code, (len(OPERATIONS), 0, 0, 0, 0)], np.int32)
    tape = Tape(whole.ctypes.data, len(whole))
    numbers = np.zeros((model.slots, SIDE_BY_SIDE.lanes))
    random = np.random.default_rng(0)
    shape = count, SIDE_BY_SIDE.lanes
    given = random.choice([-1, 1], shape) * 10.0 ** random.uniform(-300, 300, shape)
    given[0] = 0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, 1e-310, -1e-310
    numbers[slots] = given if name == "INV" else (given := given.clip(-1e15, 1e15))
    left = machine_code._played(functions, model, tape, SIDE_BY_SIDE, numbers, 0)[slots + count]
    with np.errstate(divide="ignore", over="ignore"):
        wanted = 1 / (given if name == "INV" else 1 + given)
    np.testing.assert_allclose(left, wanted, rtol=2 * np.finfo(float).eps)


@pytest.mark.parametrize("kind", [ALONE, SIDE_BY_SIDE])
def test_what_is_no_number_stays_so_whatever_its_bits_are(functions: Any, kind: Kind) -> None:
    """A logistic step is made of bits of its argument; those of what is no number may be any."""
    model = model_of_tapes()
    slots, count = CONSTANTS + np.arange(BLOCK // 2), BLOCK // 2
    names = ("HELD_EXP", "LOGISTIC", "INV", "INV_ONE_PLUS", "EXP", "LOG", "TANH")
    bits = np.random.default_rng(0).integers(1, 1 << 51, (model.slots, kind.lanes))
    numbers = (bits | 0x7FF8000000000000).view(float)
    for name in names:
        code = [(NUMBER[name], slot + count, slot, slot, slot) for slot in slots]
        whole = np.array([*code, (len(OPERATIONS), 0, 0, 0, 0)], np.int32)
        tape = Tape(whole.ctypes.data, len(whole))
        written, start = machine_code._written(functions, model, tape, kind)
        memory = machine_code._runnable(written)
        assert memory is not None
        for address in (0, machine_code._address(memory) + start):
            left = machine_code._played(functions, model, tape, kind, numbers, address)
            assert np.isnan(left[slots + count]).all(), name


def test_what_another_tape_left_in_a_register_is_not_there(functions: Any) -> None:
    """Such a tape stays with the interpreter: machine code leaves nothing in registers."""
    model = model_of_tapes()
    code = np.array(
        [(NUMBER["NEG"], CONSTANTS, model.registers, 0, 0), (len(OPERATIONS), 0, 0, 0, 0)], np.int32
    )
    tape = Tape(code.ctypes.data, len(code))
    assert machine_code._written(functions, model, tape, ALONE)[0] == b""


# --- wide vectors on any machine ------------------------------------------------------------------

CALLED = {"POW", "AND", "OR", "SIN", "COS"}
JUMPS = {"COPYSIGN", "SIGN", "LT", "LE", "EQ", "NE", "NOT", "IF_ELSE_ZERO", "FMIN", "FMAX"}
"""Operations that make a large difference of one in the last bit."""


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The functions of the library for eight numbers a vector, compiled for any processor."""
    assert shutil.which("objdump"), "these tests read code with objdump of binutils"
    target = tmp_path_factory.mktemp("wide") / "wide.so"
    flags = [one for one in build.FLAGS if not one.startswith(("-O", "-ffp-contract"))]
    sources = [str(build.SOURCES / name) for name in build.ENGINE]
    command = [*build.find_compiler(), *flags, "-O1", "-ffp-contract=off", "-w", "-DW=8"]
    subprocess.run([*command, "-o", str(target), *sources], check=True)
    return _opened("wide", target).functions


def wide_agrees(
    functions: Any,
    code: np.ndarray,
    seed: int,
    folder: Path,
    model: Model | None = None,
    several: Sequence[Part] = (),
) -> None:
    """Code of AVX-512 leaves what the interpreter leaves that was compiled for any processor, up to round-off."""
    model = model or model_of_tapes()
    tape = Tape(code.ctypes.data, len(code))
    written, start = machine_code._written(functions, model, tape, SIDE_BY_SIDE, several)
    assert written
    numbers = np.random.default_rng(seed).normal(size=(model.slots, SIDE_BY_SIDE.lanes))
    numbers[:CONSTANTS] = GIVEN[:, None]
    played = machine_code._played(functions, model, tape, SIDE_BY_SIDE, numbers, 0)
    assert Processor(written, numbers).run(start, folder) > 0
    usual = np.abs(played) < 1e100
    np.testing.assert_allclose(
        np.where(usual, numbers, played)[: model.registers],
        played[: model.registers],
        rtol=1e-8,
        atol=1e-12,
        err_msg=f"seed {seed}",
    )


@pytest.mark.parametrize("name", [one for one in OPERATIONS if one not in CALLED])
def test_each_operation_in_wide_vectors(wide: Any, name: str, tmp_path: Path) -> None:
    first = CONSTANTS
    code = [
        (NUMBER[name], first + 20 + k, first + k, first + k + 3, first + k + 6) for k in range(8)
    ]
    wide_agrees(wide, np.array([*code, (len(OPERATIONS), 0, 0, 0, 0)], np.int32), 0, tmp_path)


@pytest.mark.parametrize("seed", range(6))
def test_any_tape_in_wide_vectors(wide: Any, seed: int, tmp_path: Path) -> None:
    """With more values than there are registers."""
    code = random_tape(np.random.default_rng(seed), 200)
    others = [NUMBER[one] for one in CALLED | JUMPS]
    code[np.isin(code[:, 0], others), 0] = NUMBER["MUL"]
    wide_agrees(wide, code, seed, tmp_path)


# --- what is repeated -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [ALONE, SIDE_BY_SIDE])
@pytest.mark.parametrize("seed", range(12))
def test_what_is_repeated_leaves_the_same_numbers(functions: Any, kind: Kind, seed: int) -> None:
    code, model, blocks = repeated_tape(np.random.default_rng(seed))
    several = parts(code, model.slots, model.registers, blocks)
    played, ran = left_by(functions, model, code, kind, seed, several)
    np.testing.assert_array_equal(ran, played)
    tape = Tape(code.ctypes.data, len(code))
    short, whole = (
        len(machine_code._written(functions, model, tape, kind, one)[0]) for one in (several, ())
    )
    assert short < whole / 2


@pytest.mark.parametrize("seed", range(4))
def test_what_is_repeated_in_wide_vectors(wide: Any, seed: int, tmp_path: Path) -> None:
    code, model, blocks = repeated_tape(np.random.default_rng(seed), OTHERS | JUMPS)
    several = parts(code, model.slots, model.registers, blocks)
    assert any(part.times == PLACES for part in several)
    wide_agrees(wide, code, seed, tmp_path, model, several)


# --- models -----------------------------------------------------------------------------------------


def interpreters(
    monkeypatch: pytest.MonkeyPatch, system: str, variant: str, kind: str
) -> tuple[Any, hs.HalfCell, list[Interpreter]]:
    """Of one model, without and with machine code."""
    cell = hs.load(system, variant)
    built = built_model(cell, kind)
    made = []
    for asked in ("0", "1"):
        monkeypatch.setenv("HETSIM_MACHINE_CODE", asked)
        of = Interpreter(there(built.interpreter).model)
        kinds = (ALONE, SIDE_BY_SIDE)
        assert [of.has_machine_code(one) for one in kinds] == [asked == "1"] * len(kinds)
        made.append(of)
    return built, cell, made


@pytest.mark.parametrize(
    ("system", "variant", "kind"),
    [
        ("CZT", "", "SPM"),
        ("CZT", "lumped", "SPMe"),
        ("CZT", "core-shell", "SPMe"),
        ("CZT", "", "DFN"),
    ],
)
def test_runs_are_the_same_to_the_last_bit(
    functions: Any,
    monkeypatch: pytest.MonkeyPatch,
    system: str,
    variant: str,
    kind: str,
) -> None:
    built, cell, both = interpreters(monkeypatch, system, variant, kind)
    inputs = built.inputs(cell)
    chains = rate_chains(hs.RateTest([1.0, 5.0], cycles=1), inputs, 1, both[0])
    without, with_it = (of.run(inputs, chains, 1e-4, 1e-4, lanes=8, half=1) for of in both)
    for name in ("code", "event", "steps", "time", "kept", "shown", "state"):
        np.testing.assert_array_equal(getattr(with_it, name), getattr(without, name), err_msg=name)


def test_exact_steps_are_the_same_to_the_last_bit(
    functions: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    built, cell, both = interpreters(monkeypatch, "CZT", "lumped", "SPMe")
    inputs = built.inputs(cell)
    chains = rate_chains(hs.RateTest([0.1, 1.0, 5.0], from_equilibrium=True), inputs, 1, both[0])
    without, with_it = (of.run(inputs, chains, 1e-4, 1e-4, lanes=8) for of in both)
    assert with_it.exact_steps.all()
    for name in ("code", "steps", "time", "kept", "shown", "state"):
        np.testing.assert_array_equal(getattr(with_it, name), getattr(without, name), err_msg=name)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the maps of the process")
def test_memory_of_code_cannot_be_written_to(functions: Any) -> None:
    memory = machine_code._runnable(b"\xc3" * 64)
    assert memory is not None
    at = machine_code._address(memory)
    for line in Path("/proc/self/maps").read_text().splitlines():
        place, rights = line.split()[:2]
        first, last = (int(one, 16) for one in place.split("-"))
        if first <= at < last:
            assert rights[:3] == "r-x"
            return
    raise AssertionError("the memory is not in the maps")


def test_threads_that_ask_at_once_share_the_code(functions: Any) -> None:
    """Code that one of them runs is not given back when another one has written it, too."""
    of = Interpreter(there(built_model(hs.load("CZT"), "SPM").interpreter).model)
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda _: of.has_machine_code(SIDE_BY_SIDE), range(8)))
    assert len(of._machine_code) == 1


def test_code_that_differs_is_not_used(functions: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    built = built_model(hs.load("CZT"), "SPM")
    monkeypatch.setattr(machine_code, "_agrees", lambda *_: False)
    of = Interpreter(there(built.interpreter).model)
    assert not of.has_machine_code(SIDE_BY_SIDE)
    assert not any(of.packed.structure.tape_rate.machine)


def test_without_memory_that_may_be_run_the_interpreter_runs(
    functions: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on systems that forbid it."""
    monkeypatch.setattr(machine_code, "_READ_AND_RUN", 1 << 20)  # which no system knows
    built = built_model(hs.load("CZT"), "SPM")
    of = Interpreter(there(built.interpreter).model)
    assert not of.has_machine_code(SIDE_BY_SIDE)
