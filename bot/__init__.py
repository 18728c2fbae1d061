"""Two faces on the newsroom: Discord and the terminal."""
