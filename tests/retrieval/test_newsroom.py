"""Questions over the seed article, and over a few articles of several outlets and dates."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from retrieval.answer import Answer
from retrieval.errors import InvalidQuestion
from retrieval.newsroom import Newsroom, NewsroomSettings


def assert_verbatim(answer: Answer) -> None:
    for quote in answer.quotes:
        assert quote.text == quote.article.body[quote.start : quote.end]
        assert quote.text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What did Rutte say about Russia?", "Rutte"),
        ("Why is there no ceasefire yet?", "30-day ceasefire"),
        ("What does Rutte say about the US nuclear deterrent?", "nuclear deterrent"),
        ("Does defense spending exceed that of the Cold War era?", "Cold War"),
        ("Who is the Secretary General of NATO?", "NATO Secretary General Mark Rutte"),
    ],
)
def test_the_seed_answers(seed_room: Newsroom, question: str, told: str) -> None:
    answer = seed_room.ask(question)
    assert answer.answered
    assert answer.quotes
    assert answer.nearest == ()
    assert told in " ".join(quote.text for quote in answer.quotes)
    assert_verbatim(answer)


@pytest.mark.parametrize(
    "question",
    [
        "What is the capital of Peru?",
        "Who won the 2018 World Cup?",
        "How do I bake sourdough bread?",
        "What is the price of bitcoin?",
        "Who is the president of France?",
    ],
)
def test_the_seed_does_not_answer(seed_room: Newsroom, question: str) -> None:
    answer = seed_room.ask(question)
    assert not answer.answered
    assert answer.quotes == ()
    assert [article.title for article in answer.nearest] == [
        "NATO chief demands faster Russian action to end Ukraine conflict"
    ]
    assert answer.confidence < 0.4


@pytest.mark.parametrize("question", ["What is the capital of Peru?", "Who won the 2018 World Cup?"])
def test_what_has_nothing_to_do_with_the_articles_gets_headlines_only(seed_room: Newsroom, question: str) -> None:
    answer = seed_room.ask(question)
    assert (answer.answered, answer.quotes, answer.disagreement) == (False, (), None)
    assert answer.nearest
    assert answer.confidence < 0.1  # far below what may bear on a question


def test_what_does_not_suffice_for_an_answer_may_bear_on_the_question(tmp_path: Path) -> None:
    question = "How many people did the blast in Lisbon kill?"
    with opened(tmp_path, a_report("Tagus Post", "2025-03-05", "12", OWN_WORDS[0])) as room:
        answer = room.ask(question, as_of=date(2025, 3, 6))
    assert answer.answered
    settings = NewsroomSettings(tmp_path / "data", tmp_path / "seeds")

    def asked(answer_from: float) -> Answer:
        with Newsroom.open(replace(settings, answer_from=answer_from)) as room:
            return room.ask(question, as_of=date(2025, 3, 6))

    strict = asked(1.0)
    assert (strict.answered, strict.quotes, strict.nearest) == (False, answer.quotes, ())
    assert strict.confidence == answer.confidence
    assert_verbatim(strict)


@pytest.mark.parametrize("question", ["", "   ", "?!", "…"])
def test_no_question(seed_room: Newsroom, question: str) -> None:
    with pytest.raises(InvalidQuestion, match="Ask a question"):
        seed_room.ask(question)


def test_too_long_a_question(seed_room: Newsroom) -> None:
    with pytest.raises(InvalidQuestion, match="1,000"):
        seed_room.ask("why " * 400)


def test_key_points_are_never_quotes(seed_room: Newsroom) -> None:
    answer = seed_room.ask("Has the U.S. conveyed to NATO that Russia must increase its actions?")
    article = answer.quotes[0].article if answer.quotes else answer.nearest[0]
    assert len(article.key_points) == 3
    for quote in answer.quotes:
        assert not any(point in quote.text for point in article.key_points)


def test_many_may_ask_at_once(seed_room: Newsroom) -> None:
    answers: list[Answer] = []
    threads = [
        threading.Thread(target=lambda: answers.append(seed_room.ask("What did Rutte say about Russia?")))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 20
    assert len({answer.quotes for answer in answers}) == 1


def test_a_thread_that_ends_leaves_no_connection_open(seed_room: Newsroom) -> None:
    for _ in range(20):
        thread = threading.Thread(target=seed_room.status)
        thread.start()
        thread.join()
    assert len(seed_room._machinery.store._connections._open) <= 2


def test_an_endless_sentence_is_not_answered_with_other_sentences(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    endless = "The submarine Turtle was built by Bushnell " + "and painted green " * 250 + "in 1775."
    (seeds / "endless.txt").write_text(f"The submarine Turtle\n{endless}\n")
    (seeds / "other.txt").write_text("Talks in Geneva\nThe talks went on. Delegates urged patience.\n")
    with Newsroom.open(NewsroomSettings(tmp_path / "data", seeds)) as room:
        room.reload()
        answer = room.ask("Who built the submarine Turtle?")
    assert (answer.answered, answer.quotes) == (False, ())
    assert answer.nearest[0].title == "The submarine Turtle"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Reports of two outlets over a year, an undated one, and one that is copied word for word."""
    seeds: Path = tmp_path_factory.mktemp("seeds")
    flood = "Floods in Valdoria killed 12 people on Monday. The river Aster burst its banks near the old mill."
    lines = [
        ("flood-1", "Floods hit Valdoria", flood, "Morning Post", "2025-03-04"),
        ("flood-2", "Valdoria floods", flood, "Evening Star", "2025-03-05T09:30:00+00:00"),
        (
            "flood-3",
            "Flood defences voted",
            "Valdoria's council voted to raise the Aster dyke.",
            "Evening Star",
            "2025-09-01",
        ),
        (
            "cup",
            "Rowers win the cup",
            "The Valdoria rowing eight won the Northern Cup in Tarn.",
            "Morning Post",
            "2025-06-01",
        ),
        (
            "undated",
            "A short history of Valdoria",
            "Valdoria was founded by millers along the river Aster.",
            None,
            None,
        ),
    ]
    with (seeds / "wire.jsonl").open("w") as file:
        for id_, title, text, source, published in lines:
            record = {"id": id_, "title": title, "text": text, "url": f"https://news.example/{id_}"}
            record |= {"source": source} if source else {}
            record |= {"published": published} if published else {}
            file.write(json.dumps(record) + "\n")
    with Newsroom.open(NewsroomSettings(tmp_path_factory.mktemp("data"), seeds)) as room:
        room.reload()
        yield room


def test_a_statement_of_two_outlets_is_shown_once(room: Newsroom) -> None:
    answer = room.ask("How many people did the floods in Valdoria kill?", as_of=date(2025, 3, 6))
    assert answer.answered
    assert sum("killed 12" in quote.text for quote in answer.quotes) == 1
    assert_verbatim(answer)


def opened(folder: Path, *reports: tuple[str, str, str, str]) -> Newsroom:
    """A newsroom over reports, each an outlet, a date, a title and a body; ids are the outlets."""
    seeds = folder / "seeds"
    seeds.mkdir()
    with (seeds / "wire.jsonl").open("w") as file:
        for source, published, title, text in reports:
            url = f"https://{source.split()[0].casefold()}.example/1"
            record = {"id": source, "title": title, "text": text, "source": source, "published": published, "url": url}
            file.write(json.dumps(record) + "\n")
    room = Newsroom.open(NewsroomSettings(folder / "data", seeds))
    room.reload()
    return room


BLAST = ("Harbour blast in Lisbon: Mayor Costa visits", "The blast at the harbour of Lisbon killed {} people.")
OWN_WORDS = (
    "Mayor Ana Costa came to the quay at noon. Divers searched the water until dark.",
    "Reporters saw Mayor Ana Costa speak with the crews of two tugs. Trams stood still for hours.",
    "Residents had smelled gas since the morning, and told Mayor Ana Costa so. Schools stay shut.",
)


def a_report(source: str, day: str, dead: str, own_words: str) -> tuple[str, str, str, str]:
    return source, day, BLAST[0], f"{BLAST[1].format(dead)} {own_words}"


def test_other_outlets_that_say_the_same_are_named_and_copies_count_once(tmp_path: Path) -> None:
    reports = (
        a_report("Tagus Post", "2025-03-05", "12", OWN_WORDS[0]),
        a_report("Minho Times", "2025-03-05", "twelve", OWN_WORDS[1]),
        a_report("Algarve Wire", "2025-03-04", "12", OWN_WORDS[2]),
        a_report("Douro Radio", "2025-03-04", "12", OWN_WORDS[2]),  # carries the wire's report
    )
    with opened(tmp_path, *reports) as room:
        answer = room.ask("How many people did the blast in Lisbon kill?", as_of=date(2025, 3, 6))
    assert answer.answered
    assert_verbatim(answer)
    (quote,) = (quote for quote in answer.quotes if "killed" in quote.text)
    named = {quote.article.source, *(article.source for article in quote.also_reported_by)}
    assert {"Tagus Post", "Minho Times"} <= named
    assert len(named & {"Algarve Wire", "Douro Radio"}) == 1
    assert len(quote.also_reported_by) == 2
    assert answer.disagreement is None


def test_reports_that_give_another_figure_are_shown_newest_first(tmp_path: Path) -> None:
    reports = (
        a_report("Tagus Post", "2025-03-04", "12", OWN_WORDS[0]),
        a_report("Minho Times", "2025-03-05", "14", OWN_WORDS[1]),
        a_report("Algarve Wire", "2025-03-05", "14", OWN_WORDS[2]),
    )
    with opened(tmp_path, *reports) as room:
        answer = room.ask("How many people did the blast in Lisbon kill?", as_of=date(2025, 3, 6))
        before = room.ask("How many people did the blast in Lisbon kill?", as_of=date(2025, 3, 4))
    assert answer.answered
    found = answer.disagreement
    assert found is not None
    assert found.about == "figures"
    assert found.figures == ("14", "12")
    assert [quote.text for quote in found.quotes] == [BLAST[1].format(14), BLAST[1].format(12)]
    for quote in found.quotes:
        assert quote.text == quote.article.body[quote.start : quote.end]
        assert (quote.link or "").startswith(f"{quote.article.url}#:~:text=")
    assert before.answered
    assert before.disagreement is None


def test_a_report_that_denies_another_is_shown_with_it(tmp_path: Path) -> None:
    knew = "Mayor Ana Costa knew of the cracked gas pipes in Lisbon."
    title = "Harbour blast in Lisbon: what Mayor Costa knew"
    with opened(
        tmp_path,
        ("Tagus Post", "2025-03-04", title, f"{knew} Divers searched the water until dark."),
        ("Minho Times", "2025-03-05", title, f"{knew.replace('knew', 'did not know')} Trams stood still for hours."),
    ) as room:
        answer = room.ask("Did Mayor Costa know of the cracked gas pipes in Lisbon?", as_of=date(2025, 3, 6))
    assert answer.answered
    assert answer.disagreement is not None
    assert answer.disagreement.about == "denial"
    assert [quote.article.source for quote in answer.disagreement.quotes] == ["Minho Times", "Tagus Post"]


def test_as_of_hides_what_came_later(room: Newsroom) -> None:
    for day, found in (("2025-03-03", set()), ("2025-03-04", {"flood-1"}), ("2025-03-05", {"flood-1", "flood-2"})):
        hits = room.search("Valdoria floods river Aster", as_of=date.fromisoformat(day), limit=20)
        assert {hit.passage.article.id for hit in hits} - {"undated"} == found


def test_since_and_source_narrow(room: Newsroom) -> None:
    hits = room.search("Valdoria", since=date(2025, 6, 1), limit=20)
    assert {hit.passage.article.id for hit in hits} == {"cup", "flood-3"}
    hits = room.search("Valdoria", source="evening star", limit=20)
    assert {hit.passage.article.source for hit in hits} == {"Evening Star"}
    with pytest.raises(InvalidQuestion, match="Evening Star"):
        room.ask("What happened in Valdoria?", source="evning star")


def test_latest_is_newest_first_and_undated_last(room: Newsroom) -> None:
    stories = room.latest(limit=10).stories
    told = [[article.id for article in story.articles] for story in stories]
    assert told == [["flood-3"], ["cup"], ["flood-2", "flood-1"], ["undated"]]
    for story in stories:
        assert story.quotes
        for quote in story.quotes:
            assert quote.article in story.articles
            assert quote.text == quote.article.body[quote.start : quote.end]


def test_latest_about_a_topic(room: Newsroom) -> None:
    assert [story.lead.id for story in room.latest("rowing").stories] == ["cup"]
    assert room.latest("quantum computing").stories == ()
    assert [story.lead.id for story in room.latest(since=date(2025, 6, 1)).stories] == ["flood-3", "cup"]


def test_latest_as_of_a_day_shows_nothing_published_later(room: Newsroom) -> None:
    def shown(topic: str | None, day: str, since: date | None = None) -> list[str]:
        news = room.latest(topic, as_of=date.fromisoformat(day), since=since, limit=10)
        return [story.articles[0].id for story in news.stories]

    assert shown(None, "2025-03-04") == ["flood-1", "undated"]
    assert shown(None, "2025-03-05") == ["flood-2", "undated"]
    assert shown(None, "2025-06-30", since=date(2025, 3, 5)) == ["cup", "flood-2"]
    assert shown("rowing cup", "2025-06-01") == ["cup"]
    assert "cup" not in shown("rowing cup", "2025-05-31")
    assert shown("rowing cup", "2025-05-31", since=date(2025, 5, 1)) == []


def test_links_highlight_the_quote(room: Newsroom) -> None:
    answer = room.ask("Who won the Northern Cup?", as_of=date(2025, 6, 3))
    assert (answer.quotes[0].link or "").startswith("https://news.example/cup#:~:text=")


def test_status(room: Newsroom) -> None:
    status = room.status()
    assert (status.articles, status.sources, status.notice) == (5, 2, None)
    assert (status.oldest, status.newest) == (date(2025, 3, 4), date(2025, 9, 1))
    assert room.outlets() == ("Evening Star", "Morning Post")


def test_days_in_the_question_narrow_the_search_and_are_said(room: Newsroom) -> None:
    answer = room.ask("What happened in Valdoria since 1 June 2025?", as_of=date(2025, 9, 2))
    assert str(answer.narrowed) == "articles since 1 June 2025"
    assert {article.id for article in answer.nearest} | {quote.article.id for quote in answer.quotes} <= {
        "cup",
        "flood-3",
    }
    assert room.ask("What happened in Valdoria?").narrowed is None


def test_an_outlet_in_the_question_narrows_the_search(room: Newsroom) -> None:
    answer = room.ask("What did the Valdoria council vote on, according to the Evening Star?")
    assert str(answer.narrowed) == "articles from Evening Star"
    assert {quote.article.source for quote in answer.quotes} <= {"Evening Star"}


def test_days_that_leave_nothing_are_dropped_and_that_is_said(room: Newsroom) -> None:
    answer = room.ask("Who won the Northern Cup yesterday?", as_of=date(2025, 12, 24))
    assert answer.narrowed is not None
    assert str(answer.narrowed).startswith("all articles, as there are no articles")
    assert answer.quotes or answer.nearest
