"""Which texts are the same report, and that such texts are found by their bands."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.shingles import BANDS, SAME_REPORT, SHORTEST, bands, same_report, shingles

PARAGRAPHS = [
    "The government of Tessel will raise the tax on heating oil from next January, the finance minister said.",
    "Households that burn oil will pay about ninety crowns more a year, according to the ministry's own "
    "reckoning. Those with low incomes are to get the sum back with their spring allowance, which parliament has "
    "yet to approve.",
    "The opposition called the plan unfair to the countryside, where seven of ten houses have no other heating. "
    'Its leader Anna Veld said that "a farmer cannot take the tram to a warm room", and announced a motion '
    "against it.",
    "Environmental groups welcomed the decision, but said that it came three years late. The country has missed "
    "its targets for the emissions of buildings each year since 2019, and the commission has opened a case "
    "against it.",
    "Sellers of heat pumps expect more orders than they can fill. The waiting time for a new pump is eight months "
    "now, and the trade chamber counts four thousand fitters too few. A school for them opens in the autumn in "
    "Norhaven.",
    "The minister promised not to raise the tax again before the election. He had said the same two years ago, "
    "before the last increase, and explained the change with the price of gas, which has since fallen by nearly a "
    "half.",
    "A poll by the institute Meridian found fifty-two per cent of those asked against the increase, thirty-five "
    "for it. In the cities supporters were in the majority; in the north and on the islands fewer than a fifth "
    "were in favour.",
    "Parliament will debate the bill in the second week of June. The coalition holds a majority of three seats, "
    "and two of its members from the islands have not yet said how they will vote. The upper house can delay it "
    "by six months.",
    "Oil for heating is taxed more lightly than fuel for cars in most countries of the region. Economists at the "
    "central bank had proposed to bring the two rates together over ten years, beginning with a step half as "
    "large as this one.",
]
INDEPENDENT = [
    "Heating with oil is getting dearer: from January the state takes a larger share of each litre, as the "
    "minister of finance announced in Tessel yesterday. An average family has to reckon with ninety crowns more.",
    "People of small means shall be compensated in spring, if the members of parliament agree. The bill comes "
    "before them in June, and the majority is thin: two deputies of the islands keep their counsel.",
    'Anna Veld, who leads the opposition, was quick to answer. "A farmer cannot take the tram to a warm room", '
    "she told this newspaper. Her party wants to stop the plan with a motion of its own.",
    "For those who fit heat pumps the news is a mixed blessing. There is more work than hands, customers wait "
    "until winter, and the promised school will not send out its first fitters for two years.",
]


def same(one: str, other: str) -> bool:
    return same_report(shingles(one), shingles(other))


REPORT = "\n\n".join(PARAGRAPHS)


def test_bands_are_those_that_stores_have() -> None:
    """As datasketch 2.0.0 made them, with 125 permutations of `affine32` and its seed 1."""
    first, second, third, *_, last = bands(REPORT)
    assert (first, second, third) == (-1097428592934280023, -358925948028790426, -4431511219517832903)
    assert last == -2669341796956848708


def test_a_changed_lead_and_paragraph_leave_an_agency_report_the_same() -> None:
    lead = "Oil heating becomes dearer in Tessel: the finance minister wants to take more of every litre by new year."
    local = (
        "In the harbour quarter of our town nine hundred flats are concerned, the housing office told this newspaper. "
        "It wants to connect them to the district heating by the end of the decade, if the council votes the money."
    )
    edited = "\n\n".join([lead, *PARAGRAPHS[1:4], local, *PARAGRAPHS[5:]])
    assert same(REPORT, edited)
    assert set(bands(REPORT)) & set(bands(edited))


def test_white_space_case_and_punctuation_do_not_count() -> None:
    other = REPORT.upper().replace(",", " –").replace("\n\n", "\n")
    assert same(REPORT, other)
    assert bands(REPORT) == bands(other)


def test_two_reports_of_one_event_are_two() -> None:
    assert not same(REPORT, "\n\n".join(INDEPENDENT))
    assert not set(bands(REPORT)) & set(bands("\n\n".join(INDEPENDENT)))


def test_a_report_that_takes_up_half_of_an_earlier_one_is_another() -> None:
    follow_up = "\n\n".join([*INDEPENDENT, *PARAGRAPHS[5:]])
    assert not same(REPORT, follow_up)


@given(st.integers(0, SHORTEST - 1), st.randoms())
def test_short_texts_never_match(words: int, chance: random.Random) -> None:
    text = " ".join(chance.choice(["rain", "in", "the", "north"]) for _ in range(words))
    assert bands(text) == []
    assert not same(text, text)


@pytest.mark.parametrize("text", [" ".join(f"word{at}" for at in range(SHORTEST)), "rain " * 700, REPORT])
def test_every_longer_text_has_bands(text: str) -> None:
    found = bands(text)
    assert len(set(found)) == BANDS
    assert all(-(2**63) <= number < 2**63 for number in found)
    assert same(text, text)


@given(st.integers(100, 700), st.integers(0, 60), st.integers(0, 1_000_000))
def test_what_is_the_same_report_is_nearly_always_found(words: int, changed: int, seed: int) -> None:
    chance = random.Random(seed)
    one = [f"w{chance.randrange(3_000)}" for _ in range(words)]
    other = list(one)
    at = chance.randrange(words)
    other[at : at + changed] = [f"v{chance.randrange(3_000)}" for _ in range(changed)]
    runs, others = shingles(" ".join(one)), shingles(" ".join(other))
    likeness = len(runs & others) / len(runs | others)
    assert same_report(runs, others) == (likeness >= SAME_REPORT)
    if likeness >= 0.85:  # below that a pair in a hundred is missed
        assert set(bands(" ".join(one))) & set(bands(" ".join(other)))
