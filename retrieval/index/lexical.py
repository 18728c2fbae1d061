"""BM25 in tantivy: an index on disk that follows the store, with one snapshot a generation.

The index is derived: it can be deleted and is then rebuilt from the store. Which generation it holds is
written into the index itself, as a document of its own in the same commit, so that index and number can
never disagree, whatever instant the process dies at.
"""

from __future__ import annotations

import json
import logging
import math
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tantivy import (
    Document,
    FieldType,
    Index,
    IndexWriter,
    Occur,
    Query,
    Schema,
    SchemaBuilder,
    Searcher,
    TextAnalyzerBuilder,
    Tokenizer,
)

from retrieval.text.terms import ANALYZER, grams, terms

logger = logging.getLogger(__name__)

FOLDER = "lexical"  # of the data folder
WRITER_MEMORY = 64_000_000  # bytes tantivy may buffer before it writes a segment
FEW = 2_000  # passages, which are written anew in less time than one is embedded
MOST_DEAD = 0.1  # as a share of the living; above it, all are written anew
GRAMS = 0.5  # what parts of words count, where words count 1
COUNTED = 64
"""Passages in its sections that a reader does not see, up to which it is counted which of them hold a term; of more, as
many are taken to hold it as of the others."""
BY_SECTION = {"sections": {"terms": {"field": "section", "size": 65_000}}}
"""How many of each section are found; tantivy gives no more."""
UNDATED = -(2**62)
"""Instant of an undated article: before everything, so "since" leaves it out and "as of" keeps it."""


_OF_THE_DISK = ("os error", "Os { code:", "writer was killed")
"""What tantivy says where the system refused: it tells every fault as a `ValueError`."""


OF_ANOTHER_VERSION = "schema does not match"
"""What tantivy says of an index whose documents have other fields."""


class LexicalDamaged(Exception):
    """The files are not what was written, or are gone. Nothing is lost: the store has it all."""


@contextmanager
def _faults_told_apart() -> Iterator[None]:
    """Raises `LexicalDamaged` for what is wrong in the files, also where tantivy panics, and `OSError` for the disk."""
    try:
        yield
    except ValueError as error:
        if any(sign in str(error) for sign in _OF_THE_DISK) and "NotFound" not in str(error):
            raise OSError(str(error)) from error
        raise LexicalDamaged(str(error)) from error
    except FileNotFoundError as error:
        raise LexicalDamaged(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # which has no name of its own in Python
            raise
        raise LexicalDamaged(f"tantivy panicked: {error}") from error


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """A passage to be indexed: `text` includes its headline; `instant` is whole seconds since 1970, UTC.

    `language` is that of the text, an ISO 639-1 code; None where it is unknown. `section` is where its article is kept.
    """

    key: int
    text: str
    instant: int
    source: str
    language: str | None = None
    section: int = 0


@dataclass(frozen=True, slots=True)
class Filters:
    """What a question may see: instants are seconds since 1970 (UTC), both ends included.

    `language` is an ISO 639-1 code; `without` are keys of passages that it may not see. `beside` are sections in which
    words are not looked for.
    """

    since: float | None = None
    until: float | None = None
    source: str | None = None
    without: frozenset[int] = frozenset()
    language: str | None = None
    beside: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Share:
    """What one reader sees of an index: the passages of these sections, None for all that there are, but for those with
    the keys `without`; so many are `passages`."""

    sections: frozenset[int] | None
    without: frozenset[int]
    passages: int


def _schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_unsigned_field("key", indexed=True, fast=True)
    builder.add_text_field("text", tokenizer_name=ANALYZER, index_option="freq")
    builder.add_text_field("grams", tokenizer_name=ANALYZER, index_option="freq")
    builder.add_integer_field("instant", indexed=True, fast=True)
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("language", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("section", indexed=True, fast=True)
    builder.add_unsigned_field("generation", fast=True)
    return builder.build()


@dataclass(frozen=True, slots=True)
class LexicalSnapshot:
    """The index as one generation saw it; later changes do not reach it.

    `generation` is the one it holds, None when it is new, and `committed` when that was made, as in `Generation`, None
    if an older version wrote it. With a `share`, nothing beyond it is found or counted: terms
    weigh what they would weigh in an index that held no more. But for the mean length of passages, that is: tantivy
    measures that of each passage against the mean of all.
    """

    schema: Schema
    searcher: Searcher
    generation: int | None
    committed: int | None
    documents: int
    """How many it counts in BM25: the passages, the document that tells the generation, and what is deleted and not
    merged yet."""
    share: Share | None = None
    _by_section: dict[tuple[str, str], dict[int, int]] = field(default_factory=dict, compare=False, repr=False)
    _counted: dict[tuple[str, str], int] = field(default_factory=dict, compare=False, repr=False)

    def seen(self, share: Share) -> LexicalSnapshot:
        """What a reader sees of it. What is counted by section is counted once for all readers."""
        return replace(self, share=share, _counted={})

    def search(
        self, words: Sequence[str], limit: int, filters: Filters | None = None, grams: Sequence[str] = ()
    ) -> list[tuple[int, float]]:
        """Passages that hold any of the terms `words`, or of their `grams`, as (key, BM25 score), best first.

        Raises `LexicalDamaged`.
        """
        unwanted = (filters.without if filters else frozenset()) | (self.share.without if self.share else frozenset())
        with _faults_told_apart():
            wanted = [self._holding("text", word, 1.0) for word in words]
            # (in their order: on that of a set, of which each process has another one, the sums of scores depend)
            wanted += [self._holding("grams", gram, GRAMS) for gram in dict.fromkeys(grams)]
            if not wanted:
                return []
            clauses = [_any(wanted), *(Query.const_score_query(each, 0.0) for each in self._clauses(filters))]
            query = Query.boolean_query([(Occur.Must, each) for each in clauses]) if len(clauses) > 1 else clauses[0]
            if filters and filters.beside:
                query = Query.boolean_query([(Occur.Must, query), (Occur.MustNot, self._in_sections(filters.beside))])
            most = limit + min(
                len(unwanted), limit
            )  # to look through some that are not wanted is quicker than a clause
            while True:
                hits = self.searcher.search(query, most, count=False).hits
                keys = self.searcher.fast_field_values("key", [address for _, address in hits])
                pairs = zip(keys, hits, strict=True)
                found = [(key, score) for key, (score, _) in pairs if isinstance(key, int) and key not in unwanted]
                if len(found) >= limit or len(hits) < most:
                    return found[:limit]
                most *= 4

    def _holding(self, field: str, term: str, weight: float) -> Query:
        """Who holds a term, scored by BM25 times `weight`, as the share alone would have it."""
        query = Query.term_query(self.schema, field, term, index_option="freq")
        if self.share is not None and (held := self._frequency(field, term)):
            here = _rarity(held, self.share.passages + 1)  # with the document that tells the generation, as everywhere
            weight *= here / _rarity(self.searcher.doc_freq(field, term), self.documents)
        return query if weight == 1.0 else Query.boost_query(query, weight)

    def _frequency(self, field: str, term: str) -> int:
        if self.share is None:
            return self.searcher.doc_freq(field, term)
        if (counted := self._counted.get((field, term))) is None:
            counted = self._counted[field, term] = self._held_in(self.share, field, term)
        return counted

    def _held_in(self, share: Share, field: str, term: str) -> int:
        query = Query.term_query(self.schema, field, term, index_option="freq")
        if (held := self._by_section.get((field, term))) is None:
            counted: Any = self.searcher.aggregate(query, BY_SECTION)
            held = {int(each["key"]): int(each["doc_count"]) for each in counted["sections"]["buckets"]}
            self._by_section[field, term] = held
        sections, without = share.sections, share.without
        among = sum(count for section, count in held.items() if sections is None or section in sections)
        if not among or not without:
            return among
        if len(without) > COUNTED:
            return math.ceil(among * share.passages / (share.passages + len(without)))
        unseen = _any([Query.term_query(self.schema, "key", key, index_option="basic") for key in without])
        both = self.searcher.search(Query.boolean_query([(Occur.Must, query), (Occur.Must, unseen)]), 1, count=True)
        return among - (both.count or 0)  # type: ignore[attr-defined] - which stubs lack

    def document_frequency(self, word: str) -> int:
        """How many passages hold the term. Raises `LexicalDamaged`."""
        return self.document_frequencies([word])[0]

    def document_frequencies(self, words: Iterable[str]) -> list[int]:
        """How many passages hold each of the terms. Raises `LexicalDamaged`."""
        with _faults_told_apart():
            return [self._frequency("text", word) for word in words]

    def _clauses(self, filters: Filters | None) -> list[Query]:
        clauses: list[Query] = []
        if self.share and self.share.sections is not None:
            clauses.append(self._in_sections(self.share.sections))
        if filters and (filters.since is not None or filters.until is not None):
            low = None if filters.since is None else int(-(-filters.since // 1))  # up to the next second
            high = None if filters.until is None else int(filters.until // 1)
            clauses.append(Query.range_query(self.schema, "instant", FieldType.Integer, low, high))
        for name, wanted in (("source", filters and filters.source), ("language", filters and filters.language)):
            if wanted is not None:
                clauses.append(Query.term_query(self.schema, name, wanted, index_option="basic"))
        return clauses

    def _in_sections(self, sections: Iterable[int]) -> Query:
        return _any(Query.term_query(self.schema, "section", each, index_option="basic") for each in sections)


def _any(queries: Iterable[Query]) -> Query:
    """Who matches one of these: of numbers, several times as quick as a set of terms."""
    return Query.boolean_query([(Occur.Should, each) for each in queries])


def _rarity(held: int, documents: int) -> float:
    """What a term weighs in tantivy's BM25 that so many of the documents hold."""
    return math.log(1.0 + (max(documents - held, 0) + 0.5) / (held + 0.5))


class LexicalIndex:
    """The index on disk, in the folder `path`, or in memory (None). One writer at a time, by the reload lock.

    Methods raise `LexicalDamaged` where `start_over` helps, and `OSError`.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._schema = _schema()
        try:
            self._index = self._open()
        except LexicalDamaged as error:  # or made with another schema
            self.start_over(error)

    def _open(self) -> Index:
        with _faults_told_apart():
            if self._path:
                self._path.mkdir(parents=True, exist_ok=True)
            index = Index(self._schema, str(self._path)) if self._path else Index(self._schema)
            index.register_tokenizer(ANALYZER, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
            index.config_reader("manual")
        return index

    def start_over(self, damage: LexicalDamaged) -> None:
        """Begin with an empty index; snapshots that were taken go on as they are."""
        if OF_ANOTHER_VERSION in str(damage):
            logger.info("making the index of words anew, once, as this version keeps more in it than the one before")
        else:
            logger.warning("rebuilding the index of words, which is damaged (%s); nothing is lost", damage)
        if self._path:
            shutil.rmtree(self._path, ignore_errors=True)
        self._index = self._open()

    def snapshot(self) -> LexicalSnapshot:
        """The index as it stands on disk now."""
        with _faults_told_apart():
            self._index.reload()
            searcher = self._index.searcher()
            hits = searcher.search(Query.exists_query("generation"), 1).hits
            addresses = [address for _, address in hits]
            marked, made = (searcher.fast_field_values(name, addresses) for name in ("generation", "instant"))
            documents = sum(segment["max_doc"] for segment in self._segments()) if self._path else searcher.num_docs
        held, committed = (int(each[0]) if each and each[0] is not None else None for each in (marked, made))
        return LexicalSnapshot(
            schema=self._schema, searcher=searcher, generation=held, committed=committed, documents=documents
        )

    def _segments(self) -> list[dict[str, Any]]:
        """What tantivy notes of its segments."""
        assert self._path
        return json.loads((self._path / "meta.json").read_text(encoding="utf-8"))["segments"]

    def is_skewed_without(self, removed: int) -> bool:
        """Whether to `rebuild` rather than `apply`, where so many passages are removed.

        tantivy lets what is deleted count in BM25 until its segment is merged, which can be never, and cannot be told
        to merge. Few passages shall score as in an index that never held others; with many, a few dead ones do not
        show, and writing all anew is paid for by the many that came and went.
        """
        if self._path is None:
            return removed > 0
        with _faults_told_apart():
            segments = self._segments()
        deleted = sum((segment.get("deletes") or {}).get("num_deleted_docs", 0) for segment in segments)
        living = sum(segment["max_doc"] for segment in segments) - deleted - removed
        dead = deleted + removed
        return dead > (0 if living <= FEW else MOST_DEAD * living)

    def apply(self, generation: int, added: Iterable[LexicalEntry], removed: Iterable[int], committed: int = 0) -> None:
        """Move the index to `generation`, later than the one it holds, in one commit."""
        self._write((generation, committed), added, removed, afresh=False)

    def rebuild(self, generation: int, entries: Iterable[LexicalEntry], committed: int = 0) -> None:
        """Replace everything by `entries` in one commit."""
        self._write((generation, committed), entries, (), afresh=True)

    def _write(
        self, made: tuple[int, int], added: Iterable[LexicalEntry], removed: Iterable[int], *, afresh: bool
    ) -> None:
        with _faults_told_apart():
            writer = self._index.writer(WRITER_MEMORY, 1)
            try:
                self._fill(writer, made, added, removed, afresh=afresh)
                writer.commit()
            except BaseException:
                with suppress(ValueError):  # of a writer that was killed, after what killed it
                    writer.rollback()
                raise
            writer.wait_merging_threads()

    def _fill(
        self,
        writer: IndexWriter,
        made: tuple[int, int],
        added: Iterable[LexicalEntry],
        removed: Iterable[int],
        *,
        afresh: bool,
    ) -> None:
        if afresh:
            writer.delete_all_documents()
        for key in removed:
            # (`delete_documents_by_term` takes an int for a signed one and deletes nothing)
            writer.delete_documents_by_query(Query.term_query(self._schema, "key", key))
        for entry in added:
            document = Document()
            document.add_unsigned("key", entry.key)
            words = terms(entry.text, entry.language)
            document.add_text("text", " ".join(words))
            document.add_text("grams", " ".join(grams(words, entry.language)))
            document.add_integer("instant", entry.instant)
            document.add_text("source", entry.source)
            document.add_text("language", entry.language or "")
            document.add_unsigned("section", entry.section)
            writer.add_document(document)
        writer.delete_documents_by_query(Query.exists_query("generation"))
        marker = Document()
        generation, committed = made
        marker.add_unsigned("generation", generation)
        marker.add_integer("instant", committed)
        writer.add_document(marker)
