"""Sample data for the demo."""


def seed() -> str:
    """Fill an empty database with sample data; says what it did."""
    return ""
