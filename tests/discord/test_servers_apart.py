"""Each server has an edition of its own: whatever its members use reads that, and what stands in one server is nothing
in another.
"""

from __future__ import annotations

import asyncio
from typing import Any, NoReturn

import discord
import pytest
import simcord
from simcord import ChannelHandle

from bot.cards.card import Button, Card
from bot.commands.latest import Forgotten
from bot.connection.client import QuotewireClient
from bot.connection.views import layout
from bot.memory.exchanges import Votes
from bot.memory.listings import Listing
from bot.memory.posts import POST_IDS
from bot.posting.posting import Posting
from retrieval.newsroom import Newsroom
from tests.discord.test_answer_buttons import button_parts, press
from tests.support.discord.desk import Desk
from tests.support.discord.world import last, mention, text

# The first question of a run waits until the model is loaded.
pytestmark = pytest.mark.simcord(settle_timeout=60)

QUESTION = "What did Rutte say about Russia?"
OURS = (
    "ask coverage headlines history keep keep_days languages latest outlets_holding quotes search span_of_dates status "
    "story withdrawn"
)
"""What members and moderators may have a newsroom do, and the host's own must not be asked for in a server."""


def refused(*_: object, **__: object) -> NoReturn:
    pytest.fail("this is the host's")


@pytest.fixture(autouse=True)
def nothing_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the bot does unasked is another test's business."""
    monkeypatch.setattr(Posting, "start", lambda _: None)


@pytest.fixture
def readers(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The editions that were asked for; the host's fails."""
    asked: list[str] = []
    edition = room.edition

    def recorded(reader: str) -> Any:
        asked.append(reader)
        return edition(reader)

    monkeypatch.setattr(room, "edition", recorded)
    for name in OURS.split():
        monkeypatch.setattr(room, name, refused)
    return asked


async def test_what_members_use_reads_their_server(env: simcord.Env, desk: Desk, readers: list[str]) -> None:
    alice, channel = desk.member("alice"), desk.channel
    uses = {
        "ask": {"question": QUESTION, "language": "English"},
        "latest": {},
        "latest about": {"topic": "Russia"},
        "story": {"story": "NATO"},
        "sources": {},
    }
    for name, options in uses.items():
        readers.clear()
        result = await alice.slash(channel, name.partition(" about")[0], **options)
        assert {*readers} == {str(desk.guild.id)}, name
        assert result.response, name
    await alice.slash(channel, "ask", question=QUESTION)
    answer = last(channel)
    for label in ("More quotes", "Passage", "👍"):
        readers.clear()
        assert (await press(alice, answer, label)).response
        assert {*readers} <= {str(desk.guild.id)}, label
    latest = (await alice.slash(channel, "latest")).response
    readers.clear()
    opened = await press(alice, latest, "Open story")
    assert "NATO chief demands" in text(opened.response)
    await alice.context_menu(channel, "Ask about this", await alice.send(channel, QUESTION))
    await alice.send(channel, f"{mention(env)} {QUESTION}")
    await alice.send(channel, "And what about Ukraine since then?", reply_to=last(channel))
    for command, option in (("ask", "source"), ("ask", "language"), ("latest", "source"), ("story", "story")):
        options = {"question": QUESTION} if command == "ask" else {}
        await alice.autocomplete(channel, command, option, "", **options)
    assert {*readers} == {str(desk.guild.id)}


async def test_what_moderators_use_reads_their_server(desk: Desk, readers: list[str]) -> None:
    for name, options in (
        ("status", {}),
        ("settings show", {}),
        ("history", {"article": (await desk.mod.autocomplete(desk.channel, "history", "article", "NATO"))[0]["value"]}),
        ("digest subscribe", {}),
        ("digest preview", {}),
        ("alert add", {"topic": "ferries"}),
    ):
        readers.clear()
        assert (await desk.mod.slash(desk.channel, name, **options)).response, name
        assert {*readers} == {str(desk.guild.id)}, name
    readers.clear()
    for command in ("remove", "restore"):
        await desk.mod.autocomplete(desk.channel, command, "article", "")
    await desk.mod.autocomplete(desk.channel, "settings language", "name", "")
    assert readers == [str(desk.guild.id)] * 3


async def test_direct_messages_read_what_the_host_does(env: simcord.Env, room: Newsroom) -> None:
    alice = env.create_user("alice")
    room.edition = refused  # type: ignore[method-assign]
    try:
        await alice.send_dm(QUESTION)
        assert "Rutte" in text(alice.dm_channel.last_message)
    finally:
        del room.edition


# --- what stands in one server, pressed in another


async def copied(env: simcord.Env, message: Any, channel: ChannelHandle) -> discord.Message:
    """A message of the bot with the buttons of another one, such as nobody but the bot could send."""
    assert isinstance(env.bot, QuotewireClient)
    there = env.bot.get_channel(channel.id)
    assert isinstance(there, discord.TextChannel)
    ids = [part["custom_id"] for part in button_parts(message) if part.get("custom_id")]
    rows = tuple((Button(str(number), custom_id=id_),) for number, id_ in enumerate(ids))
    sent = await there.send(view=layout(Card((("Copied",),), rows=rows)))
    await env.settle()
    return sent


@pytest.mark.parametrize("question", [QUESTION, "What is the capital of Peru?"], ids=["answered", "not answered"])
async def test_the_buttons_of_an_answer_do_nothing_elsewhere(env: simcord.Env, desk: Desk, question: str) -> None:
    answer = (await desk.member("alice").slash(desk.channel, "ask", question=question)).response
    elsewhere = Desk.furnish(env)
    copy = await copied(env, answer, elsewhere.channel)
    bob = elsewhere.member("bob")
    ids = [part["custom_id"] for part in button_parts(copy)]
    assert len(ids) >= 4
    for id_ in ids:
        result = await bob.click(copy, custom_id=id_)
        shown = result.followups[0] if result.followups else result.response
        assert text(shown).startswith("I do not keep this answer any more"), id_
        assert result.modal is None
        env.errors.clear()
    votes = desk.client.serving.exchanges.votes
    for guild in (desk.guild.id, elsewhere.guild.id, None):
        assert await asyncio.to_thread(votes, guild) == Votes(0, 0)


async def test_the_pages_of_a_list_do_not_turn_elsewhere(env: simcord.Env, desk: Desk) -> None:
    client, elsewhere = desk.client, Desk.furnish(env)
    secret = Listing(topic="Plans of the harbour")
    id_ = await asyncio.to_thread(client.serving.listings.keep, secret, desk.guild.id)
    for place, shown in ((desk, "about “Plans of the harbour”"), (elsewhere, "This list is too old")):
        there = client.get_channel(place.channel.id)
        assert isinstance(there, discord.TextChannel)
        page = f"latest:{id_}:0:{place.mod.id}"
        sent = await there.send(view=layout(Card((("A list",),), rows=((Button("▶️", custom_id=page),),))))
        await env.settle()
        result = await place.mod.click(sent, custom_id=page)
        said = [text(message) for message in (result.response, *result.followups)]
        assert any(shown in each for each in said), said
        assert place is desk or not any("harbour" in each for each in said)
    simcord.assert_error(env, Forgotten) if env.errors else None


async def test_what_was_offered_in_one_server_stands_for_nothing_in_another(env: simcord.Env, desk: Desk) -> None:
    elsewhere, choices = Desk.furnish(env), desk.client.serving.choices
    address = f"https://news.example/{'secret-' * 20}"
    offered = choices.at(desk.guild.id).offer("A feed", address).value
    assert choices.at(desk.guild.id).chosen(offered) == address
    assert choices.at(elsewhere.guild.id).chosen(offered) == choices.at(None).chosen(offered) == offered


async def test_a_reply_goes_on_from_what_stands_in_its_own_server(desk: Desk) -> None:
    posts, subscriptions = desk.client.serving.posts, desk.client.serving.subscriptions
    await desk.mod.slash(desk.channel, "alert add", topic="ferries")
    (alert,) = await asyncio.to_thread(subscriptions.of, desk.guild.id, "alert")

    def planned() -> int:
        posts.queue({alert.id: ["a"]}, 2)
        posts.plan(alert, ["a"], 2, 0.0)
        (post,) = posts.to_post(1.0)
        return post.id

    mark = await asyncio.to_thread(planned)
    assert mark >= POST_IDS
    told = [await asyncio.to_thread(posts.articles_of, mark, guild) for guild in (desk.guild.id, 5, None)]
    assert told == [["a"], [], []]


async def test_a_server_leaves_a_collection_for_itself_alone(env: simcord.Env, desk: Desk) -> None:
    elsewhere = Desk.furnish(env)
    listed = text((await desk.mod.slash(desk.channel, "collections list")).response)
    assert listed.startswith("## 1 collection\n- **news**")
    assert "1 article" in listed
    assert "read here" in listed
    assert [
        each["name"] for each in await desk.mod.autocomplete(desk.channel, "collections leave", "collection", "")
    ] == ["news"]
    assert await desk.mod.autocomplete(desk.channel, "collections read", "collection", "") == []
    left = await desk.mod.slash(desk.channel, "collections leave", collection="news")
    assert "reads the collection **news** no more" in text(left.response)
    alice, bob = desk.member("alice"), elsewhere.member("bob")
    assert "Rutte" not in text((await alice.slash(desk.channel, "latest")).response)
    assert "NATO chief" in text((await bob.slash(elsewhere.channel, "latest")).response)
    assert "not read here" in text((await desk.mod.slash(desk.channel, "collections list")).response)
    back = await desk.mod.slash(desk.channel, "collections read", collection="news")
    assert "reads the collection **news** from now on" in text(back.response)
    assert "NATO chief" in text((await alice.slash(desk.channel, "latest")).response)
    unknown = await desk.mod.slash(desk.channel, "collections read", collection="sports")
    assert "sports" in text(unknown.followups[0])
    env.errors.clear()
