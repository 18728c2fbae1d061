from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.card import ABSTAINED, ANSWERED, DOT, fits
from bot.cards.history import MOST_CHANGES, MOST_VERSIONS, history_card, revisions
from bot.cards.withdrawals import restored_card
from bot.wording.markdown import day_text
from retrieval.article import Article
from retrieval.index.stored import StoredArticle
from retrieval.index.versions import Version

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = day_text(NOON)
URL = "https://harbour.example/ferry"


def version(*sentences: str, title: str = "The ferry sails", live: bool = False, summary: bool = False) -> Version:
    body, spans = "", []
    for sentence in sentences:
        spans.append((len(body), len(body) + len(sentence)))
        body += f"{sentence} "
    article = Article("a", title, body, url=URL, source="Harbour Post", published=NOON, summary_only=summary)
    return Version(StoredArticle(1, article, tuple(spans)), None if summary else NOON, live)


def test_the_newest_version_comes_first_with_what_was_changed() -> None:
    versions = [
        version("A ferry left.", summary=True),
        version("A ferry left at *dawn*.", "It carries forty cars."),
        version("A ferry left at noon.", "It carries forty cars.", title="The ferry sails again", live=True),
        version("A ferry left at noon.", "It carries forty cars.", title="The ferry sails again"),
    ]
    card = history_card(revisions(versions))
    assert card.accent == ANSWERED
    assert card.sections == (
        (f"## [The ferry sails again]({URL})\n-# Harbour Post{DOT}{DAY}",),
        (f"**Version 4**, from {DAY}\n-# Neither headline nor text changed.",),
        (
            f"**Version 3**, from {DAY}{DOT}quoted now\n"
            "- Headline: The ferry sails **again**\n"
            "- A ferry left at ~~\\*dawn\\*.~~ **noon.**",
        ),
        (f"**Version 2**, from {DAY}\n- A ferry ~~left.~~ **left at \\*dawn\\*. It carries forty cars.**",),
        (f"**Version 1**, from when it was first read{DOT}the summary of a feed",),
    )


def test_an_article_that_was_removed_is_said_to_be_so() -> None:
    card = history_card(revisions([version("A ferry left.")]))
    assert card.accent == ABSTAINED
    assert "It is not quoted: it was removed" in card.texts[0]


def test_only_so_many_changes_and_versions_are_shown() -> None:
    # Between two changes stands a sentence that stays, or they would be one.
    before = [f"{word} {number}." for number in range(9) for word in ("Old", "The same is number")]
    after = [sentence.replace("Old", "New") for sentence in before]
    versions = [version(*(before if number % 2 else after)) for number in range(MOST_VERSIONS + 5)]
    card = history_card(revisions(versions))
    assert fits(card)
    assert card.texts[1].count("~~Old~~ **New**") == MOST_CHANGES
    assert card.texts[1].endswith("-# 4 more not shown")
    assert [text.partition(",")[0] for text in card.texts[1:3]] == ["**Version 15**", "**Version 14**"]
    assert card.texts[-1] == "-# 5 more not shown"


words = st.text(max_size=30) | st.sampled_from(
    ["@everyone", "**", "~~", "[x](https://evil.example)", "w " * 900, "😀" * 900]
)
some_versions = st.builds(
    lambda sentences, title, live, summary: version(*sentences, title=title, live=live, summary=summary),
    st.lists(words, max_size=8),
    words,
    st.booleans(),
    st.booleans(),
)


@settings(max_examples=15)
@given(st.lists(some_versions, min_size=1, max_size=14))
def test_histories_fit_whatever_articles_say(versions: list[Version]) -> None:
    for card in (history_card(revisions(versions)), restored_card(versions[0].article)):
        assert fits(card)
        assert all(text.strip() for text in card.texts)
        assert "@everyone" not in json.dumps(card.texts).replace("\\\\@everyone", "")
