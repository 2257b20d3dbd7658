"""The pages of Financeiro, in the order of their tabs; each room adds its own."""

from dataclasses import dataclass

from flask import request
from flask_login import current_user

from app.accounts.permissions import Permission
from app.web import path_for
from app.words import said


@dataclass(frozen=True, slots=True)
class Tab:
    """One page; `place` orders them."""

    place: int
    endpoint: str
    name: str  # marked with N_
    permission: Permission = Permission.DEBTS_VIEW


tabs: list[Tab] = []


def add(*more: Tab) -> None:
    """Add pages; safe to call again."""
    tabs.extend(tab for tab in more if tab not in tabs)
    tabs.sort(key=lambda tab: tab.place)


def shown() -> list[tuple[str, str, bool]]:
    """Address and name of those that the person looking may open, and whether it is this one."""
    seen = [tab for tab in tabs if current_user.can(tab.permission)]
    return [
        (path_for(tab.endpoint), said(tab.name), tab.endpoint == request.endpoint) for tab in seen
    ]
