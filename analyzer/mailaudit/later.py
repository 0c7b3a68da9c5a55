# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands that are loaded when they are asked for: all of them together take longer than many a command."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar, NamedTuple

import typer
from typer.core import TyperGroup


class Later(NamedTuple):
    """Where a command's function is, or a Typer app with commands of its own, and the end of its help."""

    module: str
    name: str
    epilog: str | None = None

    def load(self, name: str) -> Any:
        """Return the command, of this name."""
        there = getattr(import_module(self.module), self.name)
        if not isinstance(there, typer.Typer):
            alone = typer.Typer(add_completion=False)
            alone.command(name, epilog=self.epilog)(there)
            there = alone
        command = typer.main.get_command(there)
        command.name = name
        return command


class _Commands(dict[str, Any]):
    """The commands of a group by name; one that is still a Later is loaded when it is taken out."""

    def __getitem__(self, name: str) -> Any:
        command = super().__getitem__(name)
        if isinstance(command, Later):
            command = self[name] = command.load(name)
        return command

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else default  # noqa: SIM401  which would call this

    def values(self) -> Any:
        return [self[name] for name in self]

    def items(self) -> Any:
        return [(name, self[name]) for name in self]


class LaterGroup(TyperGroup):
    """A group with commands of its own and those of `later`, by name, in the order of its `panels`."""

    later: ClassVar[Mapping[str, Later]] = {}
    panels: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = _Commands({**self.later, **self.commands})

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of the panels that the help shows."""
        return [name for names in self.panels.values() for name in names]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command with the panel that it is shown in, None if there is none of this name."""
        command: Any = super().get_command(ctx, cmd_name)
        if command is not None:
            command.rich_help_panel = next(title for title, names in self.panels.items() if cmd_name in names)
        return command
