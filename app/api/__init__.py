"""What the JSON contracts of replaced systems share: keys, validation, log entries, description."""
