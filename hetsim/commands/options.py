"""What the commands share: options, lists of numbers after one name, exit codes and clear messages."""

import sys
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import click

from hetsim.errors import HetsimError

FAILED, WRONG_INPUT = 1, 2
"""Exit codes: 0 is done, 1 the simulation failed, 2 the input was wrong."""


def clear_messages(command: Callable[..., Any]) -> Callable[..., Any]:
    """Wrong input ends with one sentence and exit code 2."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except HetsimError as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(WRONG_INPUT)

    return wrapped


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """--json, handed on as `as_json`."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON object and nothing else."
    )(command)


model_option = click.option(
    "--model", type=click.Choice(["SPM", "SPMe", "DFN"]), default="SPMe", show_default=True
)
variant_option = click.option(
    "--variant", default="", help="A variant in the file, such as core-shell."
)
"""--model and --variant."""

bdf_option = click.option(
    "--bdf",
    is_flag=True,
    help="Write the traces in the Battery Data Format too (.bdf.csv; a positive current charges).",
)

wide_option = click.option(
    "--wide", is_flag=True, help="All columns, in lines as long as they are."
)

insertion_positive_option = click.option(
    "--insertion-positive",
    is_flag=True,
    help="Draw insertion upwards in the figure, in place of oxidation.",
)


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
