"""What the bot remembers between starts, in one SQLite file with numbered migrations.

Imports from `wording` only.
"""
