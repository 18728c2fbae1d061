"""The index: the store (the one source of truth), generations, vectors in FAISS, words in tantivy, search over both,
and the links between articles that make stories.

Imports from `text` and `sqlite` only, beside the values and the errors.
"""
