"""The ways of asking, and what is understood from what was asked before, on a newsroom that notes what it is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import discord
import pytest
import simcord
from simcord import ChannelHandle, MemberActor

from bot.commands.ask import telling
from bot.commands.messages import question_in
from bot.connection.client import QuotewireClient
from bot.connection.limits import Asker, asker
from bot.connection.offload import offload
from bot.memory.guilds import GuildSettings
from retrieval.answer import Answer
from tests.support.discord.stand_in import StandIn, no_answer
from tests.support.discord.world import mention, text

RUTTE = "What did Rutte say about Russia?"
UKRAINE = "What did Ukraine say about Russia?"


class Room(StandIn):
    """A newsroom that notes what it is asked."""

    def __init__(self) -> None:
        super().__init__(outlets=("Evening Star", "Morning Post", "Morning *Star* @everyone"))
        self.asked: list[str] = []
        self.within: list[tuple[date | None, date | None, str | None]] = []

    def ask(self, question: str, **filters: Any) -> Answer:
        self.asked.append(question)
        self.within.append((filters["since"], filters["as_of"], filters["source"]))
        return no_answer(question)


@pytest.fixture
def room() -> Room:
    return Room()


def today() -> date:
    return datetime.now(UTC).date()


async def test_ask_takes_days_and_an_outlet(alice: MemberActor, channel: ChannelHandle, room: Room) -> None:
    await alice.slash(channel, "ask", question="Why?", since="November 2025", until="yesterday", source="Morning Post")
    assert room.within == [(date(2025, 11, 1), today() - timedelta(1), "Morning Post")]
    await alice.slash(channel, "ask", question="Why?", since=" ")
    assert room.within[1] == (None, None, None)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"since": "in 3 days"}, "is yet to come"),
        ({"since": "yesterday", "until": "2020-01-01"}, "put the earlier day into “since”"),
        ({"until": "@everyone [a](https://evil.example)"}, r"“@everyone \[a\](https\://evil.example)” is"),
    ],
)
async def test_days_that_leave_no_time_are_refused_to_the_member_alone(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle, room: Room, options: dict[str, str], said: str
) -> None:
    result = await alice.slash(channel, "ask", question="Why?", **options)
    assert said.replace("\\", "") in text(result.followups[0]).replace("\\", "")
    assert result.followups[0].ephemeral
    assert len(env.errors) == 1
    assert room.asked == []


async def test_autocomplete_offers_outlets_and_days(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle
) -> None:
    found = await alice.autocomplete(channel, "ask", "source", "morning")
    assert [choice["value"] for choice in found] == ["Morning Post", "Morning *Star* @everyone"]
    assert await alice.autocomplete(channel, "latest", "source", "post") == [
        {"name": "Morning Post", "value": "Morning Post"}
    ]
    assert await alice.autocomplete(channel, "ask", "source", "nobody") == []
    days = await alice.autocomplete(channel, "ask", "since", "")
    assert [choice["value"] for choice in days[:3]] == [str(today() - timedelta(ago)) for ago in (0, 1, 7)]
    assert days[1]["name"].startswith("yesterday · ")
    (typed,) = await alice.autocomplete(channel, "ask", "until", "November 2025")
    assert typed == {"name": "November 2025 · 30 November 2025", "value": "2025-11-30"}
    assert (await alice.autocomplete(channel, "latest", "since", "November 2025"))[0]["value"] == "2025-11-01"
    assert len(await alice.autocomplete(channel, "ask", "since", "x" * 6000)) == 4
    in_private = await env.create_user("stranger").autocomplete("ask", "source", "star")
    assert [choice["value"] for choice in in_private] == ["Evening Star", "Morning *Star* @everyone"]


async def test_answers_are_for_the_member_alone_where_moderators_set_so(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle
) -> None:
    assert isinstance(env.bot, QuotewireClient)
    assert not (await alice.slash(channel, "ask", question="Why?")).ephemeral
    env.bot.serving.guild_settings.change(env.guild.id, lambda _: GuildSettings(ephemeral=True))
    assert (await alice.slash(channel, "ask", question="Why?")).ephemeral
    asked = await alice.send(channel, "The ferry sank.")
    assert (await alice.context_menu(channel, "Ask about this", asked)).ephemeral


# --- the menu of a message ------------------------------------------------------------------------


async def test_a_message_can_be_asked_about(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle, room: Room
) -> None:
    bob = env.guild.add_member(env.create_user("bob"))
    said = await bob.send(channel, f"**Rutte** said {alice.mention} https://news.example/a <:nato:12345> @everyone")
    result = await alice.context_menu(channel, "Ask about this", said)
    assert room.asked == ["Rutte said @alice @\u200beveryone"]
    assert not result.ephemeral
    assert result.response is not None


async def test_an_embed_is_asked_about_where_there_is_no_text(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle, room: Room
) -> None:
    hook = env.guild.create_webhook(channel, "wire")
    embed = discord.Embed(title="Ferry aground.", description="All *passengers* are safe")
    posted = await hook.send("https://news.example/ferry", embed=embed)
    await alice.context_menu(channel, "Ask about this", posted)
    assert room.asked == ["Ferry aground. All passengers are safe"]


async def test_a_forwarded_message_is_asked_about(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle, room: Room
) -> None:
    elsewhere = env.guild.create_text_channel("elsewhere")
    said = await alice.send(elsewhere, "The *ferry* sank.")
    await alice.context_menu(channel, "Ask about this", await alice.forward(said, channel))
    assert room.asked == ["The ferry sank."]


@pytest.mark.parametrize("content", ["https://news.example/a", "<:nato:12345> !!!", "**__**"])
async def test_a_message_without_words_is_refused_to_the_member_alone(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle, room: Room, content: str
) -> None:
    result = await alice.context_menu(channel, "Ask about this", await alice.send(channel, content))
    assert text(result.response) == "There is no text in this message that I could look up; ask me in words with /ask."
    assert result.ephemeral
    assert len(env.errors) == 1
    assert room.asked == []


def test_of_a_long_message_its_questions_or_its_beginning_are_asked() -> None:
    filler = "This is a sentence of some length about nothing. " * 9
    assert telling("Short.", 300) == "Short."
    assert telling(f"{filler}Did Rutte resign? {filler}Who follows him?", 300) == "Did Rutte resign? Who follows him?"
    assert telling(filler, 300) == ("This is a sentence of some length about nothing. " * 6).strip()
    assert telling("word " * 100, 300) == ("word " * 60).strip()
    assert len(telling("x" * 4000, 300)) <= 300


# --- messages -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "addressed", "question"),
    [
        ("<@7> Why?", False, "Why?"),
        ("<@&9>  Why?", False, "Why?"),
        ("<@&9> <@!7>", False, ""),
        ("<@&8> Why?", False, None),
        ("Why?", False, None),
        ("Why?", True, "Why?"),
        ("", True, ""),
    ],
)
def test_a_message_names_the_bot_its_role_or_need_not(content: str, addressed: bool, question: str | None) -> None:
    assert question_in(content, 7, 9, addressed=addressed) == question


async def test_a_direct_message_needs_no_mention(env: simcord.Env, room: Room) -> None:
    alice = env.create_user("alice")
    await alice.send_dm(RUTTE)
    assert room.asked == [RUTTE]
    answer = alice.dm_channel.last_message
    assert answer is not None
    assert answer.author.bot
    await alice.send_dm("and what did Ukraine say?")
    assert room.asked[1:] == [UKRAINE]
    await alice.send_dm("…")
    assert "Ask me about the news" in text(alice.dm_channel.last_message)
    assert len(room.asked) == 2


async def test_a_reply_to_an_answer_is_understood_in_its_context(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle, room: Room
) -> None:
    bob = env.guild.add_member(env.create_user("bob"))
    await alice.send(channel, f"{mention(env)} {RUTTE}")
    first = channel.last_message
    assert first is not None
    await bob.send(channel, "and what did Ukraine say?", reply_to=first)
    assert room.asked == [RUTTE, UKRAINE]
    second = channel.last_message
    assert second is not None
    assert text(second).startswith("## and what did Ukraine say?")
    await alice.send(channel, f"{mention(env)} what about China?", reply_to=second)
    assert room.asked[2] == "What did Ukraine say about China?"
    await alice.send(channel, "Who won in Canada?", reply_to=second)
    assert room.asked[3] == "Who won in Canada?"


@pytest.mark.parametrize(
    ("question", "reply", "understood"),
    [
        ("Was hat Rutte über Russland gesagt?", "Und China?", "Was hat Rutte über China gesagt?"),
        ("Was hat Rutte über Russland gesagt?", "China?", "Was hat Rutte über China gesagt?"),
        ("Qu'a dit Rutte sur la Russie ?", "Et la Chine ?", "Qu'a dit Rutte sur la Chine ?"),
        ("¿Qué dijo Rutte sobre Rusia?", "¿Por qué?", "¿Qué dijo Rutte sobre Rusia, y por qué?"),
        ("¿Qué hay de nuevo sobre la huelga?", "¿Y desde entonces?", "¿Qué hay de nuevo sobre la huelga?"),
    ],
)
async def test_a_reply_is_understood_in_its_own_language(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle, room: Room, question: str, reply: str, understood: str
) -> None:
    await alice.send(channel, f"{mention(env)} {question}")
    assert channel.last_message is not None
    await alice.send(channel, reply, reply_to=channel.last_message)
    assert room.asked == [question, understood]


async def test_a_reply_is_narrowed_as_that_was(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle, room: Room
) -> None:
    await alice.slash(channel, "ask", question=RUTTE, source="Morning Post", since="2025-11-01")
    assert channel.last_message is not None
    await alice.send(channel, f"{mention(env)} what about China?", reply_to=channel.last_message)
    assert room.asked[1] == "What did Rutte say about China?"
    assert room.within[1] == (date(2025, 11, 1), None, "Morning Post")


async def test_without_a_reply_a_channel_is_no_conversation(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle, room: Room
) -> None:
    await alice.send(channel, f"{mention(env)} {RUTTE}")
    await alice.send(channel, f"{mention(env)} and what did Ukraine say?")
    assert room.asked == [RUTTE, "and what did Ukraine say?"]


async def test_a_thread_is_one_for_each_member(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle, room: Room
) -> None:
    bob = env.guild.add_member(env.create_user("bob"))
    parent = env.bot.get_channel(channel.id)
    assert isinstance(parent, discord.TextChannel)
    await parent.create_thread(name="news", type=discord.ChannelType.public_thread)
    (thread,) = channel.threads
    await alice.send(thread, f"{mention(env)} {RUTTE}")
    await bob.send(thread, f"{mention(env)} what about China?")
    await alice.slash(thread, "ask", question="what about China?")
    assert room.asked == [RUTTE, "what about China?", "What did Rutte say about China?"]


async def test_what_is_not_meant_for_the_bot_is_left_alone(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle, room: Room
) -> None:
    bob = env.guild.add_member(env.create_user("bob"))
    robot = env.guild.add_member(env.create_user("robot", bot=True))
    first = await bob.send(channel, RUTTE)
    await alice.send(channel, RUTTE, reply_to=first)
    await robot.send(channel, f"{mention(env)} {RUTTE}")
    # A reply to what is no answer, such as the latest news, is small talk.
    news = await alice.slash(channel, "latest")
    assert news.response is not None
    await alice.send(channel, "thanks", reply_to=channel.last_message)
    # Of a reply to a command's answer Discord keeps the text from the bot.
    await alice.slash(channel, "ask", question=RUTTE)
    before = len(channel.history())
    await alice.send(channel, "thanks", reply_to=channel.last_message)
    assert room.asked == [RUTTE]
    assert len(channel.history()) == before + 1


async def test_a_ping_of_the_bots_role_without_its_text_gets_a_hint(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle, room: Room
) -> None:
    own = env.guild.create_role("Quotewire", managed=True, mentionable=True)
    await env.settle()
    guild = env.bot.get_guild(env.guild.id)
    role = guild.get_role(own.id) if guild else None
    assert role is not None
    role.tags = discord.RoleTags({"bot_id": str(env.bot.user.id if env.bot.user else 0)})  # type: ignore[typeddict-item]
    await alice.send(channel, f"<@&{own.id}> {RUTTE}")
    last = channel.last_message
    assert last is not None
    assert last.author.bot
    assert "Ask me about the news" in text(last)
    assert room.asked == []


async def test_work_off_the_loop_knows_whom_it_is_for() -> None:
    asker.set(Asker(1, 2))
    assert await offload(asker.get) == Asker(1, 2)
