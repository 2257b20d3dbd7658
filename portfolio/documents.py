"""Documents with right check digits, for people and companies that do not exist."""


def _digit(values: list[int], weights: list[int]) -> int:
    rest = sum(v * w for v, w in zip(values, weights, strict=True)) % 11
    return 0 if rest < 2 else 11 - rest


def cpf(number: int) -> str:
    """The CPF of these nine digits."""
    digits = [int(one) for one in f"{number:09d}"]
    for length in (9, 10):
        digits.append(_digit(digits[:length], list(range(length + 1, 1, -1))))
    return "".join(map(str, digits))


def cnpj(root: str, order: str = "0001") -> str:
    """The CNPJ of eight characters, letters too (value = ASCII − 48), and four of order."""
    text = f"{root}{order}"
    weights = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]
    for wanted in (weights, [6, *weights]):
        text += str(_digit([ord(one) - 48 for one in text], wanted))
    return text
