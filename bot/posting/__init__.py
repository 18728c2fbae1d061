"""What the bot says unasked: digests, alerts, the log channel; and the polling of feeds that brings news in.

Imports from `connection`, `cards`, `memory` and `wording`.
"""
