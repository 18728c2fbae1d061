"""What a host does for a bot that runs for months: back up, restore, look after everything. Knows no command of
Discord's.
"""
