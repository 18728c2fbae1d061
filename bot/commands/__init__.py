"""What members and moderators can do in Discord: a file a command, with the buttons and forms that belong to it.

Knows the bot only through what it is given (`bot.connection.serving`), and imports from the packages below:
`posting`, `connection`, `cards`, `memory`, `wording`.
"""
