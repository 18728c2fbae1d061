#!/usr/bin/env bash
# Which of equal vectors FAISS puts first depends on how many are asked for, if the measure is the inner product.
#
# Versions: faiss-cpu 1.15.1, numpy 2.4.6.
#
# Of vectors that are equally near, an exact index (IndexFlatIP, or IndexScalarQuantizer with the inner product) returns
# those that were added first, but the last of them in front: the best hit is vector 0 with k=1, vector 4 with k=5 and
# vector 149 with k=150. So the first five of ten results are not the five results, and a second page shows what the
# first one showed. With the Euclidean distance, the same vectors come in the order in which they were added, whatever
# k is. All of it with one thread, one query, no approximation.
#
# Seen (the first three ids):
#   inner product:  k=1 [0]   k=5 [4, 3, 2]   k=10 [9, 8, 7]   k=150 [149, 148, 147]
#   Euclidean:      k=1 [0]   k=5 [0, 1, 2]   k=10 [0, 1, 2]   k=150 [0, 1, 2]
#
# Source: no documentation found. https://github.com/facebookresearch/faiss/issues/813 tells, for the Euclidean
# distance and k=100, that the order of equally near vectors is not defined; not that the winner changes with each k.
#
# Hurts: whoever searches texts that occur more than once (agency reports, boilerplate), in pages, or first with k=1 to
# find the best and then with a larger k to show more.

set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check faiss-cpu==1.15.1 numpy==2.4.6

"$folder/venv/bin/python" - <<'PYTHON'
import sys

import faiss
import numpy as np

faiss.omp_set_num_threads(1)
vectors = np.tile(np.array([[0.6, 0.8]], dtype=np.float32), (300, 1))
half = faiss.ScalarQuantizer.QT_fp16
inner = [faiss.IndexFlatIP(2), faiss.IndexScalarQuantizer(2, half, faiss.METRIC_INNER_PRODUCT)]

changed = False
for index in [*inner, faiss.IndexFlatL2(2)]:
    index.add(vectors)
    for k in (1, 5, 10, 150):
        _, ids = index.search(vectors[:1], k)
        expected = list(range(k)) if isinstance(index, faiss.IndexFlatL2) else list(range(k))[::-1]
        print(f"{type(index).__name__:21} k={k:<4} {ids[0, :3].tolist()}")
        changed = changed or ids[0].tolist() != expected
sys.exit(changed)
PYTHON
