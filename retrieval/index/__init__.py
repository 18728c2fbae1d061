"""The index: the store (the one source of truth), generations, vectors in FAISS, words in tantivy, search over both.

Imports from `text` and `sqlite` only, beside the values and the errors.
"""
