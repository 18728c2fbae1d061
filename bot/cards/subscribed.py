"""What moderators are told about the digests and alerts of their server, as messages. Pure: values in, `Card` out."""

from __future__ import annotations

from collections.abc import Sequence

from babel.dates import get_day_names

from bot.cards.card import ANSWERED, DOT, INCOMPLETE, MAX_TEXT, Card, length, more_line
from bot.cards.digests import topic_of
from bot.memory.subscriptions import GONE, Subscription
from bot.wording.amounts import counted
from bot.wording.language import _, locale
from bot.wording.markdown import ago
from bot.wording.permissions import permission_names


def subscribed_card(subscription: Subscription) -> Card:
    """That a digest or an alert begins."""
    if subscription.schedule:
        begins = _("{channel} gets a digest {when}; the first one comes {moment}.")
    else:
        begins = _("{channel} gets a message when new articles are about “{topic}”.")
    places = {"channel": _channel(subscription), "when": _when(subscription), "moment": _moment(subscription)}
    lines = [begins.format(topic=topic_of(subscription), **places)]
    if subscription.schedule and subscription.topic:
        lines.append(_("It is about “{topic}”.").format(topic=topic_of(subscription)))
    lines.append(_("-# What I know today counts as old news."))
    return Card((("\n".join(lines),),), accent=ANSWERED)


def ended_card(subscription: Subscription) -> Card:
    """That a digest or an alert is no more."""
    if not subscription.schedule:
        text = _("{channel} gets no more messages about “{topic}”.")
    elif subscription.topic:
        text = _("{channel} gets the digest about “{topic}” no more.")
    else:
        text = _("{channel} gets the digest no more.")
    return Card(((text.format(channel=_channel(subscription), topic=topic_of(subscription)),),))


def digests_card(digests: Sequence[Subscription]) -> Card:
    """The digests of a server, with when each comes next."""
    if not digests:
        return Card(((_("There is no digest in this server yet; **/digest subscribe** starts one."),),))
    heading = counted(len(digests), "## {count} digest", "## {count} digests")
    return _list_card(heading, digests)


def alerts_card(alerts: Sequence[Subscription]) -> Card:
    """The alerts of a server."""
    if not alerts:
        return Card(((_("There is no alert in this server yet; **/alert add** starts one."),),))
    return _list_card(counted(len(alerts), "## {count} alert", "## {count} alerts"), alerts)


def nothing_new_card(digest: Subscription) -> Card:
    """A preview of a digest that would not be posted."""
    text = _("There is nothing new for the digest in {channel} yet, so nothing would be posted.")
    return Card(((text.format(channel=_channel(digest)),),))


def paused_card(subscription: Subscription, reason: str) -> Card:
    """That nothing can be posted for a subscription any more, and what to do."""
    if subscription.schedule:
        text = _("The digest in {channel} is paused: {why}")
    else:
        text = _("The alert about “{topic}” in {channel} is paused: {why}")
    why = paused_text(subscription, reason)
    text = text.format(channel=_channel(subscription), topic=topic_of(subscription), why=why)
    return Card(((text,),), accent=INCOMPLETE)


def paused_text(subscription: Subscription, reason: str) -> str:
    """Why nothing can be posted, and the remedy."""
    if reason == GONE:
        if subscription.schedule:
            return _("the channel is gone; **/digest unsubscribe** takes this off the list.")
        return _("the channel is gone; **/alert remove** takes this off the list.")
    return _("I need these permissions there: {permissions}. I try again once a day.").format(
        permissions=permission_names(reason.split(","))
    )


def choice_name(subscription: Subscription, channel: str | None) -> str:
    """What a menu shows for a subscription, plain; `channel` is the name of its channel, None when that is gone."""
    where = f"#{channel}" if channel else _("a channel that is gone")
    when = _when(subscription) if subscription.schedule else None
    return " · ".join(filter(None, [subscription.topic, when, where]))


def _list_card(heading: str, subscriptions: Sequence[Subscription]) -> Card:
    lines = [_line(each) for each in subscriptions]
    shown = len(lines)
    while length("\n".join([heading, *lines[:shown]])) > MAX_TEXT - 100:
        shown -= 1
    paused = any(each.paused for each in subscriptions)
    text = "\n".join([*lines[:shown], *more_line(len(lines) - shown)])
    return Card(((heading, text),), accent=INCOMPLETE if paused else ANSWERED)


def _line(subscription: Subscription) -> str:
    parts = [_channel(subscription)]
    if subscription.topic:
        parts.append(f"**{topic_of(subscription)}**")
    if subscription.schedule:
        parts.append(_when(subscription))
        if not subscription.paused:
            parts.append(_("next {moment}").format(moment=_moment(subscription)))
    line = f"- {DOT.join(parts)}"
    if subscription.paused:
        line += "\n  " + _("**Paused:** {why}").format(why=paused_text(subscription, subscription.paused))
    return line


def _channel(subscription: Subscription) -> str:
    return f"<#{subscription.channel}>"


def _moment(subscription: Subscription) -> str:
    return ago(subscription.due)


def _when(subscription: Subscription) -> str:
    schedule = subscription.schedule
    if schedule is None:
        return ""
    places = {"time": f"{schedule.hour:02}:{schedule.minute:02}", "zone": schedule.zone}
    if schedule.weekday is None:
        return _("every day at {time} ({zone})").format(**places)
    weekday = get_day_names("wide", locale=locale())[schedule.weekday]
    return _("every {weekday} at {time} ({zone})").format(weekday=weekday, **places)
