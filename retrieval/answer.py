"""The values that readers are given: passages, quotes, answers, stories.

All are frozen. Offsets are indices into `Article.body`, a Python string (Unicode code points).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from retrieval.article import Article, Day, Narrowing, Reading


@dataclass(frozen=True, slots=True)
class Passage:
    """A span `[start, end)` of an article's body: the unit that is embedded and searched."""

    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        """The span, word for word."""
        return self.article.body[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that search ranked, best first.

    `score` is the fused score; `cosine` the similarity of its embedding to the question's (None when
    only the words matched); `bm25` the lexical score (0 when only the embedding matched).
    """

    passage: Passage
    score: float
    cosine: float | None
    bm25: float


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim span of a body: `article.body[start:end] == text`, always.

    `link` opens the article at the highlighted quote; None when the article has no http(s) url.
    `also_reported_by` are articles of other outlets, one each, that report its statement independently; of several
    sentences that is the one that answers. `also_carried_by` are articles of other outlets that carry the same text
    (an agency's, mostly), which vouches for nothing. `corrected` is when the publisher gave it its present wording;
    None when it was so from the start. `answer` is the span `[start, end)` of `text` that answers: the name, number,
    date or few words that were asked for; None where that is not clear.
    """

    text: str
    start: int
    end: int
    article: Article
    link: str | None
    also_reported_by: tuple[Article, ...] = ()
    also_carried_by: tuple[Article, ...] = ()
    corrected: Day | None = None
    answer: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Sentences of different articles that cannot all be true, newest first (undated last).

    `about` is "figures" when they give different figures for one thing, "denial" when one negates the other.
    `figures` are the figures that differ, as written, one for each quote; empty for a denial.
    """

    quotes: tuple[Quote, ...]
    about: Literal["figures", "denial"]
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Age:
    """That what is quoted is old: `newest` is when the newest of the reports was published.

    `of_now`: the question asks for what is new when it is asked.
    """

    newest: Day
    of_now: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The quotes chosen for a question, best first, or an abstention with the nearest headlines.

    `confidence` is in 0..1. When not `answered`, the quotes are what may bear on the question, if anything does.
    `nearest` holds articles (best first) and is only filled when there are no quotes. `articles` counts what was
    looked through. `generation` is the state of the index that answered, `seconds` the time it took. `narrowed` says
    what the question's own words narrowed the search to, None when they did not.
    `disagreement` is what articles say against a sentence of the quotes, together with that sentence; None when
    nothing found contradicts them. `reading` tells of articles that are not among these yet; None when all are.
    `age` tells how old the quotes are, None where they are new, undated, or asked for as of the past.
    `stories` answer a broad question, the one that is meant first, and `topic` is then what that is understood to be
    about; the quotes are those of the first story. There are none, and it is None, for any other question.
    `language` (ISO 639-1) is what the question is taken to be in, None where that is not known.
    """

    question: str
    answered: bool
    confidence: float
    quotes: tuple[Quote, ...]
    nearest: tuple[Article, ...]
    articles: int
    generation: int
    seconds: float
    narrowed: Narrowing | None = None
    disagreement: Disagreement | None = None
    reading: Reading | None = None
    age: Age | None = None
    stories: tuple[Story, ...] = ()
    topic: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """An event as its `articles` report it, newest first (undated ones last), copies of one report included.

    `quotes` say what happened, the newest state first, each something else. `id` finds the story again, however it
    grows, and also after it has become part of another one. `central` is the place in `articles` of the one whose
    headline stands for it. `disagreement` is where reports contradict each other. `new` are the ids of those articles
    that came after what its reader has seen; none where that was not asked for.
    """

    articles: tuple[Article, ...]
    quotes: tuple[Quote, ...] = ()
    id: int = 0
    central: int = 0
    disagreement: Disagreement | None = None
    new: frozenset[str] = frozenset()

    @property
    def lead(self) -> Article:
        """The most central article."""
        return self.articles[self.central]

    @property
    def outlets(self) -> tuple[str, ...]:
        """The outlets that report it, each once, the newest first."""
        return tuple(dict.fromkeys(article.source for article in self.articles if article.source))

    @property
    def first(self) -> Day | None:
        """The date of the first report; None where none is dated."""
        return next((article.published for article in reversed(self.articles) if article.published), None)

    @property
    def last(self) -> Day | None:
        """The date of the last report; None where none is dated."""
        return self.articles[0].published


@dataclass(frozen=True, slots=True)
class Timeline:
    """A story step by step: one quote for each turn that it took, the oldest first (those of undated articles last)."""

    story: Story
    steps: tuple[Quote, ...]
    generation: int


@dataclass(frozen=True, slots=True)
class Briefing:
    """The latest stories, newest first (undated ones last), optionally about `topic`. `reading` as in `Answer`."""

    topic: str | None
    stories: tuple[Story, ...]
    generation: int
    seconds: float
    reading: Reading | None = None
