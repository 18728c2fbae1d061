"""Where the news of a server comes from: the commands under `/feeds`."""

from __future__ import annotations

import io

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.cards.feeds import (
    added_card,
    exported_card,
    feeds_card,
    imported_card,
    preview_card,
    unsubscribed_card,
)
from bot.commands.progress import done
from bot.connection.checks import moderators_choose, moderators_group, moderators_only
from bot.connection.choices import MAX_CHOICES
from bot.connection.outage import persist
from bot.connection.replies import UNSENT, complete, defer
from bot.connection.serving import choices_of, desk_of, serving_of
from bot.connection.views import NO_MENTIONS, layout
from bot.wording.language import _
from retrieval.errors import FeedUnusable, QuotewireError, sentence

ADDRESS_LENGTH = 2000
LIST_SIZE = 5 * 1024**2
"""Bytes of a list of feeds: what `Feeds.import_opml` reads at most."""
LIST_NAME = "feeds.opml"

feeds = moderators_group("feeds", "The feeds that I read for this server")


class ListTooLarge(QuotewireError):
    """A list of feeds is larger than what is read of one, or than what Discord takes."""


@feeds.command(name="add", description="Read a feed from now on")
@app_commands.describe(url="The feed's address, or that of a page that points to it")
@moderators_only
async def add_feed(interaction: discord.Interaction, url: app_commands.Range[str, 1, ADDRESS_LENGTH]) -> None:
    """Read a feed from now on; its articles come in the background."""
    await defer(interaction)
    added = await desk_of(interaction).look(lambda edition: edition.feeds.add(url.strip()))
    serving_of(interaction).polling.wake()
    await done(interaction, added_card(added))


@feeds.command(name="list", description="Show the feeds that I read for this server, and how they fare")
@moderators_only
async def list_feeds(interaction: discord.Interaction) -> None:
    """Show the feeds."""
    await defer(interaction)
    own, shared = await desk_of(interaction).look(lambda edition: (edition.list_feeds(), edition.shared_feeds()))
    await complete(interaction, feeds_card(own, shared))


@feeds.command(name="remove", description="Read a feed no more; its articles stay")
@app_commands.describe(feed="Which one; its address will do, too")
@moderators_only
async def remove_feed(interaction: discord.Interaction, feed: app_commands.Range[str, 1, ADDRESS_LENGTH]) -> None:
    """Read a feed no more."""
    await defer(interaction)
    url = choices_of(interaction).chosen(feed)
    removed = await desk_of(interaction).look(lambda edition: edition.feeds.remove(url))
    await done(interaction, unsubscribed_card(removed))


@feeds.command(name="check", description="Show what a feed would bring, and change nothing")
@app_commands.describe(url="The feed's address, or that of a page that points to it")
@moderators_only
async def check_feed(interaction: discord.Interaction, url: app_commands.Range[str, 1, ADDRESS_LENGTH]) -> None:
    """Show what a feed would bring."""
    await defer(interaction)
    preview = await desk_of(interaction).look(lambda edition: edition.feeds.check(url.strip()))
    await complete(interaction, preview_card(preview))


@feeds.command(name="import", description="Read all feeds of a list from now on")
@app_commands.describe(file="An OPML file, as feed readers export it")
@moderators_only
async def import_feeds(interaction: discord.Interaction, file: discord.Attachment) -> None:
    """Read all feeds of a list; their articles come in the background."""
    await defer(interaction)
    opml = await _list_in(file)
    imported = await desk_of(interaction).look(lambda edition: edition.feeds.import_opml(opml))
    serving_of(interaction).polling.wake()
    await done(interaction, imported_card(imported))


@feeds.command(name="export", description="Get the list of feeds as a file that feed readers take")
@moderators_only
async def export_feeds(interaction: discord.Interaction) -> None:
    """Hand out the list of feeds."""
    await defer(interaction)
    desk = desk_of(interaction)
    listed = await desk.look(lambda edition: sum(not feed.retired for feed in edition.feeds.list()))
    if not listed:
        await complete(interaction, exported_card(0))
        return
    opml = (await desk.look(lambda edition: edition.feeds.export_opml())).encode()
    if len(opml) > interaction.filesize_limit:
        raise ListTooLarge(
            _("The list of feeds is larger than Discord takes here; remove some with /feeds remove first.")
        )
    # A message of components shows only those files that a component names.
    view = layout(exported_card(listed)).add_item(discord.ui.File(f"attachment://{LIST_NAME}"))
    await persist(
        lambda: interaction.edit_original_response(
            view=view, attachments=[discord.File(io.BytesIO(opml), LIST_NAME)], allowed_mentions=NO_MENTIONS
        ),
        interaction.is_expired,
    )


async def _list_in(file: discord.Attachment) -> bytes:
    """What a member uploaded. Raises `ListTooLarge` before anything is fetched, and `FeedUnusable`."""
    if file.size > LIST_SIZE:
        raise ListTooLarge(
            sentence("The list is larger than {size} MB; export the feeds alone from your reader."),
            size=LIST_SIZE // 1024**2,
        )
    try:
        return await file.read()
    except UNSENT:
        raise FeedUnusable("The file could not be fetched from Discord; upload it again.") from None


@remove_feed.autocomplete("feed")
@moderators_choose
async def _feeds_to_choose(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    wanted = typed.strip().casefold()
    known = await desk_of(interaction).look(lambda edition: edition.feeds.list())
    found = [feed for feed in known if wanted in f"{feed.title}\n{feed.url}".casefold()]
    choices = choices_of(interaction)
    return [choices.offer(feed.title, feed.url) for feed in found[:MAX_CHOICES]]
