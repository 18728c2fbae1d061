#!/usr/bin/env bash
# feedparser takes the caption of a picture for an entry's text: for its summary, or for its full content.
#
# Versions: feedparser 6.0.14.
#
# In Media RSS, <media:description> says what a picture or film shows, and publishers put one inside <media:content> for
# each picture of an item. feedparser handles it as if it were the item's own <description>:
# - where it stands behind that, the caption becomes `content`, which programs prefer to `summary`, as it is meant to be
#   the full text of an item of which `summary` is the beginning;
# - where it stands before that, the caption is the `summary`, and the item's own text is moved to `content`;
# - where the item has no <description>, its caption is its text;
# - nothing of it is kept with the picture: `media_content` holds addresses and sizes only.
# So the order of two elements, which no specification gives a meaning, decides what an article seems to say.
#
# Seen (one item, with and without a description of its own, "Own text"; its picture's caption is "A caption"):
#   caption last    summary 'Own text'   content ['A caption']
#   caption first   summary 'A caption'  content ['Own text']
#   caption only    summary 'A caption'  content []
#
# Source: https://www.rssboard.org/media-rss#media-description (a "short description describing the media object"); that
# it replaces the item's own is not in feedparser's documentation.
#
# Hurts: whoever shows, indexes or quotes feeds with pictures: the sentence beneath a photograph, often of another year,
# is taken for what the article says, and `entry.content[0].value`, where the full text is looked for, is one caption.

set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check feedparser==6.0.14

cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import feedparser

FEED = """<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Gazette</title>
<link>https://gazette.example/</link><description>News</description>
<item><guid>a</guid><title>Headline</title><link>https://gazette.example/a</link>{}</item></channel></rss>"""
OWN = "<description>Own text</description>"
PICTURE = """<media:content url="https://gazette.example/a.jpg" medium="image">
<media:description>A caption</media:description></media:content>"""

seen = {}
for name, inside in {"last": OWN + PICTURE, "first": PICTURE + OWN, "only": PICTURE}.items():
    (entry,) = feedparser.parse(FEED.format(inside).encode()).entries
    seen[name] = (entry.summary, [each.value for each in entry.get("content", [])])
    print(f"caption {name}: summary {entry.summary!r}, content {seen[name][1]}; the picture: {entry.media_content}")
sys.exit(
    seen
    != {
        "last": ("Own text", ["A caption"]),
        "first": ("A caption", ["Own text"]),
        "only": ("A caption", []),
    }
)
PYTHON
