"""Invented events, each as several outlets report it on several days, for tests of what is one story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from retrieval.reading.arrival import Arrival
from tests.support.arrivals import FEED, article

BEGINS = datetime(2025, 3, 4, 9, tzinfo=UTC)

BRIDGE = (
    (
        "Bridge at Osterwald closed after cracks are found",
        "The bridge over the Lahn at Osterwald was closed on Tuesday after inspectors found cracks in two of its "
        "girders. Mayor Petra Lindholm said that lorries had to go by way of Karlsfeld. The bridge was built in 1968 "
        "and carries 14,000 vehicles a day.",
    ),
    (
        "Osterwald bridge: engineers measure the cracked girders",
        "Engineers began to measure the cracked girders of the Osterwald bridge on Wednesday. The Lahn crossing stays "
        "closed for at least three weeks, Mayor Petra Lindholm told reporters. Shopkeepers in Karlsfeld complain about "
        "the lorries that now pass their doors.",
    ),
    (
        "Repair of the Osterwald bridge will cost nine million",
        "The repair of the closed Osterwald bridge over the Lahn will cost nine million crowns, the regional road "
        "office said. Mayor Petra Lindholm asked for a ferry in the meantime. The two cracked girders are to be "
        "replaced in May.",
    ),
)
ORCHID = (
    (
        "Rare orchid stolen from the botanical garden of Vesby",
        "A rare orchid was stolen from the glasshouse of the botanical garden of Vesby on Monday night. The plant, a "
        "Paphiopedilum that Anders Holk brought from Borneo in 1931, is the last of its kind in Europe. The thieves "
        "cut a pane of the roof.",
    ),
    (
        "Police search for stolen Vesby orchid",
        "Police are looking for a grey van that was seen near the botanical garden of Vesby when its rare orchid was "
        "stolen. The Paphiopedilum cannot be sold openly, curator Anders Holk the Younger said. The glasshouse has no "
        "cameras.",
    ),
)
CHESS = (
    (
        "Ilmari Koskela wins the chess title in Tampere",
        "Ilmari Koskela, 17, won the national chess title in Tampere with a draw in the last round. He is the youngest "
        "champion since 1952. The grandmaster Outi Rantala came second, half a point behind.",
    ),
)
FILLERS = tuple(
    (
        f"{what} in {place}",
        f"{what} was the talk of {place} this week. {who} said that nobody in {place} had expected it, and that the "
        f"{thing} would be ready in time. The {thing} of {place} is visited by many people every year.",
    )
    for what, place, who, thing in (
        ("A harvest of plums", "Arlen", "Farmer Jens Orre", "mill"),
        ("The new tram", "Bergholm", "Driver Lise Fabian", "depot"),
        ("A choir of nurses", "Cadova", "Conductor Milan Prok", "hall"),
        ("The swimming lesson", "Dunmar", "Teacher Aoife Brennan", "pool"),
        ("A lighthouse sale", "Ekenas", "Broker Tom Lindqvist", "tower"),
        ("The kite festival", "Farsund", "Flyer Nora Eide", "meadow"),
        ("A cheese prize", "Gruyton", "Dairyman Luc Perret", "cellar"),
        ("The night train", "Hollau", "Guard Eva Zeman", "station"),
    )
)


def reports(event: tuple[tuple[str, str], ...], *outlets: str, day: float = 0.0) -> list[Arrival]:
    """The reports of an event, one a day from `day` on, by the outlets in turn."""
    outlets = outlets or ("Marlo Gazette",)
    return [
        Arrival(
            FEED,
            article(
                f"{title[:24].replace(' ', '-').lower()}-{at}",
                text,
                host=_host(outlets[at % len(outlets)]),
                source=outlets[at % len(outlets)],
                title=title,
                published=BEGINS + timedelta(days=day + at),
            ),
        )
        for at, (title, text) in enumerate(event)
    ]


def _host(outlet: str) -> str:
    return f"{outlet.split()[0].lower()}.example"
