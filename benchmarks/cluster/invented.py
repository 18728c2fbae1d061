"""Invented news, each article about an event of its own: articles that are alike would be one story, told once."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from tests.support.publisher import Story

TOPICS = "ferry tram orchard library lighthouse vineyard bakery windmill theatre harbour".split()
SYLLABLES = "al bren cor dun el far gal hol is jor kel lun mar nor os pel quen ros sol tor ul ven wes yor".split()
THINGS = "lanterns ropes barrels letters maps bells ladders ovens curtains anchors kites violins clocks tiles".split()
DEEDS = "counted painted sold repaired hidden measured borrowed stacked stolen weighed auctioned washed".split()
SENTENCES = (
    "{person} told the {about} of {town} that {number} {things} had been {done} before dawn.",
    "The {about} of {town} has {number} {things}, and {person} wants all of them {done} by spring.",
    "{person} said in {town} that no {things} were {done}, whatever the {about} had written.",
    "In {town}, {number} visitors came to the {about} to see {things} that {person} had {done}.",
)


def invented(number: int) -> Story:
    """The article of a number, published now."""
    chance = random.Random(number)  # noqa: S311
    about = TOPICS[number % len(TOPICS)]
    town, person = _name(chance), f"{_name(chance)} {_name(chance)}"
    sentences = [
        chance.choice(SENTENCES).format(
            person=person,
            about=about,
            town=town,
            number=chance.randrange(20, 900),
            things=chance.choice(THINGS),
            done=chance.choice(DEEDS),
        )
        for _ in range(12)
    ]
    text = "\n\n".join(" ".join(sentences[at : at + 3]) for at in range(0, 12, 3))
    title = f"The {about} of {town} sails again"
    return Story(f"/news/{number}", title, f"News of {town}.", text, datetime.now(UTC))


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=3)).title()
