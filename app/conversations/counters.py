def settle() -> None:
    """x"""
