"""`/forget me`: in a server and in a direct message, whoever may ask there or not."""

from __future__ import annotations

import pytest
import simcord

from bot.memory.guilds import GuildSettings
from tests.discord.test_answer_buttons import press
from tests.support.discord.desk import Desk
from tests.support.discord.stand_in import StandIn
from tests.support.discord.world import text

QUESTION = "What did Rutte say about Russia?"


@pytest.fixture
def room() -> StandIn:
    return StandIn()


async def test_a_member_is_forgotten_and_their_buttons_say_so(desk: Desk) -> None:
    alice, bob = desk.member("alice"), desk.member("bob")
    hers, his = [(await who.slash(desk.channel, "ask", question=QUESTION)).response for who in (alice, bob)]
    await press(alice, his, "👍")
    await alice.slash(desk.channel, "latest")
    result = await alice.slash(desk.channel, "forget me")
    assert result.ephemeral
    assert text(result.response).startswith(
        "I have forgotten everything I remembered of you: 1 question with its answer, 1 vote, "
        "1 list of news you had looked at."
    )
    assert desk.client.serving.locales.of(alice.id) is None
    pressed = await press(bob, hers, "👍")
    assert text(pressed.followups[0] if pressed.followups else pressed.response).startswith(
        "I do not keep this answer any more"
    )
    assert text((await press(bob, his, "👍")).response).startswith("Thank you!")
    again = await alice.slash(desk.channel, "forget me")
    assert text(again.response) == "I remember nothing of you."
    desk.env.errors.clear()


async def test_it_is_a_question_of_no_channel_and_needs_no_rest(env: simcord.Env, desk: Desk) -> None:
    desk.keep(GuildSettings(channels=(desk.guild.create_text_channel("news").id,), cooldown=3600))
    alice = desk.member("alice")
    for _ in range(3):
        assert text((await alice.slash(desk.channel, "forget me")).response) == "I remember nothing of you."
    await alice.send_dm(QUESTION)
    told = text((await alice.user.slash("forget me")).response)
    assert "1 question with its answer." in told
