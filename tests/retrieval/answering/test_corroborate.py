"""Who else reports a statement, and who contradicts it: tables of pairs, and properties over any text."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.corroborate import (
    CONTRADICTING,
    ClaimsMade,
    Contradiction,
    compare,
    contradiction,
    is_copy,
    reporters,
    sentences_of,
)
from retrieval.answering.spans import Span
from retrieval.answering.statements import read_statement
from retrieval.article import Article
from retrieval.index.stored import StoredArticle
from retrieval.text.domains import outlet_key
from retrieval.text.figures import find_figures
from retrieval.text.sentences import sentence_spans

DAY = date(2025, 3, 5)  # a Wednesday
OWN_WORDS = {
    "Tagus Post": "Rescuers dug through the night beside the river. Schools stay shut until further word comes.",
    "Minho Times": "A reporter on the quay counted ambulances by the dozen. Trams were halted for hours.",
    "Algarve Wire": "Neighbours had complained about the pipes for years. Engineers are to look at them in April.",
    "Douro Radio": "Listeners called in with what they had seen from their windows. The line was busy all morning.",
}


def stored(
    body: str,
    source: str | None = "Tagus Post",
    day: date | None = DAY,
    key: int = 0,
    title: str = "Lisbon: what Mayor Costa knows",
) -> StoredArticle:
    article = Article(f"{source}-{key}", title, body, None, source, day)
    return StoredArticle(key or sum(map(ord, f"{source}{day}{body}")), article, tuple(sentence_spans(body)))


def claim(sentence: str, source: str | None = "Tagus Post", day: date | None = DAY, **more: object) -> Span:
    """The sentence in an article of its outlet, which goes on in its own words."""
    body = f"{sentence} {OWN_WORDS.get(source or '', 'Nothing else is known.')}"
    return Span(stored(body, source, day, **more), 0, len(sentence))  # pyright: ignore[reportArgumentType]


def texts(found: Contradiction | None) -> list[str]:
    return [item.text for item in found.claims] if found else []


SAME = [
    ("The blast in Lisbon killed 12 people.", "The blast in Lisbon killed twelve people."),
    ("The blast in Lisbon killed 12 people.", "The explosion in Lisbon killed 12."),
    ("Some 5,000 people left Lisbon by train.", "Some 5000 people left Lisbon by train."),
    ("Acme bought the Lisbon shipyard for $5bn.", "Acme bought the Lisbon shipyard for $5 billion."),
    ("Acme bought the Lisbon shipyard for 5 billion dollars.", "Acme bought the Lisbon shipyard for $5bn."),
    ("The blast in Lisbon killed 12 people, officials said.", "Officials said the blast in Lisbon killed 12 people."),
    ("“The bridge in Lisbon will be rebuilt,” Costa said.", 'Costa said: "The bridge in Lisbon will be rebuilt."'),
    ("Mayor Ana Costa opened the bridge in Lisbon.", "Costa opened the bridge in Lisbon."),
    ("Turnout in the Lisbon election was 61 percent.", "Turnout in the Lisbon election was 61%."),
    ("The court in Lisbon did not free the captain.", "The court in Lisbon didn’t free the captain."),
]
FIGURES = [
    ("The blast in Lisbon killed 12 people.", "The blast in Lisbon killed 14 people."),
    ("The blast in Lisbon killed 12 people.", "The explosion in Lisbon killed fourteen people."),
    ("The blast in Lisbon killed at least 12 people.", "The blast in Lisbon killed at least 14 people."),
    ("The blast in Lisbon killed 12 people.", "The blast in Lisbon killed more than 20 people."),
    ("The blast in Lisbon killed 12 and injured 30.", "The blast in Lisbon killed 14 and injured 30."),
    ("Twelve people were killed in the Lisbon blast.", "14 people were killed in the Lisbon blast, police said."),
    ("The death toll of the Lisbon blast rose to 12.", "The death toll of the Lisbon blast climbed to 14."),
    ("Acme will pay $5bn for the Lisbon shipyard.", "Acme will pay $6 billion for the Lisbon shipyard."),
    ("Repairs of the Lisbon bridge cost €1.2m.", "Repairs of the Lisbon bridge cost €1.5 million."),
    ("Turnout in the Lisbon election was 61 percent.", "Turnout in the Lisbon election was 64%."),
    ("The march in Lisbon drew 5,000 people.", "The march in Lisbon drew 9,000 people."),
    ("The blast in Lisbon killed 12 people on Monday.", "The blast in Lisbon killed 14 people on Monday."),
]
DENIAL = [
    ("Mayor Costa knew of the cracked pipes in Lisbon.", "Mayor Costa did not know of the cracked pipes in Lisbon."),
    ("Acme paid the captain for the Lisbon cargo.", "Acme never paid the captain for the Lisbon cargo."),
    ("Costa has signed the Lisbon bridge contract.", "Costa hasn't signed the Lisbon bridge contract."),
    ("Costa took money from Acme in Lisbon.", "Costa denied taking money from Acme in Lisbon."),
    ("Costa will close the Lisbon shipyard gates.", "Costa won’t close the Lisbon shipyard gates."),
]
NEITHER = [
    # rounded, bounded or compatible figures
    ("The blast in Lisbon killed about 12 people.", "The blast in Lisbon killed 14 people."),
    ("The blast in Lisbon killed more than 10 people.", "The blast in Lisbon killed 14 people."),
    ("The blast in Lisbon killed at least 12 people.", "The blast in Lisbon killed 14 people."),
    ("The blast in Lisbon killed up to 20 people.", "The blast in Lisbon killed 14 people."),
    ("Nearly 2 million people in Lisbon voted early.", "Some 1.9 million people in Lisbon voted early."),
    ("The march in Lisbon drew 5,000 people.", "The march in Lisbon drew 5,200 people."),
    ("Acme will pay $5bn for the Lisbon shipyard.", "Acme will pay $5.2 billion for the Lisbon shipyard."),
    ("The march in Lisbon drew dozens of people.", "The march in Lisbon drew 40 people."),
    ("The blast in Lisbon killed a dozen people.", "The blast in Lisbon killed 13 people."),
    # other things, units, places, people, days, periods
    ("The blast in Lisbon killed 12 people.", "The blast in Porto killed 14 people."),
    ("The blast in Lisbon killed 12 people.", "The blast in Lisbon injured 14 people."),
    ("The blast in Lisbon killed 12 people.", "The blast in Lisbon killed 14 dogs and 3 people."),
    ("Acme will pay $5bn for the Lisbon shipyard.", "Acme will pay €6bn for the Lisbon shipyard."),
    ("The blast in Lisbon killed 12 people on Monday.", "The blast in Lisbon killed 14 people on Tuesday."),
    ("Acme of Lisbon lost $5m in the first quarter.", "Acme of Lisbon lost $6m in the second quarter."),
    ("Acme of Lisbon lost $5m in 2023.", "Acme of Lisbon lost $6m in 2024."),
    ("Acme of Lisbon lost $5m last month.", "Acme of Lisbon lost $6m last week."),
    ("Another 12 people were killed in Lisbon.", "14 people were killed in Lisbon."),
    ("The blast killed 12 people in the north of Lisbon.", "The blast killed 14 people in the south of Lisbon."),
    ("Turnout among men in Lisbon was 61 percent.", "Turnout among women in Lisbon was 64 percent."),
    ("Porto sent Lisbon 12 fire engines.", "Lisbon sent Porto 14 fire engines."),
    ("Winds near Lisbon reached 90 mph.", "Winds near Lisbon reached 70 mph."),
    # figures that name, and lines that are no sentences
    ("Lisbon lost game 3 of the harbour cup.", "Lisbon lost game 4 of the harbour cup."),
    ("The Boeing 737 landed safely in Lisbon.", "The Boeing 747 landed safely in Lisbon."),
    ("Captain Ana Costa, 45, left the Lisbon court.", "Captain Ana Costa, 46, left the Lisbon court."),
    ("Lisbon blast kills 12", "Lisbon blast kills 14"),
    # no denials
    ("Costa did not only sign the Lisbon bridge contract.", "Costa signed the Lisbon bridge contract."),
    ("Costa may sign the Lisbon bridge contract.", "Costa did not sign the Lisbon bridge contract."),
    ("Costa signed the Lisbon bridge contract.", "Pereira did not sign the Lisbon bridge contract."),
    ("Two crew but no passengers were lost off Lisbon harbour.", "Two crew were lost off Lisbon harbour."),
    ("Shares of Acme in Lisbon rose on the news.", "Shares of Acme in Lisbon fell on the news."),
    ("The weather in Lisbon was mild.", "Ministers meet again in June."),
]
PAIRS = [
    *((*pair, "same") for pair in SAME),
    *((*pair, "figures") for pair in FIGURES),
    *((*pair, "denial") for pair in DENIAL),
    *((*pair, None) for pair in NEITHER),
]


@pytest.mark.parametrize(("a", "b", "expected"), PAIRS)
def test_how_two_sentences_bear_on_each_other(a: str, b: str, expected: str | None) -> None:
    one, two = claim(a), claim(b, "Minho Times")
    assert compare(one, two) == expected
    assert compare(two, one) == expected


@pytest.mark.parametrize(
    ("sentence", "later", "days", "expected"),
    [
        ("The blast in Lisbon killed {} people.", 14, 3, "figures"),  # a toll grows for days
        ("The blast in Lisbon killed {} people.", 14, 30, None),
        ("The march in Lisbon drew {} ships.", 14, 1, "figures"),
        ("The march in Lisbon drew {} ships.", 14, 4, None),
        ("Shares in Lisbon fell 12 points to {}.", 14, 1, None),  # another day's trading
        ("Support for Costa in Lisbon is at {}%.", 14, 1, None),
    ],
)
def test_figures_of_another_time_do_not_contradict(sentence: str, later: int, days: int, expected: str | None) -> None:
    after = date.fromordinal(DAY.toordinal() + days)
    assert compare(claim(sentence.format(12)), claim(sentence.format(later), "Minho Times", after)) == expected


def test_a_compound_word_counts_by_its_first_part() -> None:
    """In every process: the order of a set is another one in each."""
    parts = ["anti-government", "long-range", "student-led", "export-driven", "wind-powered", "farm-owned"]
    measured = [read_statement(f"The vote cost 12 {word} groups.", None).figures[0].after for word in parts]
    assert measured == ["anti", "long", "student", "export", "wind", "farm"]


def test_a_weekday_is_the_day_it_was() -> None:
    said = "The blast in Lisbon killed {} people on Monday."
    assert compare(claim(said.format(12)), claim(said.format(14), "Minho Times", date(2025, 3, 7))) == "figures"
    assert compare(claim(said.format(12)), claim(said.format(14), "Minho Times", date(2025, 3, 11))) is None
    assert compare(claim(said.format(12)), claim(said.format(12), "Minho Times", date(2025, 3, 11))) is None


def test_undated_tolls_are_compared_but_prices_are_not() -> None:
    toll, price = "The blast in Lisbon killed {} people.", "Shares of Acme in Lisbon cost {} euros."
    assert compare(claim(toll.format(12), day=None), claim(toll.format(14), "Minho Times")) == "figures"
    assert compare(claim(price.format(12), day=None), claim(price.format(14), "Minho Times")) is None


def test_articles_on_other_stories_are_not_compared() -> None:
    said = "The company said it would cut {} jobs this year."
    mine = claim(said.format(1200), title="Acme trims staff in Lisbon")
    assert compare(mine, claim(said.format(3400), "Minho Times", title="Globex to leave Hamburg")) is None
    assert compare(mine, claim(said.format(3400), "Minho Times", title="Lisbon: Acme cuts deep")) == "figures"


# --- corroboration ---------------------------------------------------------------------------------------

BLAST = "The blast in Lisbon killed 12 people."


def test_other_outlets_that_report_the_same_are_named_in_the_order_given() -> None:
    others = [claim("The explosion in Lisbon killed twelve people.", name) for name in ("Minho Times", "Algarve Wire")]
    assert [article.source for article in reporters(claim(BLAST), ClaimsMade.of(others))] == [
        "Minho Times",
        "Algarve Wire",
    ]
    assert [article.source for article in reporters(claim(BLAST), ClaimsMade.of(others[::-1]))] == [
        "Algarve Wire",
        "Minho Times",
    ]


def test_another_figure_or_another_statement_corroborates_nothing() -> None:
    others = [claim(BLAST.replace("12", "14"), "Minho Times"), claim("The weather in Lisbon was mild.", "Algarve Wire")]
    assert reporters(claim(BLAST), ClaimsMade.of(others)) == ()


def test_the_outlet_itself_and_the_nameless_do_not_corroborate() -> None:
    again = claim(BLAST, "tagus post", date(2025, 3, 6))
    assert reporters(claim(BLAST), ClaimsMade.of([claim(BLAST), again, claim(BLAST, None), claim(BLAST, " ")])) == ()


def test_an_outlet_counts_once() -> None:
    first, second = claim(BLAST, "Minho Times"), claim(BLAST, "The Minho Times", date(2025, 3, 6))
    assert reporters(claim(BLAST), ClaimsMade.of([first, second])) == (first.stored.article,)


def syndicated(source: str, edit: tuple[str, str] = ("", "")) -> Span:
    wire = (
        f"{BLAST} Firefighters reached the quay within minutes and led forty workers to safety. Mayor Ana Costa "
        "said the harbour would stay shut for a week while divers look at the walls. The cause is not known, "
        "though residents had smelled gas since the morning and called the city twice."
    )
    return Span(stored(wire.replace(*edit) if edit[0] else wire, source), 0, len(BLAST))


@pytest.mark.parametrize("edit", [("", ""), ("within minutes", "quickly"), (" The cause is not known,", " Still,")])
def test_a_syndicated_copy_does_not_corroborate(edit: tuple[str, str]) -> None:
    chosen, copy, report = syndicated("Tagus Post"), syndicated("Douro Radio", edit), claim(BLAST, "Minho Times")
    assert reporters(chosen, ClaimsMade.of([copy, report])) == (report.stored.article,)


def test_copies_of_one_report_count_once() -> None:
    first, second = syndicated("Douro Radio"), syndicated("Algarve Wire", ("within minutes", "quickly"))
    assert reporters(claim(BLAST), ClaimsMade.of([first, second])) == (first.stored.article,)
    assert reporters(claim(BLAST), ClaimsMade.of([second, first])) == (second.stored.article,)


def test_every_sentence_of_a_quote_must_be_reported() -> None:
    second = "Mayor Costa closed the harbour of Lisbon for a week."
    both = stored(f"{BLAST} {second} {OWN_WORDS['Tagus Post']} {OWN_WORDS['Douro Radio']}", "Tagus Post")
    quote = Span(both, 0, len(f"{BLAST} {second}"))
    assert reporters(quote, ClaimsMade.of([claim(BLAST, "Minho Times")])) == ()
    body = f"{second} Ships wait outside. {BLAST} {OWN_WORDS['Minho Times']} {OWN_WORDS['Algarve Wire']}"
    report = stored(body, "Minho Times")
    assert reporters(quote, ClaimsMade.of([Span(report, 0, len(body))])) == (report.article,)


# --- disagreement ----------------------------------------------------------------------------------------


def toll(count: int, source: str, day: date | None) -> Span:
    return claim(f"The blast in Lisbon killed {count} people.", source, day)


def test_both_sides_are_shown_newest_first() -> None:
    old, new = toll(12, "Tagus Post", date(2025, 3, 4)), toll(14, "Minho Times", date(2025, 3, 6))
    for chosen, other in ((old, new), (new, old)):
        assert contradiction([chosen], ClaimsMade.of([other])) == Contradiction((new, old), "figures", ("14", "12"))


def test_an_outlet_that_brings_its_own_figure_up_to_date_contradicts_nobody() -> None:
    first, later = toll(12, "cnn.com", DAY), toll(14, "CNN", date(2025, 3, 6))
    assert contradiction([first], ClaimsMade.of([later])) is None
    assert contradiction([first], ClaimsMade.of([later, toll(14, "Minho Times", date(2025, 3, 6))]))


def test_undated_claims_come_last() -> None:
    undated, dated = toll(12, "Tagus Post", None), toll(14, "Minho Times", DAY)
    assert contradiction([undated], ClaimsMade.of([dated])) == Contradiction((dated, undated), "figures", ("14", "12"))


def test_each_figure_is_shown_once_by_its_newest_report() -> None:
    chosen = toll(12, "Tagus Post", date(2025, 3, 3))
    others = [toll(14, "Minho Times", date(2025, 3, 4)), toll(14, "Algarve Wire", date(2025, 3, 5))]
    newest = toll(17, "Douro Radio", date(2025, 3, 6))
    found = contradiction([chosen], ClaimsMade.of([*others, newest]))
    assert found == Contradiction((newest, others[1], chosen), "figures", ("17", "14", "12"))
    assert len(texts(found)) <= CONTRADICTING


def counts(killed: int, injured: int, source: str) -> Span:
    return claim(f"The blast in Lisbon killed {killed} people and injured {injured} people.", source)


def test_each_claim_is_shown_with_its_own_figure_for_the_thing_in_dispute() -> None:
    chosen, more_dead = counts(12, 30, "Tagus Post"), counts(14, 30, "Minho Times")
    more_hurt = counts(12, 40, "Algarve Wire")
    found = contradiction([chosen], ClaimsMade.of([more_dead, more_hurt]))
    assert found is not None
    assert dict(zip(texts(found), found.figures, strict=True)) == {chosen.text: "12", more_dead.text: "14"}


def test_the_figure_that_most_contradict_is_shown() -> None:
    chosen, more_dead = counts(12, 30, "Tagus Post"), counts(14, 30, "Minho Times")
    hurt = [counts(12, 40, "Algarve Wire"), counts(12, 50, "Douro Radio")]
    found = contradiction([chosen], ClaimsMade.of([more_dead, *hurt]))
    assert found is not None
    assert set(found.claims) == {chosen, *hurt}
    assert set(found.figures) == {"30", "40", "50"}


def test_a_denial_is_a_disagreement() -> None:
    said, denied = (claim(text, name) for text, name in zip(DENIAL[0], ("Tagus Post", "Minho Times"), strict=True))
    found = contradiction([said], ClaimsMade.of([denied]))
    assert found is not None
    assert found.about == "denial"
    assert set(texts(found)) == set(DENIAL[0])


def test_the_sentence_of_a_longer_quote_is_found() -> None:
    body = "Smoke hung over the harbour. The blast in Lisbon killed 12 people. Trams were halted for hours."
    quote = stored(body)
    found = contradiction([Span(quote, 0, len(body))], ClaimsMade.of([toll(14, "Minho Times", date(2025, 3, 6))]))
    assert texts(found) == ["The blast in Lisbon killed 14 people.", "The blast in Lisbon killed 12 people."]


def test_an_article_that_gives_both_figures_explains_itself() -> None:
    body = f"The blast in Lisbon killed 14 people. Early on it was said that. {BLAST} Trams were halted."
    assert contradiction([claim(BLAST)], ClaimsMade.of([Span(stored(body, "Minho Times"), 0, 37)])) is None


def test_a_later_edition_of_a_text_with_another_figure_disagrees() -> None:
    first = syndicated("Tagus Post")
    revised = first.stored.article.body.replace("killed 12", "killed 14")
    later = Span(stored(revised, "Douro Radio", date(2025, 3, 6)), 0, len(BLAST))
    assert is_copy(first.stored, later.stored)
    assert texts(contradiction([first], ClaimsMade.of([later]))) == [BLAST.replace("12", "14"), BLAST]


def test_nothing_disagrees_with_nothing() -> None:
    assert contradiction([], ClaimsMade.of([])) is None
    assert contradiction([claim(BLAST)], ClaimsMade.of([])) is None
    assert reporters(claim(BLAST), ClaimsMade.of([])) == ()


# --- figures ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("twenty-one of two hundred and five", [21, 205]),
        ("1,234,567 or 5m or $1.9bn", [1_234_567, 5e6, 1.9e9]),
        ("two million, a million, half a million", [2e6, 1e6]),
        ("a dozen of 2000 people", [12, 2000]),
        ("one of the three", [3]),
        ("on March 5 at 7 p.m. in 2019", []),
        ("a 45-year-old won 2-1 in 10:30 with an F-16, 14th of 9/11", []),
        ("Smith, 45, of No. 10", []),
        ("٣ and ½ and ⅷ and 10\u00b2", [3]),
    ],
)
def test_figures_that_count(text: str, values: list[float]) -> None:
    assert [figure.value for figure in find_figures(text)] == values


# --- properties ------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    "The Lisbon blast killed injured 12 14 twelve about $5bn not never people Costa Porto on Monday Tuesday first "
    "harbour ship . , said in of rose fell 2 million denied that".split()
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=14).map(lambda words: " ".join(words) + ".")
DAYS = st.none() | st.dates()
OUTLETS = st.none() | st.sampled_from([*OWN_WORDS])


@given(SENTENCES | st.text(), SENTENCES | st.text(), DAYS, DAYS)
def test_comparing_is_symmetric_and_never_raises(a: str, b: str, day: date | None, other_day: date | None) -> None:
    one, two = claim(a, "Tagus Post", day), claim(b, "Minho Times", other_day)
    assert compare(one, two) == compare(two, one)


@given(st.text(), st.text(max_size=30))
def test_any_text_can_be_asked_about(body: str, source: str) -> None:
    mine, other = (Span(stored(body, name, key=key), 0, len(body)) for key, name in ((1, source), (2, "Minho Times")))
    assert set(reporters(mine, ClaimsMade.of([other]))) <= {other.stored.article}
    assert contradiction([mine], ClaimsMade.of([other, mine])) is None
    assert all(figure.low <= figure.value <= figure.high for figure in find_figures(body))


@given(st.lists(SENTENCES, min_size=1, max_size=5), DAYS)
def test_a_text_never_disagrees_with_its_copy(sentences: list[str], day: date | None) -> None:
    body = " ".join(sentences)
    mine, copy = (Span(stored(body, name, day), 0, len(body)) for name in ("Tagus Post", "Minho Times"))
    assert contradiction([mine], ClaimsMade.of([copy])) is None
    assert reporters(mine, ClaimsMade.of([copy])) == ()


@given(st.lists(st.tuples(SENTENCES, OUTLETS, DAYS), max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_the_evidence_does_not_matter(items: list, random) -> None:
    claims = [claim(text, source, day, key=key) for key, (text, source, day) in enumerate(items, 1)]
    chosen = claim(BLAST, "Tagus Post", DAY, key=99)
    shuffled = random.sample(claims, len(claims))
    assert contradiction([chosen], ClaimsMade.of(claims)) == contradiction([chosen], ClaimsMade.of(shuffled))
    named, again = (
        {outlet_key(article.source) for article in reporters(chosen, ClaimsMade.of(some))}
        for some in (claims, shuffled)
    )
    assert named == again


TWO_COUNTS = st.tuples(st.integers(2, 5), st.integers(6, 9))


@given(TWO_COUNTS, st.lists(TWO_COUNTS, max_size=3))
def test_the_figures_shown_are_those_of_one_thing_and_all_differ(
    mine: tuple[int, int], others: list[tuple[int, int]]
) -> None:
    first, *rest = (counts(*pair, name) for pair, name in zip([mine, *others], OWN_WORDS, strict=False))
    found = contradiction([first], ClaimsMade.of(rest))
    assert (found is None) == all(pair == mine for pair in others)
    if found:
        killed, injured = zip(*(re.findall(r"\d+", text) for text in texts(found)), strict=True)
        assert found.figures in (killed, injured)
        assert len(set(found.figures)) == len(found.figures)


@given(st.lists(SENTENCES, min_size=1, max_size=4))
def test_a_claim_is_its_sentences(sentences: list[str]) -> None:
    article = stored(" ".join(sentences))
    whole = Span(article, 0, len(article.article.body))
    assert [(part.start, part.end) for part in sentences_of(whole)] == list(article.sentences)
    assert sentences_of(Span(article, 0, 1)) == [Span(article, 0, 1)]
