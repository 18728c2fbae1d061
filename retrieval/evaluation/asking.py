"""Ask every question of a labelled set, and judge what comes: the articles found, the quotes, the silence kept.

Every question is asked as of its date. For abstention an answerable one is asked twice more in ways that leave
it without an answer: with the articles that hold it withdrawn, and the same some weeks before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from retrieval.answer import Hit, Quote
from retrieval.article import Article, Day, Progress, Tell
from retrieval.errors import InvalidQuestion
from retrieval.evaluation.labelled import EvaluationError, LabelledQuestion, holds, kind_of, marks
from retrieval.newsroom import Newsroom

ARTICLES = 10  # how deep the ranking of articles is judged
QUOTES = 3
HITS = 100  # passages looked through for that many articles, and for others that hold the answer
WEEKS_BEFORE = 3
WITHDRAWALS = 5  # times that what turns out to hold the answer as well is withdrawn too


@dataclass(frozen=True, slots=True)
class JudgedQuote:
    """A quote, `[start, end)` of the body of `article` (an id), and whether it `holds` an answer.

    `bold` is what of it was marked as answering, None when nothing was; `marks` tells whether that is an answer.
    """

    article: str
    start: int
    end: int
    text: str
    words: int
    holds: bool
    verbatim: bool
    bold: str | None = None
    marks: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """How sure the bot was, and whether it answered, when there was no answer to be had.

    `hidden` articles were withdrawn for that: the fewer, the more is left that looks like an answer.
    """

    confidence: float
    answered: bool
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question: a line of a run's JSONL."""

    id: str
    question: str
    kind: str
    as_of: str | None
    answerable: bool
    answers: tuple[str, ...]
    gold: tuple[str, ...]
    ranked: tuple[str, ...]
    """Ids of the best articles, at most `ARTICLES`, best first."""
    passages: tuple[bool, ...]
    """Whether each of the best three passages holds an answer."""
    quotes: tuple[JudgedQuote, ...]
    """The best three, whether or not the bot answered."""
    confidence: float
    answered: bool
    seconds: float
    withdrawn: Verdict | None
    """With the articles that hold the answer withdrawn; None where that cannot be had or known."""
    before: Verdict | None
    """The same, `WEEKS_BEFORE` weeks before."""


_LINE = TypeAdapter(Outcome)


def evaluate(
    room: Newsroom, questions: Sequence[LabelledQuestion], progress: Tell = lambda _: None, *, before: bool = True
) -> Iterator[Outcome]:
    """Ask every question of `room`: one outcome each, in their order; with `before`, also some weeks earlier.

    Raises `EvaluationError` or as `ask` does.
    """
    room.warm_up()  # or the first question would be the slowest by far
    for number, labelled in enumerate(questions, start=1):
        try:
            yield judge(room, labelled, before=before)
        except InvalidQuestion as error:
            raise EvaluationError(f"Question {labelled.id} cannot be asked. {error}") from error
        progress(Progress("asking", number, len(questions)))


def judge(room: Newsroom, labelled: LabelledQuestion, *, before: bool = True) -> Outcome:
    """Ask one question, and ask it again where nothing can answer it."""
    # Asked before anything else, so that its time includes the question's embedding, which is then cached.
    answer = room.ask(labelled.question, as_of=labelled.as_of, limit=QUOTES)
    quotes = answer.quotes or room.quotes(labelled.question, as_of=labelled.as_of, limit=QUOTES)
    hits = room.search(labelled.question, as_of=labelled.as_of, limit=HITS)
    withdrawn = earlier = None
    if labelled.answerable and labelled.answers:
        hidden = {*labelled.gold, *_telling(hits, labelled.answers)}
        withdrawn, hidden = _unanswerable(room, labelled, labelled.as_of, hidden)
        if labelled.as_of and before:
            weeks_before = labelled.as_of - timedelta(weeks=WEEKS_BEFORE)
            earlier, _ = _unanswerable(room, labelled, weeks_before, hidden)
    return Outcome(
        id=labelled.id,
        question=labelled.question,
        kind=kind_of(labelled.question),
        as_of=labelled.as_of.isoformat() if labelled.as_of else None,
        answerable=labelled.answerable,
        answers=labelled.answers,
        gold=labelled.gold,
        ranked=tuple(dict.fromkeys(hit.passage.article.id for hit in hits))[:ARTICLES],
        passages=tuple(holds(hit.passage.text, labelled.answers) for hit in hits[:3]),
        quotes=tuple(judged_quote(quote, labelled.answers, _as_stored(room, quote)) for quote in quotes),
        confidence=answer.confidence,
        answered=answer.answered,
        seconds=answer.seconds,
        withdrawn=withdrawn,
        before=earlier,
    )


def _as_stored(room: Newsroom, quote: Quote) -> list[str]:
    """What the quoted article said in each of its versions, read anew."""
    return [version.article.body for version in room.history(quote.article.id)]


def judged_quote(quote: Quote, answers: Collection[str], bodies: Collection[str]) -> JudgedQuote:
    """A quote with whether it holds an answer, and whether it stands word for word in one of its article's `bodies`."""
    bold = quote.text[slice(*quote.answer)] if quote.answer else None
    return JudgedQuote(
        article=quote.article.id,
        start=quote.start,
        end=quote.end,
        text=quote.text,
        words=len(quote.text.split()),
        holds=holds(quote.text, answers),
        verbatim=bool(quote.text) and any(body[quote.start : quote.end] == quote.text for body in bodies),
        bold=bold,
        marks=bold is not None and marks(bold, answers),
    )


def _unanswerable(
    room: Newsroom, labelled: LabelledQuestion, as_of: Day | None, hidden: set[str]
) -> tuple[Verdict | None, set[str]]:
    """Ask without `hidden` and without whatever else holds the answer; None if there is always more of that.

    Also gives what was hidden in the end.
    """
    hidden, silent = withdraw(room, labelled, as_of, hidden)
    if not silent:
        return None, hidden
    answer = room.ask(labelled.question, as_of=as_of, limit=QUOTES, without=hidden)
    return Verdict(answer.confidence, answer.answered, len(hidden)), hidden


def withdraw(room: Newsroom, labelled: LabelledQuestion, as_of: Day | None, hidden: set[str]) -> tuple[set[str], bool]:
    """`hidden` with whatever else is found to hold the answer, and whether nothing that is found holds it now.

    Only what the ranking finds is looked through: an article on another matter may well hold a word or number
    that is the answer here, and does not answer.
    """
    for _ in range(WITHDRAWALS):
        hits = room.search(labelled.question, as_of=as_of, limit=HITS, without=hidden)
        telling = _telling(hits, labelled.answers)
        if not telling:
            return hidden, True
        hidden = hidden | telling
    return hidden, False


def _telling(hits: Iterable[Hit], answers: Collection[str]) -> set[str]:
    articles = {hit.passage.article.id: hit.passage.article for hit in hits}
    return {key for key, article in articles.items() if holds(whole(article), answers)}


def whole(article: Article) -> str:
    """All that an article says: its headline, its key points and its body."""
    return "\n".join((article.title, *article.key_points, article.body))


def write_run(outcomes: Iterable[Outcome], path: Path) -> None:
    """Write a line of JSON for each outcome."""
    path.write_bytes(b"".join(_LINE.dump_json(outcome) + b"\n" for outcome in outcomes))


def read_run(path: Path) -> list[Outcome]:
    """The outcomes that `write_run` wrote. Raises `EvaluationError` when it is no such file."""
    try:
        lines = path.read_bytes().split(b"\n")
        return [_LINE.validate_json(line) for line in lines if line]
    except OSError as error:
        reason = error.strerror
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        reason = f"{'.'.join(map(str, first['loc'])) or 'a line'}: {first['msg']}"
    raise EvaluationError(f"The run {path} cannot be read ({reason}); give the run.jsonl of an earlier report.")
