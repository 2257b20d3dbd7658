"""Whole portfolios at once: the engine's arithmetic on columns of int64 cents, to the cent."""
