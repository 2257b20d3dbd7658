"""Cells of spreadsheets that come from outside must never be run as formulas."""

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutral(cell: str) -> str:
    """The cell as text: what a spreadsheet would take for a formula begins with an apostrophe."""
    if cell.startswith(_RISKY) or cell.lstrip().startswith(_RISKY):
        return "'" + cell
    return cell
