"""Articles about talks that never were, each told apart by one word, for a folder of a test's own."""

from __future__ import annotations

from pathlib import Path

SENTENCES = "The {word} talks were held in Geneva on Monday. Delegates from nine countries took part. "


def write(folder: Path, name: str, word: str, sentences: int = 3) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"Headline about {word}\n{SENTENCES.format(word=word) * sentences}\n")
