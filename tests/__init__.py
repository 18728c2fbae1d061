"""The tests, which mirror the packages.

Several run at once (`make test`), on one core each: where each also had its sums done on all cores, they would wait for
each other (twice the work, measured). It must be said before anything that does sums is imported.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
