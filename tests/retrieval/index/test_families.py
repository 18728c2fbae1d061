"""What models want before texts reaches them, whatever computes them; their kin tells which languages they know."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index import conversion
from retrieval.index.embed import Embedder
from retrieval.index.families import E5, FAMILIES, INSTRUCTION, Prompts, family_of, own_prompts
from retrieval.index.precision import PRECISION
from retrieval.index.reference import BUILT_IN, BUILT_IN_SHA256
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.conversions import make_here, skip_without_openvino
from tests.support.tiny_model import make_tiny_model

SEARCHING = "Represent this sentence for searching relevant passages: "


@pytest.mark.parametrize(
    ("name", "question", "passage", "languages"),
    [
        (BUILT_IN, "", "", "en"),
        ("all-mpnet-base-v2", "", "", "en"),
        ("sentence-transformers/multi-qa-MiniLM-L6-cos-v1", "", "", "en"),
        ("sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2", "", "", None),
        ("sentence-transformers/distiluse-base-multilingual-cased-v2", "", "", None),
        ("intfloat/multilingual-e5-small", "query: ", "passage: ", None),
        ("/srv/models/multilingual-e5-base/", "query: ", "passage: ", None),
        (r"C:\models\multilingual-e5-large", "query: ", "passage: ", None),
        ("intfloat/e5-small-v2", "query: ", "passage: ", "en"),
        ("somebody/e5-base-korean", "query: ", "passage: ", None),
        ("intfloat/multilingual-e5-large-instruct", f"{INSTRUCTION} ", "", None),
        ("intfloat/e5-mistral-7b-instruct", f"{INSTRUCTION} ", "", "en"),
        ("BAAI/bge-small-en-v1.5", SEARCHING, "", "en"),
        ("BAAI/bge-base-zh-v1.5", "为这个句子生成表示以用于检索相关文章：", "", "zh"),
        ("BAAI/bge-m3", "", "", None),
        ("Snowflake/snowflake-arctic-embed-m-v1.5", SEARCHING, "", "en"),
        ("Snowflake/snowflake-arctic-embed-l-v2.0", "query: ", "", None),
        ("nomic-ai/nomic-embed-text-v1.5", "search_query: ", "search_document: ", "en"),
        ("nomic-ai/nomic-embed-text-v2-moe", "search_query: ", "search_document: ", None),
        ("mixedbread-ai/mxbai-embed-large-v1", SEARCHING, "", "en"),
        ("mixedbread-ai/deepset-mxbai-embed-de-large-v1", "query: ", "passage: ", "de en"),
        ("google/embeddinggemma-300m", "task: search result | query: ", "title: none | text: ", None),
        ("Qwen/Qwen3-Embedding-0.6B", INSTRUCTION, "", None),
        ("thenlper/gte-small", "", "", "en"),
        ("Alibaba-NLP/gte-multilingual-base", "", "", None),
        ("jinaai/jina-embeddings-v2-base-de", "", "", "de en"),
        ("ibm-granite/granite-embedding-107m-multilingual", "", "", None),
        ("somebody/a-model", "", "", None),
    ],
)
def test_what_families_of_models_want_and_know(name: str, question: str, passage: str, languages: str | None) -> None:
    family = family_of(name, None)
    assert family.prompts == Prompts(question, passage)
    assert family.languages == (languages and frozenset(languages.split()))


def test_no_family_stands_behind_one_that_takes_all_its_models() -> None:
    assert len({family.named for family in FAMILIES}) == len(FAMILIES)
    assert family_of("multilingual-e5-large-instruct", None).prompts != family_of("multilingual-e5-large", None).prompts


@pytest.mark.parametrize(
    ("name", "language", "knows"),
    [
        (BUILT_IN, "en", True),
        (BUILT_IN, "en-GB", True),
        (BUILT_IN, "EN", True),
        (BUILT_IN, "de", False),
        (BUILT_IN, "zh-Hans", False),
        (BUILT_IN, None, True),
        ("intfloat/multilingual-e5-small", "zh", True),
        ("BAAI/bge-small-zh-v1.5", "en", False),
    ],
)
def test_a_model_knows_the_languages_of_its_family(name: str, language: str | None, knows: bool) -> None:
    assert family_of(name, None).knows(language) is knows
    assert Embedder(None if name == BUILT_IN else name).knows(language) is knows


def configured(folder: Path, name: str = "a-model", prompts: object = None, **config: object) -> Path:
    place = folder / name
    place.mkdir()
    (place / "config.json").write_text(json.dumps(config))
    (place / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts}))
    return place


def test_a_renamed_folder_is_known_by_what_its_model_was_made_of(tmp_path: Path) -> None:
    place = configured(tmp_path, _name_or_path="intfloat/multilingual-e5-small", vocab_size=250_037)
    assert family_of(str(place), place).prompts == E5
    assert family_of(str(place), place).languages is None


def test_a_model_with_a_vocabulary_of_english_knows_english(tmp_path: Path) -> None:
    place = configured(tmp_path, vocab_size=30_522)
    assert family_of(str(place), place).languages == {"en"}


@pytest.mark.parametrize("broken", ["", "[]", "{", '{"prompts": 3, "vocab_size": []}'])
def test_a_broken_configuration_says_nothing(tmp_path: Path, broken: str) -> None:
    place = configured(tmp_path, "e5-small")
    (place / "config_sentence_transformers.json").write_text(broken)
    (place / "config.json").write_text("{" if broken.endswith("}") else broken)
    assert family_of(str(place), place).prompts == E5


TEXT = st.text(max_size=8)


@given(question=TEXT, passage=TEXT, name=st.sampled_from(["document", "passage", "corpus"]))
def test_what_a_model_says_itself_goes_before_what_its_family_wants(question: str, passage: str, name: str) -> None:
    said = {"prompts": {"query": question, "document": "", name: passage, "clustering": "cluster: "}}
    expected = Prompts(question, passage)
    assert own_prompts(said) == (expected if question or passage else None)


def test_the_prompts_that_saving_writes_into_every_model_say_nothing(tmp_path: Path) -> None:
    said = configured(tmp_path, "multilingual-e5-small", {"query": "", "document": ""})
    assert family_of(str(said), said).prompts == E5
    own = configured(tmp_path, "multilingual-e5-base", {"query": "ask: ", "document": ""})
    assert family_of(str(own), own).prompts == Prompts("ask: ", "")


# --- with a model ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def e5(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model that says nothing of prompts, under a name whose family wants them."""
    return make_tiny_model(tmp_path_factory.mktemp("e5") / "multilingual-e5-tiny")


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder for the conversion of it, of which prompts are no part."""
    return tmp_path_factory.mktemp("converted")


@pytest.fixture(params=["torch", "OpenVINO"])
def data_folder(request: pytest.FixtureRequest, converted: Path, monkeypatch: pytest.MonkeyPatch) -> Path | None:
    """The data folder without which sentence-transformers computes the model; in float32, where models differ least."""
    monkeypatch.setenv(PRECISION, "float32")
    monkeypatch.setattr(conversion, "FOLDER", "models")
    if request.param == "torch":
        return None
    skip_without_openvino()
    make_here(monkeypatch)
    return converted


def plain(folder: Path, text: str) -> np.ndarray:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu").encode(text, prompt="", show_progress_bar=False)


def test_prompts_go_before_questions_and_passages(e5: Path, data_folder: Path | None) -> None:
    model = Embedder(str(e5), data_folder)
    assert model.runtime is None
    text = "Who closed the harbour?"
    assert np.allclose(model.embed_question(text), plain(e5, f"query: {text}"), atol=1e-5)
    assert np.allclose(model.embed_passages([text])[0], plain(e5, f"passage: {text}"), atol=2e-3)  # half precision
    assert model.runtime == ("OpenVINO" if data_folder else "torch")
    # What the model reads, less its special tokens and the prompt: "passage" and a colon.
    assert model.token_limit == 100 - 2 - 2


def test_what_is_cut_to_the_limit_is_read_to_its_end(e5: Path, data_folder: Path | None) -> None:
    model = Embedder(str(e5), data_folder)
    words = ["boat"] * model.token_limit
    vectors = model.embed_passages([" ".join([*words[:-1], last]) for last in ("boat", "storm")])
    assert not np.allclose(vectors[0], vectors[1], atol=2e-3)
    beyond = model.embed_passages([" ".join([*words, last]) for last in ("boat", "storm")])
    assert np.array_equal(beyond[0], beyond[1])


def test_other_prompts_can_be_set(e5: Path, data_folder: Path | None) -> None:
    model = Embedder(str(e5), data_folder, query_prompt="Frage: ", passage_prompt="")
    assert np.allclose(model.embed_question("Wer?"), plain(e5, "Frage: Wer?"), atol=1e-5)
    assert np.allclose(model.embed_passages(["Der Hafen."])[0], plain(e5, "Der Hafen."), atol=2e-3)


def test_only_another_prompt_of_passages_makes_another_model(e5: Path) -> None:
    wanted = Embedder(str(e5)).identity
    assert Embedder(str(e5), query_prompt="Frage: ").identity == wanted
    assert Embedder(str(e5), passage_prompt="passage: ").identity == wanted
    assert Embedder(str(e5), passage_prompt="Text: ").identity != wanted
    assert Embedder(str(e5), passage_prompt="").identity != wanted


def test_articles_are_embedded_again_for_another_prompt_of_passages_alone(
    e5: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_here(monkeypatch)
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "harbour.txt").write_text("The harbour\nThe harbour of Marlo was closed on Friday.\n")
    settings = NewsroomSettings(tmp_path / "data", tmp_path / "seeds", embedding_model=str(e5))
    with Newsroom.open(settings) as room:
        assert room.reload().embedded == 1
        assert room.status().prompts == ("query: ", "passage: ")
    with Newsroom.open(replace(settings, query_prompt="Frage: ")) as room:
        assert room.status().notice is None
        assert room.reload().embedded == 0
    with Newsroom.open(replace(settings, passage_prompt="Text: ")) as room:
        notice = room.status().notice
        assert notice is not None
        assert notice.startswith(
            f"The index was made with other weights of {e5}, or with another prompt before passages"
        )
        assert room.reload().embedded == 1
        assert room.status().notice is None


def test_the_built_in_model_is_what_it_was() -> None:
    model = Embedder()
    assert (model.identity.name, model.identity.revision) == (BUILT_IN, BUILT_IN_SHA256[:16])
    assert model.prompts == Prompts()
    assert not model.loaded
