"""News that publishers offer as feeds: which are read, when, and what their entries become.

`reader` (https://reader.readthedocs.io) keeps feeds and entries, asks again only for what has changed, and parses RSS,
Atom and JSON Feed. Added here: that it reaches nothing but the public web, is not harmed by what it reads, keeps to a
rhythm, and that each entry becomes an article once.
"""
