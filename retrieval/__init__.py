"""Articles, index, search and quotes: a typed library that knows nothing of Discord."""
