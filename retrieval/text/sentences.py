"""Sentences and passages as exact spans of an article's body.

A span is `(start, end)` in code points; `body[start:end]` reproduces it and nothing is ever rewritten.
Sentence ends come from nupunkt (Punkt, Kiss and Strunk 2006, https://doi.org/10.1162/coli.2006.32.4.485);
around it stand the rules that news needs: layout, quotation marks, CJK stops, the short words
("win.", "month.") that its legal-text model takes for abbreviations, and (`speakers.py`) the speaker behind
a quoted question and names that are written with a mark, and (`points.py`) other languages' points.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import nupunkt

from retrieval.text.points import is_within
from retrieval.text.speakers import ENDS_QUOTED, goes_on, names_with_marks
from retrieval.text.words import SHORT_MONTHS, count_words

Offsets = tuple[int, int]
"""A span of a body: `[start, end)` in code points."""


class Clues(NamedTuple):
    """What the whole of a body tells of where its sentences end: names that are written with a mark, its language."""

    names: frozenset[str]
    language: str | None


TokenCounter = Callable[[Sequence[str]], Sequence[int]]
"""The number of tokens of each text, special tokens included when the limit includes them."""

# A blank line, whatever the line endings. The group is atomic so that "\r\n" is never taken for two.
_PARAGRAPH_BREAK = re.compile(
    r"(?>\r\n|[\n\r\x85\u2028])[^\S\r\n\x85\u2028\u2029]*(?>\r\n|[\n\r\x85\u2028])\s*|\u2029\s*"
)
_LINE_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028]")
_LIST_MARKER = re.compile(r"\s*(?:[-*•‣◦▪●·]\s|\d{1,2}[.)]\s+[^\Wa-z_])")

_CLOSING = "”’»›)\\]}」』）】》〉"
# Closing marks that nupunkt left at the start of the next sentence. A ’ before a letter is an apostrophe,
# and » opens what German puts into »…«.
_LEADING_CLOSERS = re.compile(r"(?:[”)\]}」』）】》〉]|[’»›](?!\w))+\s*")
_CONTINUES = re.compile(r"[,;:)\]]|[a-z]")

# Full stops of scripts that nupunkt does not know. CJK stops need no space after them; a quotation that
# the sentence goes on from (「…。」と言った) does not end it.
_OTHER_STOP = re.compile(
    rf"(?:[。｡]++(?![\"'{_CLOSING}])|[。！？｡]++[\"'{_CLOSING}]*+(?![とっなのをにへがはも、，；：的])|[।॥؟۔։።။។]++[\"'{_CLOSING}]*+(?=\s))\s*"
)

# What German quotes, „…“: English takes the mark that closes it for one that opens.
_LOW_QUOTED = re.compile(r"„[^„“]{1,1000}[.!?…]“\s++(?=[„\"(]?[^\W\d_a-zß-ÿ])")

# Who asked or called out what was quoted, in scripts that set nothing between both.
_SAID_BEHIND = re.compile(
    r"(?![没沒无無])[^。！？，、「“\s]{0,12}(?:[问問说說道喊叫称稱答]|表示|指出|尋ねた|聞いた|言った|叫んだ|答えた|語った|述べた|話した)"
)

# A lower-case word, a stop and a capital: an end, unless the word is one of the true abbreviations.
# ("no." is one before a number only.)
_PLAIN_END = re.compile(rf"(?<![\w.&@/-])([a-z]{{2,}})\.[\"'{_CLOSING}]*+\s++(?=[\"'“‘«(\[]*[^\W\d_a-z])")
# The same where publishers lost the white space, as they do between paragraphs. "news.Com" is a name; an ellipsis, or a
# mark that may open what is quoted, may stand within a sentence; Russian writes short forms in one with names.
_JOINED_END = re.compile(
    rf"(?<![\w.&@/:=?#~-])([a-zß-öø-ÿ]{{2,}}|[а-яё]{{4,}})(?:\.|[!?]++)[\"{_CLOSING}]*+"
    r"(?=(?!(?:Com|Net|Org|Js|Ly|Fm|Tv|Io|Uk|Txt|Html)\b)[A-ZÀ-ÖØ-ÞА-ЯЁ][a-zß-öø-ÿа-яё]++(?![\w.@/(-]))"
)
_ABBREVIATIONS = re.compile(
    "vs|ft|feat|al|approx|est|dept|figs?|vols?|pp|eds?|esp|inc|co|corp|ltd|jr|sr|ave|blvd|rd|mt|cf|ca|sec|art|ch"
    "|gen|gov|sens?|reps?|lt|col|capt|cmdr|sgt|maj|adm|dr|mrs?|ms|prof|rev|hon|ste?"
    "|mon|tues?|wed|thu|thurs|fri|etc|nos|op|cit|viz|bros|ext|tel|univ|assn|intl|natl|dist"
    rf"|pres|supt|págs?|{'|'.join(SHORT_MONTHS)}"
)
# Titles after which nupunkt still ends a sentence before a name ("Lt. Gov.", "Reps. Liz Cheney").
_ENDS_IN_TITLE = re.compile(
    r"\b(?:Adm|Brig|Capt|Cmdr|Col|Cpl|Det|Dr|Fr|Gen|Gov|Hon|Insp|Lt|Maj|Messrs|Mr|Mrs|Ms|Ofc|Pfc|Pres|Prof|Pvt"
    r"|Rep|Reps|Rev|Sen|Sens|Sgt|Spc|Supt)\.\s*$"
)
_HAS_WORD = re.compile(r"[^\W_]")

# nupunkt is given at most this many characters at once: some of its patterns are quadratic in a run
# without white space.
_PIECE = 2_000
MOST_SENTENCES = 10_000
"""Of a text; no article has as many, and what is done with each of them adds up."""
_MOST_TOGETHER = 60  # sentences in a passage
# No text has more characters a token than this; above it stand words the tokenizer does not look into
# (WordPiece makes one unknown token of a 10,000-letter word), which would make passages of any length.
_CHARACTERS_PER_TOKEN = 16
# Where words are not set apart by spaces, the tokens tell how many there are.
_WORDS_PER_TOKEN = 0.7
# Characters in one call of the tokenizer, so that a 10 MB body does not hold all its tokens at once.
_BATCH_CHARACTERS = 250_000


def sentence_spans(body: str, language: str | None = None) -> list[Offsets]:
    """The sentences of `body` in `language`, in order, without overlap and without white space at their ends.

    Every character that is not white space lies in exactly one of them, up to the last of `MOST_SENTENCES`. No sentence
    spans a blank line.
    """
    spans: list[Offsets] = []
    told = Clues(names_with_marks(body), language)
    for start, end in _blocks(body):
        if len(spans) >= MOST_SENTENCES:
            break
        starts = _mend(body, _sentence_starts(body, start, end), end, told)
        for left, right in zip(starts, [*starts[1:], end], strict=True):
            spans.extend(_trimmed(body, left, right))
    return spans[:MOST_SENTENCES]


def _trimmed(body: str, start: int, end: int) -> Iterator[Offsets]:
    """The span without the white space at its ends; nothing when nothing else is in it."""
    while start < end and body[start].isspace():
        start += 1
    while end > start and body[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _blocks(body: str) -> Iterator[Offsets]:
    """Stretches that no sentence leaves: paragraphs, and lines that were broken on purpose."""
    position = 0
    for gap in _PARAGRAPH_BREAK.finditer(body):
        yield from _lines(body, position, gap.start())
        position = gap.end()
    yield from _lines(body, position, len(body))


def _lines(body: str, start: int, end: int) -> Iterator[Offsets]:
    """Split a paragraph where a line ends on purpose: before a bullet, after a heading.

    Wrapped prose goes on. A line whose end was not forced by its width is one after which the next
    line's first word would still have fitted into the paragraph's widest line.
    """
    breaks = list(_LINE_BREAK.finditer(body, start, end))
    starts = [start, *(match.end() for match in breaks)]
    ends = [*(match.start() for match in breaks), end]
    widest = max(right - left for left, right in zip(starts, ends, strict=True))
    block = start
    for line, stop, following, limit in zip(starts, ends, starts[1:], ends[1:], strict=False):
        next_words = body[following:limit].split(maxsplit=1)
        if not next_words:
            continue
        fits = stop - line + 1 + len(next_words[0]) <= widest
        if (fits and not next_words[0][0].islower()) or _LIST_MARKER.match(body, following, limit):
            yield block, stop
            block = following
    yield block, end


def _sentence_starts(body: str, start: int, end: int) -> list[int]:
    """Where sentences may begin in a block, the block's own start first."""
    found = {start}
    piece = start
    while piece < end:
        stop = _word_cut(body, piece, end, _PIECE)
        inner = [piece + left for left, _ in nupunkt.sent_spans(body[piece:stop])[1:]]
        found.update(inner)
        # The last sentence may have been cut short: it opens the next piece.
        piece = inner[-1] if inner and stop < end else stop
    for match in _OTHER_STOP.finditer(body, start, end):
        quoted = match[0][:1] in "！？" and match[0].rstrip()[-1:] in _CLOSING
        if match.end() < end and not (quoted and _SAID_BEHIND.match(body, match.end(), end)):
            found.add(match.end())
    found.update(match.end() for match in _LOW_QUOTED.finditer(body, start, end))
    for plain in (_PLAIN_END, _JOINED_END):
        for match in plain.finditer(body, start, end):
            if not _ABBREVIATIONS.fullmatch(match[1]):
                found.add(match.end())
    return sorted(found)


def _mend(body: str, starts: list[int], end: int, told: Clues) -> list[int]:
    """Take back the starts that do not begin a sentence, and give closing marks to what they close."""
    kept = starts[:1]
    looked, has_word = starts[0], False
    for start, following in pairwise([*starts[1:], end]):
        closers = _LEADING_CLOSERS.match(body, start, end)
        begin = closers.end() if closers else start
        # A stretch without a word ("…", "🎉") goes with what follows it, the last one with what precedes it.
        has_word = has_word or bool(_HAS_WORD.search(body, looked, begin))
        looked = max(looked, begin)
        lone = not has_word or (following == end and not _HAS_WORD.search(body, begin, end))
        if not lone and not _goes_on(body, (kept[-1], start), (begin, end), told):
            kept.append(begin)
            has_word = False
    return kept


def _goes_on(body: str, sentence: Offsets, rest: Offsets, told: Clues) -> bool:
    """Whether a sentence goes on where nupunkt started another.

    `sentence` is from where it began to where nupunkt ended it, `rest` from behind the closing marks found there to
    where no sentence goes beyond.
    """
    (previous, start), (begin, end) = sentence, rest
    if body[begin] in ",;:" or (begin > start and _CONTINUES.match(body, begin)):
        return True
    before = body[max(previous, start - 40) : start].rstrip()
    if _ENDS_IN_TITLE.search(before) or is_within(before, body[begin : begin + 20], told.language):
        return True
    if body[begin].islower() and (before.endswith(("!", "?")) or ENDS_QUOTED.search(before)):
        return True
    marked, after = body[max(previous, begin - 160) : begin].rstrip(), body[begin : min(end, begin + 400)]
    return goes_on(marked, after, told.names)


class _Piece(NamedTuple):
    """A sentence, or a part of one that is too long to be embedded whole."""

    start: int
    end: int
    tokens: int
    words: float
    break_cost: float  # what it costs to begin a passage with this piece


def passage_spans(
    body: str,
    sentences: Sequence[Offsets],
    count_tokens: TokenCounter,
    limit: int,
    target_words: int = 110,
) -> list[Offsets]:
    """Pack whole sentences into passages of about `target_words` words and at most `limit` tokens.

    The passages are in order, do not overlap and hold every sentence, at most 60 each. They are chosen
    together, so that the sum of their squared distances from the target is least (as Knuth and Plass break
    lines, 1981): no short rest is left at the end, and a paragraph's end is preferred. A sentence above the limit is
    split between words, or between characters where there are no words. Only a single character with
    more than `limit` tokens by itself is above it.

    `count_tokens` is asked for batches: once for all sentences and once for all passages, unless some
    are too long.
    """
    if not sentences:
        return []
    overhead = count_tokens([""])[0]
    pieces = _pieces(body, sentences, count_tokens, limit, overhead)
    spans = _pack(pieces, limit - overhead, target_words)
    # The tokens of a joined text are not always the sum of its sentences' tokens.
    return _halved(body, spans, pieces, count_tokens, limit)


def tokens_by_words(texts: Sequence[str]) -> list[int]:
    """About how many tokens each text would have in a model that knows its language."""
    return [math.ceil(count_words(text) / _WORDS_PER_TOKEN) for text in texts]


def _pieces(
    body: str, sentences: Sequence[Offsets], count_tokens: TokenCounter, limit: int, overhead: int
) -> list[_Piece]:
    """The sentences with their tokens counted, those above the limit in parts."""
    pieces: list[_Piece] = []
    sentence_starts = {start for start, _ in sentences}
    previous_end = 0
    for (start, end), tokens in _counted_parts(body, sentences, count_tokens, limit):
        gap = body[previous_end:start]
        within_paragraph = 0.0 if _PARAGRAPH_BREAK.search(gap) else 0.05
        break_cost = within_paragraph if start in sentence_starts else 0.5
        own_tokens = max(tokens - overhead, (end - start) // _CHARACTERS_PER_TOKEN)
        words = max(len(body[start:end].split()), _WORDS_PER_TOKEN * own_tokens)
        pieces.append(_Piece(start=start, end=end, tokens=own_tokens, words=words, break_cost=break_cost))
        previous_end = end
    return pieces


def _counted_parts(
    body: str, spans: Sequence[Offsets], count_tokens: TokenCounter, limit: int
) -> list[tuple[Offsets, int]]:
    """The spans with their token counts, each one that is above the limit cut until its parts fit."""
    longest = limit * _CHARACTERS_PER_TOKEN
    waiting = [part for span in spans for part in _cut(body, span, longest)]
    done: list[tuple[Offsets, int]] = []
    while waiting:
        again: list[Offsets] = []
        for (start, end), tokens in zip(waiting, _counted(body, waiting, count_tokens), strict=True):
            if tokens <= limit or end - start == 1:
                done.append(((start, end), tokens))
                continue
            parts = max(2, math.ceil(1.1 * tokens / limit))
            again.extend(_cut(body, (start, end), max(1, math.ceil((end - start) / parts))))
        waiting = again
    return sorted(done)


def _counted(body: str, spans: Sequence[Offsets], count_tokens: TokenCounter) -> Iterator[int]:
    batch: list[str] = []
    characters = 0
    for start, end in spans:
        batch.append(body[start:end])
        characters += end - start
        if characters >= _BATCH_CHARACTERS:
            yield from count_tokens(batch)
            batch, characters = [], 0
    if batch:
        yield from count_tokens(batch)


def _cut(body: str, span: Offsets, longest: int) -> Iterator[Offsets]:
    """Parts of `span` of at most `longest` characters, without white space at their ends."""
    start, end = span
    while start < end:
        stop = _word_cut(body, start, end, longest)
        yield from _trimmed(body, start, stop)
        start = stop


def _word_cut(body: str, start: int, end: int, longest: int) -> int:
    """Where to end a part that begins at `start`: after white space if there is some in its second half."""
    if end - start <= longest:
        return end
    stop = start + longest
    for position in range(stop, start + longest // 2, -1):
        if body[position].isspace() or body[position - 1].isspace():
            return position
    for position in range(stop, max(start, stop - 16), -1):
        if not _joined(body, position):
            return position
    return stop


def _joined(body: str, position: int) -> bool:
    """Whether the character at `position` belongs to the one before: an accent, an emoji's parts."""
    here, before = body[position], body[position - 1]
    return unicodedata.category(here).startswith("M") or "\u200d" in (here, before)


def _pack(pieces: Sequence[_Piece], limit: int, target_words: int) -> list[Offsets]:
    """The cheapest way to group the pieces; see `passage_spans`."""
    best = [0.0]  # best[i]: the cost of the first i pieces, packed
    origin = [0]  # origin[i]: where the last passage of that packing begins
    for stop in range(1, len(pieces) + 1):
        cheapest, chosen = math.inf, stop - 1
        tokens, words = 0, 0.0
        for begin in range(stop - 1, max(-1, stop - 1 - _MOST_TOGETHER), -1):
            piece = pieces[begin]
            tokens += piece.tokens
            words += piece.words
            if begin < stop - 1 and (tokens > limit or words > 2 * target_words):
                break
            cost = best[begin] + (words / target_words - 1) ** 2 + piece.break_cost
            if cost < cheapest:
                cheapest, chosen = cost, begin
        best.append(cheapest)
        origin.append(chosen)
    spans: list[Offsets] = []
    stop = len(pieces)
    while stop > 0:
        spans.append((pieces[origin[stop]].start, pieces[stop - 1].end))
        stop = origin[stop]
    return spans[::-1]


def _halved(
    body: str, spans: Sequence[Offsets], pieces: Sequence[_Piece], count_tokens: TokenCounter, limit: int
) -> list[Offsets]:
    """The spans, with each one whose joined text is above the limit halved between its pieces."""
    ends = {piece.start: previous.end for previous, piece in pairwise(pieces)}
    starts = [piece.start for piece in pieces]
    waiting = list(spans)
    done: list[Offsets] = []
    while waiting:
        again: list[Offsets] = []
        for (start, end), tokens in zip(waiting, _counted(body, waiting, count_tokens), strict=True):
            inner = starts[bisect_right(starts, start) : bisect_left(starts, end)]
            if tokens <= limit or not inner:
                done.append((start, end))
                continue
            middle = min(inner, key=lambda cut: abs(2 * cut - start - end))
            again += [(start, ends[middle]), (middle, end)]
        waiting = again
    return sorted(done)
