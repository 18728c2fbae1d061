"""Data folders that many processes share: what they have in common in PostgreSQL, and who of them does what is done
once. Without it, a process is alone, and nothing of PostgreSQL is imported.
"""
