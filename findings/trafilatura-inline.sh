#!/usr/bin/env bash
# trafilatura leaves the words of <time>, <output> and <label> out of a sentence, and breaks it in two behind <q>.
#
# Versions: trafilatura 2.3.1, lxml 6.1.3.
#
# These are inline elements of HTML (phrasing content): a browser shows their words in the middle of the line. Here the
# words are dropped, and what stood before and after them is joined, without a note and without an error: the sentence
# stays grammatical often enough that nobody sees it ("was opened on by the mayor"). A <q> loses its quotation marks and
# ends the line, so that one sentence becomes two paragraphs.
#
# Seen:
#   time    The bridge was opened on by the mayor, who thanked the builders for their patience.
#   output  The gate counted cars by noon, which surprised the operator and all who had planned it.
#   label   The hall, , seats nine hundred people and has not been full since it was built.
#   q       She said we had hoped for half of that / and left for a lunch with the engineers of both offices.
#
# Source: https://html.spec.whatwg.org/multipage/dom.html#phrasing-content lists all four; trafilatura's documentation
# says nothing of elements that are left out within a paragraph.
#
# Hurts: whoever quotes, counts or summarises from extracted pages: dates and figures are what is lost.

set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    trafilatura==2.3.1 lxml==6.1.3 lxml_html_clean==0.4.6

"$folder/venv/bin/python" - <<'PYTHON'
import sys

import trafilatura

PARAGRAPHS = {
    "time": "The bridge was opened on <time>9 May</time> by the mayor, who thanked the builders for their patience.",
    "output": "The gate counted <output>1,204</output> cars by noon, which surprised the operator and all who had "
    "planned it.",
    "label": "The hall, <label>rebuilt in 1998</label>, seats nine hundred people and has not been full since it was "
    "built.",
    "q": "She said <q>we had hoped for half of that</q> and left for a lunch with the engineers of both offices.",
}
SEEN = {
    "time": "The bridge was opened on by the mayor, who thanked the builders for their patience.",
    "output": "The gate counted cars by noon, which surprised the operator and all who had planned it.",
    "label": "The hall, , seats nine hundred people and has not been full since it was built.",
    "q": "She said we had hoped for half of that / and left for a lunch with the engineers of both offices.",
}
ANOTHER = "<p>The council met in the old town hall for the first time in a year and heard what the river had done.</p>"

changed = False
for name, paragraph in PARAGRAPHS.items():
    page = f"<html><body><main><article><h1>News</h1>{ANOTHER}<p>{paragraph}</p>{ANOTHER}</article></main></body></html>"
    lines = (trafilatura.extract(page, deduplicate=False) or "").split("\n")
    found = " / ".join(line for line in lines if line != "News" and not line.startswith("The council met"))
    print(f"{name:<8}{found}")
    changed |= found != SEEN[name]
sys.exit(changed)
PYTHON
