"""The `---` block at the top of a text file: YAML with title, url, source, published, updated, language."""

from __future__ import annotations

import re

import yaml

from retrieval.reasons import Reason

# The block ends at the first line that is "---" or "...".
_BLOCK = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_OPENING = re.compile(r"---[ \t]*\n")
_MAX_CHARACTERS = 16 * 1024  # of which some kinds take YAML half a second
_KEYS = ("title", "url", "source", "published", "updated", "language", "lang")


def split_front_matter(text: str) -> tuple[dict[str, object], str]:
    """The front matter's fields (empty when there is none) and the text below it.

    Only the fields named in this module's description are taken, `date` standing in for `published`; the files of other
    tools carry more. Values stay as written: YAML's own reading of dates would refuse the whole
    block for one bad date. Raises ValueError, with a reason for a person, when the block is not
    closed or not YAML.
    """
    if not _OPENING.match(text):
        return {}, text
    block = _BLOCK.match(text)
    if block is None:
        raise ValueError(Reason("its front matter, opened by `---` in the first line, is not closed by another `---`"))
    if len(block[1]) > _MAX_CHARACTERS:
        raise ValueError(Reason("its front matter is longer than {size} KB", size=_MAX_CHARACTERS // 1024))
    try:
        # BaseLoader builds strings, lists and mappings, nothing else.
        fields = yaml.load(block[1], Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
        mark = getattr(error, "problem_mark", None)
        if mark is None:
            raise ValueError(Reason("its front matter is not valid YAML: {why}", why=problem)) from None
        line = mark.line + 2
        raise ValueError(
            Reason("its front matter is not valid YAML: {why} in line {line}", why=problem, line=line)
        ) from None
    if fields in (None, ""):
        fields = {}
    if not isinstance(fields, dict):
        raise ValueError(Reason("its front matter is not a list of `name: value` lines"))
    taken = {name: fields[name] for name in _KEYS if fields.get(name)}
    if "published" not in taken and fields.get("date"):
        taken["published"] = fields["date"]
    return taken, text[block.end() :]
