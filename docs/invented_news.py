"""Invented news for the pictures: no outlet, place, person or event in it exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Story:
    """An article of the folder: from `days` and `hours` ago, and `points` as its publisher's summary."""

    outlet: str
    days: int
    title: str
    body: str
    points: tuple[str, ...] = ()
    updated: int | None = None
    hours: int = 3


SITES = {
    "The Harbour Courier": "courier.example.org",
    "Northern Ledger": "ledger.example.com",
    "Island Gazette": "gazette.example.net",
    "Coast Wire": "coastwire.example.com",
    "Ellery Radio": "radio.example.org",
    "The Valley Post": "valleypost.example.com",
    "Fjord and Field": "fjordfield.example.net",
}

ACCIDENT = Story(
    "The Harbour Courier",
    2,
    "Ferry Marigold hits pier at Port Ellery",
    "Eleven people were injured when the ferry Marigold hit the northern pier of Port Ellery on Sunday morning. "
    "The ship was on its first trip of the day with 180 passengers. "
    "An engine failed to go astern as ordered, harbour master Ines Calder said. "
    "The northern pier stays closed until Friday.",
)
CORRECTED = Story(
    ACCIDENT.outlet,
    ACCIDENT.days,
    ACCIDENT.title,
    ACCIDENT.body.replace("Eleven people", "Fourteen people"),
    (
        "An engine of the Marigold failed to go astern.",
        "The northern pier is closed until Friday.",
    ),
    updated=1,
)
NEWS = (
    Story(
        "Northern Ledger",
        1,
        "Investigators board the Marigold",
        "Investigators have begun to read the data recorder of the ferry Marigold. "
        "Twelve people were injured when the ferry Marigold hit the northern pier of Port Ellery on Sunday morning. "
        "A first report is due within two weeks, said chief investigator Tomas Vey.",
    ),
    Story(
        "Ellery Radio",
        2,
        "Twelve hurt in ferry accident at Port Ellery",
        "Twelve people were injured when the ferry Marigold hit the northern pier of Port Ellery on Sunday morning. "
        "Divers are looking at the hull, the fire brigade said.",
    ),
    Story(
        "Island Gazette",
        1,
        "Islanders wait for the next boat",
        "Ferries to the outer islands leave from the southern pier this week. "
        "The northern pier stays closed until Friday, the port said. "
        "An engine of the ferry failed to go astern as ordered, harbour master Ines Calder said. "
        "The shipping line has chartered a second boat for commuters.",
        ("Boats to the outer islands leave from the southern pier.", "A second boat is chartered for commuters."),
    ),
    Story(
        "Ellery Radio",
        0,
        "Second boat eases the queues at the southern pier",
        "A second boat has taken the queues at the southern pier down to ten minutes. "
        "Commuters had waited for an hour on Monday, the shipping line said.",
    ),
    Story(
        "Coast Wire",
        0,
        "Port Ellery orders a check of all ferry engines",
        "Port Ellery has ordered a check of the engines of all nine ferries that call there. "
        "Each check takes a day, and ships sail again once they have passed it, the port said.",
        ("All nine ferries are checked.", "Each check takes a day."),
    ),
    Story(
        "The Valley Post",
        0,
        "Valley railway opens its last section",
        "The last section of the valley railway opened on Tuesday after eleven years of building. "
        "Trains will run every half hour from six in the morning, the railway said.",
    ),
    Story(
        "Fjord and Field",
        3,
        "Barley harvest is the largest in ten years",
        "Farmers brought in 42,000 tonnes of barley, the largest harvest in ten years. "
        "Prices fell by six per cent in a week.",
    ),
    Story(
        "The Valley Post",
        4,
        "Town council votes for a new library",
        "The town council of Aldermoor voted nine to four for a new library. It is to open in two years.",
    ),
    Story(
        "Northern Ledger",
        6,
        "Wind park off Cape Sorrel gets its permit",
        "The wind park off Cape Sorrel may be built, the sea office decided. It will have forty turbines.",
    ),
    Story(
        "Coast Wire",
        9,
        "Storm damages the sea wall of Lowmere",
        "A storm broke the sea wall of Lowmere in two places. Nobody was injured, the fire brigade said.",
    ),
    Story(
        "The Harbour Courier",
        12,
        "Night ferries return after two years",
        "The night ferry to the outer islands sails again from December. Two ships leave at ten in the evening.",
    ),
    Story(
        "Island Gazette",
        12,
        "School of the outer islands gets a boat of its own",
        "The school of the outer islands has a boat of its own. It seats thirty children.",
    ),
    Story(
        "The Harbour Courier",
        16,
        "Fish market moves to the old customs house",
        "The fish market moves to the old customs house in spring, the city said.",
    ),
)
LATER = (
    Story(
        "Northern Ledger",
        0,
        "Shipping line to replace the engines of the Marigold",
        "The shipping line will replace both engines of the ferry Marigold. "
        "The ship stays in the yard of Port Ellery until January.",
        ("Both engines of the Marigold are replaced.", "The ship stays in the yard until January."),
        hours=0,
    ),
    Story(
        "Ellery Radio",
        0,
        "Ferry Marigold gets new engines",
        "Both engines of the ferry Marigold will be replaced, the shipping line said. "
        "The ship stays in the yard of Port Ellery until January. "
        "Passengers get half of the price of their tickets back.",
        hours=0,
    ),
    Story(
        "Fjord and Field",
        0,
        "Early snow closes the pass at Hallin",
        "Early snow has closed the pass at Hallin. Lorries are sent round by the coast, the road office said.",
        hours=0,
    ),
)
UNREADABLE = {
    "lighthouse.txt": "---\n{url: https://g.example.net/light, published: soon}\n---\n"
    "Lighthouse takes visitors\nA keeper shows the lamp room on Sundays.\n",
    "harvest.txt": "Barley harvest starts early in the south\n",
}


def files(*stories: Story) -> dict[str, str]:
    """Each story as a file of the folder, by name."""
    return {f"{_slug(story)}.txt": _file(story) for story in stories}


def address(story: Story) -> str:
    """Where a story is said to stand."""
    return f"https://{SITES[story.outlet]}/{_slug(story)}"


def feed(outlet: str, *stories: Story) -> str:
    """An RSS feed of an outlet."""
    items = "".join(
        f"<item><title>{story.title}</title><link>{address(story)}</link><description>{story.body}</description></item>"
        for story in stories
    )
    return f'<rss version="2.0"><channel><title>{outlet}</title>{items}</channel></rss>'


def _slug(story: Story) -> str:
    return "-".join(story.title.lower().split())


def _file(story: Story) -> str:
    head = [f"url: {address(story)}", f"source: {story.outlet}", f"published: {_ago(story.days, story.hours)}"]
    if story.updated is not None:
        head.append(f"updated: {_ago(story.updated, story.hours)}")
    points = [f"- {point}" for point in story.points]
    return "\n".join(["---", *head, "---", story.title, *points, story.body, ""])


def _ago(days: int, hours: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days, hours=hours)).isoformat(timespec="seconds")
