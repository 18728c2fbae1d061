"""Fit what tells that two articles are of one event, and measure how stories grow, with any labelled corpus.

    python -m benchmarks.stories fit CORPUS QUESTIONS [--write]
    python -m benchmarks.stories grow CORPUS QUESTIONS [--batch 50]

`fit` reports, on folds of the events, how well pairs of articles are told apart, and with --write replaces
`retrieval/index/weights/same_event.json`. `grow` takes the articles in all at once, batch by batch in the order in
which they were published, and in any order, and tells how well the stories of each agree with the labelled events; it
adds ten articles again and again and tells what that costs, stories included. A bag of words stands in for the
embedding model, which has no part in stories: nothing has to be embedded.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold

from retrieval.article import Article, instant
from retrieval.evaluation.clusters import agreement
from retrieval.evaluation.events import Event, labelled_events
from retrieval.evaluation.labelled import read_questions
from retrieval.evaluation.story_measures import story_of_each
from retrieval.index import linking
from retrieval.index.embed import Embedder
from retrieval.index.linking import Linking, dated_of
from retrieval.index.same_event import FEATURES
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.reading.arrival import Arrival
from retrieval.reading.origins import archive_origin
from retrieval.reading.sources.jsonl import read_jsonl
from tests.support.bag_of_words import BAG_OF_WORDS, IN_PLACE

FOLDS = 5
TEN, TIMES = 10, 10
WEIGHTS = Path(linking.__file__).parent / "weights" / "same_event.json"


@contextmanager
def newsroom() -> Iterator[Newsroom]:
    """An empty newsroom in which a bag of words embeds."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv(BAG_OF_WORDS, folder)  # which is there
        for name, value in IN_PLACE.items():
            patch.setattr(Embedder, name, value)
        with Newsroom.open(NewsroomSettings(Path(folder) / "data", Path(folder) / "seeds")) as room:
            yield room


def taken_in(room: Newsroom, articles: Sequence[Article]) -> float:
    """Add articles; returns the seconds that it took."""
    return room.add(Arrival(archive_origin("corpus"), article) for article in articles).seconds


def pairs(room: Newsroom, events: Sequence[Event]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The likenesses of labelled articles that are near each other, whether each two are of one event, and of which."""
    corpus, of = room.corpus(), {id_: at for at, event in enumerate(events) for id_ in event.articles}
    near = Linking(corpus.store, corpus.index, frozenset(of), late=False)
    found = [
        (like, of[place.id] == of[other.id], of[place.id])
        for place in dated_of(corpus.store, corpus.generation, "id", of)
        for other, like in near.near(place)
        if other.id in of
    ]
    rows, same, event = zip(*found, strict=True)
    return np.array(rows), np.array(same), np.array(event)


def fit(articles: Sequence[Article], events: Sequence[Event], *, write: bool) -> None:
    """Fit the logistic model; on folds of the events, report how well it tells pairs apart that it has not seen."""
    with newsroom() as room:
        taken_in(room, articles)
        rows, same, event = pairs(room, events)
    print(f"{len(rows)} pairs, {same.sum()} of one event")
    unseen = np.zeros(len(rows))
    for seen, left in KFold(FOLDS, shuffle=True, random_state=0).split(np.arange(len(events))):
        of_seen, of_left = np.isin(event, seen), np.isin(event, left)
        unseen[of_left] = np.asarray(_model(rows[of_seen], same[of_seen]).predict_proba(rows[of_left]))[:, 1]
    print(f"AUROC on events that it has not seen: {roc_auc_score(same, unseen):.3f}")
    model = _model(rows, same)
    weights = {"bias": np.asarray(model.intercept_)[0], **dict(zip(FEATURES, model.coef_[0], strict=True))}
    document = json.dumps({name: round(float(weight), 3) for name, weight in weights.items()}, indent=2)
    print(document)
    if write:
        WEIGHTS.write_text(f"{document}\n", encoding="utf-8")


def _model(rows: np.ndarray, same: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=100.0, max_iter=10_000).fit(rows, same)


def grow(articles: Sequence[Article], events: Sequence[Event], batch: int) -> None:
    """Report how well stories agree with events, in whatever order articles come, and what ten more cost."""
    in_order = sorted(articles, key=lambda each: instant(each.published) if each.published else 0.0)
    shuffled = [in_order[at] for at in np.random.default_rng(0).permutation(len(in_order))]
    print("| | precision | recall | B-cubed F1 | pairs right | pairs found |\n|---|---:|---:|---:|---:|---:|")
    for name, order, size in (
        ("all at once", in_order, len(in_order)),
        (f"as they were published, {batch} at a time", in_order, batch),
        (f"in any order, {batch} at a time", shuffled, batch),
    ):
        with newsroom() as room:
            for at in range(0, len(order), size):
                taken_in(room, order[at : at + size])
            found = agreement(events, story_of_each(room.corpus(), events))
            figures = (found.precision, found.recall, found.f1, found.pair_precision, found.pair_recall)
            print(f"| {name} | {' | '.join(f'{figure:.3f}' for figure in figures)} |", flush=True)
            if size == len(in_order):
                _cost(room, in_order)


def _cost(room: Newsroom, articles: Sequence[Article]) -> None:
    """Add ten articles that tell of what is there, again and again."""
    linked: list[float] = []
    bring_up: Callable[..., None] = linking.bring_up

    def timed(*given: object) -> None:
        began = time.perf_counter()
        bring_up(*given)
        linked.append(time.perf_counter() - began)

    linking.bring_up = timed
    try:
        took = [taken_in(room, _like(articles[-TEN * (at + 1) :][:TEN], at)) for at in range(TIMES)]
    finally:
        linking.bring_up = bring_up
    print(
        f"Adding {TEN} articles to {len(articles):,}: {statistics.median(took):.2f} s in all without embedding, "
        f"{statistics.median(linked):.2f} s of it for stories (medians of {TIMES}).",
        flush=True,
    )


def _like(articles: Sequence[Article], at: int) -> list[Article]:
    """New articles on what these tell of: every other paragraph of each."""
    return [
        replace(
            each,
            id=f"{each.id}-{at}",
            url=None,
            title=f"{each.title} again",
            body="\n\n".join(each.body.split("\n\n")[::2]),
        )
        for each in articles
    ]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("fit", "grow"))
    parser.add_argument("corpus", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--batch", type=int, default=50)
    given = parser.parse_args()
    articles = [each for each in read_jsonl(given.corpus, given.corpus.name) if isinstance(each, Article)]
    events = labelled_events(read_questions(given.questions), {each.id: each for each in articles})
    several = sum(len(event.articles) > 1 for event in events)
    print(f"{len(articles):,} articles, {len(events)} events, {several} of them with several articles")
    if given.what == "fit":
        fit(articles, events, write=given.write)
    else:
        grow(articles, events, given.batch)


if __name__ == "__main__":
    main()
