"""Deciding over what others offer (§6.7): somebody else, of the level it needs, once."""

from functools import partial

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.debts.engine.approval import LEVEL_NAMES, Level
from app.debts.simulations import hooks, live
from app.debts.simulations.content import hash_of
from app.debts.simulations.models import APPROVED, WAITING, DebtOffer, OfferEvent
from app.debts.simulations.wording import state_name
from app.errors import Conflict, Forbidden, GuicheError, NotFound
from app.extensions import db
from app.transactions import atomic, on_commit
from app.words import said

LONGEST_REASON = 1000


def level_of(person: User) -> Level:
    """What a person may grant."""
    return Level(person.approval_level)


def may_decide(person: User, offer: DebtOffer) -> bool:
    """Whether this person is one of those it waits for."""
    return (
        offer.state == WAITING
        and person.id != offer.author_id
        and person.can(Permission.DEBTS_VIEW)
        and person.approval_level >= offer.needed_level
    )


def deciders(offer: DebtOffer) -> list[User]:
    """Everybody whom it waits for."""
    staff = db.session.scalars(
        select(User).where(User.active, User.approval_level >= offer.needed_level)
    )
    return [person for person in staff if may_decide(person, offer)]


def approve(actor: User, offer_id: int, content_hash: str, reason: str = "") -> DebtOffer:
    """Let it be sent. `content_hash` is of what the person looked at.

    Raises Conflict when somebody was faster, or it is not what was looked at.
    """
    return _decide(actor, offer_id, content_hash, APPROVED, reason)


def refuse(actor: User, offer_id: int, content_hash: str, reason: str) -> DebtOffer:
    """Keep it from being sent; a reason has to be given."""
    if not reason.strip():
        raise GuicheError(_("Diga por que você recusa."), 422)
    return _decide(actor, offer_id, content_hash, "refused", reason)


def _decide(actor: User, offer_id: int, seen: str, state: str, reason: str) -> DebtOffer:
    with atomic():
        offer = locked(offer_id)
        if offer.state != WAITING:
            raise Conflict(_already(offer))
        if offer.author_id == actor.id:
            raise Forbidden(_("Quem fez a oferta não a aprova: peça a outra pessoa."))
        if not may_decide(actor, offer):
            level = said(LEVEL_NAMES[Level(offer.needed_level)])
            raise Forbidden(_("Esta oferta pede a alçada de %(level)s.", level=level.lower()))
        if seen != offer.content_hash or hash_of(offer.content) != offer.content_hash:
            raise Conflict(_("O conteúdo não é mais o que você viu: abra a oferta de novo."))
        today = clock.now().astimezone(clock.COMPANY_ZONE).date()
        if state == APPROVED and offer.valid_until < today:
            raise Conflict(_("A oferta venceu: peça uma nova simulação."))
        offer.state, offer.approver_id, offer.decided_at = state, actor.id, clock.now()
        offer.approver = actor
        happened(offer, actor, state, reason)
        audit.record(
            actor, f"offer.{state}", "offer", offer.id, {"state": WAITING}, {"state": state}
        )
    return offer


def _already(offer: DebtOffer) -> str:
    if offer.approver is not None and offer.state == APPROVED:
        return _("%(name)s já aprovou esta oferta.", name=offer.approver.name)
    if offer.approver is not None and offer.state == "refused":
        return _("%(name)s já recusou esta oferta.", name=offer.approver.name)
    return _("Esta oferta não espera mais aprovação: %(state)s.", state=state_name(offer.state))


def locked(offer_id: int) -> DebtOffer:
    """The offer, with everybody else's decision waiting for this one. Raises NotFound."""
    query = select(DebtOffer).where(DebtOffer.id == offer_id).with_for_update(of=DebtOffer)
    query = query.options(joinedload(DebtOffer.author), joinedload(DebtOffer.approver))
    found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def happened(offer: DebtOffer, by: User | str, kind: str, reason: str = "") -> None:
    """Add to an offer's history, in the caller's transaction; its pages follow."""
    text = reason.replace("\0", "").strip()
    if len(text) > LONGEST_REASON:
        raise GuicheError(_("O texto tem até %(most)s letras.", most=LONGEST_REASON), 422)
    db.session.add(
        OfferEvent(
            offer_id=offer.id,
            at=clock.now(),
            kind=kind,
            actor_id=by.id if isinstance(by, User) else None,
            actor_name=by.name if isinstance(by, User) else by,
            reason=text,
            content_hash=offer.content_hash,
        )
    )
    if kind != "created":
        offer.version += 1
    db.session.flush()
    for hook in hooks.on_offer:
        hook(offer)
    on_commit(partial(live.offer_changed, offer.id, offer.erp, offer.bill))
