"""What has come into the index, and which topics it is about; with the real model on invented news."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from retrieval.answering import matching
from retrieval.answering.matching import Arrivals
from retrieval.index.arrived import embedded_passages
from retrieval.index.store import Store
from retrieval.newsroom import Newsroom
from retrieval.reading.arrival import Arrival
from tests.support import arrivals as invented
from tests.support.arrivals import ARCHIVE, FEED, FERRY, LIBRARY, OTHER_FEED, VINEYARD, opened

NEWS = {
    "truce": (
        "Sudan army and rival force agree to ceasefire",
        "Sudan's army and the Rapid Support Forces agreed to a seventy-two hour ceasefire on Monday. Mediators in"
        " Jeddah said talks would go on this week. Residents of Khartoum reported shelling in the hours before the"
        " truce began. Aid groups hope to bring in food and medicine.",
    ),
    "gaza": (
        "Ceasefire talks over Gaza stall in Cairo",
        "Negotiators left Cairo on Friday without an agreement on a ceasefire in Gaza. Egypt and Qatar said that"
        " talks would resume next week. Israel insists on the release of all hostages. Hamas demands a full"
        " withdrawal.",
    ),
    "drought": (
        "Drought empties Sudan's granaries",
        "Farmers in eastern Sudan expect the worst sorghum harvest in twenty years. Rains failed for a third season."
        " The ministry of agriculture asked for grain imports.",
    ),
    "iphone": (
        "Apple unveils thinner iPhone",
        "Apple showed a new iPhone in Cupertino on Tuesday. The phone is a millimetre thinner and costs a hundred"
        " dollars more. Analysts expect sales to rise over Christmas. Shares of the company fell one percent.",
    ),
    "orchard": (
        "Apple growers fear late frost",
        "Growers of apples in the Tessel valley lit fires in their orchards at night. A late frost could destroy the"
        " blossom. The growers' union asked for loans.",
    ),
    "volcano": (
        "Volcano erupts on Iceland's Reykjanes peninsula",
        "A volcano erupted near Grindavik in Iceland on Sunday morning. Lava flowed towards the town and residents"
        " were evacuated. The civil protection agency closed roads. Flights from Keflavik were not affected.",
    ),
    "election": (
        "Iceland holds snap election",
        "Voters in Iceland elected a new parliament on Saturday. The Social Democrats won the most seats. Inflation"
        " and housing dominated the campaign.",
    ),
    "cars": (
        "Electric car sales overtake petrol in Norway",
        "More electric cars than petrol cars are now registered in Norway, the road federation said. Nine of ten new"
        " cars sold last month were electric. Subsidies and tax breaks helped.",
    ),
    "rates": (
        "Central bank raises interest rates",
        "The European Central Bank raised interest rates by a quarter point on Thursday. Its president said"
        " inflation was still too high. Markets had expected the step.",
    ),
    "robbers": (
        "Bank robbers caught in Norhaven",
        "Police in Norhaven arrested two men after a robbery at a savings bank. They had interest in art, a"
        " neighbour said. Nobody was hurt.",
    ),
    "library": ("Norhaven opens its library", LIBRARY),
    "wine": ("Frost ruins the grapes", VINEYARD),
}
RIDE = "Buses in the capital run all night from Monday. A ticket costs two crowns. Drivers asked for higher wages."
MARKET = (
    "The fish market of Pell moves into a new hall in May. Traders had complained of the cold for years. "
    "The hall cost six million crowns. It has room for ninety stalls and a restaurant on the roof. "
    "The old market burned down in the winter of the great storm, and nobody was hurt."
)
HALL = (
    "Pell's new fish hall is open at last, two years late, and its first morning drew four thousand visitors. "
    "Mayor Anke Thorsen cut a ribbon of seaweed before the ninety stalls sold herring, eel and crab until noon. "
    "Critics called the building, which went over budget twice, a monument to poor planning."
)


TODAY = datetime.now(UTC).date()


def arrival(*parts: str, origin: str = FEED, **more: object) -> Arrival:
    """One of today, where nothing else is said."""
    return invented.arrival(*parts, origin=origin, **{"published": TODAY, **more})


def read_before(room: Newsroom) -> None:
    """Have all that is there been read yesterday."""
    with room._machinery.store.transaction() as connection:
        connection.execute("UPDATE article SET seen = ?", ((datetime.now(UTC) - timedelta(1)).isoformat(),))


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with opened(tmp_path_factory.mktemp("matching")) as room:
        room.add([arrival(name, body, title=title) for name, (title, body) in NEWS.items()])
        yield room


@pytest.fixture
def arrivals(room: Newsroom) -> Arrivals:
    return room.arrivals


def name_of(room: Newsroom, id_: str) -> str:
    return (room.history(id_)[-1].article.url or "").rpartition("/")[2]


@pytest.mark.parametrize(
    ("topic", "names"),
    [
        ("ceasefire in Sudan", {"truce"}),  # neither another ceasefire nor other news of the country
        ("Gaza ceasefire talks", {"gaza"}),
        ("Sudan", {"truce", "drought"}),
        ("Sudan drought", {"drought"}),
        ("Apple iPhone", {"iphone"}),
        ("volcano Iceland", {"volcano"}),
        ("Iceland election", {"election"}),
        ("electric cars", {"cars"}),
        ("interest rates", {"rates"}),
        ("European Central Bank", {"rates"}),
        ("bank robbery", {"robbers"}),
        ("Norhaven", {"library", "robbers"}),
        ("Israel", {"gaza"}),
        ("wine", {"wine"}),
        ("climate change", set()),
        ("Ukraine war", set()),
        ("earthquake", set()),
        ("elections in Norway", set()),
        ("the", set()),
    ],
)
def test_a_topic_matches_what_is_about_it_and_nothing_near_it(room: Newsroom, topic: str, names: set[str]) -> None:
    arrived = room.arrivals.since(0, [topic])
    assert {name_of(room, id_) for id_ in arrived.about[topic]} == names


def test_many_topics_at_once_are_as_each_alone(arrivals: Arrivals) -> None:
    topics = ["Sudan", "Sudan drought", "wine", "earthquake"]
    together = arrivals.since(0, topics).about
    assert together == {topic: arrivals.since(0, [topic]).about[topic] for topic in topics}


def test_topics_do_not_drive_questions_out_of_memory(arrivals: Arrivals) -> None:
    before = arrivals._corpus().embedder.embed_question.cache_info()
    arrivals.since(0, ["orchards at night"])
    arrivals.since(0, ["orchards at night"])
    assert arrivals._corpus().embedder.embed_question.cache_info() == before
    assert arrivals._corpus().embedder.embed_topic.cache_info().hits > 0


def test_only_what_came_since_is_looked_at(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    arrivals, before = room.arrivals, room.arrivals.generation()
    assert arrivals.since(before, ["Sudan"]).articles == {}
    looked: list[int] = []

    def passages(store: Store, keys: list[int], model_key: int) -> object:
        looked.extend(keys)
        return embedded_passages(store, keys, model_key)

    monkeypatch.setattr(matching, "embedded_passages", passages)
    read_before(room)
    room.add([arrival("late", FERRY), arrival("undated", RIDE, title="Buses", published=None)])
    arrived = arrivals.since(before, ["ferry", "Sudan"])
    assert len(looked) == 2
    assert arrived.generation == before + 1
    assert list(arrived.articles.values()) == [TODAY, None], "newest first"
    assert [name_of(room, id_) for id_ in arrived.about["ferry"]] == ["late"]
    assert arrived.about["Sudan"] == ()
    assert arrivals.since(before + 1).articles == {}
    assert arrivals.since(before + 99).articles == {}, "a generation that is yet to come"


def test_copies_new_versions_and_what_is_back_are_not_new(room: Newsroom) -> None:
    arrivals, before = room.arrivals, room.arrivals.generation()
    first = arrival("harbour", MARKET, title="Fish market")
    second = replace(first, article=replace(first.article, body=HALL))
    room.add([first, arrival("harbour", first.article.body, title="Fish market", host="other.example", source="B")])
    room.add([second])
    (id_,) = arrivals.since(before).articles
    assert id_ == first.article.id
    assert arrivals.since(before, ["fish market"]).about["fish market"] == (id_,)

    after = arrivals.generation()
    room.add([replace(first, article=replace(second.article, body=second.article.body + " Nobody was hurt."))])
    assert arrivals.since(after).articles == {}
    room.remove(id_, "wrong")
    assert arrivals.stories([id_]) == ()
    room.restore(id_)
    assert arrivals.since(after).articles == {}
    assert [story.lead.id for story in arrivals.stories([id_, "nothing"])] == [id_]


def test_stories_come_in_the_order_of_their_articles_and_each_once(room: Newsroom, arrivals: Arrivals) -> None:
    first, second = (next(each.id for each in room.headlines(NEWS[name][0])) for name in ("truce", "iphone"))
    told = arrivals.stories([second, first, "nothing", second])
    assert [story.lead.id for story in told] == [second, first]
    assert [story.new for story in told] == [{second}, {first}]


def test_what_was_published_long_before_it_came_is_no_news(tmp_path: Path, bag_of_words: None) -> None:
    old = TODAY - timedelta(2000)
    with opened(tmp_path) as room:
        room.add([arrival("known", VINEYARD, title="Frost")])
        before = room.arrivals.generation()
        room.add(
            [
                arrival("archived", FERRY, origin=ARCHIVE, published=old),
                arrival("fed", LIBRARY, origin=OTHER_FEED, published=old, title="Library"),
                arrival("corrected", RIDE, origin=OTHER_FEED, published=old, updated=TODAY, title="Buses"),
                arrival("last-week", MARKET, origin=OTHER_FEED, published=TODAY - timedelta(7), title="Market"),
                arrival("yesterday", HALL, origin=OTHER_FEED, published=TODAY - timedelta(1), title="Hall"),
            ]
        )
        arrived = room.arrivals.since(before)
        assert [name_of(room, id_) for id_ in arrived.articles] == ["yesterday"]


def test_without_a_date_only_what_a_source_did_not_have_at_first_is_news(tmp_path: Path, bag_of_words: None) -> None:
    with opened(tmp_path) as room:
        room.add([arrival("known", VINEYARD, title="Frost")])
        first = room.arrivals.generation()
        room.add(
            [
                arrival("archived", FERRY, origin=ARCHIVE, published=None),
                arrival("notice", LIBRARY, origin=OTHER_FEED, published=None, title="Library"),
            ]
        )
        assert room.arrivals.since(first).articles == {}
        read_before(room)
        second = room.arrivals.generation()
        room.add([arrival("other-notice", RIDE, origin=OTHER_FEED, published=None, title="Buses")])
        (id_,) = room.arrivals.since(second).articles
        assert name_of(room, id_) == "other-notice"
