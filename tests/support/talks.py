"""Articles about talks that never were, each told apart by one word, for a folder of a test's own."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

SENTENCES = "The {word} talks were held in Geneva on Monday. Delegates from nine countries took part. "


def write(folder: Path, name: str, word: str, sentences: int = 3) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"Headline about {word}\n{SENTENCES.format(word=word) * sentences}\n")


def write_talks(path: Path, days: int) -> None:
    """An archive of articles, a day one; the last is the newest."""
    with path.open("w") as file:
        for day in range(days):
            published = (date(2020, 1, 1) + timedelta(day)).isoformat()
            text = SENTENCES.format(word=f"day {day}") * 3
            line = {"id": f"day-{day}", "title": f"Talks of day {day}", "text": text, "published": published}
            file.write(json.dumps(line) + "\n")
