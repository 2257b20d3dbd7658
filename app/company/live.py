"""What the settings page announces."""

from typing import Any

from sqlalchemy import Select, Text, cast, func, select

from app import live
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.company.fields import sections
from app.company.models import CompanySetting
from app.extensions import db

ROOM = "company"


def section_changed(key: str) -> None:
    """Somebody saved a section: whoever has the page open asks for it again."""
    live.touch(ROOM, f"company:{key}")


def version_of(keys: list[str]) -> Select[tuple[str]]:
    """What the page shows of a section as one number: the versions of its rows together."""
    total: Any = cast(func.coalesce(func.sum(CompanySetting.version), 0), Text)
    return select(total).where(CompanySetting.key.in_(keys))


@live.region("company")
def _section_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    section = sections.get(argument)
    if section is None or not db.session.get_one(User, user_id).can(Permission.COMPANY_MANAGE):
        return None
    return version_of([field.key for field in section.fields])
