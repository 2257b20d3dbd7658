"""The customer: one person, however many ways they write to us."""
