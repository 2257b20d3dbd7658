"""Protocols: numbers without a gap that name what was handed to a consultant, and their story."""
