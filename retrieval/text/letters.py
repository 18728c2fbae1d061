"""Letters as a reader sees them: composed, and without the marks inside words that nobody sees.

Publishers write "re&shy;pair" to say where a line may be broken, and programs leave zero-width spaces and joiners
behind; "é" comes as one character or as two. To a reader it is one word, to a search it is three.
"""

from __future__ import annotations

import re
import unicodedata

# Soft hyphens, word joiners, byte order marks, invisible operators: they mean nothing to a reader wherever they stand.
# A word that a soft hyphen breaks at the end of a line is one word.
_NEVER_SEEN = re.compile("\u00ad(?:[ \t]*\r?\n[ \t]*(?=[^\\W\\d_A-Z]))?|[\u2060-\u2064\ufeff]")
# In Thai, Lao, Burmese and Khmer a zero-width space is what parts the words.
_PARTS_WORDS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_ZERO_WIDTH_SPACE = re.compile(f"(?<![{_PARTS_WORDS}])\u200b|\u200b(?![{_PARTS_WORDS}])")
# Joiners and marks of direction shape Arabic, Indic and emoji, and turn what is written from right to left; beside
# nothing but the letters and signs that stand in Unicode before or between those, they do nothing.
_SHAPED = "\u0590-\u1dff\u2070-\U0010ffff"
_JOINERS = re.compile(f"(?<![{_SHAPED}])[\u200c-\u200f\u034f\u061c\u180e\u206a-\u206f](?![{_SHAPED}])")
# NFC puts other characters for these, which look otherwise: some people write their names with them.
_COMPOSED = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")
# Accents that no composed letter has: "ọ̀", "за́мок".
_ACCENTS = re.compile("[\u0300-\u036f]+")
# Most texts hold none of all these, and one look tells.
_ANY = re.compile("[\u00ad\u0300-\u036f\u061c\u180e\u200b-\u200f\u2060-\u206f\ufeff]")


def plain_letters(text: str) -> str:
    """`text` with its letters composed (NFC, Unicode Standard Annex 15), and without marks that nobody sees."""
    if _ANY.search(text):
        text = _JOINERS.sub("", _ZERO_WIDTH_SPACE.sub("", _NEVER_SEEN.sub("", text)))
    if unicodedata.is_normalized("NFC", text):
        return text
    return _COMPOSED.sub(lambda run: unicodedata.normalize("NFC", run[0]), text)


def letters_to_match(text: str) -> str:
    """`plain_letters`, and without accents that are characters of their own, for who folds all others."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", plain_letters(text))
    return _ACCENTS.sub("", text) if _ANY.search(text) else text


_BARE = {ord(letter): unicodedata.normalize("NFD", letter)[0] for letter in map(chr, range(0xC0, 0x180))}


def bare_letters(text: str) -> str:
    """Composed Latin letters without their accents, one for one: who types in haste leaves them out."""
    return text if text.isascii() else text.translate(_BARE)
