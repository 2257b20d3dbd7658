"""Agreements: an approved offer on its way to the customer, their answer, and what follows."""
