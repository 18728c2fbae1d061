"""What of a text is prose: not its headings, and not the furniture of the page that it was taken from.

Archives and feeds carry lines such as "Advertisement", "What to know" and "Updated Jan. 3, 2026, 1:55 p.m. ET" among
their paragraphs. They are stored where they cannot be told from text at intake, and never quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_LONGEST = 250  # characters; furniture is short
_HEADING_WORDS = 14
_TELLING_WORDS = 7  # a paragraph of more tells whether its writers use stops
_LEAST_STOPPED = 0.5  # of those end in one, then
_STOPS, _CLOSERS = frozenset(".!?…:;。！？｡।॥؟۔։።"), "\"'”’»›)]」』）"
_QUESTION = re.compile(r"[^“”„«»\"]*\?\Z")
_WORD = re.compile(r"\w+")
_MANY_WORDS = re.compile(rf"(?:\W*\b\w+\b){{{_TELLING_WORDS + 1}}}")  # at the beginning: no need to count all
_LIST_ITEM = re.compile(r"[-*•–—]\s|\d{1,2}[.)]\s|[^:;]*[:;].*\d")  # "Wyoming: $5.15" is one, too
_BREAK = re.compile(r"[\n\r\x85\u2028\u2029]")
_PARAGRAPH = re.compile(r"[\n\r\x85\u2028\u2029]+")

_STAMP = (
    r"(?:first |last )?(?:updated?|published|posted|modified|aktualisiert|veröffentlicht|erschienen|stand|mis à jour"
    r"|publié|actualizado|publicado|aggiornato|pubblicato|bijgewerkt|gepubliceerd)"
    r"(?: (?:on|at|am|um|le|el|il|op))? ?:? "
)
_CLOCK = r"(?:(?:at|um|à|h) )?\d{1,2}(?:[:.h]\d\d){0,2}(?: ?[ap]\.?m\b\.?)?(?: Uhr| (?-i:[A-Z]{2,5})\b)?"
_MONTH = r"[^\W\d_]{3,10}[.,]?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?[.,]?"
_DATE = (
    rf"(?:(?:\w{{2,10}}\.?, )?(?:{_DAY} (?:de )?{_MONTH}|{_MONTH} {_DAY}) (?:de )?\d{{4}}"
    r"|\d{1,4}[./-]\d{1,2}[./-]\d{1,4})"
)
_STAMPED = re.compile(
    rf"{_STAMP}(?:{_DATE}(?:,? (?:[|–-] )?{_CLOCK})?|{_CLOCK}(?:,? (?:[|–-] |on )?{_DATE})?)\b", re.IGNORECASE
)
_FURNITURE = re.compile(
    re.sub(
        r"\s*\n\s*",
        "",
        r"""
        (?:
        advertisement|advertising|anzeige|werbung|publicité|publicidad|pubblicità|sponsored(?: content)?|promoted|
        (?:story|article) continues (?:below|after).{0,60}|(?:scroll|swipe|skip) (?:down )?(?:to|past|for) .{0,60}|
        continue reading(?: .{0,60})?|(?:read|show|see|load) (?:more|less|all)|back to top|(?:jump|skip) to .{0,40}|
        (?:what|here(?:’s|'s| is| are) (?:what|everything|the latest)) (?:(?:you|we) )?(?:(?:need|have|want) )?
        (?:to )?know(?: (?:about|on|so far|now|today|for)\b.{0,80})?|
        (?:the )?(?:key|main) (?:points?|takeaways?|developments?|facts|moments|updates)|the latest|at a glance|
        in brief|(?:das )?wichtigste(?: in kürze| im überblick)?|auf einen blick|l['’]essentiel|lo esencial|las claves|
        live|(?:live|breaking) (?:news|updates?|blog|coverage|reporting)(?: .{0,40})?|
        (?:follow|see) (?:our |the )?live .{0,100}|follow (?:along|live|us|the latest on|our) ?.{0,100}|
        this is a (?:developing|breaking) (?:news )?story\b.{0,100}|
        (?:this|the) (?:story|article|post|page|live blog) (?:has been|was|is being|will be) (?:first )?
        (?:updated|corrected|published)\b.{0,100}|
        (?:check|come) back (?:here )?(?:later|soon|for)\b.{0,60}|refresh (?:this page )?for .{0,40}|
        sign up (?:here )?(?:for|to|now|below)\b.{0,180}|subscribe (?:here|now|to .{0,150})|
        get (?:the|our|your|more) .{0,120}(?:newsletter|inbox|briefing|alerts?|app)\b.{0,60}|(?:our )?newsletters?|
        (?:hier )?(?:zum )?newsletter (?:anmelden|abonnieren|bestellen)\b.{0,80}|inscrivez-vous à .{0,100}|
        (?:abonnieren sie|melden sie sich) .{0,80}newsletter\b.{0,60}|suscr[ií]bete a .{0,100}|
        (?:follow|find|join|like) .{0,80}\bon (?:x|twitter|facebook|instagram|threads|bluesky|whatsapp|telegram|tiktok)
        \b.{0,60}|download (?:the|our) .{0,60}\bapp\b.{0,40}|(?:click|tap) here .{0,100}|
        (?:listen|subscribe) to (?:our|the) .{0,60}podcast\b.{0,60}|
        (?:read|see|watch|listen|more|also|related|don['’]t miss|lesen sie|lesen|lire|à lire|lee|leer|leggi|lees)
        (?: (?:more|also|next|on this|too|aussi|auch|también|anche|ook))? ?[:|>»] .{1,200}|
        (?:photo|image|picture|photograph|video|foto|bild|credit)s?(?: (?:by|credit|courtesy(?: of)?))? ?: .{1,100}|
        (?:copyright|©|\(c\)) .{0,200}|
        (?:share|save|print|copy link|comments?(?: \(\d+\))?|\d+ comments?|leave a comment)
        (?: (?:this|the) (?:article|story|page|post))?(?: (?:on|via) .{0,40})?|
        listen to this (?:article|story)\b.{0,40}|\d+ min(?:ute)?s? (?:read|to read)|loading|
        do you have a (?:story|tip)\b.{0,120}|got a (?:tip|story)\b.{0,120}
        )
        """,
    ),
    re.IGNORECASE,
)
# These may stand anywhere in a line, so they are only tried where one of their marks is there.
_CREDIT = re.compile(
    r".{0,100}(?:getty images|ap photo|via ap\b|afp via|/afp|/reuters|/dpa|picture alliance).{0,60}"
    r"|.{0,60}all rights reserved\b.{0,100}",
    re.IGNORECASE,
)
_CREDIT_MARKS = ("getty images", "ap photo", "via ap", "afp", "/reuters", "/dpa", "picture alliance", "rights reserved")


def is_furniture(line: str) -> bool:
    """Whether a line, or a sentence, is of the page around a text: a stamp, an advertisement, what to read next."""
    text = " ".join(line[: _LONGEST + 1].split())
    if not text or len(text) > _LONGEST:
        return False
    # Where no stop follows a stamp, it is the beginning of the next sentence.
    line = text.rstrip(" .!:…")
    return bool(_FURNITURE.fullmatch(line) or _STAMPED.match(text) or (_names_owner(line) and _CREDIT.fullmatch(line)))


def _names_owner(line: str) -> bool:
    lowered = line.lower()
    return any(mark in lowered for mark in _CREDIT_MARKS)


def is_prose(body: str, start: int, end: int) -> bool:
    """Whether the sentence `[start, end)` of `body` is one of the text: neither furniture nor a heading."""
    sentence = body[start:end]
    return not is_furniture(sentence) and not (_stands_alone(body, start, end) and _is_heading(body, sentence))


def prose_of(body: str, sentences: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those of the sentences that are prose; all of them where none is."""
    return [span for span in sentences if is_prose(body, *span)] or list(sentences)


def _stands_alone(body: str, start: int, end: int) -> bool:
    """Whether the sentence is all of its paragraph or line, and not all of the text."""
    before, after = body[max(0, start - 8) : start].rstrip(" \t"), body[end : end + 8].lstrip(" \t")
    return (not before or bool(_BREAK.match(before[-1]))) and bool(after and _BREAK.match(after))


def _is_closed(line: str) -> bool:
    return line.rstrip(_CLOSERS)[-1:] in _STOPS


def _is_heading(body: str, line: str) -> bool:
    if len(line) > _LONGEST or _LIST_ITEM.match(line) or len(_WORD.findall(line)) > _HEADING_WORDS:
        return False
    return (not _is_closed(line) or bool(_QUESTION.fullmatch(line))) and _uses_stops(body)


@lru_cache(256)
def _uses_stops(body: str) -> bool:
    """Whether paragraphs of `body` end in stops; verse, lists, and scripts without stops do not."""
    paragraphs = [each for each in _PARAGRAPH.split(body) if _MANY_WORDS.match(each)]
    stopped = sum(_is_closed(each.rstrip()) for each in paragraphs)
    return bool(paragraphs) and stopped >= _LEAST_STOPPED * len(paragraphs)
