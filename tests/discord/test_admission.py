"""Where members may ask, and how often; on a clock that the tests set."""

from __future__ import annotations

from pathlib import Path

import discord
import pytest
import simcord
from simcord import ChannelHandle, MemberActor
from simcord.results import InteractionResult

from bot.connection.admission import RARELY
from bot.connection.client import QuotewireClient
from bot.connection.limits import Asker, Crowded, Limits, Turns
from bot.memory.guilds import GuildSettings
from retrieval.answer import Answer
from tests.support.clock import Clock
from tests.support.discord.desk import Desk
from tests.support.discord.stand_in import StandIn, no_answer
from tests.support.discord.world import make_client, mention, text


class Room(StandIn):
    """A newsroom that counts what it is asked."""

    def __init__(self) -> None:
        super().__init__(asking=self._count)
        self.asked: list[str] = []

    def _count(self, question: str) -> Answer:
        self.asked.append(question)
        return no_answer(question)


@pytest.fixture
def clock() -> Clock:
    return Clock(1_800_000_000.25)


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def simcord_bot(room: Room, clock: Clock, tmp_path: Path) -> QuotewireClient:
    client = make_client(room.room, tmp_path)
    client.serving.limits = Limits(clock)
    return client


async def ask(member: MemberActor, channel: ChannelHandle) -> InteractionResult:
    return await member.slash(channel, "ask", question="Why?")


SOON = "That was a little fast; ask again <t:1800000006:R>."


async def test_a_member_has_to_rest_between_two_questions(desk: Desk, room: Room, clock: Clock) -> None:
    alice, bob = desk.member("alice"), desk.member("bob")
    await ask(alice, desk.channel)
    early = await ask(alice, desk.channel)
    assert early.ephemeral
    assert text(early.response) == SOON
    assert text((await alice.slash(desk.channel, "latest")).response) == SOON
    await ask(bob, desk.channel)
    assert len(room.asked) == 2
    clock.now += 5
    await ask(alice, desk.channel)
    assert len(room.asked) == 3
    assert desk.client.serving.limits.under_way == 0
    # A moderator's commands are no questions.
    for _ in range(3):
        assert "Reloaded" in text((await desk.mod.slash(desk.channel, "reload")).response)


async def test_the_rest_is_the_servers_to_set(desk: Desk, room: Room, clock: Clock) -> None:
    alice = desk.member("alice")
    await desk.set("cooldown", seconds=0)
    for _ in range(4):
        await ask(alice, desk.channel)
    assert len(room.asked) == 4
    await desk.set("cooldown", seconds=3600)
    clock.now += 3599
    assert "<t:1800003601:R>" in text((await ask(alice, desk.channel)).response)


async def test_the_rest_is_shorter_in_direct_messages(desk: Desk, room: Room, clock: Clock) -> None:
    alice = desk.env.create_user("alice")
    await alice.slash("ask", question="Why?")
    early = await alice.slash("ask", question="Why?")
    assert text(early.response) == "That was a little fast; ask again <t:1800000004:R>."
    clock.now += 3
    await alice.slash("ask", question="Why?")
    assert len(room.asked) == 2


async def test_a_member_has_two_questions_under_way_at_most(desk: Desk, room: Room) -> None:
    alice = desk.member("alice")
    desk.keep(GuildSettings(cooldown=0))
    for _ in range(2):
        assert desk.client.serving.limits.admit(Asker(alice.id, desk.guild.id), 0) is None
    refused = await ask(alice, desk.channel)
    assert refused.ephemeral
    assert text(refused.response) == "Two of your questions are being answered; ask again when one of them is."
    desk.client.serving.limits.end(Asker(alice.id))
    await ask(alice, desk.channel)
    assert len(room.asked) == 1


def replies(desk: Desk, channel: ChannelHandle) -> list[str]:
    return [text(message) for message in channel.history() if message.author == desk.client.user]


async def test_a_mention_over_the_limit_is_told_so_once(desk: Desk, room: Room, clock: Clock) -> None:
    alice = desk.member("alice")
    for _ in range(5):
        await alice.send(desk.channel, f"{mention(desk.env)} Why?")
    assert len(room.asked) == 1
    assert len(replies(desk, desk.channel)) == 2
    assert SOON in replies(desk, desk.channel)
    clock.now += 5
    for _ in range(5):
        await alice.send(desk.channel, f"{mention(desk.env)} Why?")
    assert len(room.asked) == 2
    assert len(replies(desk, desk.channel)) == 4


async def test_the_turn_is_the_members(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    askers: list[Asker] = []
    turn = Turns.turn
    monkeypatch.setattr(Turns, "turn", lambda turns, asker: (askers.append(asker), turn(turns, asker))[1])
    alice, bob, carol = desk.member("alice"), desk.member("bob"), desk.env.create_user("carol")
    await ask(alice, desk.channel)
    await bob.send(desk.channel, f"{mention(desk.env)} Why?")
    await carol.slash("ask", question="Why?")
    assert askers == [Asker(alice.id, desk.guild.id), Asker(bob.id, desk.guild.id), Asker(carol.id)]


async def test_more_than_a_servers_share_is_refused(desk: Desk, room: Room) -> None:
    desk.client.serving.desk.turns = Turns(at_once=0, most_waiting=0)
    refused = await ask(desk.member("alice"), desk.channel)
    assert refused.followups[0].ephemeral
    assert text(refused.followups[0]) == "Many questions are waiting here just now; ask again in a minute."
    simcord.assert_error(desk.env, Crowded)
    assert room.asked == []


# --- where -------------------------------------------------------------------------------------------


async def test_the_bot_answers_in_its_channels_and_their_threads_only(desk: Desk, room: Room, clock: Clock) -> None:
    alice = desk.member("alice")
    news = desk.guild.create_text_channel("news")
    await desk.set("channels add", channel=news)
    for command, options in (("ask", {"question": "Why?"}), ("latest", {})):
        elsewhere = await alice.slash(desk.channel, command, **options)
        assert elsewhere.ephemeral
        assert text(elsewhere.response) == f"I do not answer in this channel; ask me in <#{news.id}>."
    assert room.asked == []
    await ask(alice, news)  # at once: what was refused is no question
    channel = desk.client.get_channel(news.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.create_thread(name="ferries", type=discord.ChannelType.public_thread)
    clock.now += 5
    await ask(alice, news.threads[0])
    assert len(room.asked) == 2
    await desk.set("channels clear")
    clock.now += 5
    await ask(alice, desk.channel)
    assert len(room.asked) == 3


async def test_moderators_may_ask_anywhere(desk: Desk, room: Room, clock: Clock) -> None:
    await desk.set("channels add", channel=desk.guild.create_text_channel("news"))
    await ask(desk.mod, desk.channel)
    clock.now += 5
    await desk.mod.send(desk.channel, f"{mention(desk.env)} Why?")
    assert len(room.asked) == 2
    assert "Reloaded" in text((await desk.mod.slash(desk.channel, "reload")).response)


async def test_a_mention_elsewhere_is_told_so_rarely(desk: Desk, room: Room, clock: Clock) -> None:
    news = desk.guild.create_text_channel("news")
    await desk.set("channels add", channel=news)
    for name in ("alice", "bob", "carol"):
        await desk.member(name).send(desk.channel, f"{mention(desk.env)} Why?")
    assert replies(desk, desk.channel) == [f"I do not answer in this channel; ask me in <#{news.id}>."]
    clock.now += RARELY
    await desk.member("dave").send(desk.channel, f"{mention(desk.env)} Why?")
    assert len(replies(desk, desk.channel)) == 2
    assert room.asked == []


async def test_where_all_channels_are_gone_the_remedy_is_named(desk: Desk) -> None:
    desk.keep(GuildSettings(channels=(1, 2)))
    shown = text((await ask(desk.member("alice"), desk.channel)).response)
    assert "a moderator can name others with **/settings channels add**" in shown


async def test_channels_that_are_left_are_named(desk: Desk) -> None:
    channels = [desk.guild.create_text_channel(f"c{number}") for number in range(7)]
    desk.keep(GuildSettings(channels=(1, *(channel.id for channel in channels))))
    shown = text((await ask(desk.member("alice"), desk.channel)).response)
    assert shown.endswith(f"<#{channels[4].id}>.")
    assert shown.count("<#") == 5
