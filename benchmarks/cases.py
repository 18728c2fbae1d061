"""Labelled questions as the fit sees them: each asked on its day and later, of all articles and of parts of them, and
each time once more without the articles that answer it.

So nothing that is fitted can take "asked at once" or "a small index" for a sign that there is an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np

from retrieval.answering.corpus import UNHEARD
from retrieval.answering.features import Asked
from retrieval.answering.pipeline import found_for
from retrieval.answering.ranking import ranking_rows
from retrieval.answering.spans import Evidence, Findings, Span
from retrieval.answering.understanding import asks_of_now
from retrieval.article import Scope
from retrieval.evaluation.asking import WITHDRAWALS, whole
from retrieval.evaluation.conditions import Condition, lines_of, part_of, part_settings
from retrieval.evaluation.labelled import LabelledQuestion, holds
from retrieval.evaluation.run import corpus_settings
from retrieval.index.search import Hits, fuse
from retrieval.index.stored import StoredArticle
from retrieval.newsroom import Newsroom, NewsroomSettings

LONGEST = 2000  # days; delays are drawn evenly on a logarithmic scale, so that no age stands for an answer
DRAWN = 4  # delays for each question, besides its day
SIZES = (500, 3_000)  # articles of the parts, of which half as many delays are drawn
OTHER_FORMS = 0.2  # of a question's terms: of Arabic and Chinese ones, articles hold so many less than of English ones
TITLE_WORDS = 12  # of an article that has no headline of its own
FEW = 5  # articles of a bot that has just been tried


@dataclass(frozen=True, slots=True)
class Case:
    """A question under a condition, with what the search finds for it (best first); `answerable` or without answer."""

    labelled: LabelledQuestion
    condition: Condition
    answerable: bool
    findings: Findings
    rows: np.ndarray
    """Of `RANKING_FEATURES`, a row for each passage found."""
    right: np.ndarray
    """For each passage, 2 where its article is labelled with the answer, and 1 more where it holds an answer."""
    brief: bool = False
    """Whether each passage stands as an article of its own."""


class Asking:
    """A newsroom to ask; what is the same in many cases is kept once."""

    def __init__(self, room: Newsroom) -> None:
        self._room = room
        self._articles: dict[int, StoredArticle] = {}
        self._holding: dict[tuple[int, str], bool] = {}

    def find(self, labelled: LabelledQuestion, without: Sequence[str] = ()) -> Findings:
        """What the search finds on the question's day, without these articles."""
        scope = Scope(until=labelled.as_of, without=frozenset(without))
        found = found_for(self._room.corpus(), labelled.question, scope)
        return replace(found, evidence=[self._shared(item) for item in found.evidence])

    def _shared(self, item: Evidence) -> Evidence:
        stored = self._articles.setdefault(item.span.stored.key, item.span.stored)
        return item._replace(span=item.span._replace(stored=stored)) if stored == item.span.stored else item

    def holding(self, labelled: LabelledQuestion, findings: Findings) -> set[str]:
        """The articles found that hold an answer anywhere."""
        found = {item.span.stored.key: item.span.stored.article for item in findings.evidence}
        for key, article in found.items():
            if (key, labelled.id) not in self._holding:
                self._holding[key, labelled.id] = holds(whole(article), labelled.answers)
        return {article.id for key, article in found.items() if self._holding[key, labelled.id]}

    def without_answer(self, labelled: LabelledQuestion, findings: Findings) -> Findings | None:
        """What is found when all that holds an answer is withdrawn; None when ever more of it turns up."""
        hidden = {*labelled.gold, *self.holding(labelled, findings)}
        for _ in range(WITHDRAWALS):
            left = self.find(labelled, sorted(hidden))
            telling = self.holding(labelled, left)
            if not telling:
                return left
            hidden |= telling
        return None


def collected(settings: NewsroomSettings, corpus: Path, questions: Sequence[LabelledQuestion]) -> list[Case]:
    """Every case of these questions over `corpus` and parts of it; embeds what is not embedded yet."""
    whole_settings = corpus_settings(settings, corpus)
    with Newsroom.open(whole_settings) as room:
        room.reload(at_once=True)
        cases = list(_cases(Asking(room), questions, DRAWN, None))
    ids = [id_ for id_, _ in lines_of(corpus)]
    for size in (size for size in SIZES if size < len(ids)):
        kept, asked = part_of(ids, questions, size)
        with Newsroom.open(part_settings(whole_settings, corpus, size, kept)) as room:
            room.reload(at_once=True)
            cases += _cases(Asking(room), asked, DRAWN // 2, size)
    return cases


def asked_on_days(room: Newsroom, questions: Sequence[LabelledQuestion], drawn: int) -> Iterator[Case]:
    """The cases of each question on its day and `drawn` times later, with an answer and without."""
    asking = Asking(room)
    for labelled in questions:
        for delay in (0, *_delays(labelled, drawn)):
            asked = replace(labelled, as_of=labelled.as_of + timedelta(days=delay)) if labelled.as_of else labelled
            findings = asking.find(asked)
            left = asking.without_answer(asked, findings)
            yield _case(asked, Condition(delay=delay), findings, answerable=True)
            if left is not None:
                yield _case(asked, Condition(delay=delay), left, answerable=False)


def _cases(room: Asking, questions: Sequence[LabelledQuestion], drawn: int, articles: int | None) -> Iterator[Case]:
    for labelled in questions:
        for delay in (0, *_delays(labelled, drawn)):
            asked = replace(labelled, as_of=labelled.as_of + timedelta(days=delay)) if labelled.as_of else labelled
            condition, findings = Condition(delay=delay, articles=articles), room.find(asked)
            left = room.without_answer(asked, findings)
            of_few = Condition(articles=FEW)
            for found, answerable in ((findings, True), (left, False)):
                if found is not None:
                    cases = [_case(asked, condition, found, answerable=answerable)]
                    if not delay and articles is None:
                        cases.append(_case(asked, of_few, few(asked, found), answerable=answerable))
                    yield from cases
                    if not found.by_meaning:
                        yield from map(brief, cases)


def _delays(labelled: LabelledQuestion, drawn: int) -> list[int]:
    if labelled.as_of is None or asks_of_now(labelled.question):
        return []
    drawing = np.random.default_rng(list(labelled.id.encode()))
    return [round(LONGEST**share) for share in drawing.random(drawn)]


def few(labelled: LabelledQuestion, findings: Findings) -> Findings:
    """What would be found of `FEW` articles: those that are labelled with the answer, and some that are found last."""
    found = list(dict.fromkeys(item.span.stored.article.id for item in findings.evidence))
    kept = [each for each in found if each in labelled.gold][: FEW // 2]
    kept += [each for each in reversed(found) if each not in labelled.gold][: FEW - len(kept)]
    left = {item.candidate.key: item for item in findings.evidence if item.span.stored.article.id in kept}
    cosines = [(key, item.candidate.cosine) for key, item in left.items() if item.candidate.cosine is not None]
    bm25 = [(key, item.candidate.bm25) for key, item in left.items() if item.candidate.bm25]
    fused = fuse(Hits.of(cosines), Hits.of(bm25))
    return replace(findings, evidence=[left[each.key]._replace(candidate=each) for each in fused])


def brief(case: Case) -> Case:
    """The same passages, each an article of its own whose headline is how it begins, as summaries are; asked about
    in words of which some stand there in other forms, as in languages that have more of them."""
    evidence = [item._replace(span=_by_itself(number, item.span)) for number, item in enumerate(case.findings.evidence)]
    findings = replace(case.findings, asked=_in_other_forms(case), evidence=evidence)
    return replace(case, findings=findings, rows=ranking_rows(findings.asked, evidence), brief=True)


def _in_other_forms(case: Case) -> Asked:
    """What is asked for, with `OTHER_FORMS` of its terms such that nothing holds them."""
    asked, drawing = case.findings.asked, np.random.default_rng(list(case.labelled.id.encode()))
    others = {term for term in asked.weights if drawing.random() < OTHER_FORMS}

    def told(terms: Iterable[str]) -> frozenset[str]:
        return frozenset(f"{term}~" if term in others else term for term in terms)

    def weighed(weights: Mapping[str, float]) -> dict[str, float]:
        return {
            (f"{at}~" if at in others else at): weight * (UNHEARD if at in others else 1)
            for at, weight in weights.items()
        }

    return replace(
        asked,
        weights=weighed(asked.weights),
        rarest=weighed(asked.rarest),
        terms=told(asked.terms),
        names=told(asked.names),
    )


def _by_itself(number: int, passage: Span) -> Span:
    stored, text = passage.stored, passage.text
    inside = stored.sentences[passage.first : passage.last]
    spans = tuple((start - passage.start, end - passage.start) for start, end in inside if end <= passage.end)
    article = replace(stored.article, title=" ".join(text.split()[:TITLE_WORDS]), key_points=(), body=text)
    return Span(StoredArticle(number, article, spans or ((0, len(text)),)), 0, len(text))


def _case(labelled: LabelledQuestion, condition: Condition, findings: Findings, *, answerable: bool) -> Case:
    right = [
        2 * (item.span.stored.article.id in labelled.gold) + holds(item.span.text, labelled.answers)
        for item in findings.evidence
    ]
    return Case(
        labelled=labelled,
        condition=condition,
        answerable=answerable,
        findings=findings,
        rows=ranking_rows(findings.asked, findings.evidence),
        right=np.array(right, int),
    )
