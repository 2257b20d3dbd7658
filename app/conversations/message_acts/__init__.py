"""What we do to messages that are there already: reactions, edits and deletions that go out."""
