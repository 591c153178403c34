"""Machine code for AVX-512 on any machine: `objdump` reads it, and numpy does what it says."""

import re
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

_LINE = re.compile(r"\s*([0-9a-f]+):\t[0-9a-f ]+\t(\S+)\s*([^#]*)(?:# 0x([0-9a-f]+))?")
_MEMORY = re.compile(r"\[(r[a-z0-9]+)([+-]0x[0-9a-f]+)?\]")
_PAIRS: dict[str, Any] = {
    "vaddpd": np.add,
    "vsubpd": np.subtract,
    "vmulpd": np.multiply,
    "vdivpd": np.divide,
    "vminpd": lambda a, b: np.where(a < b, a, b),
    "vmaxpd": lambda a, b: np.where(a > b, a, b),
    "vscalefpd": lambda a, b: a * 2.0 ** np.floor(b),
}
_BITS: dict[str, Any] = {
    "vandpd": np.bitwise_and,
    "vandnpd": lambda a, b: ~a & b,
    "vorpd": np.bitwise_or,
    "vxorpd": np.bitwise_xor,
    "vpaddq": np.add,
}
_COMPARED = {"vcmpeqpd": np.equal, "vcmpltpd": np.less, "vcmplepd": np.less_equal}
_SHIFTED = {"vpsllq": np.left_shift, "vpsrlq": np.right_shift}


class Processor:
    """Registers of eight numbers, those of addresses and counts, and a memory, [slots, 8]."""

    def __init__(self, code: bytes, memory: np.ndarray) -> None:
        self._code, self._memory = code, memory.reshape(-1)
        self._registers = np.full((32, 8), np.nan)
        self._masks: dict[str, np.ndarray] = {}
        self._whole = {f"r{name}": 0 for name in (*"89", *range(10, 16))}
        self._whole.update(dict.fromkeys(("rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp"), 0))

    def run(self, start: int, folder: Path) -> int:
        """The function at a place, and those that it calls; how many instructions they did."""
        lines = self._lines(start, folder)
        places = {place: number for number, (place, *_) in enumerate(lines)}
        stack = list[int]()
        count = number = 0
        while True:
            _, name, operands, at = lines[number]
            number += 1
            if name == "ret":
                assert not stack, "what was pushed was not popped"
                return count
            if name == "push":
                stack.append(self._whole[operands[0]])
            elif name == "pop":
                self._whole[operands[0]] = stack.pop()
            elif name == "call":
                count += self.run(int(operands[0], 16), folder)
            elif name == "jne":
                number = places[int(operands[0], 16)] if self._whole["rax"] else number
            elif name in ("mov", "add", "dec"):
                self._count(name, operands)
            elif name != "vzeroupper":
                with np.errstate(all="ignore"):
                    self._do(name, operands, at)
                count += 1

    def _lines(self, start: int, folder: Path) -> list[tuple[int, str, list[str], str | None]]:
        """Place, name and operands of the instructions of a function, and what is read beside them."""
        file = folder / "code.bin"
        file.write_bytes(self._code)
        command = ["objdump", "-D", "-b", "binary", "-mi386:x86-64", "-Mintel"]
        command += ["--start-address", str(start), str(file)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        lines = []
        for line in said.splitlines():
            if found := _LINE.match(line):
                place, name, operands, at = found.groups()
                lines.append((int(place, 16), name, [o.strip() for o in operands.split(",")], at))
                if name == "ret":
                    return lines
        raise AssertionError("the code does not return")

    def _count(self, name: str, operands: list[str]) -> None:
        to = operands[0].replace("eax", "rax")
        by = operands[-1]
        given = 1 if name == "dec" else self._whole.get(by, 0) or _signed(by)
        now = self._whole[to]
        self._whole[to] = {"mov": given, "add": now + given, "dec": now - given}[name]

    def _do(self, name: str, operands: list[str], at: str | None) -> None:
        to = operands[0]
        given = [self._read(one, at) for one in operands[1:] if not one.startswith(("0x", "k"))]
        if name in ("vmovapd", "vbroadcastsd"):
            made = given[0]
        elif name == "vsqrtpd":
            made = np.sqrt(given[0])
        elif name == "vrcp14pd":
            made = _rough(1 / given[0])
        elif name == "vrsqrt14pd":
            made = _rough(1 / np.sqrt(given[0]))
        elif name == "vpternlogq" and operands[3] == "0xca":
            where, yes, no = (one.view(np.int64) for one in (self._read(to, at), *given))
            made = (where & yes | ~where & no).view(float)
        elif name == "vfixupimmpd" and operands[3] == "0x0":
            made = _mended(self._read(to, at), *given)
        elif name in _PAIRS:
            made = _PAIRS[name](*given)
        elif name in _BITS:
            made = _BITS[name](*(one.view(np.int64) for one in given)).view(float)
        elif name in _SHIFTED:
            by = np.uint64(int(operands[2], 16))
            made = _SHIFTED[name](given[0].view(np.uint64), by).view(float)
        elif name in _COMPARED:
            self._masks[to] = _COMPARED[name](*given)
            return
        elif name == "vpmovm2q":
            made = np.where(self._masks[operands[1]], np.int64(-1), np.int64(0)).view(float)
        else:
            made = self._with_product(name, self._read(to, at), *given)
        self._write(to, made)

    def _with_product(self, name: str, x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
        known = re.fullmatch(r"vf(madd|msub|nmadd)(132|213|231)pd", name)
        assert known, f"'{name}' is not known"
        kind, form = known.groups()
        a, b, c = (
            one.astype(np.longdouble)
            for one in {"132": (x, z, y), "213": (y, x, z), "231": (y, z, x)}[form]
        )
        made = {"madd": a * b + c, "msub": a * b - c, "nmadd": c - a * b}[kind]
        return made.astype(float)

    def _place(self, operand: str) -> slice:
        found = _MEMORY.search(operand)
        assert found, f"'{operand}' is no place"
        first = (self._whole[found[1]] + int(found[2] or "0", 16)) // 8
        return slice(first, first + 8)

    def _read(self, operand: str, at: str | None) -> np.ndarray:
        if operand.startswith("zmm"):
            return self._registers[int(operand[3:])].copy()
        if "rip" in operand:
            assert at
            return np.full(8, np.frombuffer(self._code, float, 1, int(at, 16)))
        return self._memory[self._place(operand)].copy()

    def _write(self, operand: str, made: np.ndarray) -> None:
        if operand.startswith("zmm"):
            self._registers[int(operand[3:])] = made
        else:
            self._memory[self._place(operand)] = made


def _rough(x: np.ndarray) -> np.ndarray:
    """14 bits of numbers."""
    return (x.view(np.int64) >> 38 << 38).view(float)


def _mended(made: np.ndarray, x: np.ndarray, table: np.ndarray) -> np.ndarray:
    """In place of `made`, what a table says of the kind of number that x is."""
    kinds = {
        0xAA00AA: (~np.isfinite(x), np.ones(8)),
        0x100100: ((x == 0) | (x == np.inf), x),
    }
    (number,) = set(table.view(int).tolist())
    where, other = kinds[number]
    return np.where(where, other, made)


def _signed(number: str) -> int:
    """A number of 64 bits; 0 for a register, whose number is 0 then."""
    given = int(number, 16) if number.startswith("0x") else 0
    return given - (1 << 64) if given >> 63 else given
