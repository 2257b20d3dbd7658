"""Consent: who does not want to hear from us first, since when, and why."""
