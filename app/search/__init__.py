"""Search over the whole history: people, conversations and everything that was said."""
