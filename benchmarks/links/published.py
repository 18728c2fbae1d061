"""Pages as publishers' systems build them, and what else an outsider may come upon (see `pages.py`).

They were written as one who has not seen how links are made might, and tried before anything was mended for them.
"""

from __future__ import annotations

import unicodedata

from benchmarks.links.more_pages import STRUCTURES, above, again, between
from benchmarks.links.more_texts import FIGURES, LIVE, LONG, NEWS, REPEATED, SPEECH, TALK
from benchmarks.links.pages import Build, Paragraphs, add, paragraphs, word

__all__ = ["STRUCTURES"]

# --- layouts -----------------------------------------------------------------------------------------------
_MENU = '<nav data-aside><a href="/">Front</a> <a href="/w">World</a> <a href="/l">Local</a></nav>'
_END = "<footer data-aside>The Dunmarrow Courier <a href='/t'>Terms</a></footer>"
_BOX = (
    "<div class='newsletter' data-aside><h3>Morning letter</h3><p>News before breakfast.</p>"
    "<button>Sign up</button></div>"
)
_PHOTO = (
    "<figure data-aside><picture><img src='data:,' alt='The quay'></picture>"
    "<figcaption><span>The quay at dawn.</span> <cite>Photo: A. Reed</cite></figcaption></figure>"
)
_POST = (
    "<blockquote class='post-embed' data-aside><p>The ferry is late again.</p>&mdash; Otto <a "
    "href='/p'>3 May</a></blockquote>"
)
for name, frame, wrap, gap in (
    (
        "block theme",
        f"<div class='site-blocks'><header data-aside>{_MENU}</header><main class='block-group'>"
        "<h1 class='block-post-title' data-aside>HEADLINE</h1><div data-aside class='block-post-date'>"
        "<time>3 May</time>"
        f"</div>{_PHOTO}<div class='entry-content block-post-content'>TEXT</div></main>{_END}</div>",
        "<p class='block-paragraph'>{}</p>",
        "<div data-aside class='block-buttons'><a class='block-button' href='/s'>Support us</a></div>",
    ),
    (
        "hashed classes",
        f"<div id='app'><div class='css-1ab'>{_MENU}<div class='css-9x'><h1 class='css-h' data-aside>"
        f"<span>HEADLINE</span>"
        f"</h1><section name='articleBody' class='css-r7'>TEXT</section></div></div>{_END}</div>",
        "<div class='css-53u'><p class='css-at9'>{}</p></div>",
        "<div><div class='css-8h'><div data-aside>Advertisement<a href='#next'>SKIP ADVERTISEMENT</a></div>"
        "</div></div>",
    ),
    (
        "data-component blocks",
        f"{_MENU}<main id='main-content'><article class='ssr-a'><div data-component='headline-block'><h1 data-aside>"
        f"HEADLINE</h1></div>TEXT</article></main>{_END}",
        "<div data-component='text-block'><div class='ssr-b'><p class='ssr-c'>{}</p></div></div>",
        f"<div data-component='image-block'>{_PHOTO}</div>",
    ),
    (
        "fields",
        f"{_MENU}<main role='main'><div class='node node--type-article'><h1 data-aside><span>HEADLINE</span></h1><div "
        f"class='field field--name-body field__item'>TEXT</div></div></main>{_END}",
        "<div class='paragraph paragraph--type--text'><div class='field__item'><p>{}</p></div></div>",
        "<div class='paragraph paragraph--type--image' data-aside><div class='field__item'>Image: A. Reed</div></div>",
    ),
    (
        "nested tables",
        "<table width='700'><tr><td width='80' data-aside><a href='/'>Front</a><br><a href='/l'>Local</a>"
        "</td><td><font "
        "size='5' data-aside>HEADLINE</font><table><tr><td>TEXT</td></tr></table></td></tr></table>",
        "<font face='Times'>{}</font><br><br>",
        "",
    ),
    (
        "mobile pages",
        f"<header data-aside>HEADLINE</header><article><h1 data-aside>HEADLINE</h1>TEXT</article>{_END}",
        "<p>{}</p>",
        "<amp-ad width='300' height='20' layout='fixed'><div placeholder></div></amp-ad>",
    ),
    (
        "microdata",
        f"<div itemscope itemtype='https://schema.org/NewsArticle'>{_MENU}<h1 itemprop='headline' "
        f"data-aside>HEADLINE</h1>"
        f"<div itemprop='articleBody'>TEXT</div></div>{_END}",
        "<div class='para'>{}</div>",
        _BOX,
    ),
    (
        "platform",
        "<div><article><div><section><h1 class='title' data-aside>HEADLINE</h1><div data-aside><a "
        "href='/@o'>Otto Brand</a>"
        " <span>4 min read</span> <button>Follow</button></div>TEXT</section></div></article></div>",
        "<p class='pw-post-body-paragraph graf'>{}</p>",
        "<div role='separator' data-aside><span></span><span></span><span></span></div>",
    ),
    (
        "letters",
        "<div class='main'><div class='single-post'><h1 class='post-title' data-aside>HEADLINE</h1><div "
        "class='available-"
        f"content'><div class='body markup'>TEXT</div></div></div></div>{_END}",
        "<p><span>{}</span></p>",
        "<div class='subscription-widget' data-aside><p>Thanks for reading! Subscribe for free.</p><input></div>",
    ),
    (
        "sticky bar with the headline",
        "<div style='position:sticky;top:0;background:#fff' data-aside>HEADLINE <button>Share</button></div>"
        f"<main><h1 data-aside>HEADLINE</h1><div class='story-text'>TEXT</div></main>{_END}",
        "<p>{}</p>",
        "",
    ),
    (
        "grid with a rail",
        "<div style='display:grid;grid-template-columns:1fr 150px'><main><h1 data-aside>HEADLINE</h1>TEXT</main><aside "
        f"data-aside><h2>Latest</h2><ul><li><a href='/1'>Ice on the sound</a></li></ul></aside></div>{_END}",
        "<p>{}</p>",
        "<div class='ad-slot' style='min-height:20px'></div>",
    ),
):
    add("layouts", name, between(lambda _, gap=gap: gap, wrap=wrap), frame=frame)
add(
    "layouts",
    "lazy slots in every paragraph",
    between(lambda _: "<div class='lazy' data-src='/ad'></div>", "<p>{}<span class='slot'></span></p>"),
)
add("layouts", "figures between", between(lambda _: _PHOTO), text=LONG)
add("layouts", "a box between", between(lambda _: _BOX), text=LONG)
add("layouts", "an embedded post between", between(lambda _: _POST), text=SPEECH)
_TABLE = (
    "<figure data-aside><table><caption>Crossings a day</caption><thead><tr><th>Month</th><th>Boats</th>"
    "</tr></thead><tbody>"
    "<tr><td>January</td><td>6</td></tr></tbody></table></figure>"
)
add("layouts", "data tables between", between(lambda _: _TABLE), text=FIGURES)
add("layouts", "a gallery between", between(lambda _: f"<div class='gallery' style='display:flex'>{_PHOTO * 2}</div>"))

# --- words within a sentence -------------------------------------------------------------------------------
for name, make in {
    "nested emphasis": "<strong><em><a href='/x'>{}</a></em></strong>",
    "display: contents": "<span style='display:contents'>{}</span>",
    "a custom element": "<x-term>{}</x-term>",
    "a custom element with a shadow": "<x-term><template shadowrootmode='open'><b><slot></slot></b>"
    "</template>{}</x-term>",
    "a link with a sign behind": "<a class='out' href='/x'>{}</a>",
    "a link with an icon": "<a href='/x'>{}<svg width='9' height='9' aria-hidden='true'><path d='M0 0h9'/></svg></a>",
    "a link with hidden words by class": "<a href='/x'>{}<span data-unseen class='vh'> (opens in a new tab)</span></a>",
    "a definition by class": "<dfn class='gl'>{}<span data-unseen class='pop'>Water that comes and goes</span></dfn>",
    "comments of a framework": "<!--[-->{}<!-- --><!--]-->",
    "an anchor without words": "<a id='here'></a>{}",
    "an empty slot": "{}<span class='slot'></span>",
    "an image of one pixel": "{}<img src='data:,' width='1' height='1' alt=''>",
    "<nobr>": "<nobr>{}</nobr>",
    "<ins>": "<ins>{}</ins>",
    "<tt>": "<tt>{}</tt>",
    "letter-spacing": "<span style='letter-spacing:2px'>{}</span>",
    "bold with its space inside": "<b>{} </b>",
    "a dialog button": "<button type='button' class='linklike'>{}</button>",
    "an output": "<output>{}</output>",
    "a label": "<label>{}</label>",
    "isolated direction": "<span dir='auto' style='unicode-bidi:isolate'>{}</span>",
    "a table cell": "<span style='display:table-cell'>{}</span>",
    "an inline grid": "<span style='display:inline-grid'>{}</span>",
    "in transition": "<span style='position:relative;top:1px;transition:top 1s'>{}</span>",
    "lined in the middle": "<span style='vertical-align:middle'>{}</span>",
    "overlined": "<span style='text-decoration:overline'>{}</span>",
    "a footnote that opens": "{}<sup class='fn'>4</sup><span hidden data-unseen>See the report, page 9.</span>",
    "a footnote in small type": "{}<small data-unseen style='display:none'>[a]</small>",
    "a script of a slot": "{}<script>slot(3)</script><noscript><img src='/t.gif'></noscript>",
    "a frame": "{} <iframe srcdoc='' width='20' height='9' title='ad'></iframe>",
    "a word of a word": "<b>{}</b>-like",
}.items():
    add(
        "inline",
        name,
        word(make.format),
        style=".out::after { content: ' ↗' } .vh { position: absolute; width: 1px; height: 1px; overflow: hidden; "
        "clip-path: inset(50%); white-space: nowrap } .pop { display: none } .linklike { all: unset; color: blue }",
    )
add("inline", "half of a sentence is a link", word("<a href='/x'>{}</a>".format, 0.3, 6))
add("inline", "opening words in a link with bold", word("<a href='/x'><b>{}</b></a>".format, 0.0, 4))
add("inline", "last words in a link", word("<a href='/x'>{}</a>".format, 1.0, 3))


def every_word(make: str, gap: str = " ") -> Build:
    """`make` builds every word."""

    def build(text: Paragraphs, _: object) -> str:
        return "\n".join(
            f"<p>{gap.join(make.format(w) for each in part for w in each.split(' '))}</p>" for part in text
        )

    return build


add("inline", "every word in a span", every_word("<span>{}</span>"))
add("inline", "every word in a span with its space", every_word("<span>{} </span>", ""))
add("inline", "every word in a custom element", every_word("<x-w>{}</x-w>"))
add("inline", "every second a timestamp", every_word("<span data-t='1.2'>{}</span>", "\n  "), text=SPEECH)

# --- paragraphs --------------------------------------------------------------------------------------------
for name, outer, wrap, text in (
    ("display: contents around", "<div style='display:contents'>{}</div>", "<p>{}</p>", LONG),
    ("contents in a grid", "<div style='display:grid'><div style='display:contents'>{}</div></div>", "<p>{}</p>", None),
    ("three columns", "<div style='columns:3;column-gap:12px'>{}</div>", "<p>{}</p>", SPEECH),
    ("pre-line", "<div style='white-space:pre-line'>{}</div>", "{}\n", LONG),
    ("pre-wrap in one element", "<div style='white-space:pre-wrap'>{}</div>", "{}\n", SPEECH),
    ("<pre>", "{}", "<pre style='white-space:pre-wrap'>{}</pre>", SPEECH),
    ("numbers by style", "<ol>{}</ol>", "<li><p>{}</p></li>", FIGURES),
    ("bullets in the text", "<div>{}</div>", "<p>• {}</p>", FIGURES),
    ("two cells", "<table>{}</table>", "<tr><th data-aside>Note</th><td>{}</td></tr>", LONG),
    ("a quoted speech", "<blockquote>{}<footer data-aside>Philippa Onslow</footer></blockquote>", "<p>{}</p>", SPEECH),
    ("paragraphs of one sentence", "{}", "<p>{}</p>", SPEECH),
    ("repeated words", "{}", "<p>{}</p>", REPEATED),
    ("figures", "{}", "<p>{}</p>", FIGURES),
    ("long sentences", "{}", "<p>{}</p>", LONG),
    ("long sentences in a narrow column", "<div style='width:140px;hyphens:auto'>{}</div>", "<p>{}</p>", LONG),
    ("sections that close", "{}", "<details open><summary data-aside>More</summary><p>{}</p></details>", LONG),
    ("found when hidden", "<div hidden='until-found'>{}</div>", "<p>{}</p>", SPEECH),
    ("uppercase paragraphs", "<div style='text-transform:uppercase'>{}</div>", "<p>{}</p>", LONG),
    ("first line in capitals", "<div class='first'>{}</div>", "<p>{}</p>", LONG),
    ("signs before paragraphs", "<div class='sign'>{}</div>", "<p>{}</p>", LONG),
    ("time stamps", "<div>{}</div>", "<p><span data-aside class='ts'>[00:12]</span> {}</p>", SPEECH),
    ("<dialog>", "<dialog open style='position:static'>{}</dialog>", "<p>{}</p>", LONG),
    ("centred by <center>", "<center>{}</center>", "<p>{}</p>", LONG),
    ("headings glued to the text", "{}", "<p><strong data-aside>Point.</strong> {}</p>", LONG),
    ("names before answers", "{}", "<p><b data-aside>ONSLOW:</b> {}</p>", SPEECH),
):
    add(
        "more paragraphs",
        name,
        lambda text, _, outer=outer, wrap=wrap: outer.format(paragraphs(text, wrap=wrap)),
        text=text,
        style=".first p::first-line { text-transform: uppercase } .sign p::before { content: '▸ ' }",
    )


def questions(make: str) -> Build:
    """Each first sentence is a question, as `make` has question and answer."""
    return lambda text, _: "".join(make.format(part[0], " ".join(part[1:])) for part in text)


add("more paragraphs", "questions in bold", questions("<p><strong data-aside>{}</strong></p><p>{}</p>"), text=TALK)
add("more paragraphs", "questions as headings", questions("<h3 data-aside>{}</h3><p>{}</p>"), text=TALK)
add("more paragraphs", "questions in a list", questions("<dl><dt>{}</dt><dd>{}</dd></dl>"), text=TALK)
add(
    "more paragraphs",
    "question and answer in one",
    questions("<p><i data-aside>{}</i><br>{}</p>"),
    text=TALK,
)
for name, make in {
    "live ticker": "<section><div data-aside><time>13:5{n}</time> <span>Ada Reed</span></div><p>{}</p></section>",
    "live ticker in a list": "<li><time data-aside>13:5{n}</time><div><p>{}</p></div></li>",
    "live ticker with headings": "<article id='e{n}'><h2 data-aside>{first}</h2><p>{}</p><a data-aside "
    "href='#e{n}'>Link</a></article>",
}.items():
    add(
        "more paragraphs",
        name,
        lambda text, _, make=make: "".join(
            make.format(" ".join(part), n=n, first=" ".join(part[0].split()[:5])) for n, part in enumerate(text * 2)
        ),
        text=LIVE,
    )

# --- the same words elsewhere ------------------------------------------------------------------------------
add(
    "said twice",
    "key points in a box",
    again("<div class='summary-box' data-aside><h2>At a glance</h2><p>{}</p></div>"),
)
add(
    "said twice",
    "key points with other ends",
    above(lambda text: "<ul data-aside>" + "".join(f"<li>{part[0][:-1]}</li>" for part in text) + "</ul>"),
)
add("said twice", "a caption between", again("<figure data-aside><figcaption>{}</figcaption></figure>", above=False))
add(
    "said twice",
    "a card to share",
    again("<div class='tweet-this' data-aside><p>{}</p><a href='/t'>Post</a></div>", above=False),
)
add("said twice", "a quotation set large", again("<div class='pullquote' data-aside><q>{}</q></div>", above=False))
add("said twice", "hidden by class", again("<div class='off' data-unseen>{}</div>"), style=".off { display: none }")
add("said twice", "in a menu", above(lambda text: f"<nav data-aside><a href='/x'>{text[0][0]}</a></nav>"))
add(
    "said twice",
    "in a script",
    above(lambda text: f'<script type=\'application/json\'>{{"a": "{text[0][0][:9]}"}}</script>'),
)

# --- other languages ---------------------------------------------------------------------------------------
for language, text in NEWS.items():
    joined = "" if language == "zh-Hant" else " "
    add(
        "more languages",
        language,
        lambda text, _, joined=joined: paragraphs(text, joined, "<p dir='auto'>{}</p>"),
        language,
        text=text,
    )
add(
    "more languages",
    "sv with dashes and a list",
    lambda text, _: paragraphs(text, wrap="<li>{}</li>"),
    "sv",
    text=NEWS["sv"],
)
add(
    "more languages",
    "tr in capitals by style",
    lambda text, _: paragraphs(text),
    "tr",
    "article { text-transform: uppercase }",
)
add(
    "more languages",
    "de in capitals by style",
    lambda text, _: paragraphs(text),
    "de",
    "article { text-transform: uppercase }",
)
add(
    "more languages",
    "ja in phrases",
    lambda text, _: (
        paragraphs(text, "").replace("の", "の</i><i>").replace("<p>", "<p><i>").replace("</p>", "</i></p>")
    ),
    "ja",
    "i { display: inline-block; font-style: normal }",
)
add("more languages", "ja with <wbr>", lambda text, _: paragraphs(text, "").replace("は", "は<wbr>"), "ja")
add("more languages", "zh-Hant in lines", lambda text, _: paragraphs(text, "<br>"), "zh-Hant", text=NEWS["zh-Hant"])
add("more languages", "ko kept together", lambda text, _: paragraphs(text), "ko", "p { word-break: keep-all }")
add("more languages", "vi decomposed", lambda text, _: unicodedata.normalize("NFD", paragraphs(text)), "vi")
