"""Which of a story's reports stands for it: the one whose headline says what most of them are about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import fsum

from retrieval.answering.gist import Gist

HALVES_IN = 2 * 86_400.0  # seconds in which a report comes to count half
LEAST = 0.25  # that it still counts, however old
_TOLD_BY_MANY = 8  # terms that a headline is held against

# Of many things, or of each minute; and what speaks about the news rather than tells it.
_ROUND_UP = re.compile(
    r"\b(?:live (?:updates?|blog|coverage)|updates:|liveblog|live-?ticker|newsblog|en direct|en directo|as it happened"
    r"|(?:daily|morning|evening|weekend|news) (?:briefing|briefs?|digest|wrap|roundup|quiz)|round-?up|newsletter"
    r"|(?:\d+|five|ten|three|seven) (?:big |key |top )?(?:things|stories|takeaways|facts|questions|moments|ways)"
    r"|(?:in|the best) (?:photos|pictures)|podcasts?|the week in|this week in|what we know|presseschau"
    r"|revue de presse)\b|(?:,[^,]{2,40}){3}",
    re.IGNORECASE,
)
_COMMENT = re.compile(
    r"\b(?:opinion|analysis|editorial|column|commentary|review|fact[ -]check|explainer|explained|kommentar|meinung"
    r"|opinión|tribune|interview|memes?|rankings?|tracker|odds|predictions|schedule|reactions?|what to know"
    r"|how to|see photos|things to|where to)\b|\?"
    r"|^(?:how|why|what|who|when|where|here(?:['’]s| is| are)?|is|are|can|will|did|does|see|watch|listen|photos?|video"
    r"|meet)\b",
    re.IGNORECASE,
)


def recency(report: Gist, newest: float | None) -> float:
    """How much a report counts (`LEAST`..1) in a story whose newest one was published at `newest`."""
    if newest is None:
        return 1.0
    if report.at is None:
        return LEAST
    return max(LEAST, 0.5 ** ((newest - report.at) / HALVES_IN))


def newsiness(title: str) -> float:
    """How much a headline is that of a report (1.0): less for a question or an opinion, least for a round-up."""
    return 0.4 if _ROUND_UP.search(title) else 0.7 if _COMMENT.search(title) else 1.0


def kinship(report: Gist, lead: Gist) -> float:
    """How much (0..1) of a report's headline and opening is in that of the one that stands for the story."""
    if report is lead:
        return 1.0
    fewer = min(len(report.lead), len(lead.lead))
    return min(1.0, 2.5 * len(report.lead & lead.lead) / fewer) if fewer else 0.0


def central(reports: Sequence[Gist]) -> Gist:
    """The report whose headline is most in the others' headlines and openings; later ones are preferred among equals.

    `reports` are the newest first. Raises ValueError where there is none.
    """
    newest = max((report.at for report in reports if report.at is not None), default=None)
    told: dict[str, float] = {}
    for report in reports:
        for term in report.lead:
            told[term] = told.get(term, 0.0) + 1 / len(reports)
    # Sets come in another order in each process, and all processes of a bot are to tell the same: so ties are ordered.
    most = sorted(told, key=lambda term: (-told[term], term))[:_TOLD_BY_MANY]

    def stands_for_all(report: Gist) -> float:
        if not report.headline:
            return 0.0
        known = fsum(told[term] for term in report.headline) / len(report.headline)
        covered = fsum(told[term] for term in most if term in report.headline) / fsum(told[term] for term in most)
        now = 0.55 + 0.45 * recency(report, newest)
        return (known + covered) * newsiness(report.stored.article.title) * now

    return max(reports, key=stands_for_all)
