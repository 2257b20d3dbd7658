"""Teams: who attends together, and for which channels."""
