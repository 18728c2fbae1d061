#!/usr/bin/env bash
# protego applies a group of robots.txt to every robot whose name only begins with the group's, and to words of a URL.
#
# Versions: protego 0.7.0 (the robots.txt parser of Scrapy).
#
# RFC 9309 has a robot obey the group that matches its product token, letter case aside: a comparison of whole names.
# protego's documentation says that a group applies when its name appears "at a token boundary" of what is asked about,
# which may be a whole User-Agent header. That is so where the name begins, but it may end anywhere:
#  * "User-agent: news" is a group for a robot called Newsreader, too;
#  * in a header, "User-agent: bot" is a group for "Quotewire/1.0 (+https://news.example/bots)": a robot that says where
#    it is explained, as robots should, answers to the words of that address. Such a group wins over "*", so that it may
#    forbid what "*" allows, and allow what "*" forbids.
#
# Seen (may it fetch /article?):
#   "news" forbids; robot "Newsreader"                                                   no
#   "bot" allows, "*" forbids; robot "Quotewire/1.0 (+https://news.example/bots)"        yes
#   "bot" forbids, "*" allows; the same robot                                            no
#   the last two groups with robot "Quotewire"                                           no and yes, as by the RFC
#
# Source: RFC 9309, section 2.2.1; protego's README on can_fetch; https://github.com/scrapy/protego/issues/65 and pull
# request 76, which saw to where names begin.
#
# Hurts: crawlers that mean to be polite, and the sites that ask them to be. The product token alone, without version
# and address, is the safer thing to ask with.

set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check protego==0.7.0

"$folder/venv/bin/python" - <<'PYTHON'
import sys

from protego import Protego

FORBID, ALLOW = "Disallow: /", "Allow: /"
HEADER = "Quotewire/1.0 (+https://news.example/bots)"
CASES = [  # the groups, the robot, what protego says, and what RFC 9309 has the robot do
    ({"news": FORBID}, "Newsreader", False, True),
    ({"bot": ALLOW, "*": FORBID}, HEADER, True, False),
    ({"bot": FORBID, "*": ALLOW}, HEADER, False, True),
    ({"bot": ALLOW, "*": FORBID}, "Quotewire", False, False),
    ({"bot": FORBID, "*": ALLOW}, "Quotewire", True, True),
]

changed = False
for groups, robot, expected, standard in CASES:
    text = "\n\n".join(f"User-agent: {name}\n{rule}" for name, rule in groups.items())
    seen = Protego.parse(text).can_fetch("https://news.example/article", robot)
    print(f"{groups} {robot!r}: may fetch {seen} (by the RFC: {standard})")
    changed = changed or seen != expected
sys.exit(changed)
PYTHON
