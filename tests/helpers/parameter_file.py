"""A whole file of one lumped host with one thing changed, and what a refusal says."""

import re
import tomllib
from pathlib import Path

SHIPPED = (Path(__file__).parent / "lumped.toml").read_text(encoding="utf-8")
DOCUMENT = tomllib.loads(SHIPPED)

RADIUS = "Particle radius [m]"
FIELD = "Built-in potential [V]"
LOW, HIGH = "Lower voltage cut-off [V]", "Upper voltage cut-off [V]"
SHARES = "Insertion plateau shares"
POTENTIALS = "Extraction plateau potentials [V]"
WIDTHS = "Insertion plateau widths"


def shipped(name):
    return DOCUMENT["parameters"][name]["value"]


def entry(value, kind='"assumed"', source='"this test"', **more):
    """The right side of a parameter's line; the pieces are TOML."""
    pieces = {"value": value, "kind": kind, "source": source, **more}
    return "{ " + ", ".join(f"{key} = {text}" for key, text in pieces.items() if text) + " }"


def with_line(name, line, text=SHIPPED):
    """The shipped file with the line of one parameter replaced."""
    changed, count = re.subn(
        rf'^"{re.escape(name)}" = .*$', lambda _: line, text, count=1, flags=re.M
    )
    assert count == 1, name
    return changed


def with_entry(name, right):
    return with_line(name, f'"{name}" = {right}')


def with_text(old, new, text=SHIPPED):
    assert old in text, old
    return text.replace(old, new, 1)


def with_head(key, right):
    changed, count = re.subn(
        rf"^{key} = .*$", lambda _: f"{key} = {right}", SHIPPED, count=1, flags=re.M
    )
    assert count == 1, key
    return changed


def derived_from(base, body=""):
    return f'[system]\nname = "own"\nbase = {base}\n{body}'


def assert_says(message, *words):
    for word in words:
        assert word in message, f"{word!r} is not in {message!r}"
