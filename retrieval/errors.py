"""Errors whose message is one clear sentence with the remedy, fit to be shown to a user."""

from __future__ import annotations

from enum import StrEnum

from retrieval.reasons import Reason


def sentence(text: str) -> str:
    """`text`, marked as part of what errors say, so that whoever says them in other languages finds it."""
    return text


LOST_ENTRIES = sentence(
    "Its XML is not well-formed: {count} of its entries could not be read and are left out, the others were read; only "
    "its publisher can put that right."
)
"""What is said of a feed that could be read in part; whoever says it in another language has the count, too."""


class QuotewireError(Exception):
    """Something a user, moderator or host can put right; `str(error)`, a `Reason`, says how.

    That is `template` with its {places} filled: with text, numbers, days, reasons, or errors, which say part of it.
    Without places, `template` is the text as it is. Where that is for the host's eyes (it names folders, or models),
    `public` is what everybody else is told.
    """

    public: str | None = None

    def __init__(self, template: str = "", **places: object) -> None:
        said = template if isinstance(template, Reason) else Reason(template, **places)
        super().__init__(said)
        self.template = said.template
        self.places = places or said.places


class InvalidQuestion(QuotewireError):
    """The question is empty or too long to be asked."""


class ReloadInProgress(QuotewireError):
    """A reload runs already, in this process or another one on the same data folder."""


class ModelUnavailable(QuotewireError):
    """The embedding model cannot be loaded, or is not the one that was published."""

    public = sentence("My embedding model cannot be loaded; the bot's host can see why in the log.")


class IndexUnavailable(QuotewireError):
    """Questions cannot be answered yet: nothing is indexed."""


class NotYetRead(IndexUnavailable):
    """Questions cannot be answered yet: the first articles are being read. Whoever sees the question may know."""


class ModelChanged(IndexUnavailable):
    """Questions cannot be answered: the index holds another model's vectors than the one that is set."""

    public = sentence("I have to read all articles anew before I can answer: a moderator can start that with /reload.")


class StoreUnavailable(QuotewireError):
    """The data folder cannot be opened, or was written by a newer version."""

    public = sentence("My data folder cannot be used just now; the bot's host can see why in the log.")


class DatabaseUnavailable(StoreUnavailable):
    """The database that processes share cannot be reached or written to; what this one has goes on being read."""

    public = sentence(
        "My database cannot be reached just now, so nothing was changed; questions are still answered. Try again in a "
        "few minutes."
    )


class KeptHere(DatabaseUnavailable):
    """As `DatabaseUnavailable`, but what was changed is kept on this machine, and shared once the database is back."""

    public = sentence(
        "My database cannot be reached just now: the change is kept where I run, and holds for all once it is back."
    )


class WrittenByNewer(StoreUnavailable):
    """A file of the data folder was written by a newer version."""


class SourceUnavailable(QuotewireError):
    """A source cannot be read as a whole; what was known of it stays."""

    public = sentence(
        "The folder of articles cannot be read, so nothing has changed; the bot's host can see why in the log."
    )


class WorkerUnavailable(QuotewireError):
    """No process can be started in which what strangers wrote is read; nothing was read, and nothing is lost."""

    public = sentence("I cannot read anything new just now; the bot's host can see why in the log.")


class UnknownArticle(QuotewireError):
    """No article has this id or address."""


class UnknownStory(QuotewireError):
    """No story has this number, or none of its articles is there any more."""


class UnknownCollection(QuotewireError):
    """The host offers no collection of this name."""


class CollectionRefused(QuotewireError):
    """A collection cannot be named so, or cannot be dropped."""


class LimitReached(QuotewireError):
    """A reader has as much of its own, or added as much of late, as the host allows."""


class TooOld(QuotewireError):
    """An article would be pruned as soon as it is brought back."""


class AddressRefused(QuotewireError):
    """A web address that a stranger named does not plainly lead to the public web, so nothing was sent there."""


class FeedUnusable(QuotewireError):
    """What is at an address is no feed that can be read, or a list of feeds cannot be read."""


class FetchProblem(StrEnum):
    """Why a web address could not be fetched."""

    UNREACHABLE = "unreachable"  # no such name, nobody listens, or the connection broke off before an answer
    TIMEOUT = "timeout"
    TLS = "tls"  # the certificate does not verify, or no secure connection came about
    TOO_LARGE = "too large"
    BROKEN = "broken"  # an answer that cannot be read: truncated, wrongly encoded, not HTTP
    REDIRECTS = "redirects"  # too many, or in a circle
    ROBOTS = "robots"  # robots.txt forbids it, or could not be read
    MISSING = "missing"  # 404
    GONE = "gone"  # 410: it will not come back
    THROTTLED = "throttled"  # 429: later
    DENIED = "denied"  # any other 4xx
    SERVER = "server"  # 5xx: later


class FetchFailed(QuotewireError):
    """A web address could not be fetched. `kind` says why, `status` is the HTTP status if there was an answer,
    and `retry_after` the seconds after which the server asks to be tried again.
    """

    def __init__(
        self,
        template: str,
        kind: FetchProblem,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        **places: object,
    ) -> None:
        super().__init__(template, **places)
        self.kind = kind
        self.status = status
        self.retry_after = retry_after


def first_line(error: Exception) -> str:
    """The first line of another library's error, which is what fits into a sentence; its kind where it says nothing."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
