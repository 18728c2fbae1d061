"""Labelled questions: how they are read, and when a text counts as holding one of their answers."""

from __future__ import annotations

import json
import re
import string
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from retrieval.article import Day
from retrieval.errors import QuotewireError
from retrieval.text.days import believable_day
from retrieval.text.letters import plain_letters
from retrieval.text.words import QUESTION_WORDS

_FORM = '{"id", "question", "answers": [...], "gold": [...], "as_of": "2025-12-31"}'
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_QUESTION_WORD = re.compile(rf"\b(how (?:many|much)|{'|'.join(QUESTION_WORDS)})\b")
_SAME_KIND = {"whom": "who", "whose": "who", "how much": "how many"}
_DASHES = re.compile(r"[-‐‑‒–—]")
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation + "“”‘’«»‹›„‚…¿¡、。「」『』《》〈〉【】・·؟،؛٪")
# Scripts in which words are not set apart: Hebrew and Arabic write "and" and "the" in one with what follows.
_IN_ONE = re.compile("[\u0590-\u08ff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


class EvaluationError(QuotewireError):
    """A question set, a run or a corpus cannot be used; the message says why and how to put it right."""


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question of the standard format. `gold` are the ids of articles that answer it; `answers` what they say."""

    id: str
    question: str
    answers: tuple[str, ...] = ()
    gold: tuple[str, ...] = ()
    as_of: Day | None = None
    answerable: bool = True


def read_questions(path: Path) -> list[LabelledQuestion]:
    """The questions of a JSONL file in the standard format. Raises `EvaluationError` naming the line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise EvaluationError(f"The questions {path} cannot be read ({reason}); give a JSONL file.") from None
    questions: dict[str, LabelledQuestion] = {}
    # Not splitlines: JSON may hold the other characters that it takes for line ends.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            question = _question(json.loads(line))
            if question.id in questions:
                raise ValueError(f"the id “{question.id}” was given before")
        except (ValueError, RecursionError) as error:
            raise EvaluationError(f"{path} line {number}: {error}; a line holds {_FORM}.") from None
        questions[question.id] = question
    if not questions:
        raise EvaluationError(f"{path} holds no questions; a line holds {_FORM}.")
    return list(questions.values())


def _question(record: object) -> LabelledQuestion:
    if not isinstance(record, dict):
        raise ValueError("it is not a JSON object")
    question = record.get("question")
    if not isinstance(question, str) or not isinstance(record.get("id"), str | int):
        raise ValueError("it has no id or no question")
    as_of, answerable = record.get("as_of"), record.get("answerable", True)
    if not isinstance(answerable, bool):
        raise ValueError("answerable is neither true nor false")
    return LabelledQuestion(
        id=str(record["id"]),
        question=question,
        answers=_strings(record, "answers"),
        gold=_strings(record, "gold"),
        as_of=believable_day(str(as_of)) if as_of else None,
        answerable=answerable,
    )


def _strings(record: dict[str, object], field: str) -> tuple[str, ...]:
    values = record.get(field) or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError(f"{field} is not a list of strings")
    return tuple(values)


def kind_of(question: str) -> str:
    """The question word, which says what an answer looks like; "other" where there is none.

    Of a question that is led up to, the last sentence asks.
    """
    asks = _SENTENCE_END.split(question.strip().lower())[-1]
    match = _QUESTION_WORD.search(asks) or _QUESTION_WORD.search(question.lower())
    word = match[1] if match else "other"
    return _SAME_KIND.get(word, word)


@lru_cache(maxsize=1024)  # the same articles come up again as a question is asked in several ways
def normalised(text: str) -> str:
    """Lower case without punctuation and articles, white space folded (SQuAD, Rajpurkar et al., EMNLP 2016).

    Unlike there, a dash parts two words, as publishers differ in where they set one.
    """
    spaced = _DASHES.sub(" ", unicodedata.normalize("NFKC", plain_letters(text)).lower()).translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", spaced).split())


def holds(text: str, answers: Iterable[str]) -> bool:
    """Whether `text` contains an answer as whole words, both normalised; as letters where words are not set apart."""
    said = normalised(text)
    return any(_contains(said, wanted) for answer in answers if (wanted := normalised(answer)))


def _contains(said: str, wanted: str) -> bool:
    if _IN_ONE.search(wanted):
        return wanted.replace(" ", "") in said.replace(" ", "")
    return f" {wanted} " in f" {said} "


MARKED_WORDS = 8  # what is marked is to be seen at a glance: a longer run marks nothing


def marks(run: str, answers: Iterable[str]) -> bool:
    """Whether a run of at most `MARKED_WORDS` words is an answer: it holds one, or is at least half of one, word by
    word.
    """
    inside = normalised(run)
    words = len(inside.split())
    if not 0 < words <= MARKED_WORDS:
        return False
    wanted = [normalised(answer) for answer in answers]
    return holds(run, wanted) or any(
        f" {inside} " in f" {whole} " and 2 * words >= len(whole.split()) for whole in wanted
    )
