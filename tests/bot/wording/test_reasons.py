"""What could not be read is said in the language of whoever reads of it, whatever was spoken when it was found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.cards.feeds import feeds_card
from bot.cards.reloads import report_card
from bot.cards.status import Process, status_card
from bot.commands.add import NothingAdded
from bot.connection.errors import explain
from bot.memory.exchanges import Votes
from bot.wording.language import speaking
from bot.wording.reasons import said
from retrieval.article import Failure, ReloadReport
from retrieval.errors import FetchFailed, FetchProblem
from retrieval.reading.feeds.followed import Feeds
from retrieval.reading.feeds.poll import poll
from retrieval.reasons import Reason
from tests.support.arrivals import opened
from tests.support.publisher import Publisher, story
from tests.support.web_server import running, session_for

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
PROCESS = Process(started=NOON, working=0, waiting=0, memory=None, latency=0.1, connected=1, shards=1)


def test_why_a_feed_could_not_be_read_is_said_in_the_language_of_the_reader(tmp_path: Path) -> None:
    with running() as server:
        publisher = Publisher(server)
        publisher.feed([story(1)], full=True, path="/feed")
        with Feeds.open(tmp_path / "feeds.sqlite3", session_for(server)) as feeds:
            feeds.add(f"{publisher.site}/feed")
            server.serves("/feed", status=404)
            assert [*poll(feeds, NOON + timedelta(days=99))]
            assert "has nothing at this address" in (feeds.list()[0].error or "")
        with Feeds.open(tmp_path / "feeds.sqlite3", session_for(server)) as feeds:
            for language, words in {
                "de": "such auf der Website",
                "fr": "cherche la nouvelle",
                "es": "busca en",
            }.items():
                with speaking(language):
                    [[_heading, line]] = feeds_card(feeds.list()).sections
                assert words in line
                assert "HTTP 404" in line
                assert "address" not in line


def test_why_files_were_skipped_is_said_in_the_language_of_the_reader(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "notes.txt").write_text("")
    (tmp_path / "seeds" / "old.jsonl").write_text('{"id": 1}\n')
    with opened(tmp_path) as room:
        room.reload()
    with opened(tmp_path) as room:
        assert [each.reason for each in room.status().failed] == ["is empty", "it has no `text`"]
        with speaking("de"):
            told = "\n".join(status_card(room.status(), PROCESS, Votes(0, 0)).texts)
    assert "- **notes.txt** ist leer\n- **old.jsonl Zeile 1** hat kein" in told


def test_a_reason_within_another_is_said_in_the_same_language() -> None:
    missing = FetchFailed(
        "{host} has nothing at this address (HTTP {code}).", FetchProblem.MISSING, host="z.zz", code="404"
    )
    within = Reason(
        "The feed carries no text of it, and nor does its page ({problem}); it is tried again later.", problem=missing
    )
    count = Reason("is longer than {count} passages and is searched up to there: split it", count=12_345)
    assert (said(count), said(within)) == (count, within)
    with speaking("de"):
        assert said(count).startswith("ist länger als 12.345 Textstellen")
        told = said(within)
        page = explain(
            NothingAdded(
                "The page {reason}.", reason=Reason("is not the article: it {does}", does=Reason("lists others"))
            )
        )
    assert page == "Von der Seite war kein Artikel zu bekommen (ist nicht der Artikel: Sie listet andere auf)."
    assert "(HTTP 404)); später" in told
    assert "z.zz" in told
    assert "nothing" not in told


def test_what_was_kept_in_english_alone_and_what_strangers_wrote_stays_as_it_is() -> None:
    report = ReloadReport(failed=(Failure("old.txt", "is {gone} *for* good"), Failure("Sources", "is empty")))
    with speaking("de"):
        [_, [lines]] = report_card(report).sections
        # "Sources" is a text of the bot's, too.
        assert said(Reason("is the same as {article}", article="Sources")) == "ist dasselbe wie Sources"
    assert lines.endswith("- **old.txt** is {gone} \\*for\\* good\n- **Sources** is empty")
