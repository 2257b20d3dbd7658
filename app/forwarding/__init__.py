"""Conversations on their way to a consultant: handed over at once, or waiting in line."""
