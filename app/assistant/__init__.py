"""The bot: a small persisted state machine that greets, understands little, and knows it."""
