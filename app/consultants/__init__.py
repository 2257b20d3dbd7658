"""Consultants: who is attended when it is their turn, in which languages, and who is there."""
