"""One process that answers as the bot does, told what to do line by line (see `reading.py`): to answer a question, or
as many as it can within some seconds.

    python -m benchmarks.cluster.asking DATA_DIR

With `DATABASE_URL` in its environment, what it has on its disk follows that. `BAG_OF_WORDS` leaves the model out. An
answer is kept, as the bot does for its buttons before anybody sees it.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

from bot.memory.database import Database
from bot.memory.exchanges import Asking, Exchange, Exchanges, new_id, place_of
from retrieval.index.embed import Embedder
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.bag_of_words import BAG_OF_WORDS, IN_PLACE


def answered(room: Newsroom, exchanges: Exchanges, question: str) -> dict[str, object]:
    """A question; the seconds that it took to answer, and to keep the answer."""
    began = time.perf_counter()
    answer = room.ask(question)
    said = time.perf_counter()
    asking = Asking(question, member=1, channel=2, guild=3)
    exchanges.keep(
        Exchange(id=new_id(), asking=asking, asked=datetime.now(UTC), quotes=tuple(map(place_of, answer.quotes)))
    )
    kept = time.perf_counter()
    quotes = [[quote.article.id, quote.start, quote.end] for quote in answer.quotes]
    return {"answer": said - began, "keep": kept - said, "said": quotes}


def counted(room: Newsroom, questions: list[str], seconds: float) -> dict[str, object]:
    """How many questions are answered one after the other in so many seconds."""
    ends, count = time.perf_counter() + seconds, 0
    for question in cycle(questions):
        if time.perf_counter() >= ends:
            break
        room.ask(question)
        count += 1
    return {"count": count}


def main() -> None:
    """Answer until nothing more comes."""
    if os.environ.get(BAG_OF_WORDS):
        for name, stand_in in IN_PLACE.items():
            setattr(Embedder, name, stand_in)
    folder, began = Path(sys.argv[1]), time.perf_counter()
    settings = NewsroomSettings(data_dir=folder, seeds_dir=folder, database=os.environ.get("DATABASE_URL"))
    with Newsroom.open(settings) as room:
        exchanges = Exchanges(Database(folder, room.shared) if room.shared else Database(folder))
        if room.shared:
            room.shared.follow(lambda _: room.catch_up())
        room.warm_up()
        room.ask("What happened?")
        gc.collect()
        gc.freeze()  # as the bot does once it is warm
        print(json.dumps({"ready": time.perf_counter() - began}), flush=True)
        for line in sys.stdin:
            told = json.loads(line)
            if "seconds" in told:
                said = counted(room, told["questions"], told["seconds"])
            else:
                said = answered(room, exchanges, told["question"])
            print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
