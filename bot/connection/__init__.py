"""Between the bot and Discord: the client, the command tree, replies, errors, checks, limits, health.

Knows no command. Imports from `cards`, `memory` and `wording`.
"""
