from __future__ import annotations

import pytest
import simcord

from tests.support.discord.world import text, texts

# The first question of a run waits until the model is loaded.
pytestmark = pytest.mark.simcord(settle_timeout=60)

TITLE = "NATO chief demands faster Russian action to end Ukraine conflict"


async def test_latest_shows_headline_date_and_quotes(env: simcord.Env) -> None:
    channel = env.create_guild().create_text_channel("general")
    alice = env.guild.add_member(env.create_user("alice"))
    result = await alice.slash(channel, "latest")
    heading, story, footer = texts(result.response)
    assert heading == "## Latest news"
    assert story.startswith(f"**{TITLE}**\n-# undated\n> ")
    assert 2 <= story.count("\n> ") <= 4
    assert footer == "-# Indented quotes are word for word."


async def test_latest_about_a_topic(env: simcord.Env) -> None:
    channel = env.create_guild().create_text_channel("general")
    alice = env.guild.add_member(env.create_user("alice"))
    found = await alice.slash(channel, "latest", topic="ceasefire in Ukraine")
    assert "## Latest news about “ceasefire in Ukraine”" in text(found.response)
    assert TITLE in text(found.response)
    missed = await alice.slash(channel, "latest", topic="volcano tourism")
    assert text(missed.response) == "I have no articles about “volcano tourism” yet."
