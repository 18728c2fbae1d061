"""A small embedding model with random weights, made on the spot: it needs no download, and says nothing of worth.

What makes it is imported by need only: each process that runs tests imports this module.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from retrieval.index.reference import built_in_model


def make_tiny_model(folder: Path, prompts: Mapping[str, str] | None = None) -> Path:
    """A sentence-transformers model at `folder`, which has the built-in one's tokenizer and these prompts; reads 100
    tokens and gives vectors of 32 components."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel

    torch.manual_seed(7)
    draft = folder.with_name(f"{folder.name}-draft")
    config = BertConfig(
        vocab_size=30522, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )
    BertModel(config).save_pretrained(draft)
    for file in (*built_in_model().glob("*token*"), built_in_model() / "vocab.txt"):
        shutil.copy(file, draft)
    transformer = Transformer(str(draft))
    transformer.max_seq_length = 100
    modules = [transformer, Pooling(32, "mean"), Normalize()]
    SentenceTransformer(modules=modules, device="cpu", prompts=dict(prompts or {})).save(str(folder))
    return folder
