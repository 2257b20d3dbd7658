"""What was written about debts goes with its contact when two are merged, and back again."""

from typing import Any

from sqlalchemy import select, update

from app import clock
from app.contacts import hooks
from app.debts.agreements.models import (
    Agreement,
    DebtApproach,
    DebtIdentification,
    DebtPause,
    OfferSending,
)
from app.debts.simulations.models import DebtOffer
from app.extensions import db

# Who proved to be somebody proved it as the contact they were: that does not move.
_MOVING: dict[str, Any] = {
    "agreements": Agreement,
    "offers": DebtOffer,
    "sendings": OfferSending,
    "approaches": DebtApproach,
    "pauses": DebtPause,
}


def follow() -> None:
    """Register with contacts, which know nothing of debts."""
    hooks.on_merge["debts"] = hooks.MergeHook(take, give_back)


def take(kept_id: int, absorbed_id: int) -> dict[str, Any]:
    """Move the absorbed contact's rows; the ids of those that moved."""
    moved = {}
    for name, model in _MOVING.items():
        ids = list(db.session.scalars(select(model.id).where(model.contact_id == absorbed_id)))
        if ids:
            _move(model, ids, kept_id)
            moved[name] = ids
    _end_identifications(absorbed_id)
    return moved


def give_back(kept_id: int, absorbed_id: int, moved: dict[str, Any]) -> None:
    """Move back those that were moved and are still there."""
    for name, ids in moved.items():
        _move(_MOVING[name], ids, absorbed_id, kept_id)


def _move(model: Any, ids: list[int], to: int, only_of: int | None = None) -> None:
    change = update(model).where(model.id.in_(ids))
    if only_of is not None:
        change = change.where(model.contact_id == only_of)
    values: dict[str, Any] = {"contact_id": to}
    if hasattr(model, "version"):
        values["version"] = model.version + 1
    db.session.execute(change.values(**values))


def _end_identifications(contact_id: int) -> None:
    db.session.execute(
        update(DebtIdentification)
        .where(DebtIdentification.contact_id == contact_id, DebtIdentification.ended_at.is_(None))
        .values(ended_at=clock.now())
    )
