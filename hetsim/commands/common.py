"""What the commands share: exit codes, clear messages, the --json option."""

import sys
from collections.abc import Callable
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
