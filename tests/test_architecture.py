"""The layout of the project: one direction of imports, short modules, one name for one thing, pinned dependencies."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.support.places import ROOT

LIBRARY = sorted((ROOT / "retrieval").rglob("*.py"))
BOT = sorted((ROOT / "bot").rglob("*.py"))
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in [*LIBRARY, *BOT]}
ALLOWED_LINES, ALLOWED_FUNCTION_LINES = 400, 50

# From the top down: what stands on a line may import what stands below it, and its own package.
LEVELS = [
    ["bot.__main__"],
    ["bot.cli"],
    ["bot.app"],
    ["bot.upkeep"],
    ["bot.commands"],
    ["bot.posting"],
    ["bot.connection"],
    ["bot.cards"],
    ["bot.memory"],
    ["bot.wording"],
    ["bot.log"],
    ["bot.settings"],
    ["bot.sharing"],
    ["bot.masking"],
    ["retrieval.evaluation"],
    ["retrieval.newsroom"],
    ["retrieval.edition"],
    ["retrieval.machinery"],
    ["retrieval.answering"],
    ["retrieval.reading"],
    ["retrieval.index"],
    ["retrieval.replicas"],
    ["retrieval.sqlite"],
    ["retrieval.workers"],
    ["retrieval.text"],
    ["retrieval.answer"],
    ["retrieval.article"],
    ["retrieval.errors"],
    ["retrieval.reasons"],
]
DEPTH = {package: depth for depth, packages in enumerate(LEVELS) for package in packages}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> set[str]:
    """The modules that a module imports, anywhere in it, also for their types only."""
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in inner}
    return found


def package(module: str) -> str:
    return ".".join(module.split(".")[:2])


@cache
def graph() -> dict[str, set[str]]:
    """By module: those of the project that it imports."""
    return {module: {name for name in imports(path) if name in MODULES} for module, path in MODULES.items()}


PLACED = [module for module in MODULES if module not in ("bot.__init__", "retrieval.__init__")]


@pytest.mark.parametrize("module", PLACED)
def test_imports_lead_downwards(module: str) -> None:
    """As the table in docs/dev.md has it; a type only is an import, too."""
    upwards = {name for name in graph()[module] if DEPTH[package(name)] < DEPTH[package(module)]}
    assert not upwards


def test_no_module_knows_itself_in_a_circle() -> None:
    circle: list[str] = []
    try:
        TopologicalSorter(graph()).prepare()
    except CycleError as error:
        circle = error.args[1]
    assert not circle


@pytest.mark.parametrize("part", ["bot.connection.client", "bot.commands.every"])
def test_only_the_composition_root_knows_the_client_and_all_commands(part: str) -> None:
    """Whoever answers a member is given what that takes; the terminal sends the commands to Discord, too."""
    knowing = {module for module, known in graph().items() if part in known}
    assert {module for module in knowing if package(module) != "bot.cli"} == {"bot.app"}


def test_commands_reach_no_article_but_by_the_desk_of_their_server() -> None:
    """What members use is given the edition of the place that they use it in, and cannot get at any other."""
    known = {module: names for module, names in graph().items() if package(module) == "bot.commands"}
    assert not {module for module, names in known.items() if names & {"retrieval.newsroom", "retrieval.machinery"}}
    reaching = {
        module
        for module in known
        for node in ast.walk(parsed(MODULES[module]))
        if isinstance(node, ast.Attribute) and node.attr in ("edition", "_room")
        if not (isinstance(node.value, ast.Call) or ast.unparse(node) == "desk.edition")
    }
    assert not reaching


def test_what_discord_py_does_not_document_is_imported_in_one_place() -> None:
    documented = {"discord", "discord.abc", "discord.app_commands", "discord.ui", "discord.utils"}
    known = {module: {name for name in imports(path) if name.startswith("discord")} for module, path in MODULES.items()}
    assert {module for module, names in known.items() if names - documented} == {"bot.connection.discord_internals"}


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_library_knows_nothing_of_discord(path: Path) -> None:
    known = {name.partition(".")[0] for name in imports(path)}
    # What only measures has a command line and tables of its own.
    faces = {"typer", "rich"} if "evaluation" not in path.parts else set()
    assert not known & {"bot", "discord", "prompt_toolkit", *faces}


def test_the_running_bot_does_not_load_what_only_measures() -> None:
    """Neither when its modules are imported, nor later: only `quotewire evaluate` asks for it."""
    asking = {module for module, known in graph().items() if any(map(_measures, known)) and not _measures(module)}
    assert {package(module) for module in asking} == {"bot.cli"}
    assert len(asking) == 1
    names = [module for module in MODULES if not _measures(module) and module != "bot.__main__"]
    program = "import sys\nfor name in sys.argv[1:]: __import__(name)\nprint(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program, *names], check=True, capture_output=True, text=True).stdout
    assert set(names) <= set(loaded.split())
    assert not any(map(_measures, loaded.split()))


def _measures(module: str) -> bool:
    return package(module) == "retrieval.evaluation"


@pytest.mark.parametrize("module", [module for module in MODULES if package(module) in ("bot.cards", "bot.wording")])
def test_cards_are_only_made_of_values(module: str) -> None:
    known = imports(MODULES[module])
    assert not {name.partition(".")[0] for name in known} & {"discord", "asyncio", "sqlite3", "logging", "time"}
    allowed = {"bot.cards", "bot.memory", "bot.wording"} if package(module) == "bot.cards" else {"bot.wording"}
    assert {package(name) for name in known if name.startswith("bot.")} <= allowed


@pytest.mark.parametrize("path", MODULES.values(), ids=MODULES)
def test_modules_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= ALLOWED_LINES
    long = {
        node.name: length
        for node in ast.walk(parsed(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (length := (node.end_lineno or 0) - node.lineno + 1) > ALLOWED_FUNCTION_LINES
    }
    assert not long


def _is_value(node: ast.ClassDef) -> bool:
    """Whether a class is a dataclass or a named tuple."""
    marks = [ast.unparse(mark) for mark in (*node.decorator_list, *node.bases)]
    return any(mark.startswith("dataclass") or mark == "NamedTuple" for mark in marks)


@cache
def values() -> dict[tuple[str, str], int]:
    """By module and name: how many fields it has."""
    return {
        (module, node.name): sum(isinstance(field, ast.AnnAssign) for field in node.body)
        for module, path in MODULES.items()
        for node in parsed(path).body
        if isinstance(node, ast.ClassDef) and _is_value(node)
    }


@pytest.mark.parametrize("module", MODULES)
def test_what_has_more_than_three_fields_is_built_by_keyword(module: str) -> None:
    """At most the first of them, where it is what the value is about, goes without its name."""
    tree = parsed(MODULES[module])
    fields = {name: count for (home, name), count in values().items() if home == module}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            fields |= {alias.asname or alias.name: values().get((node.module, alias.name), 0) for alias in node.names}
    unnamed = {
        node.lineno: node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and fields.get(node.func.id, 0) > 3
        if len(node.args) > 1 or any(isinstance(each, ast.Starred) for each in node.args)
    }
    assert not unnamed


def test_a_public_class_has_a_name_of_its_own() -> None:
    named = defaultdict[str, list[str]](list)
    for module, path in MODULES.items():
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                named[node.name].append(module)
    assert not {name: modules for name, modules in named.items() if len(modules) > 1}


@pytest.mark.parametrize(
    "path", sorted({path for path in [*LIBRARY, *BOT] if path.name == "__init__.py"}), ids=lambda path: path.parent.name
)
def test_a_package_says_what_lives_in_it(path: Path) -> None:
    assert len((ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split()) >= 10


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = (ROOT / "constraints.txt").read_text().split()
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines), "exact versions only"
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in lines}
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    named = {re.split(r"[\[<>=]", requirement)[0].lower() for requirement in wanted}
    assert named <= pinned
    assert "torch==2.13.0" in lines


def test_the_readme_opens_with_the_two_commands() -> None:
    opening = (ROOT / "README.md").read_text(encoding="utf-8")[:600]
    assert "make run" in opening
    assert "make test" in opening
