"""What an embedding model wants before a text, and which languages it knows: its own configuration says it, or its kin.

Many models were trained with words before each question, and some before each passage: without them they find worse.
A model's authors may say them in `config_sentence_transformers.json`, which goes first; many say them in prose alone.
So `FAMILIES` tells them of those families that are in use, after the models' cards (huggingface.co/intfloat, BAAI,
Snowflake, nomic-ai, mixedbread-ai, WhereIsAI, google, Qwen, ibm-granite, jinaai, Alibaba-NLP, sentence-transformers)
and what MTEB measures these models with (github.com/embeddings-benchmark/mteb, mteb/models).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Prompts:
    """What goes before a question, and before a passage."""

    query: str = ""
    passage: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """Models that want the same. `languages` are those that they know, as ISO 639 codes; None is many of them.

    `named` is a pattern for the last part of a model's name, in lower case.
    """

    named: str
    prompts: Prompts = Prompts()
    languages: frozenset[str] | None = None

    def knows(self, language: str | None) -> bool:
        """Whether a model can be expected to understand a language (`de`, `pt-BR`); one that nobody knows, it may."""
        return language is None or self.languages is None or language.partition("-")[0].casefold() in self.languages


ENGLISH = frozenset({"en"})
INSTRUCTION = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"
E5 = Prompts("query: ", "passage: ")
INSTRUCTED = Prompts(f"{INSTRUCTION} ")
SEARCHING = Prompts("Represent this sentence for searching relevant passages: ")
NOMIC = Prompts("search_query: ", "search_document: ")
GEMMA = Prompts("task: search result | query: ", "title: none | text: ")

FAMILIES = (
    Family(r"multilingual-e5-.*instruct", INSTRUCTED),
    Family(r"e5-.*instruct", INSTRUCTED, ENGLISH),
    Family(r"^e5-(small|base|large)(-v2|-unsupervised|-4k)?$", E5, ENGLISH),
    Family(r"multilingual-e5|\be5-(small|base|large)", E5),  # multilingual, or trained further in another language
    Family(r"^bge-(small|base|large)-en", SEARCHING, ENGLISH),
    Family(r"^bge-(small|base|large)-zh", Prompts("为这个句子生成表示以用于检索相关文章："), frozenset({"zh"})),
    Family(r"^bge-m3"),
    Family(r"arctic-embed-[a-z]+-v2", Prompts("query: ")),
    Family(r"arctic-embed", SEARCHING, ENGLISH),
    Family(r"nomic-embed-text-v2", NOMIC),
    Family(r"nomic-embed-text", NOMIC, ENGLISH),
    Family(r"mxbai-embed-de", E5, frozenset({"de", "en"})),
    Family(r"^(mxbai-embed|uae)-large", SEARCHING, ENGLISH),
    Family(r"embeddinggemma", GEMMA),
    Family(r"^qwen3-embedding", Prompts(INSTRUCTION)),
    Family(r"^jina-embeddings-v2-.*-en", languages=ENGLISH),
    Family(r"^jina-embeddings-v2-.*-de", languages=frozenset({"de", "en"})),
    Family(r"^jina-embeddings-v2-.*-es", languages=frozenset({"es", "en"})),
    Family(r"^jina-embeddings-v2-.*-zh", languages=frozenset({"zh", "en"})),
    Family(r"^gte-(small|base|large)-zh", languages=frozenset({"zh"})),
    Family(r"^gte-(small|base|large|modernbert)", languages=ENGLISH),
    Family(r"^granite-embedding-.*(english|-r2)", languages=ENGLISH),
    Family(r"multilingual|distiluse|labse"),
    Family(r"^(all|multi-qa|msmarco|paraphrase)-(distil|mini|mp|ro)|^(gtr|sentence)-t5", languages=ENGLISH),
)
"""The first that a model's name fits says what it wants."""
UNKNOWN = Family("")
ENGLISH_VOCABULARIES = {28_996, 30_522, 30_527, 50_265, 50_368}
"""Sizes of the vocabularies of BERT (with capitals and without), MPNet, RoBERTa and ModernBERT, all of English text."""
PROMPTS, MODEL = "config_sentence_transformers.json", "config.json"


def family_of(name: str, folder: Path | None) -> Family:
    """What the model `name` (a name or a folder) wants and knows, whose files are in `folder` where they are here."""
    model = _read(folder, MODEL)
    names = [_last_part(each) for each in (name, model.get("_name_or_path")) if isinstance(each, str)]
    kin = (family for each in names for family in FAMILIES if re.search(family.named, each))
    family = next(kin, replace(UNKNOWN, languages=ENGLISH if model.get("vocab_size") in ENGLISH_VOCABULARIES else None))
    own = own_prompts(_read(folder, PROMPTS))
    return family if own is None else replace(family, prompts=own)


def own_prompts(configuration: Mapping[str, Any]) -> Prompts | None:
    """What a model's own configuration has before texts; None where it says nothing of it.

    sentence-transformers writes an empty prompt for questions and for documents into every model that it saves, so that
    says nothing. It also lets an empty one for documents hide a prompt for passages, which here it does not.
    """
    said = configuration.get("prompts")
    if not isinstance(said, Mapping):
        return None

    def first(*names: str) -> str:
        return next((text for name in names if isinstance(text := said.get(name), str) and text), "")

    own = Prompts(first("query"), first("document", "passage", "corpus"))
    return own if own != Prompts() else None


def _last_part(name: str) -> str:
    return re.split(r"[/\\]", name.rstrip("/\\"))[-1].casefold()


def _read(folder: Path | None, file: str) -> Mapping[str, Any]:
    """What a file of a model says; nothing where it is missing or is not of its kind, which loading the model tells."""
    if folder is None:
        return {}
    try:
        said = json.loads((folder / file).read_bytes())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, Mapping) else {}
