"""By when a customer is to be answered and a conversation to be over, and what was missed."""
