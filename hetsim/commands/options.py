"""Options that take several numbers after one name: --scan-rates 0.1 0.2 0.4."""

from collections.abc import Iterator
from typing import Any

import click


class SeveralNumbers(click.Command):
    """A command whose repeatable options of numbers may also be given as a list behind one name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        lists = {
            name
            for option in self.params
            if isinstance(option, click.Option) and option.multiple
            for name in option.opts
        }
        return super().parse_args(ctx, list(_repeated(args, lists)))


def _repeated(args: list[str], lists: set[str]) -> Iterator[str]:
    """The words of the command line, with the name of a list before each of its numbers."""
    current, taken = "", 0
    for word in args:
        if current and _is_number(word):
            if taken:
                yield current
            taken += 1
        else:
            current, taken = (word, 0) if word in lists else ("", 0)
        yield word


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def numbers_option(name: str, **settings: Any) -> Any:
    """A repeatable option of numbers."""
    return click.option(name, multiple=True, type=float, **settings)
