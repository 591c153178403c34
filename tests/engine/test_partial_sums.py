"""Long sums of a tape, in parts that do not wait for each other."""

import numpy as np
import pytest

from hetsim.engine.operations import NUMBER
from hetsim.engine.partial_sums import in_partial_sums
from hetsim.engine.tape import Instruction, Memory, register
from tests.helpers.played_tape import RESULTS

NAMES = {number: name for name, number in NUMBER.items()}
TO, BEGIN, FIRST = 90, 91, 0


def sum_of(kind: str, products: int, begin: int = BEGIN) -> list[Instruction]:
    return [
        (NUMBER[kind], TO, FIRST + k, FIRST + 40 + k, TO if k else begin) for k in range(products)
    ]


def played(tape: list[Instruction], numbers: np.ndarray) -> dict[int, float]:
    slots = dict(enumerate(numbers))
    for kind, to, *operands in tape:
        slots[to] = RESULTS[NAMES[kind]](*(slots.get(one, np.nan) for one in operands), None)
    return slots


def wait(tape: list[Instruction]) -> int:
    """Operations that wait for each other, one after the other."""
    done: dict[int, int] = {}
    for _, to, *operands in tape:
        done[to] = 1 + max(done.get(one, 0) for one in operands)
    return max(done.values())


@pytest.mark.parametrize("kind", ["PLUS_PRODUCT", "LESS_PRODUCT"])
@pytest.mark.parametrize("begin", [TO, BEGIN])
@pytest.mark.parametrize("products", [1, 7, 8, 9, 13, 16, 19, 20, 37])
def test_the_sum_is_the_same(kind: str, begin: int, products: int) -> None:
    tape = sum_of(kind, products, begin)
    before = [(NUMBER["MUL"], 92, 1, 2, 2), *tape, (NUMBER["ADD"], 93, TO, 92, 92)]
    memory = Memory({}, registers=2)
    after = in_partial_sums({"rate": before, "none": []}, memory)
    assert after["none"] == []
    numbers = np.random.default_rng(products).normal(size=BEGIN + 1)
    expected, found = (played(one, numbers) for one in (before, after["rate"]))
    assert found[93] == pytest.approx(expected[93], rel=1e-13, abs=1e-13)
    other = {to for _, to, *_ in after["rate"]} - {to for _, to, *_ in before}
    assert other <= {register(2), register(3), register(4)}
    assert memory.registers == 5
    assert wait(after["rate"]) <= (wait(before) if products < 8 else max(6, products / 4 + 5))


def test_sums_that_do_not_follow_each_other_stay() -> None:
    """Those of another result, of another sign, and those whose result is read between."""
    tape = [
        one
        for k in range(12)
        for one in (
            (NUMBER["PLUS_PRODUCT"], TO, k, k + 40, TO),
            (NUMBER["LESS_PRODUCT"], TO + 1, k, k + 41, TO + 1),
        )
    ]
    assert in_partial_sums({"rate": tape}, Memory({}))["rate"] == tape
