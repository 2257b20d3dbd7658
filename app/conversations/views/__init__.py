"""Saved views: a name for a tab, an order and filters, of one person or of everybody."""
