"""Pages of news of which more is built otherwise than a sentence (see `pages.py`): paragraphs, signs, languages."""

from __future__ import annotations

import random
from collections.abc import Callable
from html import escape

from benchmarks.links.pages import STRUCTURES, Build, Paragraphs, add, paragraphs, word
from benchmarks.links.texts import PROSE

__all__ = ["STRUCTURES"]

# --- something between the paragraphs --------------------------------------------------------------------


def between(make: Callable[[Paragraphs], str], wrap: str = "<p>{}</p>") -> Build:
    """What `make` gives stands after every paragraph but the last."""

    def build(text: Paragraphs, _: random.Random) -> str:
        return make(text).join(paragraphs([part], wrap=wrap) for part in text)

    return build


for name, markup in {
    "a figure with caption": '<figure data-aside><img src="data:," alt=""><figcaption>At dusk.</figcaption></figure>',
    "an advertisement": '<div class="ad" data-aside>Advertisement</div>',
    "an advertisement in an <aside>": "<aside data-aside><p>Advertisement</p><p>Buy two, pay one.</p></aside>",
    "a share bar": '<div data-aside><a href="/f">Share</a> <a href="/t">Post</a> <button>Copy link</button></div>',
    "a byline": '<div data-aside class="byline">By Ada Reed, Harbour correspondent</div>',
    "a table": "<table data-aside><tr><th>Year</th><th>Boats</th></tr><tr><td>2031</td><td>17</td></tr></table>",
    "a heading": "<h2 data-aside>What comes next</h2>",
    "a rule": "<hr>",
    "related links": '<ul data-aside><li><a href="/1">Quay closed</a></li><li><a href="/2">Fares rise</a></li></ul>',
    "a form": "<form data-aside><label>Your mail <input></label> <button>Subscribe to our newsletter</button></form>",
    "a video": '<div data-aside><video width="40" height="20"></video><p>Watch: how the wall is built</p></div>',
    "an iframe": '<iframe srcdoc="&lt;p&gt;A post from elsewhere" width="200" height="30"></iframe>',
    "a script": "<script>var slot = 1;</script>",
    "empty paragraphs": "<p>&nbsp;</p><p></p>",
    "a definition list": "<dl data-aside><dt>Quay</dt><dd>Where boats land</dd></dl>",
}.items():
    add("between paragraphs", name, between(lambda _, markup=markup: markup))


def again(make: str, above: bool = True) -> Build:
    """The first sentences of paragraphs stand once more, as `make` has them: above the text, or between paragraphs."""

    def build(text: Paragraphs, _: random.Random) -> str:
        repeated = [escape(part[0], quote=False) for part in text]
        if above:
            return "".join(make.format(each) for each in repeated[1:3]) + paragraphs(text)
        parts = [paragraphs([part]) for part in text]
        return parts[0] + parts[1] + make.format(repeated[3]) + "".join(parts[2:]) + make.format(repeated[1])

    return build


def above(markup: Callable[[Paragraphs], str]) -> Build:
    """`markup` of the text, then the text."""
    return lambda text, _: markup(text) + paragraphs(text)


add(
    "the same words elsewhere",
    "pull quotes between",
    again("<blockquote data-aside class='pull'>{}</blockquote>", above=False),
)
add("the same words elsewhere", "pull quote in an <aside>", again("<aside data-aside><p>{}</p></aside>", above=False))
add(
    "the same words elsewhere",
    "caption above",
    again("<figure data-aside><img src='data:,' alt=''><figcaption>{}</figcaption></figure>"),
)
add("the same words elsewhere", "standfirst", again("<p class='standfirst' data-aside><b>{}</b></p>"))
add(
    "the same words elsewhere",
    "key points in a list",
    above(
        lambda text: (
            f"<ul data-aside class='key-points'>{''.join(f'<li>{escape(part[0])}</li>' for part in text[:3])}</ul>"
        )
    ),
)
add("the same words elsewhere", "second headline", again("<h2 data-aside>{}</h2>"))
add(
    "the same words elsewhere",
    "related teasers below",
    lambda text, _: (
        paragraphs(text) + f"<section data-aside><h3>More</h3><a href='/x'>{escape(text[1][0])}</a></section>"
    ),
)
add(
    "the same words elsewhere",
    "first words only, in a heading",
    above(lambda text: f"<h2 data-aside>{escape(' '.join(text[1][0].split()[:4]))}</h2>"),
)
add(
    "the same words elsewhere",
    "in a details box",
    again("<details data-aside><summary>In short</summary><p>{}</p></details>"),
)
add("the same words elsewhere", "hidden copy", again("<div data-unseen style='display:none'>{}</div>"))
add(
    "the same words elsewhere",
    "copy for screen readers",
    again("<p data-unseen style='position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0)'>{}</p>"),
)

# --- something within a paragraph ------------------------------------------------------------------------
for name, join in {
    "<br>": "<br>",
    "two <br>": "<br><br>",
    "a block in <p>": " <div data-aside>Advertisement</div> ",
    "an inline advertisement": " <span data-aside class='ad' style='display:block'>Advertisement</span> ",
    "<wbr>": "<wbr> ",
    "&nbsp;": "&nbsp;",
    "em space": "&emsp;",
    "three spaces": "&nbsp; &nbsp;",
    "thin space": "&thinsp;",
    "line breaks in the source": "\n      ",
    "an image": " <img src='data:,' alt='rule' width='9' height='9'> ",
    "an inline-block gap": "<span style='display:inline-block;width:20px'></span>",
    "<br> with an advertisement": "<br><span data-aside>Advertisement</span><br>",
}.items():
    add(
        "between sentences",
        name,
        lambda text, _, join=join: "\n".join(
            f"<p>{join.join(escape(each, quote=False) for each in part)}</p>" for part in text
        ),
    )
add(
    "between sentences",
    "sentences in spans",
    lambda text, _: paragraphs([[f"{e}" for e in p] for p in text], "</span> <span>", "<p><span>{}</span></p>"),
)
add(
    "between sentences",
    "sentences in inline blocks",
    lambda text, _: paragraphs(
        text, "</i> <i style='display:inline-block'>", "<p><i style='display:inline-block'>{}</i></p>"
    ),
)
add(
    "between sentences",
    "sentences in block spans",
    lambda text, _: paragraphs(text, "</i> <i style='display:block'>", "<p><i style='display:block'>{}</i></p>"),
)

# --- paragraphs built otherwise --------------------------------------------------------------------------
for name, wrap in {
    "<div>": "<div>{}</div>",
    "<section><p>": "<section><p>{}</p></section>",
    "<blockquote>": "<blockquote><p>{}</p></blockquote>",
    "nested divs": "<div><div><div>{}</div></div></div>",
    "block spans": "<span style='display:block;margin:8px 0'>{}</span>",
    "white-space: pre-wrap": "<p style='white-space:pre-wrap'>{}</p>",
    "justified": "<p style='text-align:justify;hyphens:auto;width:200px'>{}</p>",
    "a span in <p>": "<p><span>{}</span></p>",
    "custom elements": "<x-paragraph style='display:block'>{}</x-paragraph>",
    "content-visibility": "<p style='content-visibility:auto'>{}</p>",
    "inline-block paragraphs": "<p style='display:inline-block'>{}</p>",
    "<font>": "<p><font size='3'>{}</font></p>",
    "flex columns": "<div style='display:flex;flex-direction:column'><p>{}</p></div>",
    "overflow hidden": "<p style='overflow:hidden'>{}</p>",
    "text-indent": "<p style='text-indent:20px'>{}</p>",
}.items():
    add("paragraphs", name, lambda text, _, wrap=wrap: paragraphs(text, wrap=wrap))
for name, outer, wrap in (
    ("list items", "<ul>{}</ul>", "<li>{}</li>"),
    ("list items with <p>", "<ol>{}</ol>", "<li><p>{}</p></li>"),
    ("table cells", "<table>{}</table>", "<tr><td>{}</td></tr>"),
    ("layout table", "<table><tr><td>{}</td></tr></table>", "<p>{}</p>"),
    ("closed details", "<details><summary data-aside>Read on</summary>{}</details>", "<p>{}</p>"),
    ("open details", "<details open><summary data-aside>Read on</summary>{}</details>", "<p>{}</p>"),
    ("two columns", "<div style='columns:2'>{}</div>", "<p>{}</p>"),
    ("grid", "<div style='display:grid'>{}</div>", "<p>{}</p>"),
    ("definition list", "<dl>{}</dl>", "<dt data-aside>Point</dt><dd>{}</dd>"),
    ("live ticker", "<div>{}</div>", "<section><h3 data-aside><time>13:55</time></h3><p>{}</p></section>"),
):
    add("paragraphs", name, lambda text, _, outer=outer, wrap=wrap: outer.format(paragraphs(text, wrap=wrap)))
add("paragraphs", "<br><br> and no <p>", lambda text, _: "<div>" + paragraphs(text, wrap="{}<br><br>") + "</div>")
add("paragraphs", "questions and answers", between(lambda _: "<h3 data-aside>And what then?</h3>"))
add(
    "paragraphs",
    "last sentences in a list",
    lambda text, _: paragraphs(text[:3]) + "<ul>" + paragraphs(text[3:], "</li><li>", "<li>{}</li>") + "</ul>",
)

# --- signs and letters -----------------------------------------------------------------------------------
for name, make in {
    "soft hyphens": lambda it: f"{it[:3]}&shy;{it[3:]}",
    "zero-width space": lambda it: f"{it[:3]}&#8203;{it[3:]}",
    "word joiner": lambda it: f"{it}&#8288;",
    "non-breaking spaces": lambda it: it.replace(" ", "&nbsp;"),
    "narrow spaces": lambda it: it.replace(" ", "&#8239;"),
    "non-breaking hyphens": lambda it: it.replace(" ", "&#8209;"),
    "decomposed letters": lambda it: f"{it}e&#769;",
    "ligatures": lambda it: f"{it} &#64257;nal",
    "emoji": lambda it: f"{it} 🎉",
    "left-to-right marks": lambda it: f"&#8206;{it}&#8206;",
    "superscript": lambda it: f"{it} 10<sup>4</sup>",
    "fractions": lambda it: f"{it} 2½",
    "line break in a word's element": lambda it: f"<b>{it}\n</b>",
    "double spaces": lambda it: it.replace(" ", "  "),
    "tabs": lambda it: it.replace(" ", "\t"),
}.items():
    add("signs", name, word(make, None, 3))
add(
    "signs",
    "white-space: pre with line ends",
    lambda text, _: paragraphs(
        [[e.replace(" ", "\n", 3) for e in p] for p in text], wrap="<p style='white-space:pre-wrap'>{}</p>"
    ),
)

for language in PROSE:
    add(
        "languages",
        language,
        lambda text, _: paragraphs(text, "" if text[0][0].endswith(("。", "”")) else " "),
        language,
    )
for language in ("fr", "de", "tr"):
    add(
        "languages",
        f"{language} with non-breaking spaces",
        lambda text, _: paragraphs(
            [
                [
                    each.replace(" ;", "\u202f;")
                    .replace(" :", "\u00a0:")
                    .replace("« ", "«\u00a0")
                    .replace(" »", "\u00a0»")
                    .replace(" %", "\u202f%")
                    .replace(" ?", "\u202f?")
                    for each in part
                ]
                for part in text
            ]
        ),
        language,
    )
add(
    "languages",
    "ja with ruby",
    lambda text, _: (
        paragraphs(text, "")
        .replace("町", "<ruby>町<rt data-unseen>まち</rt></ruby>")
        .replace("橋", "<ruby>橋<rp>(</rp><rt data-unseen>はし</rt><rp>)</rp></ruby>")
    ),
    "ja",
)
add("languages", "zh in spans", lambda text, _: paragraphs(text, "").replace("的", "<span>的</span>"), "zh")
add(
    "languages",
    "ar in an element of its own direction",
    lambda text, _: paragraphs(text, wrap="<p dir='rtl'>{}</p>"),
    "ar",
)
