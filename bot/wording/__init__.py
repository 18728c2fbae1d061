"""How things are put: languages and their catalogues (`locale/`), amounts, days, Markdown.

Imports nothing of the bot.
"""
