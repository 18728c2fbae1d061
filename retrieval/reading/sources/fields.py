"""The fields of an article as files write them, checked before they become an `Article`.

What is required and wrong costs the article; what is optional and wrong is left out and named, so that
nothing is lost and nothing is invented. What is read is stored in plain letters (`letters.plain_letters`):
all that searches, matches and counts offsets then sees what a reader sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.article import Article, Day
from retrieval.reasons import Reason
from retrieval.text.addresses import web_url
from retrieval.text.controls import storable, storable_line
from retrieval.text.days import believable_day, iso_day
from retrieval.text.letters import plain_letters
from retrieval.text.tongues import normalised, told_language

MAX_ARTICLE_BYTES = 10 * 1024 * 1024
"""One article, or one line of JSON, may be this large."""

MOST_CHARACTERS = 200_000
"""Of a body so many characters are taken, some 33,000 words: what is done with an article, and with a question that it
may answer, takes time as its body is long."""

_MAX_TITLE = 500
_MAX_ID = 500
_OPENING_WORDS = 80  # characters


@dataclass(frozen=True, slots=True)
class Checked:
    """An article, with the reasons why optional fields of it were left out."""

    article: Article
    left_out: tuple[str, ...]
    declared: bool = False
    """Whether it was read from a page that declares itself one article."""


def checked_article(record: Mapping[str, object]) -> Checked:
    """The article that `record` (id, title, text, url, source, published, updated, key_points, language) describes.

    Archives have articles without a headline: the opening words of the text stand in for it, and that is
    named. Raises ValueError, with a reason for a person, when id or text is missing or unusable, or the
    title is no headline. A body has at most `MOST_CHARACTERS`; that something of it is left out is named.
    """
    left_out: list[str] = []

    def day(name: str) -> Day | None:
        text = _optional_text(record, name, left_out)
        if text is None:
            return None
        try:
            return believable_day(iso_day(text))
        except ValueError as error:
            left_out.append(_ignored(name, str(error)))
            return None

    body = _body(record, left_out)
    title = _title(record, body, left_out)
    article = Article(
        id=_identifier(record),
        title=title,
        body=body,
        url=_url(record, left_out),
        source=_line(_optional_text(record, "source", left_out) or "") or None,
        published=day("published"),
        updated=day("updated"),
        key_points=_key_points(record, left_out),
        language=_language(record, f"{title}\n{body}"),
    )
    return Checked(article, tuple(left_out))


def _ignored(field: str, why: str) -> Reason:
    return Reason("`{field}` is ignored: {why}; the article is kept without it", field=field, why=why)


def _line(text: str) -> str:
    return storable_line(plain_letters(text))


def _is_blank(text: str) -> bool:
    return not plain_letters(text).strip()


def _required_text(record: Mapping[str, object], name: str) -> str:
    value = record.get(name)
    if value is None:
        raise ValueError(Reason("it has no `{field}`", field=name))
    if not isinstance(value, str):
        raise ValueError(Reason("its `{field}` is not a string", field=name))
    if _is_blank(value):
        raise ValueError(Reason("its `{field}` is empty", field=name))
    return value


def _body(record: Mapping[str, object], left_out: list[str]) -> str:
    text = _required_text(record, "text")
    body = storable(plain_letters(text[: 2 * MOST_CHARACTERS])).strip()
    if len(text) <= 2 * MOST_CHARACTERS and len(body) <= MOST_CHARACTERS:
        return body
    left_out.append(
        Reason(
            "its text is longer than {count} characters; the article is kept up to there: split it",
            count=MOST_CHARACTERS,
        )
    )
    kept = body[:MOST_CHARACTERS]
    return kept[: max(map(kept.rfind, "\n ")) + 1].rstrip() or kept


def _identifier(record: Mapping[str, object]) -> str:
    value = record.get("id")
    # Archives number their articles, too.
    if isinstance(value, int) and not isinstance(value, bool):
        record = {**record, "id": str(value)}
    identifier = storable(_required_text(record, "id"))  # as it stands: a file name may hold any space
    if len(identifier) > _MAX_ID:
        raise ValueError(Reason("its `id` has more than {count} characters", count=_MAX_ID))
    return identifier


def _title(record: Mapping[str, object], body: str, left_out: list[str]) -> str:
    value = record.get("title")
    if value is None or (isinstance(value, str) and _is_blank(value)):
        left_out.append(Reason("it has no `title`; the article is kept under its opening words"))
        opening = storable_line(body[: 10 * _OPENING_WORDS])
        cut = opening[: _OPENING_WORDS - 1]
        return opening if len(opening) <= _OPENING_WORDS else (cut.rpartition(" ")[0] or cut) + "…"
    title = _line(_required_text(record, "title"))
    if len(title) > _MAX_TITLE:
        raise ValueError(
            Reason("its title has more than {count} characters; the headline alone belongs there", count=_MAX_TITLE)
        )
    return title


def _optional_text(record: Mapping[str, object], name: str, left_out: list[str]) -> str | None:
    value = record.get(name)
    if value is None or (isinstance(value, str) and _is_blank(value)):
        return None
    if not isinstance(value, str):
        left_out.append(_ignored(name, Reason("it is not a string")))
        return None
    return value


def _url(record: Mapping[str, object], left_out: list[str]) -> str | None:
    text = _optional_text(record, "url", left_out)
    if text is None:
        return None
    try:
        return web_url(text)
    except ValueError as error:
        left_out.append(Reason("`url` is ignored: {why}; the article is kept without a link", why=error))
        return None


def _language(record: Mapping[str, object], text: str) -> str | None:
    """What is said of the text's language, unless it is clearly in another one; None where nothing usable is said.

    Then it is found before the article is served (`index.readying`).
    """
    said = [each for name in ("language", "lang") if normalised(each := str(record.get(name) or ""))]
    return told_language(said[0], text) if said else None


def _key_points(record: Mapping[str, object], left_out: list[str]) -> tuple[str, ...]:
    value = record.get("key_points")
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not all(isinstance(point, str) for point in value):
        left_out.append(_ignored("key_points", Reason("it is not a list of strings")))
        return ()
    return tuple(line for point in value if (line := _line(point)))
