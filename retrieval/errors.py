"""Errors whose message is one clear sentence with the remedy, fit to be shown to a user."""

from __future__ import annotations


class QuotewireError(Exception):
    """Something a user, moderator or host can put right; `str(error)` says how."""


class InvalidQuestion(QuotewireError):
    """The question is empty or too long to be asked."""


class ReloadInProgress(QuotewireError):
    """A reload runs already, in this process or another one on the same data folder."""


class ModelUnavailable(QuotewireError):
    """The embedding model cannot be loaded, or is not the one that was published."""


class IndexUnavailable(QuotewireError):
    """Questions cannot be answered yet: nothing is indexed, or another model's vectors are."""


class StoreUnavailable(QuotewireError):
    """The data folder cannot be opened, or was written by a newer version."""


class SourceUnavailable(QuotewireError):
    """A source cannot be read as a whole; what was known of it stays."""
