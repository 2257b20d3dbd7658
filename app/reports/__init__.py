"""The pages that summarise: home, and in time the numbers."""
