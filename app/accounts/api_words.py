"""What programs are told of their key: they compare it, so no language has other words."""

MISSING = "Not authenticated"
WRONG = "API Key inválida"
NOT_ALLOWED = "Não autorizado"


def lacks(scope: str) -> str:
    """The key is known, and was not made for this."""
    return f"A chave não tem a permissão {scope}"


def token_lacks(scope: str) -> str:
    """The same of a bearer's token."""
    return f"O token não tem a permissão {scope}"
