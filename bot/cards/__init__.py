"""What members see: pure functions from values to messages (`card.py`), and nothing that sends them.

A story (`stories.py`), a quote (`quotes.py`) and where an article is from (`articles.py`) are drawn in one place each,
whatever message shows them. Imports from `memory` (its values) and `wording`, and knows nothing of discord.py.
"""
