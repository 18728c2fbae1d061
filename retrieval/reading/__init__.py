"""From outside to articles: feeds, pages, files; recognising what is known already, keeping and reloading.

Imports from `index` and `text`.
"""
