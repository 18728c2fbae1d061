"""That what the documents and the comments name is there: files, modules, functions, tests."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from docs import licences
from tests.support.places import ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "benchmarks" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CODE = [path for folder in ("bot", "retrieval", "benchmarks", "docs") for path in sorted((ROOT / folder).rglob("*.py"))]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
FILES = [f"/{path.relative_to(ROOT)}" for path in [*DOCUMENTS, *CODE, *TESTS]]
HALVES = {path.stem: half for half in ("bot", "retrieval") for path in (ROOT / half).iterdir()}
"""What stands at the top of either half, by its name."""
OTHERS = {"discord.py"}
"""Libraries that are called like a file."""

_FILE = re.compile(r"(?<![\w./*-])(?:[\w-]+/)*[\w-]+\.(?:py|md)\b")
_MODULE_FILE = re.compile(r"(?<![\w./*-])(?:[\w-]+/)*[\w-]+\.py\b")
_FOLDER = re.compile(r"`((?:bot|retrieval|benchmarks|tests|docs|deploy|seeds)/[\w/]*)`")
_DOTTED = re.compile(r"`([a-z_]+(?:\.\w+)+)`")
_TEST = re.compile(r"`(?:\w+\.)?(test_\w+|Test\w+)`")


def known(file: str) -> bool:
    return file in OTHERS or any(each.endswith(f"/{file}") for each in FILES)


def exists(name: str) -> bool:
    """Whether there is a module, or something in one, by this name below `bot` or `retrieval`."""
    parts = [HALVES[name.partition(".")[0]], *name.split(".")]
    for end in range(len(parts), 1, -1):
        try:
            thing: object = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            thing = getattr(thing, part, None)
        return thing is not None
    return False


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_documents_name_files_that_are_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert [file for file in _FILE.findall(text) if not known(file)] == []
    assert [folder for folder in _FOLDER.findall(text) if not (ROOT / folder).is_dir()] == []


def test_comments_name_files_that_are_there() -> None:
    named = {(path.name, file) for path in CODE for file in _MODULE_FILE.findall(path.read_text(encoding="utf-8"))}
    assert sorted((path, file) for path, file in named if not known(file)) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_documents_name_functions_that_are_there(document: Path) -> None:
    names = {name for name in _DOTTED.findall(document.read_text(encoding="utf-8")) if not known(name)}
    assert sorted(name for name in names if name.partition(".")[0] in HALVES and not exists(name)) == []


def test_the_page_for_newcomers_names_the_way_of_everything() -> None:
    walks = re.findall(
        r"^## The walk of .*?\n\n(.*?)\n\n", (ROOT / "docs/dev.md").read_text(encoding="utf-8"), re.M | re.S
    )
    assert len(walks) == 4
    for walk in walks:
        assert len(_DOTTED.findall(walk)) >= 8
        assert len(walk.splitlines()) < 15


def test_documents_name_tests_that_are_there() -> None:
    there = "\n".join(path.read_text(encoding="utf-8") for path in TESTS)
    named = {name for document in DOCUMENTS for name in _TEST.findall(document.read_text(encoding="utf-8"))}
    assert len(named) > 20
    assert sorted(name for name in named if not re.search(rf"\b(?:def|class) {name}\b", there)) == []


def test_every_package_that_comes_along_is_pinned_and_has_its_licence() -> None:
    """In `constraints.txt` and docs/licences.md; which they are depends on the system and Python's version."""
    packages = licences.needed()
    assert {"discord-py", "torch", "faiss-cpu"} <= set(packages)
    assert [name for name, package in packages.items() if not licences.licence(package)] == []
    pinned = {canonicalize_name(line.partition("==")[0]) for line in (ROOT / "constraints.txt").read_text().split()}
    stated = {canonicalize_name(row.split(" | ")[0].strip("| ")) for row in licences.PAGE.read_text().splitlines()}
    assert (packages.keys() - pinned, packages.keys() - stated) == (set(), set()), "run: python docs/licences.py"
