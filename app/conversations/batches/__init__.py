"""One act on several conversations: each by the rules of a single one, all undone together."""
