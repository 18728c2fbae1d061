"""What tests of several packages share.

| module | what it holds |
|---|---|
| `places.py`, `processes.py`, `command_line.py` | where files lie; processes that are started; the command |
| `hook/` | what is put in the place of Discord and the model in processes that tests start |
| `bag_of_words.py` | what stands in for the embedding model where no answer is judged |
| `arrivals.py`, `headlines.py`, `talks.py`, `values.py` | invented news: arriving, as headlines, files, results |
| `clock.py` | a clock that a test sets |
| `publisher.py`, `web_server.py` | a site with feeds and pages, and the server under it |
| `hostile.py`, `judging_cards.py`, `discord_markdown.py` | whatever strangers may write, and what Discord makes of it |
| `killed_reloads.py`, `killed_additions.py` | changes to the index that die at any step |
| `stores/` | SQLite files of every earlier version |
| `discord/` | a Discord in this process (simcord), and newsrooms for it |
| `loopback/` | a Discord on 127.0.0.1, and the bot's process beside it |
"""
