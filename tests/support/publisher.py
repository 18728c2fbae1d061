"""A publisher on loopback: invented stories, in every format in which feeds are served, and the pages behind them."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from tests.support.web_server import Handler, Server

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Story:
    """Something that never happened."""

    path: str
    title: str
    summary: str
    text: str = ""
    published: datetime | None = NOON

    @property
    def paragraphs(self) -> list[str]:
        return self.text.split("\n\n")

    @property
    def markup(self) -> str:
        return "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in self.paragraphs)


def story(number: int = 1, *, about: str = "ferry") -> Story:
    sentences = [
        f"The {about} number {number} left harbour {step} at dawn, and {step * 7} people watched it from the pier."
        for step in range(1, 13)
    ]
    text = "\n\n".join(" ".join(sentences[at : at + 3]) for at in range(0, 12, 3))
    return Story(f"/news/{about}-{number}", f"The {about} {number} sails again", f"A {about} left the harbour.", text)


Format = Callable[[str, Sequence[Story], bool], tuple[bytes, str]]


def rss2(site: str, stories: Sequence[Story], full: bool = False) -> tuple[bytes, str]:
    items = "".join(
        f"<item><title>{escape(html.escape(each.title, quote=False))}</title><link>{site}{each.path}</link>"
        f"<guid isPermaLink='false'>id:{each.path}</guid>"
        + (f"<pubDate>{format_datetime(each.published, usegmt=True)}</pubDate>" if each.published else "")
        + f"<description>{escape(each.summary)}</description>"
        + (f"<content:encoded><![CDATA[{each.markup}]]></content:encoded>" if full else "")
        + "</item>"
        for each in stories
    )
    return _xml(
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Harbour Post</title><link>{site}/</link><description>News</description>{items}</channel></rss>",
        "application/rss+xml",
    )


def rss090(site: str, stories: Sequence[Story], full: bool = False) -> tuple[bytes, str]:
    """It knows titles and links only; descriptions came later, and were soon written into it all the same."""
    items = "".join(
        f"<item><title>{escape(each.title)}</title><link>{site}{each.path}</link>"
        f"<description>{escape(each.markup if full else each.summary)}</description></item>"
        for each in stories
    )
    return _xml(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>Harbour Post</title>'
        f"<link>{site}/</link><description>News</description></channel>{items}</rdf:RDF>",
        "text/xml",
    )


def rss092(site: str, stories: Sequence[Story], full: bool = False) -> tuple[bytes, str]:
    items = "".join(
        f"<item><title>{escape(each.title)}</title><link>{site}{each.path}</link><category>News</category>"
        f"<description>{escape(each.markup if full else each.summary)}</description></item>"
        for each in stories
    )
    return _xml(
        f'<rss version="0.92"><channel><title>Harbour Post</title><link>{site}/</link>'
        f"<description>News</description>{items}</channel></rss>",
        "text/xml",
    )


def rss091(site: str, stories: Sequence[Story], full: bool = False) -> tuple[bytes, str]:
    items = "".join(
        f"<item><title>{escape(each.title)}</title><link>{site}{each.path}</link>"
        f"<description>{escape(each.markup if full else each.summary)}</description></item>"
        for each in stories
    )
    doctype = (
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
        '"http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    )
    return _xml(
        f'{doctype}<rss version="0.91"><channel><title>Harbour Post</title><link>{site}/</link>'
        f"<description>News</description><language>en</language>{items}</channel></rss>",
        "text/xml",
    )


def rdf(site: str, stories: Sequence[Story], full: bool = False) -> tuple[bytes, str]:
    items = "".join(
        f'<item rdf:about="{site}{each.path}"><title>{escape(each.title)}</title><link>{site}{each.path}</link>'
        f"<description>{escape(each.summary)}</description>"
        + (f"<dc:date>{each.published.isoformat()}</dc:date>" if each.published else "")
        + (f"<content:encoded>{escape(each.markup)}</content:encoded>" if full else "")
        + "</item>"
        for each in stories
    )
    return _xml(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f'<channel rdf:about="{site}/"><title>Harbour Post</title><link>{site}/</link></channel>{items}</rdf:RDF>',
        "application/rdf+xml",
    )


def atom(site: str, stories: Sequence[Story], full: bool = False) -> tuple[bytes, str]:
    entries = "".join(
        f'<entry><id>tag:{each.path}</id><title type="html">{escape(html.escape(each.title, quote=False))}</title>'
        f'<link href="{each.path}"/>'
        + (f"<published>{each.published.isoformat()}</published>" if each.published else "")
        + (f"<updated>{each.published.isoformat()}</updated>" if each.published else "")
        + f"<summary>{escape(each.summary)}</summary>"
        + (f'<content type="html">{escape(each.markup)}</content>' if full else "")
        + "</entry>"
        for each in stories
    )
    return _xml(
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{site}/"><title>Harbour Post</title><id>tag:feed</id>'
        f'<link href="{site}/"/><updated>{NOON.isoformat()}</updated>{entries}</feed>',
        "application/atom+xml",
    )


def json_feed(site: str, stories: Sequence[Story], full: bool = False) -> tuple[bytes, str]:
    items = [
        {
            "id": f"id:{each.path}",
            "url": f"{site}{each.path}",
            "title": each.title,
            "summary": each.summary,
            **({"date_published": each.published.isoformat()} if each.published else {}),
            **({"content_html": each.markup} if full else {}),
        }
        for each in stories
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harbour Post",
        "home_page_url": f"{site}/",
        "items": items,
    }
    return json.dumps(feed).encode(), "application/feed+json"


FORMATS: dict[str, Format] = {
    "RSS 0.90": rss090,
    "RSS 0.91": rss091,
    "RSS 0.92": rss092,
    "RSS 1.0": rdf,
    "RSS 2.0": rss2,
    "Atom 1.0": atom,
    "JSON Feed 1.1": json_feed,
}


def _xml(text: str, kind: str) -> tuple[bytes, str]:
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}'.encode(), f"{kind}; charset=utf-8"


def page(each: Story, head: str = "") -> bytes:
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{html.escape(each.title)}</title>'
        f'<meta property="og:type" content="article">{head}</head><body><article><h1>{html.escape(each.title)}</h1>'
        f"{each.markup}</article></body></html>"
    ).encode()


class Publisher:
    """A site that serves stories; what it was asked is in `server.paths`."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.site = f"http://news.example:{server.port}"
        server.serves("/robots.txt", status=404)

    def feed(
        self, stories: Sequence[Story], kind: Format = rss2, *, full: bool = False, path: str = "/feed", **headers: str
    ) -> str:
        body, content_type = kind(self.site, stories, full)
        return self.server.serves(path, body, 200, **{"Content_Type": content_type, **headers})

    def pages(self, *stories: Story, head: str = "") -> None:
        for each in stories:
            self.server.serves(each.path, page(each, head), Content_Type="text/html; charset=utf-8")

    def conditional(self, stories: Sequence[Story], validator: str, value: str) -> str:
        """A feed that is sent once; who names its `validator` (ETag or Last-Modified) gets a 304 from then on."""
        body, content_type = rss2(self.site, stories)
        asked_by = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}[validator]

        def answer(handler: Handler) -> None:
            if handler.headers.get(asked_by) == value:
                handler.reply(b"", 304, **{validator: value})
            else:
                handler.reply(body, 200, **{"Content_Type": content_type, validator: value})

        return self.server.does("/feed", answer)
