"""What is asked of the articles in one language comes from those in it; and what language a question is in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from retrieval.answering.pipeline import check
from retrieval.article import EVERYTHING, Article, Scope
from retrieval.errors import InvalidQuestion
from retrieval.index.lexical import Filters
from retrieval.index.search import Sought
from retrieval.newsroom import Newsroom
from retrieval.reading.arrival import Arrival
from tests.support.arrivals import FEED, opened
from tests.support.events import BRIDGE, FILLERS, ORCHID, reports

pytestmark = pytest.mark.usefixtures("bag_of_words")

TEXTS = {
    "en": "The ferry Marlo ran aground on Tuesday evening, and the coast guard brought 212 people ashore by midnight.",
    "de": "Die Fähre Marlo lief am Dienstagabend auf Grund, und die Küstenwache brachte 212 Menschen bis Mitternacht "
    "an Land.",
    "fr": "Le ferry Marlo s'est échoué mardi soir, et les garde-côtes ont ramené 212 personnes à terre avant minuit.",
    "es": "El ferry Marlo encalló el martes por la noche, y los guardacostas llevaron a tierra a 212 personas.",
}
SHORT = "Marlo 212"


def article(id_: str, text: str, day: int = 1, language: str | None = None) -> Arrival:
    url = f"https://{id_}.example/marlo"
    return Arrival(FEED, Article(url, f"Marlo {id_}", text, url, f"{id_} Post", date(2025, 3, day), language=language))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("languages")


@pytest.fixture(scope="module")
def room(bag_of_words: None, path: Path) -> Iterator[Newsroom]:
    with opened(path, answer_from=0.0) as room:
        texts = {**TEXTS, "de2": TEXTS["de"].replace("Dienstag", "Mittwoch").replace("212", "221"), "MN": SHORT}
        room.add([article(id_, text, day) for day, (id_, text) in enumerate(texts.items(), 1)])
        yield room


def found(room: Newsroom, language: str | None) -> set[str | None]:
    return {hit.passage.article.language for hit in room.search("Marlo 212", language=language, limit=20)}


@pytest.mark.parametrize("language", TEXTS)
def test_only_articles_in_the_language_are_looked_through(room: Newsroom, language: str) -> None:
    assert found(room, None) == {*TEXTS, None}
    assert found(room, language) == {language}
    answer = room.ask("How many people were brought ashore from Marlo?", language=language)
    assert {quote.article.language for quote in answer.quotes} == {language}
    assert {quote.article.language for quote in room.quotes("Marlo 212", language=language)} == {language}
    stories = room.latest(language=language).stories
    assert {each.language for story in stories for each in story.articles} == {language}
    stories = room.latest("Marlo", language=language).stories
    assert {each.language for story in stories for each in story.articles} == {language}
    broad = room.ask("What happened to Marlo?", language=language)
    assert {each.language for story in broad.stories for each in story.articles} <= {language}


def test_in_each_of_the_two_rankings(room: Newsroom) -> None:
    corpus = room.corpus()
    wanted = Filters(language="fr")
    words = [key for key, _ in corpus.index.lexical.search(["marlo"], 20, wanted)]
    vector = corpus.embedder.embed_question("Marlo")
    nearest = corpus.index.search(Sought(language="fr", words=[], vector=vector), 20, wanted, None)
    assert len(words) == len(nearest) == 1
    assert words == [each.key for each in nearest]


def test_as_it_was_known_on_a_day(room: Newsroom) -> None:
    stories = room.latest(language="de", as_of=date(2025, 3, 2)).stories
    assert [each.source for story in stories for each in story.articles] == ["de Post"]


@pytest.mark.parametrize("tag", ["de-AT", "DE", "deu"])
def test_a_language_is_known_by_any_tag(room: Newsroom, tag: str) -> None:
    assert found(room, tag) == {"de"}


@pytest.mark.parametrize(("wanted", "named"), [("ko", "Korean"), ("klingon", "'klingon'"), ("", "''")])
def test_one_that_is_not_there_is_refused_with_those_that_are(room: Newsroom, wanted: str, named: str) -> None:
    expected = f"No articles in {named} are indexed; there are some in: German, English, Spanish, French."
    for ask in (lambda: room.ask("Marlo?", language=wanted), lambda: room.latest(language=wanted)):
        with pytest.raises(InvalidQuestion) as refused:
            ask()
        assert str(refused.value) == expected


def test_how_many_there_are_is_counted(room: Newsroom) -> None:
    assert room.languages() == {"de": 2, "en": 1, "es": 1, "fr": 1}


def test_what_narrows_a_question_is_dropped_within_the_language(room: Newsroom) -> None:
    answer = room.ask("How many people were brought ashore from Marlo in 1999?", language="de")
    assert answer.narrowed
    assert (answer.narrowed.dropped, answer.narrowed.all_others) == (True, True)
    assert {each.language for each in (*answer.nearest, *(quote.article for quote in answer.quotes))} == {"de"}


def test_of_a_story_that_several_languages_tell_the_part_in_one_is_told(tmp_path: Path) -> None:
    told = [
        replace(each, article=replace(each.article, language=language))
        for each, language in zip(reports(BRIDGE, "Gazette", "Herald"), ("en", "de", "en"), strict=True)
    ]
    with opened(tmp_path, answer_from=0.0) as room:
        room.add([*told, *reports(ORCHID, "Post"), *reports(FILLERS, "Express", day=0)])
        assert [story for story in room.latest(limit=50).stories if len(story.articles) == 3] != [], (
            "or nothing is tested"
        )
        for stories in (
            room.latest(language="de").stories,
            room.ask("What happened with the Osterwald bridge?", language="de").stories,
        ):
            assert [each.title for story in stories for each in story.articles] == [BRIDGE[1][0]]


def test_scopes_are_joined() -> None:
    assert Scope(language="de").narrowed(Scope(source="A")) == Scope(source="A", language="de")
    assert Scope().narrowed(Scope(language="de")) == Scope(language="de")
    assert Scope(language="fr").narrowed(Scope(language="de")) == Scope(language="fr")


def test_it_follows_what_comes_and_goes_and_a_restart(tmp_path: Path) -> None:
    def columns(room: Newsroom) -> tuple[list[str], tuple[str, ...]]:
        index = room.corpus().index
        codes = {number: code for code, number in index.language_numbers.items()}
        rows = np.flatnonzero(index.dense.alive)
        return [codes[number] for number in index.tongues[rows].tolist()], index.languages

    with opened(tmp_path) as room:
        for id_, text in TEXTS.items():
            room.add([article(id_, text)])
        room.remove("https://fr.example/marlo", "a test")
        assert columns(room) == (["en", "de", "es"], ("de", "en", "es"))
        with pytest.raises(InvalidQuestion, match="some in: German, English, Spanish"):
            room.latest(language="fr")
        served = columns(room)
    with opened(tmp_path) as room:
        assert columns(room) == served
        assert found(room, "es") == {"es"}


class TestOfQuestions:
    def of(self, room: Newsroom, question: str, preferred: str | None = None) -> str | None:
        return check(room.corpus(), question, EVERYTHING, 1, preferred).language

    def test_is_that_of_their_words(self, room: Newsroom) -> None:
        assert self.of(room, "Wie viele Menschen brachte die Küstenwache an Land?", "fr") == "de"
        assert self.of(room, "How many people were brought ashore?") == "en"

    def test_else_that_of_the_articles_that_are_asked_for(self, room: Newsroom, tmp_path: Path) -> None:
        assert check(room.corpus(), "NATO", Scope(language="de"), 1, "fr").language == "de"
        with opened(tmp_path) as german:
            german.add([article("de", TEXTS["de"])])
            assert self.of(german, "NATO") == "de"
            assert self.of(german, "NATO", "fr") == "fr"

    def test_else_the_one_that_whoever_asks_prefers(self, room: Newsroom) -> None:
        assert self.of(room, "NATO", "de-AT") == "de"
        assert self.of(room, "NATO", "nonsense") is None
        assert self.of(room, "NATO") is None
