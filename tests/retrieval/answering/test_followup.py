"""Questions in the context of those before them."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.answering.followup import LONGEST, in_context
from retrieval.text.letters import plain_letters

RUTTE = "What did Rutte say about Russia?"

CASES = [
    # the same question about another one
    (RUTTE, "and what did Ukraine say?", "What did Ukraine say about Russia?"),
    (RUTTE, "What did Ukraine say?", "What did Ukraine say about Russia?"),
    (RUTTE, "But what did the White House think?", "What did the White House think about Russia?"),
    (RUTTE, "and how did Germany react?", "What did Rutte say about Russia, and how did Germany react?"),
    ("What did Trump announce?", "and what did Ukraine say?", "What did Trump announce, and what did Ukraine say?"),
    # another name, topic or time in the same question
    (RUTTE, "what about China?", "What did Rutte say about China?"),
    (RUTTE, "And China?", "What did Rutte say about China?"),
    (RUTTE, "China?", "What did Rutte say about China?"),
    (RUTTE, "how about the economy?", "What did Rutte say about the economy?"),
    ("How did Germany react to the sanctions?", "what about France?", "How did France react to the sanctions?"),
    ("How did Germany react to the sanctions?", "and to the strike?", "How did Germany react to the strike?"),
    ("What did the EU decide on tariffs?", "and China?", "What did China decide on tariffs?"),
    ("What is Russia's plan?", "what about the European Union?", "What is the European Union's plan?"),
    ("What did rutte say about russia?", "what about china?", "What did rutte say about china?"),
    ("How many people died in Spain?", "and in Portugal?", "How many people died in Portugal?"),
    ("How many people died?", "and in Portugal?", "How many people died in Portugal?"),
    ("How many people died in Spain?", "and last week?", "How many people died in Spain last week?"),
    ("How many people died in Spain in 2023?", "what about in 2024?", "How many people died in Spain in 2024?"),
    ("What happened to the ferry?", "what about Norway?", "What happened to the ferry, and what about Norway?"),
    ("Why did the price of oil fall?", "what about gas?", "Why did the price of oil fall, and what about gas?"),
    # a word or two
    ("How many people died in Spain?", "Now?", "How many people died in Spain now?"),
    (RUTTE, "why?", "What did Rutte say about Russia, and why?"),
    (RUTTE, "But why?", "What did Rutte say about Russia, and why?"),
    (RUTTE, "when was that?", "What did Rutte say about Russia, and when was that?"),
    ("Who won the election in Canada?", "By how much?", "Who won the election in Canada, and by how much?"),
    ("What happened in Valencia?", "How many people died?", "What happened in Valencia, and how many people died?"),
    (RUTTE, "what else?", "What else did Rutte say about Russia?"),
    (RUTTE, "tell me more", "What did Rutte say about Russia?"),
    # pronouns
    (RUTTE, "what did he say about China?", "What did Rutte say about China?"),
    (RUTTE, "what else did he say?", "What else did Rutte say about Russia?"),
    (RUTTE, "where does he live?", "Where does Rutte live?"),
    (RUTTE, "what is his plan?", "What is Rutte's plan?"),
    (RUTTE, "what did Macron say about him?", "What did Macron say about Rutte?"),
    ("What did Rutte say?", "what did Macron say about him?", "What did Macron say about Rutte?"),
    ("Who is Mark Rutte?", "when was he elected?", "When was Mark Rutte elected?"),
    ("What did Ursula von der Leyen say about Gaza?", "what does she want?", "What does Ursula von der Leyen want?"),
    ("What did the EU decide on tariffs?", "when will it meet?", "When will the EU meet?"),
    ("What did Rutte and Trump say about Gaza?", "when did they meet?", "When did Rutte and Trump meet?"),
    ("What happened in Valencia?", "who lives there?", "Who lives in Valencia?"),
    ("What did Rutte say about Spain?", "what happened there?", "What happened in Spain?"),
    (RUTTE, "why did he say that?", "What did Rutte say about Russia, and why did he say that?"),
    ("What is the ceasefire plan?", "when does it begin?", "When does the ceasefire plan begin?"),
    ("Did Hungary leave NATO?", "is that true?", "Did Hungary leave NATO, and is that true?"),
    # what stands on its own
    (RUTTE, "What did Ukraine say about China?", None),
    (RUTTE, "Who won the election in Canada?", None),
    (RUTTE, "And who won the election in Canada?", None),
    (RUTTE, "Is it true that Spain left the Eurovision?", None),
    (RUTTE, "Is there a ceasefire?", None),
    (RUTTE, "Is it going to rain in London this weekend?", None),
    (RUTTE, "What do scientists say about it being the hottest year?", None),
    (RUTTE, "Did they find the missing submarine?", None),
    (RUTTE, "Which countries have recognised Palestine since that?", None),
    (RUTTE, "What does NATO want from its members?", None),
    (RUTTE, "What did Putin say about his army?", None),
    (RUTTE, "Why did the president say he would resign?", None),
    (RUTTE, "Bitcoin price", None),
    (RUTTE, "thanks", None),
    (RUTTE, "thank you!", None),
    (RUTTE, "ok thanks", None),
    (RUTTE, "And how is the weather in Paris?", None),
    (RUTTE, "what did it cost?", "What did Rutte say about Russia, and what did it cost?"),
    (RUTTE, "what did Zelensky say about it?", "What did Zelensky say about Russia?"),
    (RUTTE, "what did they say?", "What did Rutte say about Russia, and what did they say?"),
    (RUTTE, "what about Zelensky?", "What did Zelensky say about Russia?"),
    ("Did the UK ban TikTok?", "and the EU?", "Did the EU ban TikTok?"),
    ("How high is inflation in the UK?", "and in Germany last year?", "How high is inflation in Germany last year?"),
    ("Rutte Russia", "and Ukraine?", "Rutte Russia, and Ukraine?"),
    (RUTTE, "2024?", "What did Rutte say about Russia in 2024?"),
    ("What is the latest on the strike?", "who called it?", "Who called the strike?"),
    (RUTTE, RUTTE, None),
    (RUTTE, "what about Russia?", "What did Rutte say about Russia, and what about Russia?"),
    (RUTTE, "", None),
    (RUTTE, "?!", None),
]


@pytest.mark.parametrize(("before", "question", "understood"), CASES)
def test_a_question_is_understood_after_the_one_before_it(before: str, question: str, understood: str | None) -> None:
    assert in_context(question, [before]) == understood


def test_a_conversation_goes_on() -> None:
    asked = [RUTTE, "and what did Ukraine say?"]
    assert in_context("what about China?", asked) == "What did Ukraine say about China?"
    assert in_context("why?", [*asked, "why?"]) is not None
    assert in_context("when was that?", [RUTTE, "why?"]) == "What did Rutte say about Russia, and when was that?"
    # what was understood may be given as well as what was asked
    assert (
        in_context("what about China?", ["What did Ukraine say about Russia?"]) == "What did Ukraine say about China?"
    )


@pytest.mark.parametrize("question", ["and what did Ukraine say?", "why?", "what about China?", "what did he say?"])
def test_nothing_is_understood_from_nothing(question: str) -> None:
    assert in_context(question, []) is None
    assert in_context(question, ["", " ?"]) is None


PIECES = st.sampled_from(
    """what who why when how about and but did does is was Rutte Ukraine Russia NATO the EU he she they it him her their
    there that this said say respond think in to on of China 2024 yesterday else more ? , ' \n plan peace""".split(" ")
)
TEXTS = st.one_of(st.text(max_size=400), st.lists(PIECES, max_size=12).map(" ".join))
CLOSED = set("and in else s".split())


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.casefold()))


@given(TEXTS, st.lists(TEXTS, max_size=3))
@example("why?", [RUTTE + "x" * 280])
@example("what is his plan?", [RUTTE])
@example("WHAT", ["0\xad0"])
def test_it_invents_nothing_and_stays_short(question: str, earlier: list[str]) -> None:
    understood = in_context(question, earlier)
    if understood is not None:
        assert understood.endswith("?")
        assert len(understood) <= LONGEST
        assert "\n" not in understood
        # (a mark within a word that nobody sees parts no words)
        assert words(understood) <= words(plain_letters(" ".join([question, *earlier]))) | CLOSED
