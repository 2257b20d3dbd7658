"""Reading the staff, the tokens and the audit log."""
