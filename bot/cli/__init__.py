"""The `quotewire` command, a file a group of subcommands, and the conversation in the terminal.

Imports whatever it starts; nothing imports it.
"""
