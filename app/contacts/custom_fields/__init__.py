"""Custom fields: what a company wants to know of its contacts, as its admins define it."""
