"""What it costs to find when a quote was given its wording is bounded, whatever the versions of its article hold."""

from __future__ import annotations

import time

from retrieval.answering.history import _reworded


def test_a_sentence_is_known_again_after_a_correction() -> None:
    before = ["It rained.", "The council voted to close the bridge for 3 weeks."]
    assert _reworded("The council voted to close the bridge for 30 weeks.", before)
    assert not _reworded("Nobody was hurt when the ferry ran aground.", before)


def test_long_and_monotonous_sentences_are_compared_in_time() -> None:
    before = [" ".join(["one", "two", "three"] * 3_000 + [str(at)]) for at in range(300)]
    began = time.process_time()
    assert not _reworded(" ".join(["four", "five", "six", "one"] * 3_000), before)
    assert not _reworded(" ".join(["three", "two", "one", *"abcd"] * 3_000), before)
    assert time.process_time() - began < 5
