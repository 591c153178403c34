"""Groups of commands that import a command only when it is called."""

from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

from hetsim.errors import did_you_mean


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that help does not wait for PyBaMM.

    Parameters
    ----------
    commands_of : name of each command, with "module:attribute" and its help in one line
    """

    def __init__(
        self, *args: Any, commands_of: dict[str, tuple[str, str]], **settings: Any
    ) -> None:
        super().__init__(*args, **settings)
        self.commands_of = commands_of

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.commands_of)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.commands_of:
            return None
        module, _, attribute = self.commands_of[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            hint = did_you_mean(args[0], self.list_commands(ctx), "")
            raise click.UsageError(f"{error.message} {hint}".strip(), ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, self.commands_of[name][1]) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        items = [CompletionItem(name, help=self.commands_of[name][1]) for name in names]
        return [*items, *click.Command.shell_complete(self, ctx, incomplete)]
