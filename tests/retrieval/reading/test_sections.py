"""Articles of several sections in one store: each section is as it would be alone, and nothing is embedded twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.index.sections import id_within, open_section, read, section_of_version
from retrieval.newsroom import Newsroom
from retrieval.reading.arrival import Arrival, Gone
from retrieval.reading.origins import PAGES
from tests.support.arrivals import (
    ARCHIVE,
    FEED,
    FERRY,
    LIBRARY,
    OTHER_FEED,
    VINEYARD,
    arrival,
    article,
    opened,
)

pytestmark = pytest.mark.usefixtures("bag_of_words")
EDITED = FERRY.replace("Divers will look at the hull", "Divers are to look at the hull")
COPY = {"host": "wire.example", "source": "Harbour Wire", "title": "Steering failed before the ferry ran aground"}
ADDRESS = article("ferry").id
TODAY = datetime.now(UTC).date()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with opened(tmp_path) as room:
        sectioned(room)
        yield room


def sectioned(room: Newsroom) -> None:
    """Open a collection, 1, and the section of a feed, 2, beside the first."""
    with room._machinery.store.transaction() as connection:
        assert open_section(connection, "science", shared=True) == 1
        assert open_section(connection, FEED) == 2
        read(connection, "1", 2, 0)


def within(room: Newsroom, section: int) -> list[tuple[object, ...]]:
    """What a section holds now, as rows that only tell what somebody could see."""
    connection = room._machinery.store.connection()
    rows = connection.execute(
        "SELECT key, id, title, body, url, source, published, summary_only, copy_of FROM article"
        " WHERE died IS NULL AND born <= ? ORDER BY id",
        (room._machinery.store.generation().number,),
    ).fetchall()
    return [tuple(row) for key, *row in rows if section_of_version(connection, key) == section]


def ids(room: Newsroom, section: int) -> list[object]:
    return [row[0] for row in within(room, section)]


def taken_out(room: Newsroom, section: int) -> list[str]:
    rows = room._machinery.store.connection().execute(
        "SELECT id FROM withdrawn WHERE section = ? ORDER BY id", (section,)
    )
    return [id_ for (id_,) in rows]


def taken_out_by_hand(room: Newsroom, id_: str) -> None:
    """Of one section, where the host takes it out of all collections."""
    room._machinery.changes._withdraw([id_], "a test")


def withdrawn_by_publisher(room: Newsroom, gone: Gone) -> int:
    return room._machinery.changes._deliver([gone], {}, lambda _: None).removed


class TestASection:
    def test_recognises_only_what_it_holds(self, room: Newsroom) -> None:
        offered = arrival("ferry")
        assert room.add([offered]).added == 1
        for section in (1, 2):
            there = replace(offered, section=section)
            assert room.add([there]).added == 1
            assert ids(room, section) == [id_within(ADDRESS, section)] == [f"{ADDRESS} [{section}]"]
            assert (room.add([there]).unchanged, room.add([replace(there, origin=OTHER_FEED)]).unchanged) == (1, 1)
        changed = arrival("ferry", EDITED)
        assert room.add([replace(changed, section=2)]).updated == 1
        bodies = [within(room, section)[0][2] for section in (0, 1, 2)]
        assert bodies == [FERRY, FERRY, EDITED]

    def test_embeds_nothing_that_another_one_has(self, room: Newsroom) -> None:
        assert room.add([arrival("ferry")]).embedded > 0
        assert room.add([replace(arrival("ferry"), section=2)]).embedded == 0
        assert room.add([replace(arrival("ferry"), section=1, origin=PAGES)]).embedded == 0
        given_once: list[str] = []
        embed = room._machinery.embedder.embed_passages
        room._machinery.embedder.embed_passages = lambda texts: given_once.extend(texts) or embed(texts)  # type: ignore[method-assign]
        grapes = arrival("grapes", VINEYARD, title="Frost")
        room.add([grapes, replace(grapes, section=1), replace(grapes, section=2)])
        assert given_once
        assert len(set(given_once)) == len(given_once)
        vectors = room._machinery.store.connection().execute(
            "SELECT count(DISTINCT p.vector), count(DISTINCT p.hash), count(*), sum(p.vector IS NULL) FROM passage p"
        )
        distinct, hashes, passages, without = vectors.fetchone()
        assert (distinct, without) == (hashes, 0)
        assert passages == 3 * hashes

    @pytest.mark.parametrize(("section", "copies"), [(0, 1), (1, 1), (2, 0)])
    def test_folds_texts_into_one_only_as_a_collection(self, room: Newsroom, section: int, copies: int) -> None:
        room.add([replace(arrival("ferry"), section=other) for other in (0, 1, 2) if other != section])
        report = room.add([replace(each, section=section) for each in (arrival("ferry"), arrival("aground", **COPY))])
        assert (report.added, report.copies) == (2, copies)
        assert [row[-1] for row in within(room, section) if row[-1]] == [id_within(ADDRESS, section)] * copies

    def test_lets_its_own_copies_stand_up(self, room: Newsroom) -> None:
        room.add([arrival("ferry"), *(replace(each, section=1) for each in (arrival("ferry"), arrival("a", **COPY)))])
        taken_out_by_hand(room, id_within(ADDRESS, 1))
        assert [row[-1] for row in within(room, 1)] == [None]
        assert ids(room, 0) == [ADDRESS]

    def test_keeps_out_what_was_taken_out_of_it(self, room: Newsroom) -> None:
        everywhere = [replace(arrival("ferry"), section=section) for section in (0, 1, 2)]
        room.add(everywhere)
        gone = Gone(origin=FEED, id=ADDRESS, url=ADDRESS, asked=ADDRESS, section=2)
        assert withdrawn_by_publisher(room, gone) == 1
        assert [len(within(room, section)) for section in (0, 1, 2)] == [1, 1, 0]
        taken_out_by_hand(room, ADDRESS)
        assert [len(within(room, section)) for section in (0, 1, 2)] == [0, 1, 0]
        report = room.add(everywhere)
        assert (report.added, report.unchanged, len(report.failed)) == (0, 1, 2)
        back = room.add([replace(each, from_page=True) for each in everywhere])
        assert (back.added, [row[0] for row in within(room, 2)]) == (1, [id_within(ADDRESS, 2)])
        assert withdrawn_by_publisher(room, replace(gone, section=0)) == 0
        room.restore(ADDRESS)
        assert [len(within(room, section)) for section in (0, 1, 2)] == [1, 1, 1]

    def test_restores_into_itself(self, room: Newsroom) -> None:
        room.add([replace(arrival("ferry"), section=section) for section in (0, 1, 2)])
        report = room.remove(ADDRESS, "a test")[1]
        assert (report.removed, [len(within(room, section)) for section in (0, 1, 2)]) == (1, [0, 0, 1])
        restored, report = room.restore(ADDRESS)
        assert (restored.id, report.added, report.embedded) == (ADDRESS, 1, 0)
        assert ids(room, 0) + ids(room, 1) == [ADDRESS, id_within(ADDRESS, 1)]

    def test_that_was_forgotten_meanwhile_takes_nothing_in(self, room: Newsroom) -> None:
        report = room.add([arrival("ferry"), replace(arrival("grapes", VINEYARD, title="Frost"), section=77)])
        assert (report.added, len(ids(room, 0))) == (1, 1)

    def test_gives_way_to_ids_of_the_host(self, room: Newsroom) -> None:
        by_hand = Arrival(ARCHIVE, replace(article("ferry"), id=f"{ADDRESS} [2]", url=None))
        room.add([replace(arrival("ferry", LIBRARY), section=2)])
        assert room.add([by_hand]).added == 1
        assert room.add([by_hand]).unchanged == 1
        assert ids(room, 0) == [f"{ADDRESS} [2] [0]"]
        assert [row[2] for row in within(room, 2)] == [LIBRARY]

    def test_and_the_folder_does_not_meet_others(self, room: Newsroom, tmp_path: Path) -> None:
        room.add([replace(arrival("ferry"), section=2)])
        (tmp_path / "seeds" / "a.txt").write_text(f"---\nurl: {ADDRESS}\n---\nFerry\n\n{FERRY}\n")
        (tmp_path / "seeds" / "ferry [2]").with_suffix(".txt").write_text(f"Library\n\n{LIBRARY}\n")
        assert room.reload().added == 2
        assert room.reload().unchanged == 3
        assert len(within(room, 0)) == 2
        assert len(within(room, 2)) == 1

    def test_an_id_that_was_given_before_there_were_sections_stays(self, tmp_path: Path) -> None:
        by_hand = Arrival(ARCHIVE, replace(article("ferry"), id=f"{ADDRESS} [2]", url=None))
        with opened(tmp_path) as room:
            room.add([by_hand])
            sectioned(room)
            assert room.add([by_hand, replace(arrival("ferry"), section=2)]).unchanged == 1
            assert ids(room, 0) == [f"{ADDRESS} [2]"]
            (other,) = ids(room, 2)
            assert str(other).startswith("sha256:")
            assert str(other).endswith(" [2]")


def test_the_newest_of_each_collection_are_kept(tmp_path: Path) -> None:
    made = [
        arrival(f"a{at}", body, title=f"A{at}", published=TODAY - timedelta(days=at))
        for at, body in enumerate([FERRY, VINEYARD, LIBRARY])
    ]
    with opened(tmp_path, keep_articles=2) as room:
        sectioned(room)
        for section in (0, 1, 2):
            room.add([replace(each, section=section) for each in made])
        assert [len(within(room, section)) for section in (0, 1, 2)] == [2, 2, 3]
    with opened(tmp_path, keep_days=1) as room:
        room.reload()
        assert [len(within(room, section)) for section in (0, 1, 2)] == [1, 1, 1]


ROWS = np.random.default_rng(0).standard_normal((64, 384)).astype(np.float32)
BODIES = [FERRY, EDITED, VINEYARD, LIBRARY]
OFFERS = st.tuples(
    st.sampled_from([0, 1, 2]),
    st.sampled_from(["", "", "remove", "restore", "gone"]),
    st.sampled_from(["ferry", "aground", "ferry?ref=881", "ferry#post-7", ""]),
    st.sampled_from(BODIES),
    st.sampled_from([FEED, OTHER_FEED, PAGES, ARCHIVE]),
    st.sampled_from([None, "name", "other"]),
    st.booleans(),
)
Offer = tuple[int, str, str, str, str, str | None, bool]


def offered(offer: Offer) -> Arrival:
    section, _, path, body, origin, name, summary = offer
    made = article(path, body, summary_only=summary, title="Frost" if body is VINEYARD else "A ferry")
    made = made if path else replace(made, url=None, id="by hand" if origin == ARCHIVE else "sha256:0123")
    return Arrival(origin, made, from_page=origin == PAGES, name=name, section=section)


def happens(room: Newsroom, batch: Sequence[Offer]) -> None:
    """Those of one batch that arrive, at once; then what is taken out and brought back, one by one."""
    arrivals = [offered(each) for each in batch if not each[1]]
    if arrivals:
        room.add(arrivals)
    for each in batch:
        section, what, *_ = each
        it = offered(each)
        if what == "gone":
            url = it.article.url or ""
            gone = Gone(origin=it.origin, id=it.article.id, url=url, asked=url, name=it.name, section=section)
            withdrawn_by_publisher(room, gone)
        elif what == "remove" and (there := ids(room, section)):
            taken_out_by_hand(room, str(there[0]))
        elif what == "restore" and (out := taken_out(room, section)):
            room._machinery.changes._restore(out[0])


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.lists(OFFERS, min_size=1, max_size=6), min_size=1, max_size=5))
def test_a_collection_holds_what_it_would_hold_alone(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[Offer]]
) -> None:
    held = []
    for sections in ((0, 1, 2), (0,)):
        with opened(tmp_path_factory.mktemp("sections")) as room:
            room._machinery.embedder.embed_passages = lambda texts: ROWS[: len(texts)]  # type: ignore[method-assign]
            if len(sections) > 1:
                sectioned(room)
            for batch in batches:
                happens(room, [each for each in batch if each[0] in sections])
            held.append(within(room, 0))
    assert held[0] == held[1]
