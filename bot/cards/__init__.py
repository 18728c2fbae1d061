"""What members see: pure functions from values to messages, and nothing that sends them.

Imports from `memory` (its values) and `wording`.
"""
