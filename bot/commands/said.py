"""What a message says, wherever it says it: in its text, its cards, its poll, its embeds, in what it forwards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import discord

from bot.wording.markdown import unescape

_POINTING = 4  # words; a text of fewer only points to what stands below it ("Breaking:", "Is this true?")

_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(<?https?://[^\s()<>]{1,2000}>?\)")
_MEMBER = re.compile(r"<@!?(\d{1,20})>")
# Emoji, times, commands, other mentions; bare links; the marks of Markdown.
_NO_WORDS = re.compile(
    r"<a?:\w+:\d+>|<t:-?\d{1,15}(?::\w)?>|</[^<>:\n]{1,100}:\d+>|<id:\w+>|<(?:#|@&)\d+>|<?https?://\S+|[*_~`|>#]+"
)
_SMALL_PRINT = re.compile(r"\s*-#\s")
_HEADING = re.compile(r"\s*#{1,3}\s")
_BULLET = re.compile(r"\s*(?:[-*]|\d{1,3}\.)\s+")


def text_of(message: discord.Message, me: int | None = None) -> str:
    """What a message says, names in place of mentions; `me` is the bot, whose own headings say nothing new.

    Text goes before cards, these before a poll, what is forwarded, embeds and what is told of pictures: an embed that
    only shows where a link leads says less than who posts it. What hardly says anything is followed by the next.
    """
    names = {member.id: member.display_name for member in message.mentions}
    own = me is not None and message.author.id == me
    found = filter(_has_words, (_in_words(text, names) for text in _texts(message, own=own)))
    first = next(found, "")
    if len(first.split()) >= _POINTING:
        return first
    return _sentences([first, *filter(None, [next(found, "")])])


def _texts(message: discord.Message, *, own: bool) -> Iterator[str]:
    yield message.clean_content
    yield _card(message.components, own=own)
    yield _poll(message.poll)
    for snapshot in message.message_snapshots:
        yield snapshot.content
        yield _card(snapshot.components, own=own)
        yield _embedded(snapshot.embeds)
    yield _embedded(message.embeds)
    for each in (message, *message.message_snapshots):
        yield "\n".join(attachment.description or "" for attachment in each.attachments)
        yield "\n".join(_told_of_pictures(each.components))


def _card(components: Iterable[object], *, own: bool) -> str:
    """The text of a card of components, without its small print."""
    shown = "\n".join(_displayed(components))
    lines = [line for line in (unescape(shown) if own else shown).split("\n") if not _SMALL_PRINT.match(line)]
    news = [line for line in lines if not (own and _HEADING.match(line))]
    return "\n".join(_BULLET.sub("", line) for line in (news if _has_words("".join(news)) else lines))


def _displayed(components: Iterable[object]) -> Iterator[str]:
    for part in components:
        if isinstance(part, discord.TextDisplay):
            yield part.content
        elif isinstance(part, discord.Container | discord.SectionComponent):
            yield from _displayed(part.children)


def _told_of_pictures(components: Iterable[object]) -> Iterator[str]:
    for part in components:
        if isinstance(part, discord.Container):
            yield from _told_of_pictures(part.children)
        pictures = part.items if isinstance(part, discord.MediaGalleryComponent) else []
        pictures = [part.accessory] if isinstance(part, discord.SectionComponent) else pictures
        yield from (getattr(picture, "description", None) or "" for picture in pictures)


def _poll(poll: discord.Poll | None) -> str:
    return "" if poll is None else f"{poll.question}\n{', '.join(answer.text for answer in poll.answers)}"


def _embedded(embeds: Iterable[discord.Embed]) -> str:
    return "\n".join(
        part
        for embed in embeds
        for part in (
            embed.title,
            embed.description,
            *(f"{field.name}: {field.value}" for field in embed.fields if field.name and field.value),
        )
        if part
    )


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))


def _in_words(text: str, names: Mapping[int, str]) -> str:
    named = _MEMBER.sub(lambda mention: names.get(int(mention[1]), ""), _LINK.sub(r"\1", text))
    lines = (" ".join(_NO_WORDS.sub(" ", line).split()) for line in named.split("\n"))
    return _sentences([line for line in lines if _has_words(line)])


def _sentences(lines: Sequence[str]) -> str:
    """The lines as sentences on one."""
    ended = [line if line.endswith((".", "!", "?", "…", ":", ",", ";")) else f"{line}." for line in lines[:-1]]
    return " ".join([*ended, *lines[-1:]])
