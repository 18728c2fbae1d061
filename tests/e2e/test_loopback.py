"""The loopback itself, with a small discord.py client: a fake that nobody checks proves nothing."""

from __future__ import annotations

import asyncio
import io
import json
import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands

from tests.support.loopback.gateway import MESSAGE_CONTENT
from tests.support.loopback.rules import COMPONENTS_V2
from tests.support.loopback.server import LoopbackDiscord
from tests.support.loopback.world import snowflake

Json = dict[str, Any]
Post = Callable[..., Awaitable[tuple[int, Json]]]

NO_MENTIONS = {"parse": []}
# The beginning of a PNG of 3 by 2 pixels, which is all that is read of it.
PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 3, 2)


class Card(discord.ui.LayoutView):
    """What an answer may look like."""

    def __init__(self, text: str) -> None:
        super().__init__()
        link: discord.ui.Button[Card] = discord.ui.Button(label="Read", url="https://example.org/a")
        more: discord.ui.Button[Card] = discord.ui.Button(label="More", custom_id="more")
        more.callback = self.more
        row: discord.ui.ActionRow[Card] = discord.ui.ActionRow(link, more)
        parts = (discord.ui.TextDisplay(text), discord.ui.Separator(), row)
        self.add_item(discord.ui.Container(*parts, accent_colour=255))

    async def more(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(view=Card("More of it."))


class Client(discord.Client):
    """Answers `/ask` after a deferral, `/now` at once, and mentions with a reply."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        super().__init__(intents=intents, allowed_mentions=discord.AllowedMentions.none())
        self.tree = app_commands.CommandTree(self)
        self.seen: asyncio.Queue[discord.Message] = asyncio.Queue()
        ask = self.tree.command(name="ask", description="Ask")(self._ask)
        ask.autocomplete("question")(self._suggest)
        self.tree.command(name="now", description="At once")(self._now)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """No pause before a second identify, which Discord itself asks for."""

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def _ask(self, interaction: discord.Interaction, question: str) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.edit_original_response(view=Card(f"You asked: {question}"))
        await interaction.followup.send(view=Card("And more."))

    async def _suggest(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed}?", value=f"{typed}?")]

    @app_commands.guild_only
    async def _now(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Now.")

    async def on_message(self, message: discord.Message) -> None:
        self.seen.put_nowait(message)
        if self.user in message.mentions and not message.author.bot:
            async with message.channel.typing():
                await message.reply(view=Card("A reply."), mention_author=False)


@pytest.fixture
async def loopback() -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord() as server:
        yield server


@pytest.fixture
async def client(loopback: LoopbackDiscord, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    monkeypatch.setattr("discord.http.Route.BASE", loopback.base_url)
    monkeypatch.setattr("discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY", yarl.URL(loopback.gateway_url))
    client = Client()
    running = asyncio.create_task(client.start(loopback.world.token))
    await loopback.ready(timeout=10)
    yield client
    await client.close()
    await running


@pytest.fixture
async def post(loopback: LoopbackDiscord) -> AsyncIterator[Post]:
    """Raw calls, for what discord.py itself would not send."""
    headers = {"Authorization": f"Bot {loopback.world.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:

        async def call(path: str, body: Any, method: str = "POST", **more: Any) -> tuple[int, Json]:
            async with session.request(method, loopback.base_url + path, json=body, **more) as answer:
                text = await answer.text()
                return answer.status, json.loads(text) if text else {}

        yield call


async def test_a_deferred_answer_stays_ephemeral_and_becomes_v2(loopback: LoopbackDiscord, client: Client) -> None:
    interaction = await loopback.slash("ask", question="Why?")
    reply = await loopback.answer_to(interaction)
    assert interaction.callback == {"type": 5, "data": {"flags": 64}}
    assert interaction.acknowledged_after is not None
    assert interaction.acknowledged_after < 1
    assert reply.ephemeral
    assert reply.v2
    assert reply.texts == ("You asked: Why?",)
    await loopback.until(lambda: interaction.followups, what="the follow-up")
    assert loopback.violations() == []


async def test_a_button_changes_the_message_that_bears_it(loopback: LoopbackDiscord, client: Client) -> None:
    reply = await loopback.answer_to(await loopback.slash("ask", question="Why?"))
    clicked = await loopback.click(reply, "More")
    assert (await loopback.answer_to(clicked)).texts == ("More of it.",)
    assert loopback.violations() == []


async def test_choices_are_offered_while_a_member_types(loopback: LoopbackDiscord, client: Client) -> None:
    typing = await loopback.autocomplete("ask", "question", question="Why")
    await loopback.until(lambda: typing.answered, what="choices")
    assert typing.callback == {"type": 8, "data": {"choices": [{"name": "Why?", "value": "Why?"}]}}
    assert loopback.violations() == []


async def test_commands_are_registered_once_and_keep_their_ids(loopback: LoopbackDiscord, client: Client) -> None:
    before = {command["name"]: command["id"] for command in loopback.commands.registered}
    await client.tree.sync()
    assert {command["name"]: command["id"] for command in loopback.commands.registered} == before
    with pytest.raises(LookupError):
        await loopback.slash("secrets")
    with pytest.raises(LookupError, match="in direct messages"):
        await loopback.slash("now", channel=loopback.world.direct)
    with pytest.raises(ValueError, match="requires question"):
        await loopback.slash("ask")


async def test_a_mention_is_readable_and_gets_a_reply(loopback: LoopbackDiscord, client: Client) -> None:
    asked = await loopback.say(f"<@{loopback.world.bot.id}> why?")
    reply = await loopback.reply_to(asked)
    assert reply.texts == ("A reply.",)
    assert loopback.calls_to("POST", "/channels/{channel_id}/typing")
    assert loopback.violations() == []


async def test_other_messages_arrive_without_their_content(loopback: LoopbackDiscord, client: Client) -> None:
    await loopback.say("just talking")
    await loopback.say("to you alone", channel=loopback.world.direct)
    async with asyncio.timeout(10):
        assert [(await client.seen.get()).content, (await client.seen.get()).content] == ["", "to you alone"]
    assert not client.intents.value & MESSAGE_CONTENT


@pytest.mark.parametrize("way", ["op 7", "op 9", "closed", "lost"])
async def test_reconnecting_resumes_what_was_missed(loopback: LoopbackDiscord, client: Client, way: str) -> None:
    first, resumable = loopback.gateway.session, way != "lost"
    assert first is not None
    if way == "op 7":
        await loopback.gateway.ask_to_reconnect()
    elif way == "closed":
        await loopback.gateway.drop(4000)
    else:
        await loopback.gateway.invalidate(resumable=resumable)
    await loopback.until(lambda: len(loopback.gateway.queries) == 2, what="a second connection")
    await loopback.until(lambda: loopback.gateway.connected, what="a session")
    assert (loopback.gateway.session is first) is resumable
    assert first.resumed == int(resumable)
    reply = await loopback.answer_to(await loopback.slash("now"))
    assert reply.content == "Now."


async def test_a_prescribed_answer_is_given_once(loopback: LoopbackDiscord, client: Client) -> None:
    limited = {"message": "slow down", "code": 0, "retry_after": 0.01, "global": False}
    typing = ("POST", "/channels/{channel_id}/typing")
    loopback.answer_next(*typing, 429, limited, headers={"Via": "1.1 google"})
    await loopback.reply_to(await loopback.say(f"<@{loopback.world.bot.id}> why?"))
    assert [call.status for call in loopback.calls_to(*typing)] == [429, 204]


async def test_a_wrong_token_is_refused(loopback: LoopbackDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discord.http.Route.BASE", loopback.base_url)
    async with Client() as client:
        with pytest.raises(discord.LoginFailure):
            await client.start("wrong")
    assert loopback.violations()


async def test_privileged_intents_are_refused(loopback: LoopbackDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discord.http.Route.BASE", loopback.base_url)
    monkeypatch.setattr("discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY", yarl.URL(loopback.gateway_url))
    async with discord.Client(intents=discord.Intents(message_content=True)) as client:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await client.start(loopback.world.token)


@pytest.mark.parametrize("kind", ["zlib-stream", "zstd-stream", ""])
async def test_every_kind_of_compression_is_one_stream(loopback: LoopbackDiscord, kind: str) -> None:
    inflate: Callable[[bytes], bytes] = zlib.decompressobj().decompress
    if kind == "zstd-stream":
        inflate = pytest.importorskip("zstandard").ZstdDecompressor().decompressobj().decompress

    async def read(socket: aiohttp.ClientWebSocketResponse) -> Json:
        frame = await socket.receive(timeout=5)
        return json.loads(inflate(frame.data) if kind else frame.data)

    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{loopback.gateway_url}?v=10&encoding=json&compress={kind}") as socket,
    ):
        assert (await read(socket))["op"] == 10
        await socket.send_json({"op": 1, "d": None})
        assert (await read(socket))["op"] == 11
        await socket.send_json({"op": 2, "d": {"token": loopback.world.token, "intents": 1}})
        assert [(await read(socket))["t"], (await read(socket))["t"]] == ["READY", "GUILD_CREATE"]
        await socket.send_json({"op": 2, "d": {}})
        assert (await socket.receive(timeout=5)).data == 4005


async def interact(loopback: LoopbackDiscord) -> tuple[str, str]:
    """An interaction that no client answers; its callback's path and its webhook's."""
    loopback.commands.overwrite([{"name": "ask", "description": "Ask"}])
    interaction = await loopback.slash("ask")
    return (
        f"/interactions/{interaction.id}/{interaction.token}/callback",
        f"/webhooks/{loopback.world.application_id}/{interaction.token}",
    )


async def test_an_interaction_is_acknowledged_once(loopback: LoopbackDiscord, post: Post) -> None:
    callback, webhook = await interact(loopback)
    original = f"{webhook}/messages/@original"
    assert (await post(original, {"content": "early"}, "PATCH"))[1]["code"] == 10015
    assert (await post(callback, {"type": 5, "data": {"content": "x"}}))[1]["code"] == 50035
    assert (await post(callback, {"type": 5}))[0] == 204
    assert (await post(callback, {"type": 5}))[1]["code"] == 40060
    assert (await post(f"/interactions/{snowflake()}/x/callback", {"type": 5}))[1]["code"] == 10062
    assert (await post(f"{webhook}/messages/{snowflake()}", {"content": "x"}, "PATCH"))[1]["code"] == 10008
    assert (await post(webhook, {"content": "the answer", "allowed_mentions": NO_MENTIONS}))[0] == 200
    assert loopback.interactions.all[0].reply.content == "the answer"
    reported = " ".join(loopback.violations())
    assert all(str(code) in reported for code in (10015, 50035, 40060, 10062, 10008))


async def test_an_interaction_is_acknowledged_in_time(loopback: LoopbackDiscord, post: Post) -> None:
    callback, _ = await interact(loopback)
    loopback.interactions.all[0].dispatched -= 3.1
    assert (await post(callback, {"type": 5}))[1]["code"] == 10062


async def test_an_interaction_ends_after_a_quarter_of_an_hour(loopback: LoopbackDiscord, post: Post) -> None:
    callback, webhook = await interact(loopback)
    await post(callback, {"type": 5})
    loopback.interactions.all[0].dispatched -= 901
    assert (await post(webhook, {"content": "late"}))[1]["code"] == 50027


async def test_the_v2_flag_stays_and_forbids_content(loopback: LoopbackDiscord, post: Post) -> None:
    channel = f"/channels/{loopback.world.channel.id}/messages"
    text = {"type": 10, "content": "A quote."}
    assert (await post(channel, {}))[1]["code"] == 50006
    assert (await post(channel, {"components": [text]}))[1]["code"] == 50035
    assert (await post(channel, {"components": [text], "flags": COMPONENTS_V2, "content": "x"}))[0] == 400
    status, message = await post(channel, {"components": [text], "flags": COMPONENTS_V2})
    assert status == 200
    one = f"{channel}/{message['id']}"
    assert (await post(one, {"content": "x"}, "PATCH"))[1]["code"] == 50035
    assert (await post(one, {"flags": 0}, "PATCH"))[1]["code"] == 50035
    assert (await post(one, {"components": [text, text]}, "PATCH"))[0] == 200
    assert any("allowed_mentions is missing" in problem for problem in loopback.violations())


async def test_content_does_not_survive_the_v2_flag(loopback: LoopbackDiscord, post: Post) -> None:
    channel = f"/channels/{loopback.world.channel.id}/messages"
    _, message = await post(channel, {"content": "plain"})
    v2 = {"components": [{"type": 10, "content": "A quote."}], "flags": COMPONENTS_V2}
    one = f"{channel}/{message['id']}"
    assert (await post(one, v2, "PATCH"))[1]["code"] == 50035
    assert (await post(one, v2 | {"content": None}, "PATCH"))[0] == 200


async def test_a_bot_edits_only_its_own_visible_messages(loopback: LoopbackDiscord, post: Post) -> None:
    channel = f"/channels/{loopback.world.channel.id}/messages"
    theirs = await loopback.say("hello")
    assert (await post(f"{channel}/{theirs.id}", {"content": "x"}, "PATCH"))[1]["code"] == 50005
    callback, _ = await interact(loopback)
    await post(callback, {"type": 4, "data": {"content": "secret", "flags": 64}})
    secret = loopback.interactions.all[0].reply
    assert (await post(f"{channel}/{secret.id}", {"content": "x"}, "PATCH"))[1]["code"] == 10008
    assert (await post("/channels/1/messages", {"content": "x"}))[1]["code"] == 10003


async def test_files_come_beside_the_payload(loopback: LoopbackDiscord) -> None:
    form = aiohttp.FormData(quote_fields=False)
    payload = {"content": "see file", "allowed_mentions": NO_MENTIONS}
    form.add_field("payload_json", json.dumps(payload))
    form.add_field("files[0]", b"text", filename="a.txt", content_type="application/octet-stream")
    headers = {"Authorization": f"Bot {loopback.world.token}"}
    url = f"{loopback.base_url}/channels/{loopback.world.channel.id}/messages"
    async with aiohttp.ClientSession() as session, session.post(url, data=form, headers=headers) as answer:
        assert answer.status == 200
    sent = loopback.messages.all[-1]
    assert (sent.content, [each.name for each in sent.attachments]) == ("see file", ["a.txt"])
    assert loopback.violations() == []


async def test_a_picture_is_described_where_it_is_shown(loopback: LoopbackDiscord, client: Client) -> None:
    view = discord.ui.LayoutView().add_item(discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://a.png")))
    channel = client.get_channel(int(loopback.world.channel.id))
    assert isinstance(channel, discord.TextChannel)
    sent = await channel.send(view=view, file=discord.File(io.BytesIO(PICTURE), "a.png"))
    gallery = sent.components[0]
    assert sent.attachments == []
    assert isinstance(gallery, discord.MediaGalleryComponent)
    media = gallery.items[0].media
    assert (media.width, media.height, media.content_type) == (3, 2, "image/png")
    await sent.edit(view=view, attachments=[discord.File(io.BytesIO(PICTURE), "a.png")])
    assert loopback.violations() == []
    with pytest.raises(discord.HTTPException, match="not among the files"):
        await channel.send(view=view)


async def test_a_nonce_that_is_enforced_makes_one_message(loopback: LoopbackDiscord, client: Client) -> None:
    channel = client.get_channel(int(loopback.world.channel.id))
    assert isinstance(channel, discord.TextChannel)
    first, again = await channel.send("x", nonce=7), await channel.send("x", nonce=7)
    assert (again.id == first.id, again.nonce) == (True, "7")
    loopback.messages.all[-1].created -= 301
    assert (await channel.send("x", nonce=7)).id != first.id
    assert [each.id async for each in channel.history(after=first)] == [int(loopback.messages.all[-1].id)]


async def test_an_answer_can_be_lost_though_the_message_was_taken(loopback: LoopbackDiscord, client: Client) -> None:
    channel = client.get_channel(int(loopback.world.channel.id))
    assert isinstance(channel, discord.TextChannel)
    loopback.answer_next("POST", "/channels/{channel_id}/messages", 200, taken=True, lost=True)
    with pytest.raises((aiohttp.ClientError, OSError)):
        await channel.send("x")
    assert [each.content for each in loopback.sent_by_bot()] == ["x"]


@pytest.mark.parametrize("refused", [False, True])
async def test_an_outage_ends_on_the_same_address(loopback: LoopbackDiscord, post: Post, *, refused: bool) -> None:
    path = f"/channels/{loopback.world.channel.id}/messages"
    assert (await post(path, {"content": "x"}))[0] == 200
    async with loopback.outage(refused=refused):
        if refused:
            with pytest.raises((aiohttp.ClientError, OSError)):
                await post(path, {"content": "x"})
        else:
            async with aiohttp.ClientSession() as session, session.get(f"{loopback.base_url}/gateway") as answer:
                assert answer.status == 503
            async with aiohttp.ClientSession() as session:
                with pytest.raises(aiohttp.WSServerHandshakeError):
                    await session.ws_connect(loopback.gateway_url)
    assert (await post(path, {"content": "x"}))[0] == 200


async def test_more_than_a_window_holds_is_refused_for_a_while(loopback: LoopbackDiscord, post: Post) -> None:
    channel = f"/channels/{loopback.world.channel.id}/messages"
    statuses = [(await post(channel, {"content": "x"}))[0] for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    assert any("429" in problem for problem in loopback.violations())


async def test_what_discord_does_not_have_is_reported(loopback: LoopbackDiscord, post: Post) -> None:
    assert (await post("/secrets", {}))[0] == 404
    assert any("no such endpoint" in problem for problem in loopback.violations())
