"""Brings the table of commands in the README up to what the code says: `python -m bot.cli.command_table`."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from discord.app_commands import Command, ContextMenu, Group

from bot.connection.checks import for_host, for_moderators

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- The commands: python -m bot.cli.command_table -->\n", "<!-- End of the commands. -->\n"
"""Between these two lines the README holds the table."""
HEAD = "| command | who | what |\n|---|---|---|\n"

AnyCommand = Command[Any, ..., Any] | Group | ContextMenu


def table(commands: Iterable[AnyCommand]) -> str:
    """The commands as a table in Markdown, a row each; those of a group share one."""
    rows = [(_form(command), _who(command), _what(command).replace("|", r"\|")) for command in commands]
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def with_table(text: str, commands: Iterable[AnyCommand]) -> str:
    """`text` with the table of these commands in its place. Raises `ValueError` if it has no place for one."""
    before, begun, rest = text.partition(BEGIN)
    _old, ended, after = rest.partition(END)
    if not (begun and ended):
        raise ValueError(f"there are no lines {BEGIN.strip()} and {END.strip()}")
    return "".join([before, begun, table(commands), ended, after])


def _form(command: AnyCommand) -> str:
    """How it is typed: options in brackets may be left out; of the commands in a group, those are not told."""
    if isinstance(command, ContextMenu):
        return f"*Apps → {command.name}*, in a message's menu"
    if isinstance(command, Command):
        options = [
            option.display_name if option.required else f"[{option.display_name}]" for option in command.parameters
        ]
        return f"`/{' '.join([command.name, *options])}`"
    first, *others = (_within(command, each) for each in _leaves(command))
    return ", ".join([f"`/{command.name} {first}`", *(f"`{each}`" for each in others)])


def _within(group: Group, command: Command[Any, ..., Any]) -> str:
    needed = [option.display_name for option in command.parameters if option.required]
    return " ".join([command.qualified_name.removeprefix(f"{group.name} "), *needed])


def _leaves(group: Group) -> Iterator[Command[Any, ..., Any]]:
    for command in group.commands:
        yield from _leaves(command) if isinstance(command, Group) else (command,)


def _who(command: AnyCommand) -> str:
    leaves = [*_leaves(command)] if isinstance(command, Group) else [command]
    if all(map(for_host, leaves)):
        return "the host"
    return "moderators" if all(map(for_moderators, leaves)) else "everyone"


def _what(command: AnyCommand) -> str:
    if isinstance(command, ContextMenu):
        return (inspect.getdoc(command.callback) or "").partition("\n")[0].rstrip(".")
    return command.description


def main() -> None:
    """Update the README."""
    from bot.commands.every import COMMANDS

    README.write_text(with_table(README.read_text(encoding="utf-8"), COMMANDS), encoding="utf-8")


if __name__ == "__main__":
    main()
