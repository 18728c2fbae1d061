"""An article from a page: the command `/add`."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.cards.reloads import report_card
from bot.commands.feeds import ADDRESS_LENGTH
from bot.commands.progress import done, follow
from bot.connection.checks import moderators_only
from bot.connection.serving import desk_of
from bot.wording.language import _
from retrieval.article import ReloadReport, Tell
from retrieval.errors import QuotewireError, sentence


class NothingAdded(QuotewireError):
    """No article could be had from an address."""


@app_commands.command(description="Read the article on a page, and answer from it")
@app_commands.describe(url="The page's address")
@moderators_only
async def add(interaction: discord.Interaction, url: app_commands.Range[str, 1, ADDRESS_LENGTH]) -> None:
    """Add the article on a page, and show what that changed."""

    async def begin(tell: Tell) -> ReloadReport:
        return await desk_of(interaction).change(lambda edition, step: edition.add_pages([url.strip()], step), tell)

    report = await follow(interaction, begin, _("Reading the page…"))
    if report.failed and not (report.added or report.updated or report.unchanged):
        reason = report.failed[0].reason
        if reason.endswith("."):
            raise NothingAdded(reason)
        # Translators: The reason is such as "has no article text; it is empty, or not HTML".
        raise NothingAdded(sentence("The page {reason}."), reason=reason)
    await done(interaction, report_card(report, _("## Read in {time}")))
