"""Inboxes: the addresses customers write to, their settings and state."""
