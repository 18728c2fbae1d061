#!/usr/bin/env bash
# tantivy drops words of 40 bytes from the index and from queries, which is 20 letters of Cyrillic or Greek.
#
# Versions: tantivy 0.27.0 (Python).
#
# The documentation of tantivy's tokenizers says that "default" removes tokens longer than 40 characters. The limit is
# in bytes of UTF-8, and a token of exactly 40 is gone too: 39 Latin letters, 19 Cyrillic or Greek ones, 13 Chinese
# characters are the most that is kept. "en_stem" is built on the same limit. Chinese has no spaces, so that whole
# clauses are one token and vanish. Nothing is reported, on either side: as a query such a word alone becomes an empty
# query, and within an AND it is struck out, so that documents are found that do not have the word.
#
# Seen (characters, bytes, documents found):
#   39 Latin letters      39  1
#   40 Latin letters      40  0
#   19 Cyrillic letters   38  1
#   достопримечательность (21 letters)  42  0
#   中国国家主席在北京会见外国领导人 (16 characters)  48  0
#   "города AND достопримечательность" finds "улицы города", which has only the first of the two words
#
# Source: https://docs.rs/tantivy/latest/tantivy/tokenizer/ says "chars" of the tokenizer;
# https://docs.rs/tantivy/0.13.2/tantivy/tokenizer/struct.RemoveLongFilter.html says bytes of the filter it is made of.
#
# Hurts: whoever indexes texts in Russian, Greek or Chinese (or long German compounds) with the default, and takes a
# missing hit for a missing article.

set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tantivy==0.27.0

"$folder/venv/bin/python" - <<'PYTHON'
import sys

import tantivy

SIGHT, CLAUSE = "достопримечательность", "中国国家主席在北京会见外国领导人"
KEPT = {"j" * 39: 1, "j" * 40: 0, "ж" * 19: 1, "ж" * 20: 0, SIGHT: 0, CLAUSE: 0}

builder = tantivy.SchemaBuilder()
builder.add_text_field("text", stored=True)
index = tantivy.Index(builder.build())
writer = index.writer(15_000_000, 1)
for text in [*KEPT, "улицы города"]:
    writer.add_document(tantivy.Document(text=text))
writer.commit()
index.reload()


def find(query: str) -> list[str]:
    searcher = index.searcher()
    hits = searcher.search(index.parse_query(query, ["text"]), 10).hits
    return [searcher.doc(address).get_first("text") for _, address in hits]


seen = {word: len(find(word)) for word in KEPT}
for word, found in seen.items():
    print(f"{len(word)} characters, {len(word.encode())} bytes: {found} found  {word}")
both = find(f"города AND {SIGHT}")
print(f"города AND {SIGHT}: {both}")
sys.exit(seen != KEPT or both != ["улицы города"])
PYTHON
