"""Look-ups: what the ERP said of a customer at a moment, kept as it was said, and read."""
