"""From a question to verified quotes; `pipeline` reads from top to bottom as the way of a question.

Imports from `index` and `text`; never reads from outside.
"""
