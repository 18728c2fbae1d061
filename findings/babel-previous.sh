#!/usr/bin/env bash
# Babel does not read the "#|" lines that it writes: each update of a catalogue makes comments of them that stay.
#
# Versions: Babel 2.18.0.
#
# In a PO file, "#|" lines keep the text that a fuzzy translation was made for. Babel writes them (include_previous,
# `pybabel update --previous`), but reads them as a translator's comment, and writes that as "# | msgid …". So it does
# with those of msgmerge or any other tool: read_po and write_po lose them, without a warning. Under updates they pile
# up: after three, the message has two comments that nobody wrote, and nothing takes them away again.
#
# Seen, after three updates with include_previous:
#   # | msgid "No new messages"
#   # | msgid "No new messages."
#   #, fuzzy
#   #| msgid "No new messages!"
#   msgid "No new messages today"
#   msgstr "Keine neuen Nachrichten"
#
# Source: https://github.com/python-babel/babel/issues/206 (open since 2015: not read; nothing of what becomes of them).
#
# Hurts: projects whose translators work with other tools on files that Babel updates; the comments look like theirs.

set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check Babel==2.18.0

"$folder/venv/bin/python" - <<'PYTHON'
import io
import sys

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

EXPECTED = """\
# | msgid "No new messages"
# | msgid "No new messages."
#, fuzzy
#| msgid "No new messages!"
msgid "No new messages today"
msgstr "Keine neuen Nachrichten"
"""


def written(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalog, omit_header=True, include_previous=True)
    return file.getvalue()


catalog = Catalog(locale="de")
catalog.add("No new messages", "Keine neuen Nachrichten")
file = written(catalog)
for text in ("No new messages.", "No new messages!", "No new messages today"):
    template = Catalog()
    template.add(text)
    catalog = read_po(io.BytesIO(file), locale="de")
    catalog.update(template)
    file = written(catalog)
print(file.decode())
comments = [comment for message in read_po(io.BytesIO(file), locale="de") for comment in message.user_comments]
print("a translator's comments, as Babel has it:", comments)
sys.exit(file.decode().strip() != EXPECTED.strip() or len(comments) != 3)
PYTHON
