"""What questions say about time and outlets; what only looks like it gives no filter."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.understanding import understand
from retrieval.article import EVERYTHING, Narrowing, instant, instant_end
from tests.support.bag_of_words import BAG_OF_WORDS
from tests.support.processes import PYTHONPATH

NOW = datetime(2024, 6, 12, 18, 0, tzinfo=UTC)  # a Wednesday
OUTLETS = ("cnn.com", "e.newsletters.cnn.com", "Reuters", "The Guardian", "nytimes.com", "BBC News", "theweek.co.uk")


def days(question: str, now: datetime = NOW) -> tuple[str | None, str | None]:
    named = understand(question, now, OUTLETS).named
    return _without_this_year(named.since), _without_this_year(named.until)


def _without_this_year(day: date | None) -> str | None:
    return day.isoformat().removeprefix("2024-") if day else None


WINDOWS = [
    # spans counted from now
    ("What happened yesterday in Lagos?", "06-11", None),
    ("what did the minister say last night", "06-11", None),
    ("What did parliament vote on today?", "06-11", None),
    ("Who resigned this morning?", "06-11", None),
    ("Which bridge collapsed this week?", "06-04", None),
    ("Who won this week’s debate?", "06-04", None),
    ("Which minister said this week that she will step down?", "06-04", None),
    ("What was decided last week?", "06-03", "06-11"),
    ("Who scored in last weekend's derby?", "06-07", "06-11"),
    ("Who scored over the weekend?", "06-07", "06-11"),
    ("Which airline went bankrupt earlier this month?", "05-12", None),
    ("Which airline went bankrupt last month?", "05-01", None),
    ("What did Rutte say in the last three days?", "06-09", None),
    ("How often was Kharkiv hit in the past 24 hours?", "06-11", None),
    ("What changed over the past month?", "05-12", None),
    ("What changed in the last few weeks?", "04-24", None),
    ("Who won the cup this past week?", "06-05", None),
    ("Which train derailed two weeks ago?", "05-26", None),
    # weekdays
    ("Who was elected on Tuesday?", "06-11", None),
    ("Who was elected on Sunday?", "06-09", "06-11"),
    ("Who won Sunday's election?", "06-09", None),
    ("who won sunday’s election", "06-09", None),
    ("Which court ruled Friday that the law stands?", "06-07", "06-09"),
    ("What was agreed last Sunday?", "06-09", "06-11"),
    ("What was agreed last Monday?", "06-03", None),
    ("What was agreed on Wednesday?", "06-05", None),
    ("What has Rutte said since Monday?", "06-10", None),
    ("What happened early Thursday in Kenya?", "06-06", "06-08"),
    # dates
    ("What did Rutte say since 3 June?", "06-03", None),
    ("What did Rutte say on 3 June?", "06-03", "06-05"),
    ("What did Rutte say on June 3rd?", "06-03", "06-05"),
    ("What did Rutte say on Monday, 3 June 2024?", "06-03", "06-05"),
    ("What happened in Prague on 21 December 2023?", "2023-12-21", "2023-12-23"),
    ("What happened in Prague on Dec. 21, 2023?", "2023-12-21", "2023-12-23"),
    ("What happened in Prague on 2023-12-21?", "2023-12-21", "2023-12-23"),
    ("What happened in Prague on 21/12/2023?", "2023-12-21", "2023-12-23"),
    ("Who died in the shooting in Prague on 21 December 2023?", "2023-12-21", None),
    ("How much aid was sent since the invasion began on 24 February?", "02-24", None),
    ("Between 3 and 9 June, how many flights were cancelled?", "06-03", "06-11"),
    ("How many flights were cancelled between 3 and 9 May?", "05-03", "05-11"),
    ("What was said between June 3 and 5 about Gaza?", "06-03", "06-07"),
    ("What was said from 28 December to 3 January 2024 about Gaza?", None, None),
    ("What was said from 28 December 2023 to 3 January 2024 about Gaza?", "2023-12-28", "01-05"),
    # months and years
    ("What happened in June?", "06-01", None),
    ("what happened in may in georgia", "05-01", None),
    ("What happened in March?", "03-01", "05-01"),
    ("What happened in early June 2023?", "2023-06-01", "2023-07-31"),
    ("In February 2023, which balloon was shot down?", "2023-02-01", "2023-03-31"),
    ("Who resigned in 2019?", "2019-01-01", "2020-03-30"),
    ("During 2023, who led the party?", "2023-01-01", "03-30"),
    ("Which party won seats in 2024?", "01-01", None),
    ("What has the bank said since 2019?", "2019-01-01", None),
    ("Which deals were struck before March 2024?", None, "03-02"),
    ("What was known before 2023?", None, "2023-01-02"),
    ("What has changed since March?", "03-01", None),
    ("What has Putin said since the Moscow attack in March?", "03-01", None),
    ("Who has been arrested since the protests began last Friday?", "06-07", None),
    ("Which train derailed a year ago today?", None, None),
    # two times: any of them may be meant
    ("Who said this week that the coup in 2021 was a mistake?", "2021-01-01", None),
]


@pytest.mark.parametrize(("question", "since", "until"), WINDOWS, ids=[row[0] for row in WINDOWS])
def test_a_time_becomes_a_window(question: str, since: str | None, until: str | None) -> None:
    assert days(question) == (since, until)


NO_WINDOW = """
Who won the 2018 World Cup?
Who leads the polls for the 2024 election?
What is in the 2026 budget?
Which country won in 2018 World Cup qualifying?
What does Agenda 2030 demand?
Which city plans to ban cars by 2030?
Who will host the games in 2028?
What will open in Rome in 2024?
Who wrote 1984?
What happens next week in Geneva?
What opens tomorrow?
Who will speak on Tuesday?
Which vote could be held in November?
Which film is set to open on Friday?
When did Rutte become secretary general?
In how many days was the bill passed?
Which firm tries a four-day week?
Who broke the 30-day ceasefire?
How many years did she serve?
Who died aged 43?
Which bird was seen for the first time in 50 years?
Unemployment is the highest since 1994 where?
Which team won its first title since 2019?
Who has scored the most goals since June?
How far have prices risen in the past 50 years?
Which animal was frozen 46,000 years ago?
How many tickets may be sold?
Which of the 5 may be deported?
What did Theresa May say about Brexit?
What has changed since May resigned?
Who served in May's cabinet?
Who will march on Washington?
Which team beat Sheffield Wednesday?
What did shops offer on Black Friday?
What did the Sunday Times reveal?
Which film is about Friday the 13th?
Where is school taught from Monday to Friday?
Who presents Last Week Tonight?
Who owns USA TODAY?
Who is king in today's Spain?
What does the song "Yesterday" mean?
What happened on the last Sunday of the tour?
What happened in the last week of the campaign?
Who won the second debate?
What did The Sun print?
How many days are in February?
Who was beaten in Mar-a-Lago?
What happened in 2019 and 2020?
What happened in June and July?
What happened on 5/6/2023?
What happened on 31 June?
What happened in December 2025?
Who chairs the January 6 committee?
What happened on 99 June 2024?
What happened on January 6?
Which team has not won since 2010?
How long has he been in power since 2000?
Is he still prime minister today?
Why did the talks fail?
""".strip().splitlines()


@pytest.mark.parametrize("question", NO_WINDOW)
def test_what_only_looks_like_a_time_gives_no_window(question: str) -> None:
    assert understand(question, NOW, OUTLETS).named == EVERYTHING


PAST = """
What happened in Prague on 21 December 2023?
Who resigned in 2019?
Who was president in 1984?
Which deals were struck before March 2024?
Which party governed before the election?
What did he promise back in opposition?
Which bands were famous in the 1990s?
Why was it historically a market town?
Who won the cup five years ago?
Who won the 2018 World Cup?
""".strip().splitlines()
NOT_PAST = """
What happened yesterday?
What happened in May?
Who resigned this week over a speech he gave in 2019?
What has the bank said since 2019?
Who sued over the 2020 election?
Who won the 2024 Masters?
Who leads before the July 4 election?
What has Putin said since the Moscow attack in March?
Who will speak before the election?
Which 90s band reunited?
Which animal was frozen 46,000 years ago?
Who is the prime minister?
""".strip().splitlines()


@pytest.mark.parametrize("question", PAST)
def test_the_past_is_recognised(question: str) -> None:
    assert understand(question, NOW, OUTLETS).past


@pytest.mark.parametrize("question", NOT_PAST)
def test_the_present_is_not_taken_for_the_past(question: str) -> None:
    assert not understand(question, NOW, OUTLETS).past


BY_OUTLET = [
    ("How many died, according to CNN?", "cnn.com"),
    ("according to cnn who won", "cnn.com"),
    ("Who won, according to a CNN report?", "cnn.com"),
    ("Who won according to cnn.com?", "cnn.com"),
    ("What does the Guardian say about Gaza?", "The Guardian"),
    ("what did guardian write about gaza", "The Guardian"),
    ("Which leak was reported by Reuters?", "Reuters"),
    ("What was said in the New York Times about tariffs?", "nytimes.com"),
    ("Which articles from the NYT mention tariffs?", "nytimes.com"),
    ("BBC reports a fire in which city?", "BBC News"),
    ("What does The Week think of it?", "theweek.co.uk"),
    ("Why was the CNN host fired?", None),
    ("What did the host of CNN say?", None),
    ("Who at CNN said the tape was real?", None),
    ("Who is right, according to CNN host Jake?", None),
    ("Which newsroom did CNN close?", None),
    ("What is the threat, according to Fiji's minister?", None),
    ("Who won, according to CNN and Reuters?", None),
    ("Who was fired by Reuters?", None),
    ("What was done in the week after the vote?", None),
    ("Who leads, according to a Reuters/Ipsos poll?", None),
    ("Who won, according to Al Jazeera?", None),
]


@pytest.mark.parametrize(("question", "outlet"), BY_OUTLET, ids=[row[0] for row in BY_OUTLET])
def test_an_outlet_counts_where_its_reporting_is_asked_for(question: str, outlet: str | None) -> None:
    assert understand(question, NOW, OUTLETS).named.source == outlet


@pytest.mark.parametrize(
    ("name", "outlets", "meant"),
    [
        ("the New York Times", ("The New York Times", "The Times"), "The New York Times"),
        ("NYT", ("The New York Times",), "The New York Times"),
        ("NYT", ("The New York Times", "New Yarmouth Today"), None),
        ("AP", ("Associated Press",), "Associated Press"),
        ("AP", ("Associated Press", "apnews.com"), None),
        ("ap", ("Associated Press", "apnews.com"), None),
        ("the Wall Street Journal", ("www.wsj.com",), "www.wsj.com"),
        ("USA TODAY", ("usatoday.com", "usatodaysportsplus.com"), "usatoday.com"),
        ("the BBC", ("bbc.co.uk",), "bbc.co.uk"),
        ("the Guardian", ("theguardian.com",), "theguardian.com"),
        ("CNN", ("CNN", "cnn.com"), None),
        ("people", ("People",), None),
        ("the US", ("US News",), None),
        ("Le Monde", ("Le Monde",), "Le Monde"),
        ("the Süddeutsche Zeitung", ("Süddeutsche Zeitung",), "Süddeutsche Zeitung"),
    ],
)
def test_outlets_are_known_by_name_site_and_initials(name: str, outlets: tuple[str, ...], meant: str | None) -> None:
    assert understand(f"Who won, according to {name}?", NOW, outlets).named.source == meant


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What did Rutte say since 3 June?", "articles since 3 June 2024"),
        ("What was decided last week?", "articles from 3 to 11 June 2024"),
        ("What happened in April?", "articles from 1 April to 31 May 2024"),
        ("What happened in December 2023?", "articles from 1 December 2023 to 31 January 2024"),
        ("Which deals were struck before March 2024?", "articles until 2 March 2024"),
        ("What happened according to CNN?", "articles from cnn.com"),
        ("What did the Guardian say since Monday?", "articles from The Guardian since 10 June 2024"),
        ("What did the Guardian say last week?", "articles from The Guardian, 3 to 11 June 2024"),
        ("Who won the 2018 World Cup?", None),
    ],
)
def test_it_says_what_it_understood(question: str, said: str | None) -> None:
    named = understand(question, NOW, OUTLETS).named
    assert (None if named == EVERYTHING else str(Narrowing(named))) == said


def test_days_are_those_of_utc_and_cover_the_asker() -> None:
    evening_in_new_york = datetime(2024, 6, 11, 22, tzinfo=timezone(-timedelta(hours=4)))  # 12 June, 02:00 UTC
    assert days("What happened today?", evening_in_new_york) == ("06-11", None)
    assert days("What happened yesterday?", evening_in_new_york) == ("06-10", None)
    assert days("What happened yesterday?", NOW.replace(tzinfo=None)) == ("06-11", None)


def test_a_question_without_a_date_does_not_load_the_date_parser() -> None:
    check = (
        "import sys; from datetime import datetime, UTC; from retrieval.answering.understanding import understand;"
        "understand('Who won yesterday, according to CNN?', datetime.now(UTC), ['cnn.com']);"
        "assert 'dateparser' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", check], check=True)


PIECES = """in on since before between and from to the last past this of week month days three June May March 31
February 2019 2024 1990 2030 9999 Sunday's on-Tuesday yesterday today ago years according to CNN reports said what
does say , . ? “ " ' 3rd 0 99/99/2024 2024-02-30 was election first""".split()


@given(
    st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join)),
    st.datetimes(datetime(1995, 1, 1), datetime(2100, 1, 1), timezones=st.sampled_from([UTC])),
)
def test_any_question_gives_a_window_in_order_and_not_in_the_future(question: str, now: datetime) -> None:
    understood = understand(question, now, OUTLETS)
    assert understood == understand(question, now, OUTLETS)
    named = understood.named
    for day in (named.since, named.until):
        assert day is None or (type(day) is date and instant(day) <= now.timestamp())
    if named.until:
        assert instant_end(named.until) <= now.timestamp()
        assert named.since is None or named.since <= named.until
    assert (named == EVERYTHING) == (named.since is named.until is named.source is None)


def test_what_reads_days_is_there_once_a_newsroom_is_warm(tmp_path: Path) -> None:
    check = (
        "import sys; from pathlib import Path; from retrieval.newsroom import Newsroom, NewsroomSettings;"
        "room = Newsroom.open(NewsroomSettings(Path(sys.argv[1]), Path(sys.argv[1])));"
        "assert 'dateparser' not in sys.modules; room.warm_up(); assert 'dateparser' in sys.modules; room.close()"
    )
    environment = {**os.environ, "PYTHONPATH": PYTHONPATH, BAG_OF_WORDS: str(tmp_path)}
    subprocess.run([sys.executable, "-c", check, str(tmp_path)], check=True, env=environment)
