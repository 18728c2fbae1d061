#!/usr/bin/env bash
# reader takes 24 changes of an entry without <updated>, and none after them, without a word.
#
# Versions: reader 3.26, feedparser 6.0.12.
#
# An RSS item has no date of change, so reader compares a hash of its content. Since some feeds change with every
# request, it counts the changes that only the hash tells, keeps the entry as it is after the 24th, and says nothing:
# update_feed() reports no change and get_entry() gives the old text. A correction to the title is no exception. Only a new
# <pubDate> does not help either, as that is the date of publication; in Atom, a later <updated> does.
#
# Seen (a feed with one item, whose text is changed thirty times):
#   RSS, text and title changed   changes taken: 24, the entry says "Text 24"
#   Atom, with a later <updated>  changes taken: 30, the entry says "Text 30"
#
# Source: https://reader.readthedocs.io/en/latest/api.html (update_feeds: changes of content alone "are limited to 24
# consecutive updates"); that the limit is never lifted, and that nothing is logged as a warning, is not said.
#
# Hurts: whoever keeps articles of RSS feeds up to date with it: a live report that is rewritten all day stops at its 24th
# version, and later corrections never arrive.

set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check reader==3.26 feedparser==6.0.12

cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from pathlib import Path

from reader import make_reader

RSS = """<rss version="2.0"><channel><title>Gazette</title><link>https://gazette.example/</link><item><guid>a</guid>
<title>Headline {0}</title><link>https://gazette.example/a</link><pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate>
<description>Text {0}</description></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Gazette</title><id>g</id><updated>2026-03-02T09:00:00Z</updated>
<entry><id>a</id><title>Headline</title><link href="https://gazette.example/a"/><updated>2026-03-02T09:{0:02}:00Z</updated>
<summary>Text {0}</summary></entry></feed>"""


def changes_taken(name: str, feed: str) -> tuple[int, str]:
    """How many of thirty changes are reported, and what the entry says at last."""
    reader = make_reader(f"{name}.sqlite", feed_root=str(Path.cwd()))
    Path(name).write_text(feed.format(0))
    reader.add_feed(name)
    reader.update_feed(name)
    taken = 0
    for change in range(1, 31):
        Path(name).write_text(feed.format(change))
        result = reader.update_feed(name)
        taken += bool(result and result.modified)
    return taken, reader.get_entry((name, "a")).summary


seen = {"RSS": changes_taken("feed.rss", RSS), "Atom": changes_taken("feed.atom", ATOM)}
for form, (taken, text) in seen.items():
    print(f"{form}: changes taken: {taken}, the entry says {text!r}")
sys.exit(seen != {"RSS": (24, "Text 24"), "Atom": (30, "Text 30")})
PYTHON
