#!/usr/bin/env bash
# FAISS rounds a question to whole numbers, or not, by the number of dimensions and the processor (QT_8bit_direct…).
#
# Versions: faiss-cpu 1.15.1, numpy 2.4.6.
#
# An IndexScalarQuantizer with QT_8bit_direct_signed keeps vectors of whole numbers from -128 to 127, and answers any
# question in float32. With 30 dimensions the scores are those of the question as it was given. With 384, on x86-64,
# the question is cut to whole numbers first: of a question of length 1 nothing is left, every score is 0.0, and the
# order is that of adding; no error is raised. QT_8bit_direct (0 to 255) does the same. From how many dimensions on
# depends on the vector instructions: multiples of 64, of 32 or of 16. So a test on a few dimensions passes, and so does
# the same program on another machine. A question that is scaled to whole numbers like the vectors is right everywhere.
#
# Seen (share of 200 questions, each a unit vector in the direction of one stored vector, that find it first; the first
# score, and what it should be):
#   QT_8bit_direct_signed  30 dimensions: found 1.00, score 325.8, exact 325.8   scaled: found 1.00
#   QT_8bit_direct_signed 384 dimensions: found 0.01, score 0.0, exact 1165.1    scaled: found 1.00
#   QT_8bit_direct         30 dimensions: found 1.00, score 660.9, exact 660.9   scaled: found 1.00
#   QT_8bit_direct        384 dimensions: found 0.01, score 0.0, exact 2353.7    scaled: found 1.00
#
# Source: https://github.com/facebookresearch/faiss/issues/5550 (x86-64 takes distances of whole numbers, ARM those of
# floating point) and https://github.com/facebookresearch/faiss/pull/5638 (that this cuts the question). The
# documentation of the two kinds says only how vectors are kept.
#
# Hurts: whoever keeps embeddings as bytes to save memory and asks with what the model gives: nothing is found, silently,
# and on another processor, or with a small model in the tests, all is well.

set -euo pipefail

if [ "$(uname -m)" != x86_64 ]; then
  echo "This is of x86-64; on $(uname -m) questions are not cut." && exit 0
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check faiss-cpu==1.15.1 numpy==2.4.6

"$folder/venv/bin/python" - <<'PYTHON'
import sys

import faiss
import numpy as np

QUESTIONS = 200
changed = False
for kind, least, most in (("QT_8bit_direct_signed", -100, 100), ("QT_8bit_direct", 0, 200)):
    for dimensions, is_cut in ((30, False), (384, True)):
        random = np.random.default_rng(0)
        vectors = random.integers(least, most, (1000, dimensions)).astype(np.float32)
        lengths = np.linalg.norm(vectors[:QUESTIONS], axis=1, keepdims=True)
        index = faiss.IndexScalarQuantizer(
            dimensions, getattr(faiss.ScalarQuantizer, kind), faiss.METRIC_INNER_PRODUCT
        )
        index.add(vectors)
        exact = (vectors[:QUESTIONS] / lengths) @ vectors.T
        scores, found = index.search(vectors[:QUESTIONS] / lengths, 1)
        _, scaled = index.search(vectors[:QUESTIONS], 1)
        shares = [float(np.mean(each[:, 0] == exact.argmax(axis=1))) for each in (found, scaled)]
        print(
            f"{kind:21} {dimensions:3} dimensions: found {shares[0]:.2f}, score {scores[0, 0]:.1f},"
            f" exact {exact[0].max():.1f}   scaled: found {shares[1]:.2f}"
        )
        changed |= (float(scores[0, 0]) == 0.0) != is_cut or shares[1] != 1.0
sys.exit("FAISS does otherwise now" if changed else 0)
PYTHON
