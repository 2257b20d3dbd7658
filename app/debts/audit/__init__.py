"""Auditors' files: every case recomputed by the engine and compared key by key (docs/audit.md)."""
