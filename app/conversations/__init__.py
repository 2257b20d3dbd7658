"""Conversations: their messages, who owns them, and the inbox that shows them."""
