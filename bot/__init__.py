"""Two faces on the newsroom, Discord and the terminal: `app.py` puts the former together, `cli/` starts either."""
