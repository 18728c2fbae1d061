"""Pages of news as they are built, filled with invented sentences: those of which a sentence is built otherwise.

What is no part of the article's text is marked `data-aside`, what a reader cannot see `data-unseen`; a link that
highlights the former has missed. Nothing in Quotewire reads these marks.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from benchmarks.links.texts import english, foreign

Paragraphs = list[list[str]]
Build = Callable[[Paragraphs, random.Random], str]


HEADLINE = "Harbour town argues about water"
FRAME = (
    '<header data-aside><nav><a href="/">Home</a> <a href="/n">News</a> <a href="/s">TV</a></nav></header>'
    "<main><article><h1 data-aside>HEADLINE</h1>TEXT</article></main>"
    '<footer data-aside><p>Copyright Tidewater Post. <a href="/i">Imprint</a></p></footer>'
)


@dataclass(frozen=True, slots=True)
class Structure:
    """A way to build a page; `language` is that of its text, which is another one for each name unless it is given."""

    group: str
    name: str
    build: Build
    language: str = "en"
    style: str = ""
    text: Paragraphs | None = None
    frame: str = FRAME

    def page(self, style: str) -> str:
        """The page, with `style` for what is highlighted."""
        chance = random.Random(self.name)  # noqa: S311  # no secret
        text = self.text or (english(self.name) if self.language == "en" else foreign(self.language))
        body = self.frame.replace("HEADLINE", HEADLINE).replace("TEXT", self.build(text, chance))
        return (
            f'<!doctype html><html lang="{self.language}"><head><meta charset="utf-8"><title>{HEADLINE}</title>'
            f"<style>{style} body {{ font: 15px/1.3 sans-serif; margin: 8px; width: 700px }} {self.style}</style>"
            f"</head><body>{body}</body></html>"
        )


STRUCTURES: list[Structure] = []


def add(group: str, name: str, build: Build, language: str = "en", style: str = "", **more: Any) -> None:
    """One more structure."""
    STRUCTURES.append(Structure(group, name, build, language, style, **more))


def paragraphs(text: Paragraphs, join: str = " ", wrap: str = "<p>{}</p>") -> str:
    """The text in paragraphs, as it stands."""
    return "\n".join(wrap.format(join.join(escape(each, quote=False) for each in part)) for part in text)


# --- a word of a sentence in each paragraph, built otherwise ---------------------------------------------


def word(make: Callable[[str], str], place: float | None = None, count: int = 1) -> Build:
    """`make` builds `count` words, at `place` (0 to 1) of one sentence a paragraph; anywhere if that is None."""

    def build(text: Paragraphs, chance: random.Random) -> str:
        built = []
        for part in text:
            at = chance.randrange(len(part))
            sentences = [escape(each, quote=False) for each in part]
            words = sentences[at].split(" ")
            where = chance.randrange(len(words)) if place is None else round(place * (len(words) - count))
            where = max(0, min(where, len(words) - count))
            words[where : where + count] = [make(" ".join(words[where : where + count]))]
            sentences[at] = " ".join(words)
            built.append(f"<p>{' '.join(sentences)}</p>")
        return "\n".join(built)

    return build


for tag in "a abbr time mark b em small cite code q dfn kbd bdi span data var u".split():
    add("a word in an element", f"<{tag}>", word(lambda it, tag=tag: f"<{tag}>{it}</{tag}>"))
for name, css in {
    "inline-block": "display:inline-block",
    "inline-flex": "display:inline-flex",
    "inline-block with a margin": "display:inline-block;margin:0 2px",
    "float left": "float:left;padding-right:4px",
    "block": "display:block",
    "relative": "position:relative",
    "uppercase": "text-transform:uppercase",
    "in small capitals": "font-variant:small-caps",
}.items():
    add("a word set apart by its style", name, word(lambda it, css=css: f'<span style="{css}">{it}</span>'))
    if "block" in css or "flex" in css:
        style = f".apart {{ {css} }}"
        add(
            "a word set apart by its style",
            f"{name}, by a class",
            word('<span class="apart">{}</span>'.format),
            style=style,
        )
add(
    "a word set apart by its style",
    "first words inline-block",
    word('<span style="display:inline-block">{}</span>'.format, 0.0, 2),
)
add(
    "a word set apart by its style",
    "last words inline-block",
    word('<span style="display:inline-block">{}</span>'.format, 1.0, 2),
)
add(
    "a word set apart by its style",
    "every word inline-block",
    lambda text, _: (
        paragraphs([[" ".join(f"@{w}#" for w in each.split(" ")) for each in part] for part in text])
        .replace("@", '<span style="display:inline-block">')
        .replace("#", "</span>")
    ),
)
add("a word set apart by its style", "a button in the sentence", word("<button>{}</button>".format))
add(
    "a word set apart by its style",
    "a link that is inline-block",
    word('<a href="/x" style="display:inline-block">{}</a>'.format),
)

UNSEEN = {
    "display: none": "display:none",
    "visibility: hidden": "visibility:hidden",
    "for screen readers": "position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0)",
    "font-size: 0": "font-size:0",
}
for name, css in UNSEEN.items():
    hidden = f'<span data-unseen style="{css}">opens elsewhere</span>'
    add("unseen words in a sentence", name, word(lambda it, hidden=hidden: f"{it} {hidden}"))
    glued = f'<span data-unseen style="{css}">(link)</span>'
    add(
        "unseen words in a sentence",
        f"{name}, without a space",
        word(lambda it, glued=glued: f'<a href="/x">{it}{glued}</a>'),
    )
add("unseen words in a sentence", "hidden attribute", word("{} <span hidden data-unseen>not shown</span>".format))
add(
    "unseen words in a sentence",
    "a tooltip",
    word('<span class="tip">{}<span role="tooltip" data-unseen class="box">what it means</span></span>'.format),
    style=".box { display: none }",
)
add("unseen words in a sentence", "aria-hidden sign", word('{} <span aria-hidden="true">→</span>'.format))
add(
    "unseen words in a sentence",
    "<template> and <script>",
    word("{}<script>var a = 'words in a script';</script><template>never</template>".format),
)
add("unseen words in a sentence", "a comment", word("{}<!-- more words -->".format))
add("unseen words in a sentence", "a footnote mark", word('{}<sup><a href="#fn">1</a></sup>'.format))
add("unseen words in a sentence", "a footnote in brackets", word('{}<sup><a href="#fn">[3]</a></sup>'.format))
add(
    "unseen words in a sentence",
    "an image in the sentence",
    word('{} <img src="data:," alt="a small icon" width="8" height="8">'.format),
)
add(
    "unseen words in a sentence",
    "an svg icon with a title",
    word('{} <svg width="8" height="8"><title>External link</title><circle r="3"/></svg>'.format),
)
add("unseen words in a sentence", "an input", word('{} <input value="three" size="3">'.format))
add("unseen words in a sentence", "ruby in Latin", word("<ruby>{}<rt data-unseen>aid</rt></ruby>".format))
add("unseen words in a sentence", "math", word("{} <math><mi>x</mi><mo>=</mo><mn>4</mn></math>".format))
add("unseen words in a sentence", "struck word", word("{} <del>former</del>".format))


def first_letter(make: Callable[[str, str], str]) -> Build:
    """`make` builds the first letter of the text and the rest of that word."""

    def build(text: Paragraphs, _: random.Random) -> str:
        first, *rest = text[0][0].split(" ")
        letters = next(i for i, sign in enumerate(first) if sign.isalnum()) + 1
        head = make(escape(first[:letters]), escape(first[letters:]))
        opening = " ".join([head, *map(escape, rest), *map(escape, text[0][1:])])
        return f"<p>{opening}</p>{paragraphs(text[1:])}"

    return build


add(
    "drop caps",
    "::first-letter",
    lambda text, _: paragraphs(text),
    style="article p:first-of-type::first-letter { font-size: 40px; float: left }",
)
add("drop caps", "span, float", first_letter('<span style="float:left;font-size:40px">{}</span>{}'.format))
add(
    "drop caps",
    "span, inline-block",
    first_letter('<span style="display:inline-block;font-size:30px">{}</span>{}'.format),
)
add(
    "drop caps",
    "span, by class",
    first_letter('<span class="cap">{}</span>{}'.format),
    style=".cap { float: left; font-size: 40px }",
)
add(
    "drop caps",
    "twice, once hidden",
    first_letter(
        lambda cap, rest: (
            f'<span aria-hidden="true"><span style="float:left;font-size:40px">{cap}</span>{rest}</span>'
            f'<span data-unseen style="{UNSEEN["for screen readers"]}">{cap}{rest}</span>'
        )
    ),
)
add("drop caps", "bold capitals", first_letter('<b style="font-size:30px">{}</b>{}'.format))
add("drop caps", "opening words in bold", word("<strong>{}</strong>".format, 0.0, 3))
