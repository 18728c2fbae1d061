"""A feed that is read: the value, and what is kept of it beside what `reader` keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from retrieval.index.sections import NEWS
from retrieval.reading.feeds.schedule import Rhythm
from retrieval.reading.feeds.titles import outlet_name, plain_title
from retrieval.reading.origins import feed_origin
from retrieval.reasons import how_said, reason_of
from retrieval.text.addresses import canonical_url
from retrieval.text.domains import registered_domain

if TYPE_CHECKING:
    from retrieval.text.written_days import Order

FEED_TAG = "quotewire"
"""The tag of a feed under which its `FeedState` is kept."""

SECTIONS_TAG = "quotewire-sections"
"""The tag under which it is kept for whom the feed is read, apart from what changes whenever the feed is asked. What is
without is the host's, as all feeds once were."""

OPENING_TAG = "quotewire-opening"
"""The tag of no feed under which are those of which it is about to be kept for whom they are read."""

MOST_SITES = 8
"""Sites that a feed may come from one after the other until nobody counts them; more than one is none of its own."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that is read. `title` is as the feed has it (its address until it was first read), times are UTC.

    `error` says why the last question failed, None if it did not; `note` what was wrong with a feed that could be read
    all the same, by which entries may be `lost`; `folded` ones stand in it twice. A `retired` feed is not asked any
    more. `origin` stays the same when the feed moves: articles are kept under it. How many of them there are, and how
    many of these are `copies` of others, `Edition` tells. It delivers into `sections`.
    """

    url: str
    title: str
    outlet: str | None
    checked: datetime | None
    due: datetime | None
    error: str | None
    retired: bool
    origin: str
    note: str | None = None
    articles: int | None = None
    lost: int = 0
    folded: int = 0
    copies: int = 0
    sections: tuple[int, ...] = (NEWS,)


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is kept of a feed besides what `reader` keeps. `checked` is Unix time; `error` a sentence.

    `note` says what was wrong with a feed that could be read all the same; of its entries were `lost` by that, and
    `folded` as they stand in it twice, when it was last read. `order` is that of its days and months.
    `sites` are the registered domains that it ever came from, that of its origin included; `shared` the places that
    several of its entries led to when it was last read, and `language` what it tagged itself with then. It delivers
    into `sections`, of which those that are `joining` have yet to get what others have of it.
    """

    origin: str
    rhythm: Rhythm = field(default_factory=Rhythm)
    checked: float | None = None
    error: str | None = None
    note: str | None = None
    lost: int = 0
    folded: int = 0
    order: Order | None = None
    sites: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    language: str | None = None
    sections: tuple[int, ...] = (NEWS,)
    joining: tuple[int, ...] = ()

    def came_from(self, *urls: str) -> FeedState:
        """With the sites of these addresses among those that it came from."""
        sites = [site for url in urls if (site := registered_domain(canonical_url(url)))]
        return replace(self, sites=tuple(dict.fromkeys([*self.sites, *sites]))[:MOST_SITES])

    @classmethod
    def read(cls, url: str, tag: Any, sections: Any = None) -> FeedState:
        """From the feed's tags; a new state for a feed at `url` without the first, or with one that is damaged."""
        readers = _sections(sections)
        with suppress(KeyError, TypeError, AttributeError):
            lists = {name: tuple(tag.get(name, ())) for name in ("sites", "shared")}
            state = cls(**{**_known(cls, tag), "rhythm": Rhythm(**_known(Rhythm, tag["rhythm"])), **lists, **readers})
            reasons = {name: said and reason_of(said, tag.get(f"{name}_said")) for name, said in state._reasons.items()}
            return replace(state, **reasons)
        return cls(origin=feed_origin(url), **readers).came_from(url)

    def tag(self) -> dict[str, Any]:
        """The inverse of `read`; earlier versions read it, too, and find its reasons in English."""
        kept = {name: value for name, value in asdict(self).items() if name not in ("sections", "joining")}
        return kept | {f"{name}_said": how_said(reason) for name, reason in self._reasons.items()}

    def sections_tag(self) -> dict[str, Any]:
        """The other tag that `read` reads."""
        return {"sections": self.sections, "joining": self.joining}

    @property
    def _reasons(self) -> dict[str, str | None]:
        return {"error": self.error, "note": self.note}


def _sections(tag: Any) -> dict[str, Any]:
    """Who the feed is read for; nobody where that cannot be told, for it may be read for one server alone."""
    if tag is None:
        return {}
    with suppress(TypeError, AttributeError, ValueError):
        return {name: tuple(map(int, tag.get(name, ()))) for name in ("sections", "joining")}
    return {"sections": ()}


def _known(kind: type, tag: Mapping[str, Any]) -> dict[str, Any]:
    """What of a tag `kind` has; a newer version, whose file this one may read, writes more."""
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in tag.items() if name in names}


def shown(url: str, title: str | None, link: str | None, state: FeedState, *, retired: bool) -> Feed:
    """A feed by what `reader` keeps of it, and what is kept beside that."""
    due = state.rhythm.due
    return Feed(
        url=url,
        title=plain_title(title) or url,
        outlet=outlet_name(title, [link, url]),
        checked=_moment(state.checked),
        due=_moment(due) if due and not retired else None,
        error=state.error,
        retired=retired,
        origin=state.origin,
        note=state.note,
        lost=state.lost,
        folded=state.folded,
        sections=state.sections,
    )


def by_title(feeds: Iterable[Feed]) -> tuple[Feed, ...]:
    """Feeds as they are listed."""
    return tuple(sorted(feeds, key=lambda feed: (feed.title.casefold(), feed.url)))


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
