"""A plugin for pytest under mutation testing: tests without processes of their own, and which of them judge a module.

mutmut waits for any process that ends and knows only those that it started; so what strangers wrote is read in the
test's own. In the place of the model, which computes on threads that no fork takes along, stands a bag of words.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from mutmut.state import state  # pyright: ignore[reportMissingImports]

from retrieval import workers
from retrieval.index.embed import Embedder
from tests.support.bag_of_words import BAG_OF_WORDS, IN_PLACE
from tests.support.places import ROOT

JUDGES = {
    "tests/bot/cards/": ("bot.cards.",),
    "tests/bot/connection/": ("bot.connection.",),
    "tests/discord/": ("bot.connection.",),
    "tests/retrieval/answering/": ("retrieval.answering.",),
    "tests/retrieval/index/test_passages.py": ("retrieval.index.passages.",),
    "tests/retrieval/index/": ("retrieval.reading.",),
    "tests/retrieval/reading/": ("retrieval.reading.",),
    "tests/retrieval/text/": ("retrieval.text.",),
}
"""What the tests of a file or folder are there for. Most come by the sentences and passages, and would add nothing to
what theirs find; each takes many times as long.
"""

SLOW = """
    test_however_it_is_sliced_the_index_is_the_same test_retention_does_not_touch_what_waits
    test_what_waits_goes_on_waiting_where_something_else_comes_between
    test_what_was_begun_is_ended_first_and_nothing_is_embedded_twice
    test_whatever_comes_between_nothing_is_lost_or_embedded_twice
""".split()
"""Tests that take seconds, which each change that nobody notices would cost."""

workers._in_worker = True
os.environ[BAG_OF_WORDS] = str(ROOT)
for name, value in IN_PLACE.items():
    setattr(Embedder, name, value)
# The same examples for each change, and few. That one of them fails is all that is asked.
settings.register_profile(
    "mutants",
    deadline=None,
    max_examples=12,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The quickest first: most changes are noticed at once."""
    took = state().duration_by_test
    items.sort(key=lambda item: took.get(item.nodeid, 0))
    slow = [item for item in items if item.name.partition("[")[0] in SLOW]
    items[:] = [item for item in items if item not in slow]
    config.hook.pytest_deselected(items=slow)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Leave out what a test came by but does not judge, before mutmut notes by which tests a function is tried."""
    judged = next(modules for folder, modules in JUDGES.items() if item.nodeid.startswith(folder))
    came_by = state()._stats
    came_by.intersection_update([function for function in came_by if function.startswith(judged)])
