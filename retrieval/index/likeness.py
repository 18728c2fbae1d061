"""What a cosine says, whatever model it is of.

Models that were trained at a low temperature, such as E5, have no two texts less alike than 0.7; others begin near 0,
the built-in one among them, with which all that judges cosines was fitted. So those of another model are brought to its
scale, by what both give for questions with a passage that answers them and with passages that do not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

QUESTIONS = (
    "Who won the regatta on Sunday?",
    "What does the new tax on sugar cost a family?",
    "When will the bridge over the Orva be open again?",
    "Why did the orchestra cancel its tour?",
    "How many people live in Norhaven?",
    "Which company bought the shipyard?",
)
ANSWERS = (
    "On Sunday Lena Marten won the regatta off Tessel, half a minute before the crew that had led so far.",
    "The tax on sugar, which parliament passed last week, will cost a family of four some 60 euros a year.",
    "Traffic will cross the Orva again from the middle of May, when the repairs of the bridge are to be finished.",
    "The orchestra will not travel to Asia this spring: its sponsor has withdrawn, and the tour cannot be paid.",
    "Norhaven has grown by a fifth in ten years, and now counts 84,000 inhabitants, more than ever before.",
    "The shipyard goes to Baltic Marine, a company from Orvik, which pays 40 million euros for it.",
)
"""A passage for each question, in the same order."""
ASKED_ABROAD = (
    "Wer hat am Sonntag die Regatta gewonnen?",
    "¿Cuánto le cuesta a una familia el nuevo impuesto sobre el azúcar?",
    "Когда снова откроют мост через Орву?",
    "乐团为什么取消了巡演？",
    "Combien de personnes vivent à Norhaven ?",
    "أي شركة اشترت حوض بناء السفن؟",
)
"""The same questions, each in another language."""
LEAST = 0.05
"""What both means must be apart for a model to tell the two kinds from each other."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The mean cosine of a model for questions with passages that do not answer them, and with those that do."""

    unrelated: float
    related: float


FITTED = Scale(0.089, 0.692)
"""The built-in model's."""


def scale_of(questions: np.ndarray, answers: np.ndarray) -> Scale:
    """The scale of a model by its unit vectors of `QUESTIONS` and `ANSWERS`; `FITTED` if it tells none apart."""
    cosines = np.asarray(questions, np.float64) @ np.asarray(answers, np.float64).T
    related = float(cosines.diagonal().mean())
    unrelated = float((cosines.sum() - cosines.trace()) / (cosines.size - len(cosines)))
    return Scale(unrelated, related) if related - unrelated >= LEAST else FITTED


@dataclass(frozen=True, slots=True)
class Scales:
    """How a model's cosines are read: between texts of one language, and `abroad`, between those of two.

    A text is less like one that says the same in another language. `abroad` is None where the model knows one language.
    """

    home: Scale = FITTED
    abroad: Scale | None = None

    def at_home(self) -> Scales:
        """Without other languages, for a question in one that the model does not know."""
        return Scales(self.home)


def likeness(cosines: np.ndarray, scale: Scale) -> np.ndarray:
    """The cosines of a model, as the built-in one's would be; its own are what they are."""
    if scale == FITTED:
        return cosines
    step = (FITTED.related - FITTED.unrelated) / (scale.related - scale.unrelated)
    return FITTED.unrelated + (cosines - scale.unrelated) * step
