from __future__ import annotations

import json
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.card import MAX_TEXT, fits
from bot.cards.settings import SETTINGS, changed_card, changes, keep_change, settings_card
from bot.commands.settings import MOST_NAMED
from bot.connection.checks import answers_in
from bot.memory.database import FILE, Database
from bot.memory.exchanges import Exchanges
from bot.memory.guilds import DEFAULTS, DIRECT, KEPT, Guilds, GuildSettings
from bot.memory.servers import Servers
from retrieval.errors import StoreUnavailable

ids = st.integers(1, 2**63 - 1)
some_settings = st.builds(
    GuildSettings,
    channels=st.lists(ids, max_size=MOST_NAMED).map(tuple),
    moderator_roles=st.lists(ids, max_size=MOST_NAMED).map(tuple),
    log_channel=st.none() | ids,
    cooldown=st.integers(0, 3600),
    quotes=st.integers(1, 5),
    ephemeral=st.booleans(),
    digest_hour=st.integers(0, 23),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/Argentina/ComodRivadavia"]),
    language=st.sampled_from([None, "de", "zh"]),
)


def test_what_is_set_holds_there_only_and_after_a_restart(tmp_path: Path) -> None:
    guilds = Guilds(Database(tmp_path))
    assert guilds.change(7, lambda now: replace(now, channels=(1, 2), cooldown=9)) == (
        DEFAULTS,
        GuildSettings(channels=(1, 2), cooldown=9),
    )
    guilds.change(7, lambda now: replace(now, quotes=2))
    for each in (guilds, Guilds(Database(tmp_path))):
        assert each.of(7) == GuildSettings(channels=(1, 2), cooldown=9, quotes=2)
        assert each.of(8) == DEFAULTS
        assert each.of(None) == DIRECT


def test_changes_at_once_are_all_kept(tmp_path: Path) -> None:
    guilds = Guilds(Database(tmp_path))

    def add(channel: int) -> None:
        guilds.change(7, lambda now: replace(now, channels=(*now.channels, channel)))

    threads = [threading.Thread(target=add, args=(channel,)) for channel in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(guilds.of(7).channels) == list(range(20))


def test_what_another_process_changed_is_not_written_over(tmp_path: Path) -> None:
    mine, others = Guilds(Database(tmp_path)), Guilds(Database(tmp_path))
    others.change(7, lambda now: replace(now, quotes=2))
    assert mine.of(7) == DEFAULTS, "nobody told of it"
    assert mine.change(7, lambda now: replace(now, cooldown=9)) == (
        GuildSettings(quotes=2),
        GuildSettings(quotes=2, cooldown=9),
    )


def test_what_another_process_did_holds_once_it_is_told_of(tmp_path: Path) -> None:
    database = Database(tmp_path)
    mine, others = Guilds(database), Guilds(Database(tmp_path))
    others.change(7, lambda now: replace(now, quotes=2))
    others.change(8, lambda now: replace(now, quotes=3))
    mine.refresh()
    assert [mine.of(guild).quotes for guild in (7, 8)] == [2, 3]
    Servers(database).forget(8)
    others.refresh()
    assert [others.of(guild).quotes for guild in (7, 8)] == [2, DEFAULTS.quotes]


def test_a_damaged_row_is_told_of_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    guilds = Guilds(Database(tmp_path))
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("INSERT INTO guild VALUES (7, '{\"quotes\": true}')")
    for _ in range(3):
        guilds.refresh()
    assert caplog.text.count("of the settings of server 7, quotes cannot be read") == 1


def test_what_another_version_wrote_is_read_as_far_as_it_is_known(tmp_path: Path) -> None:
    Guilds(Database(tmp_path))
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("""INSERT INTO guild VALUES (7, '{"quotes": 4, "colour": "blue", "channels": [3]}')""")
    assert Guilds(Database(tmp_path)).of(7) == GuildSettings(quotes=4, channels=(3,))


@pytest.mark.parametrize(
    ("row", "settings", "damaged"),
    [
        ("no JSON", DEFAULTS, "all"),
        ("[]", DEFAULTS, "all"),
        ("null", DEFAULTS, "all"),
        ("[" * 100_000, DEFAULTS, "all"),
        ('{"cooldown": "soon", "quotes": 2}', GuildSettings(quotes=2), "cooldown"),
        ('{"channels": 3, "log_channel": [], "quotes": 2}', GuildSettings(quotes=2), "channels, log_channel"),
        ('{"channels": [null], "digest_hour": 24, "cooldown": -1, "quotes": 0}', DEFAULTS, "channels, digest_hour"),
        ('{"ephemeral": "no", "zone": 5, "quotes": true}', DEFAULTS, "ephemeral, zone, quotes"),
    ],
)
def test_a_damaged_row_costs_what_is_damaged_and_is_kept_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, row: str, settings: GuildSettings, damaged: str
) -> None:
    Guilds(Database(tmp_path)).change(8, lambda now: replace(now, cooldown=9))
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("INSERT INTO guild VALUES (7, ?)", (row,))
    guilds = Guilds(Database(tmp_path))
    assert (guilds.of(7), guilds.of(8).cooldown) == (settings, 9)
    assert caplog.text.count(f"of the settings of server 7, {damaged}") == 1
    assert "set them anew with /settings there" in caplog.text
    guilds.change(7, lambda now: replace(now, log_channel=5))
    caplog.clear()
    assert Guilds(Database(tmp_path)).of(7) == replace(settings, log_channel=5)
    assert not caplog.text, "what was set anew is whole"
    with sqlite3.connect(tmp_path / FILE) as connection:
        (text,) = connection.execute("SELECT settings FROM guild WHERE id = 7").fetchone()
    assert json.loads(text)[KEPT] == row


def test_what_only_a_newer_version_knows_is_kept(tmp_path: Path) -> None:
    Guilds(Database(tmp_path))
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("""INSERT INTO guild VALUES (7, '{"quotes": 4, "colour": "blue"}')""")
    Guilds(Database(tmp_path)).change(7, lambda now: replace(now, quotes=2))
    with sqlite3.connect(tmp_path / FILE) as connection:
        (text,) = connection.execute("SELECT settings FROM guild WHERE id = 7").fetchone()
    assert (json.loads(text)["colour"], json.loads(text)["quotes"]) == ("blue", 2)


@given(some_settings, some_settings)
def test_cards_of_settings_fit(before: GuildSettings, after: GuildSettings) -> None:
    changed = changed_card([*changes(SETTINGS, before, after), keep_change(None, 3650)])
    for card in (settings_card(after, 3650), changed):
        assert fits(card)
        assert sum(map(len, card.texts)) < MAX_TEXT


@given(some_settings)
def test_every_field_is_shown_and_reset_by_one_setting(set_: GuildSettings) -> None:
    for setting in SETTINGS.values():
        set_ = setting.reset(set_)
    assert set_ == DEFAULTS
    fields = [field for setting in SETTINGS.values() for field in setting.fields]
    assert sorted(fields) == sorted(GuildSettings.__dataclass_fields__)


@pytest.mark.parametrize(
    ("channels", "channel", "parent", "answers"),
    [
        ((), 5, None, True),
        ((5, 6), 5, None, True),
        ((5, 6), 7, None, False),
        ((5, 6), 7, 6, True),
        ((5, 6), 7, 8, False),
        ((5,), None, None, False),
    ],
)
def test_where_it_answers(channels: tuple[int, ...], channel: int | None, parent: int | None, answers: bool) -> None:
    assert answers_in(channels, channel, parent) is answers


def test_on_a_disk_that_takes_nothing_what_is_set_still_holds(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    database = Database(tmp_path)
    Guilds(database).change(7, lambda now: replace(now, cooldown=9))
    database.close()
    (tmp_path / f"{FILE}-shm").symlink_to("nowhere/at/all")
    database = Database(tmp_path)
    assert "answers go without buttons, and nothing is posted" in caplog.text
    guilds = Guilds(database)
    assert guilds.of(7).cooldown == 9
    assert Exchanges(database).get(1) is None
    with pytest.raises(StoreUnavailable, match="its disk has space"):
        guilds.change(7, lambda now: replace(now, cooldown=2))
    assert guilds.of(7).cooldown == 9
