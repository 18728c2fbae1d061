"""Text from bytes, and taken apart: sentences, names, figures, days, words. Pure functions without input or output.

Imports nothing of the library but its values and errors.
"""
