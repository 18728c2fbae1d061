"""The README's table of commands: that of the tree, in its place."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord import app_commands

from bot.cli.command_table import BEGIN, END, README, table, with_table
from bot.commands.every import COMMANDS
from bot.connection.checks import moderators_group, moderators_only

Interaction = discord.Interaction[Any]

pins = moderators_group("pins", "Pins | and needles")
old = app_commands.Group(name="old", description="Old ones", parent=pins)


@pins.command(name="add", description="Add one")
@moderators_only
async def add_pin(_: Interaction, place: str, colour: str | None = None) -> None:
    pass


@old.command(name="drop", description="Drop all")
@app_commands.rename(sure="really")
@moderators_only
async def drop_pins(_: Interaction, sure: bool) -> None:
    pass


@app_commands.command(description="Find a pin")
async def find(_: Interaction, colour: str, place: str | None = None) -> None:
    pass


@app_commands.context_menu(name="Pin this")
async def pin_this(_: Interaction, message: discord.Message) -> None:
    """Pin a message.

    What else there is to say of it.
    """


def test_the_readme_has_the_commands_of_the_tree() -> None:
    readme = README.read_text(encoding="utf-8")
    assert with_table(readme, COMMANDS) == readme, "run: python -m bot.cli.command_table"


def test_a_row_says_how_a_command_is_typed_who_may_use_it_and_what_it_does() -> None:
    assert table([find, pin_this, pins]).splitlines()[2:] == [
        "| `/find colour [place]` | everyone | Find a pin |",
        "| *Apps → Pin this*, in a message's menu | everyone | Pin a message |",
        "| `/pins old drop really`, `add place` | moderators | Pins \\| and needles |",
    ]


def test_only_the_place_of_the_table_is_changed() -> None:
    assert with_table(f"a\n{BEGIN}| old |\n{END}b\n", [find]) == f"a\n{BEGIN}{table([find])}{END}b\n"
    with pytest.raises(ValueError, match="no lines"):
        with_table("a\n", [find])
