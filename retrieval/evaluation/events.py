"""Which articles of a corpus tell of one event, as far as labelled questions say so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from retrieval.article import Article, instant
from retrieval.evaluation.labelled import LabelledQuestion, normalised
from retrieval.text.names import is_place, never_small
from retrieval.text.words import NUMBERS

TOGETHER = 10 * 86_400.0  # seconds within which articles that answer one question tell of one event
MOST = 40  # articles of an event; where a question brings more together, its answer says too little
SMALL = 20  # numbers below are the answer to many questions
COMMON = 0.02  # share of the articles that hold an answer which is in everybody's mouth
_NUMBER = re.compile(r"[$€£]?(\d+(?:\.\d+)?)%?")
_WORD = re.compile(r"\b[^\W\d_]{3,}\b")
_OPENING = 300  # characters of a body that name whom an event is about


@dataclass(frozen=True, slots=True)
class Event:
    """Articles of one event, by their ids, the oldest first, and the names that their headlines and openings hold."""

    articles: tuple[str, ...]
    names: frozenset[str]


def labelled_events(questions: Iterable[LabelledQuestion], articles: Mapping[str, Article]) -> list[Event]:
    """The events that questions speak of: articles that answer one within `TOGETHER` of each other tell of one, and so
    do those that are joined by several questions.

    Left out are questions whose answer is a country, a small number or a common word, which many events share, undated
    articles, and events of more than `MOST` articles. An event may have a single article.
    """
    joined = _Joined()
    for gold in _telling(list(questions), articles):
        dated = sorted((instant(day), id_) for id_ in gold if (day := articles[id_].published))
        for _, id_ in dated:
            joined.add(id_)
        for (before, one), (after, other) in pairwise(dated):
            if after - before <= TOGETHER:
                joined.join(one, other)
    found = [ids for ids in joined.groups() if len(ids) <= MOST]
    return [_event([articles[id_] for id_ in ids]) for ids in found]


def _event(articles: Sequence[Article]) -> Event:
    in_order = sorted(articles, key=lambda each: (instant(each.published) if each.published else 0.0, each.id))
    return Event(tuple(each.id for each in in_order), frozenset().union(*map(_names, in_order)))


def _names(article: Article) -> frozenset[str]:
    words = _WORD.findall(f"{article.title}. {article.body[:_OPENING]}")
    return frozenset(word for word in never_small(words) if word[0].isupper())


def _telling(questions: Sequence[LabelledQuestion], articles: Mapping[str, Article]) -> Iterator[tuple[str, ...]]:
    """The articles that answer a question, for each whose answer tells one event from others."""
    asked = [each for each in questions if each.gold and each.answers and not any(map(_is_general, each.answers))]
    texts = [f" {normalised(f'{each.title} {each.body}')} " for each in articles.values()]
    for question in asked:
        wanted = [f" {answer} " for each in question.answers if (answer := normalised(each))]
        if any(sum(answer in text for text in texts) <= COMMON * len(texts) for answer in wanted):
            yield tuple(id_ for id_ in question.gold if id_ in articles)


def _is_general(answer: str) -> bool:
    """Whether an answer is a country or a small number."""
    bare = answer.strip().lower().replace(",", "")
    number = _NUMBER.fullmatch(bare)
    value = float(number[1]) if number else NUMBERS.get(bare)
    return is_place(answer) or (value is not None and value < SMALL)


class _Joined:
    """Sets of ids that grow together (union-find)."""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}

    def add(self, id_: str) -> None:
        self._of.setdefault(id_, id_)

    def join(self, one: str, other: str) -> None:
        self._of[self._root(one)] = self._root(other)

    def groups(self) -> list[list[str]]:
        found = defaultdict[str, list[str]](list)
        for id_ in self._of:
            found[self._root(id_)].append(id_)
        return list(found.values())

    def _root(self, id_: str) -> str:
        while self._of[id_] != id_:
            id_ = self._of[id_]
        return id_
