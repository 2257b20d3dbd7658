"""Why conversations end: the list that managers keep."""
