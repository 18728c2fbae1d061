"""Readers that yield articles from where publishers and moderators put them."""
