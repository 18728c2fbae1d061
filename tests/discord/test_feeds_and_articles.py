"""`/feeds`, `/add` and `/remove` on a real newsroom, with a real server on loopback behind it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
import pytest
import simcord
from hypothesis import given
from hypothesis import strategies as st
from simcord import ChannelHandle, MemberActor

from bot.cards.card import DOT, fits, length
from bot.cards.feeds import (
    added_card,
    exported_card,
    feeds_card,
    imported_card,
    preview_card,
    unsubscribed_card,
)
from bot.cards.withdrawals import withdrawal_card
from bot.commands.add import NothingAdded
from bot.commands.feeds import LIST_SIZE, ListTooLarge
from bot.connection.checks import NotAModerator
from bot.connection.choices import MAX_LENGTH, Choices
from bot.connection.client import QuotewireClient
from bot.posting.polling import Polling
from bot.wording.language import speaking
from retrieval.article import Article, Failure
from retrieval.edition import Edition
from retrieval.errors import FeedUnusable, LimitReached, UnknownArticle
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.reading.feeds.edition_feeds import EditionFeeds
from retrieval.reading.feeds.feed import Feed
from retrieval.reading.feeds.followed import Added, Imported, Preview
from retrieval.reading.feeds.opml import Outline, outlines
from tests.support.discord.world import make_client, make_host, text, texts
from tests.support.publisher import Publisher, story
from tests.support.web_server import running, session_for

pytestmark = pytest.mark.simcord(settle_timeout=60)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with running() as server:
        yield Publisher(server)


@pytest.fixture
def room(publisher: Publisher, tmp_path: Path) -> Iterator[Newsroom]:
    (tmp_path / "articles").mkdir()
    with Newsroom.open(NewsroomSettings(tmp_path / "news", tmp_path / "articles")) as room:
        room._machinery.deliveries._session = session_for(publisher.server)
        yield room


@pytest.fixture
def simcord_bot(room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> QuotewireClient:
    """The bot of `env`, which polls when a test does, and loads its model when that is needed."""
    monkeypatch.setattr(Polling, "start", lambda _: None)
    monkeypatch.setattr(room, "warm_up", lambda: None)
    return make_client(room, tmp_path)


@pytest.fixture
def desk(env: simcord.Env) -> tuple[MemberActor, ChannelHandle]:
    """A moderator, who hosts the bot, and where they write."""
    guild = env.create_guild()
    role = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    mod = guild.add_member(env.create_user("mod"), roles=[role])
    make_host(env, mod)
    return mod, guild.create_text_channel("general")


Desk = tuple[MemberActor, ChannelHandle]


def own(room: Newsroom, env: simcord.Env) -> Edition:
    """What the server reads."""
    return room.edition(str(env.guild.id))


async def test_feeds_are_added_listed_checked_and_removed(
    env: simcord.Env, desk: Desk, publisher: Publisher, room: Newsroom
) -> None:
    mod, channel = desk
    assert isinstance(env.bot, QuotewireClient)
    url = publisher.feed([story()], full=True)
    result = await mod.slash(channel, "feeds check", url=url)
    assert "- RSS 2.0\n- entries: 1, 1 of them with their full text" in text(result.response)
    assert room.feeds.list() == own(room, env).feeds.list() == ()

    polling = env.bot.serving.polling
    assert isinstance(polling, Polling)
    polling._woken.clear()
    result = await mod.slash(channel, "feeds add", url=url)
    assert texts(result.response) == [
        f"**[Harbour Post]({url})** is read from now on; its articles come within minutes."
    ]
    assert not result.ephemeral
    assert polling._woken.is_set()
    again = await mod.slash(channel, "feeds add", url=url)
    assert "is read already" in text(again.response)

    room.poll_feeds()
    heading, listed = texts((await mod.slash(channel, "feeds list")).response)
    assert heading == "## 1 feed"
    assert listed.startswith(f"- **[Harbour Post]({url})**{DOT}1 article{DOT}asked <t:")

    assert await mod.autocomplete(channel, "feeds remove", "feed", "harb") == [{"name": "Harbour Post", "value": url}]
    assert await mod.autocomplete(channel, "feeds remove", "feed", "nothing") == []
    result = await mod.slash(channel, "feeds remove", feed=url)
    assert "is read no more; its articles stay." in text(result.response)
    assert text((await mod.slash(channel, "feeds list")).response).startswith("No feed is read yet")
    assert len(own(room, env).headlines()) == 1
    assert len(room.headlines()) == 0, "it was this server's alone"


async def test_the_hosts_feeds_are_listed_as_such_and_stay(env: simcord.Env, desk: Desk, room: Newsroom) -> None:
    mod, channel = desk
    theirs = "https://wire.example/feed?key=s3cret"
    room.feeds.import_opml(opml((theirs, "Wire"))[1])
    hosts_only = texts((await mod.slash(channel, "feeds list")).response)
    assert hosts_only[0] == "This server has no feed of its own; **/feeds add** adds one."
    assert hosts_only[1].endswith(f" that this server reads\n- wire.example{DOT}0 articles{DOT}not asked yet")
    own(room, env).feeds.import_opml(opml(("https://a.example/", "A"))[1])
    heading, own_feeds, shared = texts((await mod.slash(channel, "feeds list")).response)
    assert heading == "## 1 feed"
    assert "a.example" in own_feeds
    assert shared.startswith("**1 feed of the bot's host**, in collections that this server reads\n- wire.example")
    assert "s3cret" not in "\n".join([*hosts_only, own_feeds, shared])
    assert len(await mod.autocomplete(channel, "feeds remove", "feed", "")) == 1
    refused = await mod.slash(channel, "feeds remove", feed=theirs)
    assert "is the host's, in the collection news" in text(refused.followups[0])
    env.errors.clear()
    assert [feed.url for feed in room.feeds.list()] == [theirs]


async def test_what_the_host_does_not_allow_is_refused_with_the_remedy(
    env: simcord.Env, desk: Desk, publisher: Publisher, room: Newsroom
) -> None:
    mod, channel = desk
    room._machinery.allowance.adds = 0
    publisher.pages(story())
    for command, url in (("feeds add", publisher.feed([story()])), ("add", publisher.site + story().path)):
        refused = await mod.slash(channel, command, url=url)
        assert refused.followups[0].ephemeral
        assert "bot's host allows" in text(refused.followups[0])
        simcord.assert_error(env, LimitReached)
    assert own(room, env).articles == 0


async def test_what_cannot_be_read_is_said_to_the_moderator(env: simcord.Env, desk: Desk, publisher: Publisher) -> None:
    mod, channel = desk
    result = await mod.slash(channel, "feeds add", url=publisher.server.serves("/", b"<html>No</html>"))
    assert text(result.followups[0]).startswith("There is no feed at this address")
    assert result.followups[0].ephemeral
    missing = await mod.slash(channel, "add", url=publisher.server.serves("/missing", status=404))
    assert "news.example has nothing at this address (HTTP 404)." in text(missing.followups[0])
    empty = await mod.slash(channel, "add", url=publisher.server.serves("/empty", b"<html></html>"))
    assert text(empty.followups[0]).startswith("The page has no article text")
    gone = await mod.slash(channel, "remove", article="nothing")
    assert "No article 'nothing' is known" in text(gone.followups[0])
    assert len(env.errors) == 4


def opml(*outlines: tuple[str, str]) -> tuple[str, bytes]:
    """A file for upload that lists feeds, each an address and a title."""
    lines = "".join(f'<outline type="rss" xmlUrl="{url}" title="{title}"/>' for url, title in outlines)
    return "mine.opml", f'<opml version="2.0"><body>{lines}</body></opml>'.encode()


def attached(message: object) -> list[discord.Attachment]:
    return getattr(message, "attachments", [])


async def test_a_list_of_feeds_is_imported_and_exported(env: simcord.Env, desk: Desk, room: Newsroom) -> None:
    mod, channel = desk
    assert isinstance(env.bot, QuotewireClient)
    result = await mod.slash(channel, "feeds export")
    assert texts(result.response) == ["There is no feed to export; **/feeds add** adds one."]
    assert attached(result.response) == []

    urls = ["https://a.example/feed", "https://b.example/feed?a=1&amp;b=2"]
    wrong = [(f"ftp://c{number}.example/", f"@everyone *{number}*") for number in range(12)]
    polling = env.bot.serving.polling
    assert isinstance(polling, Polling)
    polling._woken.clear()
    result = await mod.slash(channel, "feeds import", file=opml((urls[0], "A"), (urls[1], "B"), *wrong))
    heading, counts, soon, failed = texts(result.response)
    assert (heading, counts) == ("## Feeds imported", f"2 added{DOT}12 skipped")
    assert "come within minutes" in soon
    assert failed.startswith("- **\\@everyone \\*0\\*** ")
    assert failed.count("Correct it in the list.") == 10
    assert failed.endswith("-# 2 more not shown")
    assert not result.ephemeral
    assert polling._woken.is_set()
    assert len(own(room, env).feeds.list()) == 2

    again = await mod.slash(channel, "feeds import", file=opml((urls[0], "A")))
    assert texts(again.response)[1:] == ["1 read already"]
    none = await mod.slash(channel, "feeds import", file=opml())
    assert texts(none.response) == ["The list names no feed."]

    result = await mod.slash(channel, "feeds export")
    assert texts(result.response) == ["**2 feeds**, as a list that feed readers take."]
    assert result.response
    (file,) = attached(result.response)
    assert file.filename == "feeds.opml"
    assert [part["file"]["url"] for part in result.response.components if part["type"] == 13] == [file.url]
    exported = outlines(await file.read())
    assert {each.url for each in exported if isinstance(each, Outline)} == {
        "https://a.example/feed",
        "https://b.example/feed?a=1&b=2",
    }


async def test_a_list_that_cannot_be_passed_on_is_said_to_the_moderator(
    env: simcord.Env, desk: Desk, room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    mod, channel = desk

    async def refused(file: tuple[str, bytes], kind: type[Exception]) -> str:
        result = await mod.slash(channel, "feeds import", file=file)
        assert result.followups[0].ephemeral
        simcord.assert_error(env, kind)
        return text(result.followups[0])

    said = await refused(("list.opml", b"<html/>"), FeedUnusable)
    assert said == "This is no list of feeds; export it as OPML from your reader."
    with monkeypatch.context() as without_files:
        without_files.setattr(env.backend.cdn, "get", lambda _: None)
        said = await refused(opml(("https://a.example/", "A")), FeedUnusable)
        assert said == "The file could not be fetched from Discord; upload it again."
        # Nothing is fetched of what is too large: that would have failed, too.
        said = await refused(("list.opml", b" " * (LIST_SIZE + 1)), ListTooLarge)
        assert said == "The list is larger than 5 MB; export the feeds alone from your reader."
    assert own(room, env).feeds.list() == ()

    own(room, env).feeds.import_opml(opml(("https://a.example/", "A"))[1])
    monkeypatch.setattr(EditionFeeds, "export_opml", lambda _: "x" * (26 * 1024**2))
    result = await mod.slash(channel, "feeds export")
    assert text(result.followups[0]).startswith("The list of feeds is larger than Discord takes here;")
    simcord.assert_error(env, ListTooLarge)


def test_a_list_that_discord_passes_on_is_not_too_large_to_be_read() -> None:
    with pytest.raises(FeedUnusable, match="cannot be read"):
        outlines(b" " * LIST_SIZE)
    with pytest.raises(FeedUnusable, match="larger than"):
        outlines(b" " * (LIST_SIZE + 1))


async def test_a_page_is_added_and_its_article_removed(
    env: simcord.Env, desk: Desk, publisher: Publisher, room: Newsroom
) -> None:
    mod, channel = desk
    long = replace(story(), path=f"/news/{'ferry-' * 20}")
    publisher.pages(long)
    result = await mod.slash(channel, "add", url=publisher.site + long.path)
    heading, counts = texts(result.response)[:2]
    assert heading.startswith("## Read in ")
    assert counts.startswith("1 added")

    (choice,) = await mod.autocomplete(channel, "remove", "article", "FERRY")
    assert choice["name"] == f"{long.title} · news.example"
    assert len(choice["value"]) <= 100
    result = await mod.slash(channel, "remove", article=choice["value"])
    assert f"**[{long.title}](" in text(result.response)
    assert own(room, env).articles == room.articles == 0
    assert await mod.autocomplete(channel, "remove", "article", "") == []
    back = await mod.slash(channel, "add", url=publisher.site + long.path)
    assert "stays out" in text(back.followups[0])
    simcord.assert_error(env, NothingAdded)


async def test_an_article_is_restored_and_its_history_shown(
    env: simcord.Env, desk: Desk, room: Newsroom, tmp_path: Path
) -> None:
    mod, channel = desk
    file = tmp_path / "articles" / "ferry.txt"
    for hour in ("dawn", "noon"):
        file.write_text(f"The ferry sails\n\nThe ferry of Pellworm left the harbour at {hour}. It carries forty cars.")
        await mod.slash(channel, "reload")
    (choice,) = await mod.autocomplete(channel, "history", "article", "ferry")
    shown = texts((await mod.slash(channel, "history", article=choice["value"])).response)
    assert shown[0].startswith("## The ferry sails\n-# ")
    assert shown[1].startswith("**Version 2**, from ")
    assert "quoted now\n- … Pellworm left the harbour at ~~dawn.~~ **noon.**" in shown[1]
    assert shown[2].startswith("**Version 1**, from ")

    server = room.edition(str(env.guild.id))
    removed = await mod.slash(channel, "remove", article=choice["value"])
    assert f"-# **/restore** brings it back: {choice['value']}" in text(removed.response)
    assert (server.articles, room.articles) == (0, 1)
    gone = await mod.slash(channel, "history", article=choice["value"])
    assert "It is not quoted: it was removed" in text(gone.response)
    assert await mod.autocomplete(channel, "restore", "article", "ferry") == [choice]
    assert await mod.autocomplete(channel, "restore", "article", "%") == []
    restored = await mod.slash(channel, "restore", article=choice["value"])
    assert await mod.autocomplete(channel, "restore", "article", "") == []
    assert texts(restored.response)[0] == "**The ferry sails** can be quoted again."
    assert server.articles == 1

    for command in ("restore", "history"):
        unknown = await mod.slash(channel, command, article="nothing")
        assert unknown.followups[0].ephemeral
        assert "No article 'nothing' is known" in text(unknown.followups[0])
        simcord.assert_error(env, UnknownArticle)


async def test_a_server_says_how_old_its_own_articles_may_become(
    env: simcord.Env, desk: Desk, publisher: Publisher, room: Newsroom, tmp_path: Path
) -> None:
    mod, channel = desk
    today = datetime.now(UTC)
    head = f"---\npublished: {today - timedelta(days=90):%Y-%m-%d}\n---\n"
    (tmp_path / "articles" / "harbour.txt").write_text(f"{head}The host's own\n\nThe harbour of Pellworm is open.")
    await mod.slash(channel, "reload")
    old, new = replace(story(1), published=today - timedelta(days=40)), replace(story(2), published=today)
    url = publisher.feed([old, new], full=True)
    await mod.slash(channel, "feeds add", url=url)
    neighbour = room.edition("1")
    neighbour.feeds.add(url)
    room.poll_feeds()

    async def offered() -> list[str]:
        return sorted(choice["name"] for choice in await mod.autocomplete(channel, "history", "article", ""))

    everything = await offered()
    assert len(everything) == 3
    await mod.slash(channel, "settings keep", days=30)
    assert await offered() == [name for name in everything if old.title not in name]
    assert neighbour.keep_days() is None
    assert neighbour.articles == 3
    await mod.slash(channel, "settings keep")
    assert await offered() == everything


async def test_what_moderators_change_is_posted_in_the_log_channel(
    env: simcord.Env, desk: Desk, publisher: Publisher
) -> None:
    mod, channel = desk
    log = env.guild.create_text_channel("mod-log")
    await mod.slash(channel, "settings log", channel=log)
    url, page = publisher.feed([story()], full=True), replace(story(2), path="/news/two")
    publisher.pages(page)
    await mod.slash(channel, "feeds add", url=url)
    await mod.slash(channel, "feeds list")
    await mod.slash(channel, "feeds check", url=url)
    await mod.slash(channel, "feeds remove", feed=url)
    await mod.slash(channel, "feeds import", file=opml(("https://a.example/", "A")))
    await mod.slash(channel, "add", url=publisher.site + page.path)
    (choice,) = await mod.autocomplete(channel, "remove", "article", "")
    for command in ("remove", "history", "restore"):
        await mod.slash(channel, command, article=choice["value"])
    await mod.slash(channel, "remove", article="nothing")  # was not done
    env.errors.clear()
    told = [text(message) for message in sorted(log.history(), key=lambda message: message.id)]
    commands = [each.partition("**/")[2].partition("**")[0] for each in told]
    assert commands == ["settings log", "feeds add", "feeds remove", "feeds import", "add", "remove", "restore"]
    assert all(f"<@{mod.id}>" in each for each in told)
    assert f"**[Harbour Post]({url})** is read from now on" in told[1]
    assert "1 added" in told[4]
    assert f"]({publisher.site}{page.path})** is quoted no more." in told[5]


async def test_members_neither_see_nor_use_the_commands(
    env: simcord.Env, desk: Desk, publisher: Publisher, room: Newsroom
) -> None:
    mod, channel = desk
    own(room, env).feeds.add(publisher.feed([story()], full=True))
    assert await mod.autocomplete(channel, "feeds remove", "feed", "")
    alice = env.guild.add_member(env.create_user("alice"))
    menu = {name.partition(" ")[0] for name in alice.available_commands(channel)}
    assert menu & {"ask", "feeds", "add", "remove", "restore", "history"} == {"ask"}
    commands = await env.bot.tree.fetch_commands()  # pyright: ignore
    for command in commands:
        env.guild.set_command_permissions(command, {env.guild.default_role: True})
    uses = (
        ("feeds list", {}),
        ("feeds import", {"file": opml(("https://a.example/feed", "A"))}),
        ("feeds export", {}),
        ("add", {"url": "https://a.example"}),
        ("remove", {"article": "a"}),
        ("restore", {"article": "a"}),
        ("history", {"article": "a"}),
    )
    for name, options in uses:
        result = await alice.slash(channel, name, **options)
        assert result.ephemeral
        assert text(result.response).startswith("Only moderators can do this")
        assert attached(result.response) == []
        simcord.assert_error(env, NotAModerator)
    assert len(own(room, env).feeds.list()) == 1
    assert await alice.autocomplete(channel, "feeds remove", "feed", "") == []


@given(st.text(max_size=300), st.text(max_size=300))
def test_choices_keep_discords_limits_and_give_back_what_they_stand_for(name: str, value: str) -> None:
    choices = Choices()
    choice = choices.offer(name, value)
    assert 1 <= length(choice.name) <= MAX_LENGTH
    assert length(choice.value) <= MAX_LENGTH
    assert choices.chosen(choice.value) == value


words = st.text(max_size=30) | st.sampled_from(["@everyone", "[x](https://evil.example)", "**", "x" * 3000, "😀" * 600])
urls = st.just("https://news.example/feed") | st.text(max_size=10).map(lambda end: f"https://a.example/{end * 60}")
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
some_feeds = st.builds(
    Feed,
    url=urls,
    title=words,
    outlet=st.none() | words,
    checked=st.none() | moments,
    due=st.none() | moments,
    error=st.none() | words,
    articles=st.integers(0, 10**6),
    retired=st.booleans(),
    origin=words,
)
other_urls = st.lists(urls, max_size=6).map(tuple)
previews = st.builds(
    Preview,
    *(urls, words, words, st.none() | words, st.integers(0, 999), st.none() | moments, st.integers(0, 9)),
    st.floats(1, 1e6),
    other_urls,
)
failures = st.lists(st.builds(Failure, words, words), max_size=12).map(tuple)
imports = st.builds(Imported, other_urls, other_urls, failures)


@given(st.lists(some_feeds, max_size=5), some_feeds, other_urls, previews, imports, words)
def test_cards_of_sources_fit(
    listed: list[Feed], feed: Feed, others: tuple[str, ...], preview: Preview, imported: Imported, title: str
) -> None:
    article = Article("a", title, "Body.", feed.url, feed.outlet, feed.checked)
    cards = [
        feeds_card(listed),
        feeds_card([feed] * 60),
        feeds_card([feed] * 60, [feed] * 60),
        feeds_card([], [feed] * 60),
        added_card(Added(feed, False, others)),
        unsubscribed_card(feed),
        preview_card(preview),
        imported_card(imported),
        imported_card(replace(imported, failed=(Failure(title, title),) * 60)),
        exported_card(len(listed)),
        withdrawal_card(article),
    ]
    for card in cards:
        assert fits(card)
        assert all(each.strip() for each in card.texts)
        assert "@everyone" not in json.dumps(card.texts).replace("\\\\@everyone", "")


def test_what_of_a_feed_is_folded_or_lost_is_counted_in_the_members_language() -> None:
    feed = Feed(
        "https://a.example/feed", "Post", None, None, None, None, retired=False, origin="o", note="In English: 3 lost."
    )
    with speaking("de"):
        (_, listed) = feeds_card([replace(feed, articles=9, copies=2, folded=1, lost=3)]).texts
    assert "2 davon sind Kopien" in listed
    assert "1 Eintrag zusammengefasst" in listed
    assert "3 seiner Einträge" in listed
    (_, plain) = feeds_card([feed]).texts
    assert "folded" not in plain
    assert "cop" not in plain


def test_a_feed_that_fails_is_marked() -> None:
    moment = datetime(2026, 5, 1, 12, tzinfo=UTC)
    url = "https://a.example/feed"
    feed = Feed(
        url, "A *post*", None, moment, moment + timedelta(hours=1), "It is down.", retired=False, origin="o", articles=2
    )
    (_, listed) = feeds_card([feed]).texts
    assert listed == (
        f"- **[A \\*post\\*]({url})**{DOT}2 articles{DOT}asked <t:1777636800:R>{DOT}next <t:1777640400:R>\n"
        "-# ⚠ It is down."
    )
