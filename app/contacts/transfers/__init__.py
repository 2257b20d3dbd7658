"""Contacts in and out: spreadsheets that are imported, and the list as a file."""
