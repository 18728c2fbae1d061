"""Which questions are broad, and what they are about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.broad import topic_of

BROAD = {
    "What happened in Caracas?": "Caracas",
    "what happened in caracas": "caracas",
    "WHAT HAPPENED IN CARACAS?": "CARACAS",
    "What happened with the Osterwald bridge?": "the Osterwald bridge",
    "What happened to the ferry?": "the ferry",
    "What happened at Hollau station last night?": "Hollau station",
    "What happened yesterday in Lagos?": "Lagos",
    "What happened in Caracas last week?": "Caracas",
    "What happened in Prague on 21 December 2023?": "Prague",
    "What happened between Norway and Iceland in June?": "Norway and Iceland",
    "What has happened in Gaza since March?": "Gaza",
    "What happened in Valdoria, according to CNN?": "Valdoria",
    "According to CNN, what happened in Valdoria?": None,  # the question begins with the outlet: left as it was
    "What's happening in Sudan?": "Sudan",
    "whats going on in sudan": "sudan",
    "What is going on with the rail strike right now?": "the rail strike",
    "What’s been going on at the WHO lab?": "the WHO lab",
    "What's up with Boeing?": "Boeing",
    "What is the latest on the strike?": "the strike",
    "What's the latest from Kyiv?": "Kyiv",
    "What is the latest news about the Vesby orchid?": "the Vesby orchid",
    "What are the latest developments in the Koskela case?": "the Koskela case",
    "what is the news on brexit": "brexit",
    "What is the current situation in Haiti?": "Haiti",
    "What's the story behind the cracked girders?": "the cracked girders",
    "What's the latest on oil prices?": "oil prices",
    "What happened with oil prices?": "oil prices",
    "What is new with the Lahn ferry?": "the Lahn ferry",
    "What's new in Tampere this week?": "Tampere",
    "Anything new on the orchid theft?": "the orchid theft",
    "Any news on the ceasefire?": "the ceasefire",
    "any updates on tiktok?": "tiktok",
    "Is there any news about the missing submarine?": "the missing submarine",
    "Do you have any news about Turkey?": "Turkey",
    "News about Turkey": "Turkey",
    "latest on the tariffs": "the tariffs",
    "the latest from Brussels please": "Brussels",
    "Update on the wildfires": "the wildfires",
    "Headlines from Oslo": "Oslo",
    "What do we know about the stolen orchid?": "the stolen orchid",
    "What do we know so far about the crash in Arlen?": "the crash in Arlen",
    "What is known about the Karlsfeld fire?": "the Karlsfeld fire",
    "What can you tell me about Petra Lindholm?": "Petra Lindholm",
    "Can you tell me what happened in Osterwald?": "Osterwald",
    "Tell me about the bridge": "the bridge",
    "hey, can you please tell me about Venezuela?": "Venezuela",
    "tell me more about the chess title": "the chess title",
    "Tell me the latest on the flood": "the flood",
    "Catch me up on the Tampere tournament": "the Tampere tournament",
    "Bring me up to date on Myanmar": "Myanmar",
    "Bring me up to speed on the trial": "the trial",
    "Fill me in on the coalition talks, please": "the coalition talks",
    "Why is everyone talking about Ilmari Koskela?": "Ilmari Koskela",
    "why are people talking about gamestop": "gamestop",
    "Why is Greenland in the news?": "Greenland",
    "Why is the Louvre trending?": "the Louvre",
    "Summarise the Osterwald bridge story": "the Osterwald bridge story",
    "Summarize the news on the heat wave": "the heat wave",
    "Please summarise what happened in Vesby": "Vesby",
    "Give me a summary of the peace talks": "the peace talks",
    "a short recap of the budget row, please!": "the budget row",
    "Give me an overview of the floods in Valencia": "the floods in Valencia",
    "What is all the fuss about the new tram?": "the new tram",
    "How are things in Lebanon?": "Lebanon",
    "What about Venezuela?": "Venezuela",
    "I'd like to know what is happening in Chad": "Chad",
    "I want to know about the flood in Arlen": "the flood in Arlen",
    "Explain the rail strike": "the rail strike",
    "Tell me about the mayor's new ferry": "the mayor's new ferry",
    "What happened to Will Smith?": "Will Smith",
    "Venezuela": "Venezuela",
    "Venezuela?": "Venezuela",
    "venezuela news": "venezuela",
    "Osterwald bridge": "Osterwald bridge",
    "latest Venezuela": "Venezuela",
    "Breaking news: Osterwald bridge": "Osterwald bridge",
    "Floods in Valencia": "Floods in Valencia",
    "war in Ukraine": "war in Ukraine",
    "Rutte and Russia": "Rutte and Russia",
    "“stolen orchid”": "stolen orchid",
    "U.S. tariffs": "U.S. tariffs",
    "Boeing this week": "Boeing",
    "Covid-19": "Covid-19",
    "US military in Arlen": "US military in Arlen",
    "Osterwald birthday parade": "Osterwald birthday parade",
}

FACTUAL = """
What did Rutte say about Russia?
What did the mayor of Osterwald say?
Who closed the bridge?
Who is Petra Lindholm?
When does the bridge open again?
Where was the orchid stolen?
Why was the bridge closed?
Why did the mayor ask for a ferry?
Why is the bridge closed?
How many vehicles cross the bridge a day?
How much will the repair cost?
How did Germany react to the sanctions?
Which countries have recognised Palestine?
Which team won the cup?
Did Hungary leave NATO?
Is the bridge still closed?
Has the orchid been found?
Will the strike go on next week?
Can the plant be sold?
Are trains running today?
What is the price of oil?
What is the death toll in Valencia?
What is the capital of Norway?
What is the name of the orchid?
What is the latest version of the plan?
What is the latest country to leave the EU?
What was stolen from the garden?
What was the cause of the crash?
What does the plan cost?
What will the repair cost?
What caused the fire?
What do scientists say about the heat?
What do we know about who stole the orchid?
What do we know about the cause of the crash?
What happened when the bridge was closed?
What happened in Valencia, and how many people died?
What happened to the captain's licence?
What happened to the price of gas?
What happened to the oil price?
What happened to him?
What happened there?
What happened during the vote?
What happened?
What happened today?
What happened in March?
What happened last week?
What's new?
What’s new
WHO LEADS NATO
I'm bored
What is the latest?
Tell me more
Tell me who won
Tell me when the bridge opens
Tell me about it
Tell me about his plan
Tell me the price of oil
Summarise it
Give me the score of the match
Explain why the bridge was closed
Any news?
Give me the latest news
Top stories
What happened on January 6?
What happened in the world today?
Summarise this article
Explain how the bridge was built
Tell me about yourself
And since then?
why?
2024?
yesterday
thanks
thank you!
Bitcoin price
death toll Valencia
weather in Arlen
orchid prices
Rutte says no
Koskela won the title
he said so
hello
/latest
Wer gewann die Wahl in Kanada?
Was sagte Rutte über Russland?
¿Qué dijo Rutte sobre Rusia?
Wogegen protestieren manche Leute?
Qui a gagné les élections ?
Кто победил на выборах?
The bridge was closed after inspectors found:
A Finnish teenager won this title in Tampere, becoming the youngest champion since:
True or false: the bridge was built in 1968.
According to the road office, what will the repair cost?
"""


@pytest.mark.parametrize(
    ("question", "topic"), [*BROAD.items(), *((question, None) for question in FACTUAL.strip().split("\n"))]
)
def test_a_question_is_broad_only_where_it_surely_asks_for_a_story(question: str, topic: str | None) -> None:
    found = topic_of(question)
    assert (found.text if found else None) == topic


PIECES = st.sampled_from(
    """what happened is the latest on in with tell me about news Caracas Rutte bridge who when did say price of last
    week since 2024 ? , . : ' please hey summary why everyone talking U.S.""".split()
)


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=12).map(" ".join)))
def test_a_topic_is_in_the_question_s_own_words(question: str) -> None:
    topic = topic_of(question)
    if topic is not None:
        assert topic.text
        assert topic.text in " ".join(question.split()) or "­" in question or not question.isascii()
