"""Policies in force, simulations, the offers frozen from them, and who approves those."""
