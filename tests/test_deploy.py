"""What `deploy/` says fits the bot: settings, paths, commands and exit codes that exist."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli.invocation import EX_CONFIG
from bot.cli.main import app
from bot.settings import SETTING_NAMES, load_settings
from tests.support.places import ROOT
from tests.support.promql import DASHBOARD, alerts, selectors

CONTAINERFILE = ROOT / "deploy" / "Containerfile"
UNIT = ROOT / "deploy" / "quotewire.service"
COMPOSE = ROOT / "deploy" / "compose.yaml"
OTHERS = {"PATH", "HOME", "PYTHONUNBUFFERED"}


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Containerfile, each with its arguments on one line."""
    lines = [line for line in CONTAINERFILE.read_text().splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [
        (word, " ".join(rest.split())) for word, _, rest in (line.partition(" ") for line in joined.split("\n")) if word
    ]


def of(kind: str) -> list[str]:
    return [rest for word, rest in instructions() if word == kind]


def unit() -> dict[str, list[str]]:
    """The directives of the unit; those of a name may be several."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in UNIT.read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found[name].append(value)
    return found


def variables(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split())


def test_the_container_is_built_from_what_the_project_needs_and_nothing_else() -> None:
    copied = [part for rest in of("COPY") if not rest.startswith("--from") for part in rest.split()[:-1]]
    assert all((ROOT / part).exists() for part in copied)
    assert not [part for part in copied if part in (".", ".env")]
    sent = [line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().split("\n") if line.startswith("!")]
    assert {part.rstrip("/") for part in copied} == set(sent)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = {name.rstrip("*") for name in project["tool"]["setuptools"]["packages"]["find"]["include"]}
    assert packages | {project["project"]["readme"], "pyproject.toml", "constraints.txt", "seeds"} <= set(copied)


def test_the_container_runs_the_bot_as_nobody_in_particular() -> None:
    words = [word for word, _ in instructions()]
    assert words.count("FROM") == 2
    known = {
        *("FROM", "WORKDIR", "RUN", "ARG", "COPY", "ENV", "USER"),
        *("VOLUME", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"),
    }
    assert set(words) == known
    environment = variables(" ".join(of("ENV")))
    assert set(environment) - OTHERS <= set(SETTING_NAMES)
    assert of("VOLUME") == [environment["DATA_DIR"]]
    assert [rest.split()[-1].rstrip("/") for rest in of("COPY") if rest.startswith("seeds")] == [
        environment["SEEDS_DIR"]
    ]
    assert of("USER") == ["quotewire"]
    assert of("STOPSIGNAL") == ["SIGTERM"]
    assert words.index("USER") > max(index for index, word in enumerate(words) if word == "RUN")


def test_the_containers_commands_exist() -> None:
    (entry,), (command,) = of("ENTRYPOINT"), of("CMD")
    name, *arguments = [*json.loads(entry), *json.loads(command)]
    assert name in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert CliRunner().invoke(app, [*arguments, "--help"]).exit_code == 0
    (check,) = of("HEALTHCHECK")
    python, option, code = json.loads(check.partition("CMD ")[2])
    assert (python, option) == ("python", "-c")
    compile(code, "HEALTHCHECK", "exec")
    assert "/healthz" in code
    assert set(re.findall(r"\['(\w+)'\]", code)) <= set(variables(" ".join(of("ENV"))))


def services() -> dict[str, dict[str, Any]]:
    """The services of the compose file, what they share filled in."""
    return yaml.safe_load(COMPOSE.read_text())["services"]


def bots() -> dict[str, dict[str, Any]]:
    return {name: service for name, service in services().items() if name != "database"}


def filled_in(value: object) -> str:
    """A value as Compose passes it on, with a password as the head of the file makes it."""
    return re.sub(r"\$\{POSTGRES_PASSWORD:\?[^}]*\}", "0123456789abcdef" * 3, str(value))


def test_the_bots_of_the_compose_file_are_built_from_the_container_and_the_extra_that_they_need() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    arguments = {rest.partition("=")[0] for rest in of("ARG")}
    assert len(bots()) == 2
    for bot in bots().values():
        build = bot["build"]
        assert (COMPOSE.parent / build["context"]).resolve() == ROOT
        assert ROOT / build["dockerfile"] == CONTAINERFILE
        assert build["args"].keys() <= arguments
        assert set(build["args"]["EXTRAS"].split(",")) <= set(extras)
        assert [COMPOSE.parent / each for each in bot["env_file"]] == [ROOT / "deploy" / ".." / ".env"]


def test_the_bots_of_the_compose_file_know_their_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    told = variables(" ".join(of("ENV")))
    for bot in bots().values():
        settings = {name: filled_in(value) for name, value in bot["environment"].items()}
        assert settings.keys() <= set(SETTING_NAMES)
        # .env may hold all of .env.example, whose paths are of another place.
        example = (ROOT / ".env.example").read_text()
        paths = {name for name in ("DATA_DIR", "SEEDS_DIR") if re.search(rf"(?m)^{name}=.", example)}
        assert paths <= settings.keys()
        assert all(settings[name] == told[name] for name in (*paths, "HEALTH_PORT"))
        for name in SETTING_NAMES:
            monkeypatch.delenv(name, raising=False)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        read = load_settings(ROOT / "no such file")
        assert read.database_url is not None
        assert read.database_url.get_secret_value() == settings["DATABASE_URL"]
        assert read.shards is not None


def test_the_bots_of_the_compose_file_find_their_database_and_keep_apart() -> None:
    database = services()["database"]
    wanted = urlsplit(filled_in(bots()["bot-1"]["environment"]["DATABASE_URL"]))
    there = {name: filled_in(value) for name, value in database["environment"].items()}
    assert (wanted.username, wanted.path) == (there["POSTGRES_USER"], f"/{there['POSTGRES_DB']}")
    assert (wanted.hostname, wanted.port) == ("database", 5432)
    assert wanted.password == there["POSTGRES_PASSWORD"]
    check = database["healthcheck"]["test"]
    assert f"--username={there['POSTGRES_USER']}" in check
    assert f"--dbname={there['POSTGRES_DB']}" in check
    for bot in bots().values():
        assert bot["depends_on"] == {"database": {"condition": "service_healthy"}}
    volumes = [volume for service in services().values() for volume in service["volumes"]]
    names, places = zip(*(volume.split(":") for volume in volumes), strict=True)
    assert len(set(names)) == len(names) == 3
    assert set(names) == set(yaml.safe_load(COMPOSE.read_text())["volumes"])
    assert places == ("/var/lib/postgresql", "/data", "/data")


def test_no_password_stands_in_the_compose_file() -> None:
    text = COMPOSE.read_text()
    assert re.findall(r"PASSWORD: (.*)", text) == ["${POSTGRES_PASSWORD:?is not in .env}"]
    assert re.findall(r"://\w+:(.*?)@", text) == ["${POSTGRES_PASSWORD:?is not in .env}"]
    assert 'echo "POSTGRES_PASSWORD=' in text


def test_the_service_runs_the_bot_and_knows_how_it_ends() -> None:
    said = unit()
    environment = variables(" ".join(said["Environment"]))
    assert set(environment) - OTHERS <= set(SETTING_NAMES)
    assert environment["DATA_DIR"] == f"%S/{said['StateDirectory'][0]}"
    assert (ROOT / Path(environment["SEEDS_DIR"]).relative_to("/opt/quotewire")).is_dir()
    (start,) = said["ExecStart"]
    program, *arguments = start.split()
    assert Path(program).name == "quotewire"
    assert CliRunner().invoke(app, [*arguments, "--help"]).exit_code == 0
    assert said["RestartPreventExitStatus"] == [str(EX_CONFIG)]
    assert said["Restart"] == ["on-failure"]
    assert "WatchdogSec" not in said  # nothing would feed it


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_understands_the_service(tmp_path: Path) -> None:
    # It looks for the program, which is not installed there.
    text = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", UNIT.read_text())
    (tmp_path / UNIT.name).write_text(text)
    run = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(tmp_path / UNIT.name)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, [line for line in run.stderr.splitlines() if UNIT.name in line]) == (0, [])


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    rules = alerts()
    assert len({rule["alert"] for rule in rules}) == len(rules) > 10
    for rule in rules:
        assert set(rule["annotations"]) == {"summary", "description"}, rule
        assert rule["labels"]["severity"] in ("warning", "critical")
    assert {name for name, _ in selectors() if name.startswith("quotewire_")}


def test_the_dashboard_shows_each_panel_once_and_none_above_another() -> None:
    dashboard = json.loads(DASHBOARD.read_text())
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len({panel["title"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells
    variables = {each["name"] for each in dashboard["templating"]["list"]}
    used = set(re.findall(r"\$\{?([a-z]+)", DASHBOARD.read_text()))
    assert used == variables


PROMTOOL = shutil.which("promtool")


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed (Debian's package prometheus has it)")
@pytest.mark.parametrize(
    "check", [("check", "config", "prometheus.yml"), ("test", "rules", str(ROOT / "tests/support/alerts_test.yml"))]
)
def test_prometheus_takes_the_alerts_and_raises_them_when_it_should(check: tuple[str, ...]) -> None:
    run = subprocess.run([str(PROMTOOL), *check], cwd=ROOT / "deploy", capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
