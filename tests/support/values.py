"""Values as the newsroom gives them, for tests of what is made of them."""

from __future__ import annotations

from datetime import UTC, datetime

from retrieval.answer import Briefing, Quote, Story
from retrieval.article import Article

RUTTE = Article(
    id="rutte",
    title="NATO chief demands faster Russian action",
    body="“It is a dance,” Rutte said. Russia must do more.",
    url="https://news.example/rutte",
    source="CBS News",
    published=datetime(2025, 5, 4, 12, tzinfo=UTC),
    key_points=("Russia is not doing enough.", "The U.S. and NATO work together."),
)


def a_briefing(*stories: Story, topic: str | None = None) -> Briefing:
    """The latest stories."""
    return Briefing(topic=topic, stories=stories, generation=1, seconds=0.1)


def a_quote(article: Article, text: str | None = None, link: str | None = None, answer: str | None = None) -> Quote:
    """What an article says, word for word; all of it without a `text`. `answer` are the words of it that answer."""
    text = article.body if text is None else text
    start = article.body.index(text)
    span = None if answer is None else (text.index(answer), text.index(answer) + len(answer))
    return Quote(text=text, start=start, end=start + len(text), article=article, link=link, answer=span)


def quoted(article: Article, text: str, answer: str | None = None) -> Quote:
    """As `a_quote`, with a link to the quoted words."""
    return a_quote(article, text, f"{article.url}#:~:text=x" if article.url else None, answer)
