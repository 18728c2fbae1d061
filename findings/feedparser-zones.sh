#!/usr/bin/env bash
# feedparser makes midnight of "2025-07-01 12:00:00 GMT", because there is a T in GMT; and knows no CET.
#
# Versions: feedparser 6.0.14.
#
# A date with a space instead of the T ("2025-07-01 12:00:00") is read, and with "Z", "+0200" or "MSK" behind it, too.
# With a zone in whose name there is a T (GMT, UTC, EST, CET, JST), the text is split at that letter, and what is left
# reads as a date without a time: the day is right, the time is 00:00:00, and `bozo` stays false. RSS wants other dates,
# but "2025-07-01 12:00:00 UTC" is how Ruby's Time#to_s writes one. The article is up to a day too old.
#
# In dates as RSS wants them, the North American names are known, and MET; every other name is taken for UTC, as the
# standard for mail asks: noon in Berlin (CEST), London (BST) or Tokyo (JST) comes out as noon in UTC, hours off,
# though `published_parsed` is said to be in UTC.
#
# Seen:
#   2025-07-01 12:00:00             2025-07-01 12:00:00
#   2025-07-01 12:00:00 GMT         2025-07-01 00:00:00
#   2025-07-01 12:00:00 UTC         2025-07-01 00:00:00
#   2025-07-01 12:00:00 MSK         2025-07-01 12:00:00
#   Tue, 01 Jul 2025 12:00:00 EDT   2025-07-01 16:00:00
#   Tue, 01 Jul 2025 12:00:00 MEST  2025-07-01 10:00:00
#   Tue, 01 Jul 2025 12:00:00 CEST  2025-07-01 12:00:00
#   Tue, 01 Jul 2025 12:00:00 JST   2025-07-01 12:00:00
#
# Source: https://pythonhosted.org/feedparser/date-parsing.html (that dates of many forms are recognised, nothing of
# this); https://github.com/kurtmckee/feedparser/issues/20 (MEST added, once somebody missed it) and issue 51 (always
# UTC); RFC 5322, section 4.3, on names of zones that it does not list; https://apidock.com/ruby/v1_9_2_180/Time/to_s.
#
# Hurts: whoever sorts news by time, keeps "what is new since", or answers as of a moment.

set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check feedparser==6.0.14

"$folder/venv/bin/python" - <<'PYTHON'
import sys
import time

import feedparser

EXPECTED = {
    "2025-07-01 12:00:00": "2025-07-01 12:00:00",
    "2025-07-01 12:00:00 GMT": "2025-07-01 00:00:00",
    "2025-07-01 12:00:00 UTC": "2025-07-01 00:00:00",
    "2025-07-01 12:00:00 MSK": "2025-07-01 12:00:00",
    "Tue, 01 Jul 2025 12:00:00 EDT": "2025-07-01 16:00:00",
    "Tue, 01 Jul 2025 12:00:00 MEST": "2025-07-01 10:00:00",
    "Tue, 01 Jul 2025 12:00:00 CEST": "2025-07-01 12:00:00",
    "Tue, 01 Jul 2025 12:00:00 JST": "2025-07-01 12:00:00",
}
FEED = '<rss version="2.0"><channel><title>News</title><item><title>Bridge</title>{}</item></channel></rss>'

seen = {}
complaints = False
for date in EXPECTED:
    feed = feedparser.parse(FEED.format(f"<pubDate>{date}</pubDate>"))
    parsed = feed.entries[0].get("published_parsed")
    seen[date] = time.strftime("%Y-%m-%d %H:%M:%S", parsed) if parsed else None
    complaints = complaints or bool(feed.bozo)
    print(f"{date:31} {seen[date]}")
sys.exit(complaints or seen != EXPECTED)
PYTHON
