"""The board of the turn: who is next in each language, who waits, and whether it is fair."""
