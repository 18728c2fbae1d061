"""What an author did to words with HTML, as plain text has it. One step, before any text is taken from a tree.

Struck words go: they are what the publisher takes back. A raised or lowered number must not run into the figure before
it: 10<sup>4</sup> is 10⁴, 5<sup>1</sup>⁄<sub>2</sub> is 5½, and the mark of a footnote is no part of any figure or
sentence, so it goes. What stands so in formulae everybody writes without (CO2, 13th) stays as it is. A `<q>` gets the
quotation marks that readers see, and what nobody sees goes, as do the readings beside ideographs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import islice

from lxml.html import HtmlElement, document_fromstring

# lxml takes no text that says how it is encoded.
_NO_MARKUP = re.compile(r"<\?[^>]{0,200}>|\0")
_STRUCK = ("del", "s", "strike")
_STRUCK_STYLE = re.compile(r"text-decoration(?:-line)?\s{0,9}:[^;]{0,60}\bline-through\b", re.IGNORECASE)
_STRUCK_CLASS = re.compile(r"(?:line-through|strike|strikethrough|struck)")
_SPACE_AND_STOP = re.compile(r"[,.;:!?…)\]”’»]")
_UNSEEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])"
    r"|clip\s*:\s*rect\(\s*[01](?:px)?\b|clip-path\s*:\s*inset\(\s*(?:50|100)%",
    re.IGNORECASE,
)
_UNSEEN_CLASS = re.compile(
    r"sr-only|(?:visually|visibly)-?hidden|screen-reader(?:-text|-only)?|a11y-hidden|assistive-text"
)
_INLINE = ("a", "abbr", "b", "em", "i", "small", "span", "strong")
_LINE_OF_ITS_OWN = ("p", "div", "li", "blockquote", "h2", "h3")
# Outer, then inner marks, as browsers show them.
_MARKS = {"de": "„“‚‘", "fr": "«»‹›", "es": "«»“”", "it": "«»“”", "pt": "«»“”", "ru": "«»„“", "pl": "„”«»"}
_NEAR = 40  # characters
_MANY = 100  # beside each other
_MOST = 10_000  # of a kind are settled; no article has so many
_LONGEST = 12  # characters of what is raised: more is a word in small type

_RAISED = str.maketrans("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_FRACTIONS = {unicodedata.normalize("NFKC", sign): sign for sign in "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"}

_RAISED_STYLE = re.compile(r"vertical-align\s{0,9}:\s{0,9}(super|sub)\b", re.IGNORECASE)
_RAISED_CLASSES = {"sup": "sup", "superscript": "sup", "sub": "sub", "subscript": "sub"}
_POWER = re.compile(r"[+−–-]?\d{1,4}|[n+−–-]")
_NUMBER = re.compile(r"\d{1,3}")
_MARK = re.compile(r"\[\s?\w{1,4}\s?\]|\(\d{1,3}\)|\d{1,3}\)|[*†‡§¶#]{1,3}|\d{1,3}(?:\s?[,;]\s?\d{1,3})+")
_NOTE_NAMES = re.compile(r"foot|\bfn|note|\bcite|\breference|\bref\b", re.IGNORECASE)
_BAR = re.compile(r"\s?[/⁄∕]\s?")
_BAR_AND_NUMBER = re.compile(r"[/⁄∕](\d{1,3})(?!\d)")

_DIGITS_BEFORE = re.compile(r"(?P<money>[$£€¥₹]\s?)?(?P<number>(?:\d[\d.,']{0,20})?\d)$")
_LETTERS_BEFORE = re.compile(r"[^\W\d_]+$")


def settle_markup(tree: HtmlElement) -> None:
    """Take struck and unseen words and the marks of footnotes out of `tree`, and write as signs what is only drawn.

    That are raised and lowered numbers, formulae, and quotation marks. A button in the middle of a sentence is a word.
    """
    for count, element in enumerate([each for each in tree.iter() if _is_struck(each) or _is_unseen(each)]):
        if count >= _MOST:
            element.clear(keep_tail=True)
        elif element.getparent() is not None:
            _take_out(element)
    for element in _first(tree, *_INLINE):
        if (
            element.get("aria-hidden") == "true"
            and len(element.text_content()) == 1
            and (element.tail or " ")[0].isalpha()
        ):
            del element.attrib["aria-hidden"]  # a drop cap, which whoever sees reads
    for element in _first(tree, "math"):
        element.tail = _formula(element) + (element.tail or "")
        drop(element)
    for element in _first(tree, "span", "small", "font"):
        style = _RAISED_STYLE.search(element.get("style") or "")
        raised = (
            style[1][:3].lower() if style else next(filter(None, map(_RAISED_CLASSES.get, _classes(element))), None)
        )
        element.tag = raised or element.tag
    for element in _first(tree, "sup", "sub"):
        if next(element.iterancestors("sup", "sub"), None) is not None:  # one sign is made of both
            _unwrap(element)
        elif element.getparent() is not None:
            _settle_raised(element)
    for element in reversed(_first(tree, "q")):
        if element.getparent() is not None:
            _quote(element)
    for element in _first(tree, "button"):
        before, after = _before(element).strip(), (element.tail or "").strip()
        if before[-1:].isalnum() and after and not after[0].isupper():
            _unwrap(element)


def _unwrap(element: HtmlElement) -> None:
    """Leave what is in `element` in its place."""
    if _is_crowded(element):
        element.tag = "span"
    else:
        element.drop_tag()


def drop(element: HtmlElement) -> None:
    """Take `element` out."""
    if _is_crowded(element):
        element.clear(keep_tail=True)
        element.tag = "span"
    else:
        element.drop_tree()


def _is_crowded(element: HtmlElement) -> bool:
    """Whether so many stand beside `element` that to take each out would take time with their square."""
    parent = element.getparent()
    return parent is not None and next(islice(parent.iterchildren(), _MANY, None), None) is not None


def _first(tree: HtmlElement, *names: str) -> list[HtmlElement]:
    return list(islice(tree.iter(*names), _MOST))


def _is_struck(element: HtmlElement) -> bool:
    if element.tag in _STRUCK or _STRUCK_STYLE.search(element.get("style") or ""):
        return True
    return element.tag in _INLINE and any(map(_STRUCK_CLASS.fullmatch, _classes(element)))


def _is_unseen(element: HtmlElement) -> bool:
    """Whether nobody sees an element within a line; a block may be shown later by a script."""
    if element.tag in ("rt", "rp"):
        return True
    if element.tag not in _INLINE:
        return False
    if (
        "hidden" in element.attrib
        or element.get("role") == "tooltip"
        or _UNSEEN_STYLE.search(element.get("style") or "")
    ):
        return True
    return any(map(_UNSEEN_CLASS.fullmatch, _classes(element)))


def _classes(element: HtmlElement) -> Sequence[str]:
    return (element.get("class") or "").lower().split()


def _take_out(element: HtmlElement) -> None:
    if len(list(element.iter(*_LINE_OF_ITS_OWN))) > 1 and element.tag in _STRUCK:  # nobody closed it
        _unwrap(element)
        return
    if _SPACE_AND_STOP.match(element.tail or ""):
        previous, parent = element.getprevious(), element.getparent()
        if previous is not None:
            previous.tail = (previous.tail or "").rstrip()
        elif parent is not None:
            parent.text = (parent.text or "").rstrip()
    drop(element)


def _formula(element: HtmlElement) -> str:
    """MathML on one line: powers raised, fractions with a stroke."""
    name = element.tag if isinstance(element.tag, str) else ""
    if not name or name.startswith("annotation"):
        return ""
    parts = [_formula(each) for each in element]
    if name in ("msup", "mfrac") and len(parts) == 2:
        return f"{parts[0]}/{parts[1]}" if name == "mfrac" else parts[0] + _exponent(parts[1])
    return "".join([(element.text or "").strip(), *parts])


def _exponent(text: str) -> str:
    return text.translate(_RAISED) if _POWER.fullmatch(text) else f"^{text}"


def _quote(element: HtmlElement) -> None:
    """Write the marks with which browsers show a `<q>`."""
    around = [element, *element.iterancestors()]
    language = next((each.attrib["lang"] for each in around if "lang" in each.attrib), "")
    marks = _MARKS.get(language[:2].lower(), "“”‘’")
    opening, closing = marks[2:] if any(each.tag == "q" for each in around[1:]) else marks[:2]
    element.text = opening + (element.text or "")
    if len(element):
        element[-1].tail = (element[-1].tail or "") + closing
    else:
        element.text += closing
    _unwrap(element)


def _settle_raised(element: HtmlElement) -> None:
    text = "".join(element.itertext()).strip()
    if not text or len(text) > _LONGEST:
        return
    if element.tag == "sub":
        written = text.translate(_LOWERED) if _before(element)[-1:].isdigit() and text[0].isdigit() else text
    elif (fraction := _fraction(element, text)) is not None:
        written = fraction
    elif _points_to_note(element) or _MARK.fullmatch(text):
        written = ""
    else:
        written = _raised(_before(element), text, element.tail or "")
    for child in list(element):
        element.remove(child)
    element.text = written
    _unwrap(element)


def _before(element: HtmlElement) -> str:
    """The text right before `element`, as far as it shows what that belongs to."""
    before = element.getprevious()
    while before is None and (parent := element.getparent()) is not None and not parent.text:
        if not isinstance(parent.tag, str) or parent.tag not in ("a", "b", "em", "i", "span", "strong"):
            return ""
        element, before = parent, parent.getprevious()
    if before is None:
        parent = element.getparent()
        text = (parent.text or "") if parent is not None else ""
    else:
        text = before.tail or ("".join(before.itertext()) if isinstance(before.tag, str) else "")
    return text[-_NEAR:]  # the searches at its end begin anew at every sign


def _points_to_note(element: HtmlElement) -> bool:
    near = [element, *element.iter("a"), *([parent] if (parent := element.getparent()) is not None else [])]
    links = [each for each in near if each.tag == "a"]
    if any("#" in each.get("href", "") for each in links):
        return True
    said = [each.get(name, "") for each in [element, *links] for name in ("class", "id", "role", "epub:type")]
    return any(map(_NOTE_NAMES.search, said))


def _fraction(element: HtmlElement, above: str) -> str | None:
    """The fraction of which `above` is what stands above the bar; what stands below is taken out of the tree."""
    tail, following = element.tail or "", element.getnext()
    if not _NUMBER.fullmatch(above):
        return None
    if found := _BAR_AND_NUMBER.match(tail):
        below, element.tail = found[1], tail[found.end() :]
    elif following is not None and following.tag == "sub" and _BAR.fullmatch(tail):
        below = "".join(following.itertext()).strip()
        if not _NUMBER.fullmatch(below):
            return None
        element.tail = None
        drop(following)
    else:
        return None
    plain = _FRACTIONS.get(f"{above}⁄{below}")
    return plain or f"{above.translate(_RAISED)}⁄{below.translate(_LOWERED)}"


def _raised(before: str, text: str, after: str) -> str:
    """What a raised `text` is between the text `before` and `after` it; "" if it is the mark of a footnote."""
    power = text.translate(_RAISED) if _POWER.fullmatch(text) else None
    if found := _DIGITS_BEFORE.search(before):
        digits = found["number"]
        # Years, amounts and prices are no bases of a power, and nobody counts in powers of them.
        is_base = digits == "10" or (len(digits) <= 2 and digits.isdigit())
        if is_base or not text.isdigit():
            if power is None and len(text) == 1 and text.isalpha() and text.islower() and text not in "aeod":
                return f"^{text}"
            return power or ("^" + text if text[0].isdigit() else text)
        return power or text if found["money"] and len(text) == 2 else ""
    if power is None:
        is_sum = before[-1:].isalpha() and not before[-2:-1].isalpha() and re.fullmatch(r"\w[+−–-]\w", text)
        return f"^{text}" if is_sum else text
    if letters := _LETTERS_BEFORE.search(before):
        return power if len(letters[0]) <= 2 or not text.isdigit() else ""  # a unit or a variable, or a word
    if not before or before[-1].isspace() or before[-1] in ")]}/·×*$£€¥":
        return power
    return "" if text.isdigit() and not after[:1].isalpha() else power


def inline_text(markup: str) -> str:
    """The words of HTML within one line or paragraph; a line break is a newline."""
    tree = document_fromstring(f"<div>{_NO_MARKUP.sub('', markup)}</div>")
    for line_break in tree.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    settle_markup(tree)
    return tree.text_content()
