"""The settings of a server as messages: pure, within Discord's limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.cards.card import ANSWERED, Card
from bot.memory.guilds import DEFAULTS, GuildSettings
from bot.wording.amounts import counted
from bot.wording.language import _, named
from bot.wording.tongues import called


@dataclass(frozen=True, slots=True)
class Setting:
    """One that moderators set, show and reset: the fields of `GuildSettings` that it holds, and how they are said."""

    fields: tuple[str, ...]
    line: Callable[[GuildSettings], str]

    def reset(self, settings: GuildSettings) -> GuildSettings:
        """`settings` with the defaults in place of this one."""
        return replace(settings, **{field: getattr(DEFAULTS, field) for field in self.fields})


def _channels(settings: GuildSettings) -> str:
    if not settings.channels:
        return _("I answer in every channel.")
    return _("I answer in {channels} only.").format(channels=_joined("<#{}>", settings.channels))


def _moderators(settings: GuildSettings) -> str:
    if not settings.moderator_roles:
        return _("Moderators are members who may Manage Server.")
    roles = _joined("<@&{}>", settings.moderator_roles)
    return _("Moderators are members who may Manage Server, or who have one of these roles: {roles}.").format(
        roles=roles
    )


def _cooldown(settings: GuildSettings) -> str:
    if not settings.cooldown:
        return _("A member may ask again at once.")
    return counted(
        settings.cooldown,
        "A member may ask again after {count} second.",
        "A member may ask again after {count} seconds.",
    )


def _quotes(settings: GuildSettings) -> str:
    return counted(settings.quotes, "An answer has {count} quote at most.", "An answer has {count} quotes at most.")


def _answers(settings: GuildSettings) -> str:
    if settings.ephemeral:
        return _("Only the member who uses a command sees the answer.")
    return _("Everyone in the channel sees the answers.")


def _digest(settings: GuildSettings) -> str:
    return _("Digests come at {hour}:00 ({zone}), unless one is set otherwise.").format(
        hour=settings.digest_hour, zone=settings.zone
    )


def _log(settings: GuildSettings) -> str:
    if settings.log_channel is None:
        return _("What moderators do is posted nowhere.")
    return _("What moderators do is posted in {channel}.").format(channel=f"<#{settings.log_channel}>")


def _language(settings: GuildSettings) -> str:
    if settings.language is None:
        return _("Questions are read in whatever language they are in.")
    return _("Questions that do not tell their own language are read in this one: {language}.").format(
        language=called(settings.language)
    )


SETTINGS = {
    "channels": Setting(("channels",), _channels),
    "moderators": Setting(("moderator_roles",), _moderators),
    "cooldown": Setting(("cooldown",), _cooldown),
    "quotes": Setting(("quotes",), _quotes),
    "answers": Setting(("ephemeral",), _answers),
    "language": Setting(("language",), _language),
    "digest": Setting(("digest_hour", "zone"), _digest),
    "log": Setting(("log_channel",), _log),
}
"""By the name of the command under `/settings` that sets it."""
KEEP = "keep"
"""The command under `/settings` that sets what is no field of `GuildSettings`: the edition of the server knows it."""

Change = tuple[str, str]
"""What a setting was and what it is, as both are said; the same if nothing changed."""


def settings_card(settings: GuildSettings, keep_days: int | None) -> Card:
    """All settings of a server; `keep_days` is what `Edition.keep_days` gives for it."""
    said = {name: setting.line(settings) for name, setting in SETTINGS.items()} | {KEEP: _keep(keep_days)}
    lines = [f"- **{named(name)[1:]}** {line}" for name, line in said.items()]
    hint = _("-# Each is set by the command of its name under **/settings**; **/settings reset** undoes that.")
    return Card(((_("## How I behave in this server"), "\n".join(lines), hint),), accent=ANSWERED)


def changes(names: Iterable[str], before: GuildSettings, after: GuildSettings) -> list[Change]:
    """What became of the settings with these names."""
    return [(SETTINGS[name].line(before), SETTINGS[name].line(after)) for name in names]


def keep_change(before: int | None, after: int | None) -> Change:
    """What became of the days for which a server keeps what is its own."""
    return _keep(before), _keep(after)


def changed_card(changes: Sequence[Change]) -> Card:
    """Settings of a server that were changed, and what they were."""
    return Card((("\n".join(_changed(*each) for each in changes),),), accent=ANSWERED)


def _keep(days: int | None) -> str:
    if days is None:
        return _("Articles from this server's own feeds and pages are quoted for as long as the bot's host keeps them.")
    return counted(
        days,
        "Articles from this server's own feeds and pages are quoted until they are {count} day old.",
        "Articles from this server's own feeds and pages are quoted until they are {count} days old.",
    )


def _changed(before: str, after: str) -> str:
    if before == after:
        return _("{setting} It was so before.").format(setting=after)
    return "\n".join([after, _("-# Before: {setting}").format(setting=before)])


def _joined(form: str, ids: Iterable[int]) -> str:
    return ", ".join(form.format(id_) for id_ in ids)
