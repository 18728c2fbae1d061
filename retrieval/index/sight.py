"""What one reader sees of a generation: which sections, what of them it took out, and what is one article in several.

Sections know nothing of one another (`sections.py`), so an article that two of them have, or a text that two articles
carry, is there twice. Whoever sees both is shown one: such versions are twins (`twins.py`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

LIVE = "a.born <= :generation AND (a.died IS NULL OR a.died > :generation)"
"""SQL: whether a generation holds the version `a`."""
SECTION = "coalesce((SELECT p.section FROM placed p WHERE p.article = a.key), 0)"
"""SQL: the section of the version `a`."""


@dataclass(frozen=True)
class Sight:
    """What a reader sees of the generation with this number; keys are those of versions.

    `sections` are those that it sees, None where there is but one. Of these it sees neither what came `late`, when it
    had left the section, nor what is too `old` for it, nor what it took out (`removed`), nor the `doubles` of articles
    that another section has, too. `copies` carry the text of another article; of both, it is told by its id which
    article stands for them. `carriers` tells of the `copies` both ids, and `ids_before` of the `doubles`: a reader may
    have been shown those before. `joined` are the sections that it reads by its own choice, each with the generation
    and the moment (in seconds since 1970) from which on.
    """

    generation: int
    sections: frozenset[int] | None = None
    late: frozenset[int] = frozenset()
    old: frozenset[int] = frozenset()
    removed: frozenset[int] = frozenset()
    doubles: Mapping[int, str] = field(default_factory=dict)
    copies: Mapping[int, str] = field(default_factory=dict)
    carriers: tuple[tuple[str, str], ...] = ()
    ids_before: Mapping[str, str] = field(default_factory=dict)
    joined: Mapping[int, tuple[int, float]] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether everything is seen as it is."""
        return self.sections is None and not self.unseen and not self.copies

    @cached_property
    def unseen(self) -> frozenset[int]:
        """What of its sections a reader does not see."""
        return self.late | self.old | self.removed | self.doubles.keys()

    @property
    def stood_for(self) -> dict[int, str]:
        """The versions for which another article stands, with its id."""
        return {**self.doubles, **self.copies}

    @cached_property
    def known(self) -> str:
        """SQL, with `values`: whether the reader may know of the version `a`, of whatever generation."""
        return " AND ".join(["a.born <= :generation", *self._within(self.late | self.old)])

    @cached_property
    def live(self) -> str:
        """SQL, with `values`: whether the reader sees the version `a`."""
        return " AND ".join([LIVE, *self._within(self.unseen)])

    @cached_property
    def original(self) -> str:
        """SQL, with `values`: whether the version `a`, which is seen, is no other one's copy."""
        return f"a.copy_of IS NULL AND a.key NOT IN ({listed(self.copies)})" if self.copies else "a.copy_of IS NULL"

    @property
    def values(self) -> dict[str, object]:
        """What `known`, `live` and `original` name."""
        return {"generation": self.generation}

    def id_now(self, id_: str) -> str:
        """The id of the article that stands for this one by now, or its own."""
        return self.ids_before.get(id_, id_)

    def copies_of(self, id_: str) -> list[int]:
        """What counts as a copy of this article only where both are seen."""
        return [key for key, original in self.copies.items() if original == id_]

    def _within(self, unseen: Collection[int]) -> list[str]:
        conditions = [] if self.sections is None else [f"{SECTION} IN ({listed(self.sections)})"]
        return [*conditions, *([f"a.key NOT IN ({listed(unseen)})"] if unseen else [])]


def listed(numbers: Iterable[int]) -> str:
    """A subquery of these numbers, of which there may be more than SQLite takes as parameters."""
    return f"SELECT value FROM json_each('{json.dumps(sorted(numbers))}')"
