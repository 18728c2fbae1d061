"""What the bot remembers between starts, in one SQLite file with numbered migrations.

Imports from `wording` only, and of `retrieval` the values, the errors and how an SQLite file is kept.
"""
