"""What is known of languages, a module each: words that carry grammar, months, numbers, how who says what.

`language.Language` says what there is to tell, `known.language` gives it; all of it is plain values.
"""
