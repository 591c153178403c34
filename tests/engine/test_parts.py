"""Parts of a tape that are repeated leave what the tape leaves."""

import numpy as np
import pytest

import hetsim as hs
from hetsim.engine import built_model
from hetsim.engine.operations import NUMBER, OPERATIONS
from hetsim.engine.parts import parts
from hetsim.engine.taped_model import Code, Part
from tests.helpers.engine import there
from tests.helpers.played_tape import play
from tests.helpers.repeated_tape import CONSTANTS, GIVEN, PLACES, repeated_tape

END = (len(OPERATIONS), 0, 0, 0, 0)


def played(several: list[Part], slots: int, numbers: np.ndarray) -> np.ndarray:
    """What parts leave in the slots of a memory; what is gone with a part is no number after it."""
    memory = numbers.copy()
    for part in several:
        for time in range(part.times):
            slot_of = np.arange(part.names)
            slot_of[slots : slots + len(part.moving)] = part.moving[:, 0] + time * part.moving[:, 1]
            code = part.code.copy()
            code[:-1, 1:] = slot_of[code[:-1, 1:]]
            whole = np.append(memory[:slots], np.full(part.names - slots, np.nan))
            play(code, whole)
            memory = whole[:slots]
            memory[part.kept :] = np.nan
    return memory


def assert_same(code: Code, several: list[Part], slots: int, kept: int, seed: int = 0) -> None:
    numbers = np.random.default_rng(seed).normal(size=slots)
    numbers[:CONSTANTS] = GIVEN
    numbers[kept:] = np.nan
    left = numbers.copy()
    play(code, left)
    found = played(several, slots, numbers)
    np.testing.assert_array_equal(found[:kept], left[:kept])


@pytest.mark.parametrize("seed", range(20))
def test_parts_leave_what_the_tape_leaves(seed: int) -> None:
    code, model, blocks = repeated_tape(np.random.default_rng(seed))
    several = parts(code, model.slots, model.registers, blocks)
    assert [part.times for part in several] == [1, PLACES, 1, PLACES, 1]
    assert sum(len(part.code) for part in several) < 0.5 * len(code)
    assert_same(code, several, model.slots, model.registers, seed)


FIRST, SECOND, REGISTERS, SLOTS = CONSTANTS, CONSTANTS + 10, CONSTANTS + 20, 700


def chains(start: list[int], end: list[int]) -> Code:
    """At each of ten places a chain of operations from a slot to a slot, all ends after all chains."""
    code, free, last = list[tuple[int, ...]](), REGISTERS, []
    for slot in start:
        now = slot
        for k in range(30):
            kind = NUMBER[("MUL", "ADD", "TANH")[k % 3]]
            code.append((kind, free, now, SECOND if k % 2 else now, 0))
            now = free
            free += 1
        last.append(now)
    code += [(NUMBER["ASSIGN"], slot, now, 0, 0) for slot, now in zip(end, last, strict=True)]
    return np.array([*code, END], np.int32)


def found(code: Code, slots: int = SLOTS) -> list[Part]:
    return parts(code, slots, REGISTERS, [FIRST, SECOND, REGISTERS])


def test_what_is_read_and_written_at_one_place_stays_there() -> None:
    here = list(range(FIRST, FIRST + 10))
    code = chains(here, here)
    several = found(code)
    assert [part.times for part in several] == [1, 10, 1]
    assert_same(code, several, SLOTS, REGISTERS)


def test_nothing_is_repeated_where_a_place_writes_over_what_another_one_reads() -> None:
    assert found(chains(list(range(FIRST, FIRST + 9)), list(range(FIRST + 1, FIRST + 10)))) == []


def test_nothing_is_repeated_where_what_all_read_is_written_over() -> None:
    assert found(chains(list(range(FIRST, FIRST + 10)), list(range(SECOND, SECOND + 10)))) == []


@pytest.mark.parametrize("first", [FIRST, SECOND + 1])
def test_slots_in_no_order_are_brought_together(first: int) -> None:
    """What is written there is copied when all places have read."""
    random = np.random.default_rng(1)
    start, end = random.permutation(9) + FIRST, random.permutation(9) + first
    code = chains(start.tolist(), end.tolist())
    several = found(code)
    assert [part.times for part in several] == [1, 9, 1]
    assert_same(code, several, SLOTS, REGISTERS)


def test_nothing_is_repeated_without_room_for_what_is_brought_together() -> None:
    start, end = np.arange(9)[::-1] ** 2 % 11 + FIRST, np.arange(9) + SECOND + 1
    code = chains(start.tolist(), end.tolist())
    assert len(found(code)) == 3
    assert found(code, REGISTERS + 5) == []


@pytest.mark.parametrize(("variant", "share"), [("", 0.4), ("lumped", 0.81)])
def test_the_volumes_of_an_electrode_are_repeated(variant: str, share: float) -> None:
    """Of the equations of a DFN and their Jacobian, most stand once and not ten times."""
    model = there(built_model(hs.load("CZT", variant), "DFN").interpreter).model
    for name in ("rate", "both"):
        several = model.parts[name]
        assert [part.times for part in several] == [1, 10, 1]
        assert sum(len(part.code) for part in several) < share * len(model.tapes[name])
        numbers = np.random.default_rng(0).normal(size=model.slots)
        numbers[: len(model.constants)] = model.constants
        left = numbers.copy()
        play(model.tapes[name], left)
        numbers = played(list(several), model.slots, numbers)
        np.testing.assert_array_equal(numbers[: model.registers], left[: model.registers])


def test_a_model_without_places_has_no_parts() -> None:
    assert there(built_model(hs.load("CZT"), "SPM").interpreter).model.parts == {}
