"""How much of what others say stands in a message, in characters: where it is longer, it is cut."""

from __future__ import annotations

QUESTION_LENGTH = 300
"""Of a question, or of what stories are wanted about; no more can be typed into a command either."""
TITLE_LENGTH = 120
OUTLET_LENGTH = 60
REASON_LENGTH = 200
"""Of why something failed."""
FIGURE_LENGTH = 40
"""Of a figure by which reports differ."""
