"""Protocols in the CRM: person, deal and note, written by a worker from rows."""
