"""Debts: from a document to a statement, to proposals, to an agreement."""
