"""Digests and alerts as cards: within Discord's limits, whatever they hold, and nothing obeyed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.cards.card import DOT, fits
from bot.cards.digests import alert_card, digest_card
from bot.cards.stories import briefing_card
from bot.cards.subscribed import (
    alerts_card,
    choice_name,
    digests_card,
    ended_card,
    paused_card,
    subscribed_card,
)
from bot.memory.schedule import Schedule
from bot.memory.subscriptions import Subscription
from retrieval.answer import Story
from retrieval.article import Article
from tests.support.values import a_briefing, a_quote

DIGEST = Subscription(
    guild=1,
    channel=2,
    topic=None,
    locale="en-GB",
    schedule=Schedule("Europe/Berlin", hour=8, minute=5),
    id=3,
    due=1_800_000_000,
)
ALERT = Subscription(guild=1, channel=2, topic="ferries", locale="en-GB", id=4)
FERRY = Article(
    "a", "Ferry aground", "All are safe.", url="https://news.example/a", source="Gazette", published=date(2025, 3, 4)
)
POINTS = replace(FERRY, key_points=("All are safe", "Divers look at it", "Third point"))


def quoted(article: Article) -> Story:
    return Story((article,), (a_quote(article),))


texts = st.text(st.sampled_from("a *_[](<@>#-\n\u202e`|:é😀"), min_size=1, max_size=300)
links = st.just("https://a.example/" + "x" * 450)
articles = st.builds(
    Article, texts, texts, texts, links, texts, key_points=st.tuples(texts, texts), summary_only=st.booleans()
)
reports = st.lists(articles, min_size=1, max_size=5)
"""The articles of a story."""


def test_a_digest_looks_like_the_latest_news() -> None:
    card, shown = digest_card(DIGEST, [Story((POINTS,), ()), quoted(FERRY)])
    assert shown == 2
    assert card.sections == (
        ("## Today’s news",),
        (
            f"1\\. **[Ferry aground](https://news.example/a)**\n-# Gazette{DOT}4\u00a0March\u00a02025\n"
            "- All are safe\n- Divers look at it",
        ),
        (f"2\\. **[Ferry aground](https://news.example/a)**\n-# Gazette{DOT}4\u00a0March\u00a02025\n> All are safe.",),
        ("-# You get this every day; moderators can end it with **/digest unsubscribe**.",),
    )


def test_a_story_is_told_as_in_the_latest_news() -> None:
    others = tuple(replace(FERRY, id=name, source=name, url=f"https://{name}.example/1") for name in "cdefg")
    stories = [Story((FERRY, *others), tuple(map(a_quote, others)), id=8), Story((POINTS,), (), id=9)]
    latest = briefing_card(a_briefing(*stories))
    for post in (digest_card(DIGEST, stories)[0], alert_card(ALERT, stories)[0]):
        assert post.texts[1:3] == latest.texts[1:3]
        assert post.rows == latest.rows
    assert "6\u00a0outlets" in latest.texts[1]
    assert latest.texts[1].count("\n> ") == 4


def test_a_post_tells_what_is_new_in_a_story_that_is_not() -> None:
    def said(*new: str) -> list[str]:
        told = replace(quoted(FERRY), articles=(FERRY, replace(FERRY, id="b")), new=frozenset(new))
        return "\n".join(alert_card(ALERT, [told])[0].texts).split("\n")

    counts = f"-# Gazette{DOT}2\u00a0reports{DOT}4\u00a0March\u00a02025"
    assert said("a")[::2][:2] == ["## New article about “ferries”", f"{counts}{DOT}**1\u00a0new**"]
    assert said("a", "b")[::2][:2] == ["## New articles about “ferries”", counts]
    assert said()[::2][:2] == ["## New article about “ferries”", counts]


@given(st.lists(reports, min_size=1, max_size=10), st.text(min_size=1, max_size=100))
def test_whatever_it_holds_it_fits(found: list[list[Article]], topic: str) -> None:
    stories = [Story(tuple(reported), quoted(reported[0]).quotes) for reported in found]
    for make, subscription in ((digest_card, replace(DIGEST, topic=topic)), (alert_card, replace(ALERT, topic=topic))):
        card, shown = make(subscription, stories)
        assert fits(card)
        assert 1 <= shown <= len(stories)
        assert len(card.sections) == shown + 2


def test_long_lists_fit_and_nothing_in_them_is_obeyed() -> None:
    hostile = "@everyone [x](https://a.example) " + "*" * 60
    alerts = [replace(ALERT, id=number, topic=hostile, paused="send_messages,view_channel") for number in range(25)]
    card = alerts_card(alerts)
    assert fits(card)
    assert "more not shown" in card.texts[-1]
    for made in (card, subscribed_card(alerts[0]), ended_card(alerts[0]), paused_card(alerts[0], "gone")):
        assert "\\@everyone \\[x\\]" in "".join(made.texts)
    assert fits(digests_card([replace(DIGEST, id=number, topic=hostile, paused="gone") for number in range(10)]))


def test_moderators_see_when_where_and_why_not() -> None:
    assert digests_card([DIGEST]).texts == (
        "## 1 digest",
        f"- <#2>{DOT}every day at 08:05 (Europe/Berlin){DOT}next <t:1800000000:R>",
    )
    weekly = replace(DIGEST, schedule=Schedule("UTC", hour=8, minute=0, weekday=4), topic="ferries", paused="gone")
    assert digests_card([weekly]).texts[1] == (
        f"- <#2>{DOT}**ferries**{DOT}every Friday at 08:00 (UTC)\n"
        "  **Paused:** the channel is gone; **/digest unsubscribe** takes this off the list."
    )
    assert paused_card(ALERT, "send_messages_in_threads,view_channel").texts == (
        "The alert about “ferries” in <#2> is paused: I need these permissions there: "
        "Send Messages in Threads, View Channel. I try again once a day.",
    )
    assert choice_name(weekly, "news") == "ferries · every Friday at 08:00 (UTC) · #news"
    assert choice_name(ALERT, None) == "ferries · a channel that is gone"
