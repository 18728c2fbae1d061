"""Why a feed could not be read, in a sentence with its remedy."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests

from retrieval.errors import FetchFailed, FetchProblem, QuotewireError, first_line, sentence
from retrieval.reading.web.fetch import refusal
from retrieval.reasons import Reason
from retrieval.workers import Overrun

_LATER = sentence("It is tried again later; what was read of it stays.")
_BOTH = "{fault} {remedy}"
_REMEDIES = {
    FetchProblem.UNREACHABLE: sentence("Check the address; it is tried again later."),
    FetchProblem.TOO_LARGE: sentence("Add a feed with fewer entries, if the site offers one."),
    FetchProblem.REDIRECTS: sentence("Look up the feed's address on the site and add that one."),
    FetchProblem.MISSING: sentence("If that stays, look up the feed's new address on the site and add that one."),
    FetchProblem.GONE: sentence("It is not asked any more: remove it, or add its new address."),
    FetchProblem.DENIED: sentence("Open the address in a browser: if it is shown there, the site lets no programs in."),
    FetchProblem.THROTTLED: sentence("It is left alone until then; what was read of it stays."),
}


def reason_of(error: Exception) -> QuotewireError:
    """What `reader` raised for a feed, as an error whose text says what to do; a `FetchFailed` where it is one."""
    cause = error.__cause__ if isinstance(error.__cause__, Exception) else error
    if isinstance(cause, requests.HTTPError) and cause.response is not None:
        return with_remedy(_refusal(cause.response))
    if isinstance(cause, requests.TooManyRedirects):
        return with_remedy(FetchFailed("The address redirects too often.", FetchProblem.REDIRECTS))
    if isinstance(cause, FetchFailed):
        return with_remedy(cause)
    if isinstance(cause, QuotewireError):
        return cause
    reason = Reason("it {does}", does=cause) if isinstance(cause, Overrun) else first_line(cause)[:200]
    return QuotewireError(
        sentence("The feed cannot be read ({reason}). It is tried again later; what was read of it stays."),
        reason=reason,
    )


def _refusal(response: requests.Response) -> FetchFailed:
    permanent = all(hop.is_permanent_redirect for hop in response.history)
    return refusal(response, urlsplit(response.url).hostname or "…", is_permanent=permanent)


def with_remedy(error: FetchFailed) -> FetchFailed:
    """`error` with a second sentence that says what to do."""
    remedy = QuotewireError(_REMEDIES.get(error.kind, _LATER))
    return FetchFailed(
        _BOTH, error.kind, status=error.status, retry_after=error.retry_after, fault=error, remedy=remedy
    )
