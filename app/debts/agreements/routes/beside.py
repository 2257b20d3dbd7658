"""Beside a conversation: who it is, what they owe, what was offered; without leaving it."""

from datetime import date

from flask import render_template, request
from flask_babel import gettext as _

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.conversations import queries as conversations
from app.conversations import service as desk
from app.conversations.models import Conversation
from app.debts.agreements import acting, answering, identification, queries, sending
from app.debts.agreements.routes.blueprint import blueprint
from app.debts.lookups import service as lookups
from app.debts.simulations import service as simulations
from app.debts.simulations.inputs import Inputs
from app.errors import Conflict
from app.transactions import atomic

ONE = "/conversas/<int:conversation_id>/dividas"


@blueprint.get(ONE)
@requires(Permission.DEBTS_VIEW)
def beside(conversation_id: int) -> str:
    """The pane."""
    found = _found(conversation_id)
    return render_template("debts/agreements/_beside.html", beside=queries.beside(found))


@blueprint.post(ONE + "/identidade")
@requires(Permission.DEBTS_VIEW)
def ask_identity(conversation_id: int) -> str:
    """Ask who it is; the ERP is asked meanwhile, so that there is something to compare with."""
    found = _found(conversation_id)
    document = _document(found)
    lookups.look_up(document, actor=acting_user())
    answering.ask_identity(conversation_id, document, by=acting_user())
    return beside(conversation_id)


@blueprint.post(ONE + "/identidade/conferida")
@requires(Permission.DEBTS_VIEW)
def confirm_identity(conversation_id: int) -> str:
    """A person checked it by another way."""
    found = _found(conversation_id)
    document = _document(found)
    lookups.look_up(document, actor=acting_user())
    with atomic():
        desk.lock_contact_of(conversation_id)
        locked = desk.locked(conversation_id)
        note = request.form.get("como", "")
        identification.confirm_by_staff(locked, document, acting_user(), note)
    return beside(conversation_id)


@blueprint.delete(ONE + "/identidade")
@requires(Permission.DEBTS_VIEW)
def end_identity(conversation_id: int) -> str:
    """It is not them after all."""
    _found(conversation_id)
    with atomic():
        identification.end(desk.locked(conversation_id))
    return beside(conversation_id)


@blueprint.post(ONE + "/ofertas")
@requires(Permission.DEBTS_SIMULATE)
def offer_here(conversation_id: int) -> str:
    """Simulate under the policy and freeze, for this conversation."""
    found = _found(conversation_id)
    known = identification.in_force(found)
    snapshot = lookups.latest(known.document) if known else None
    if known is None or snapshot is None:
        raise Conflict(_("Confirme a identidade antes de simular."))
    by, bill = acting_user(), request.form.get("titulo", "")
    subject = simulations.subject_of(snapshot.id, bill)
    name = _("Conversa com %(name)s", name=found.contact.name or _("cliente"))[:80]
    kept = simulations.keep(by, subject, Inputs(day=simulations.today()), name)
    simulations.create_offer(
        by, kept.id, contact_id=found.contact_id, conversation_id=conversation_id
    )
    return beside(conversation_id)


@blueprint.post(ONE + "/ofertas/<int:offer_id>/envios")
@requires(Permission.DEBTS_SIMULATE)
def send_here(conversation_id: int, offer_id: int) -> str:
    """Send an approved offer here."""
    _found(conversation_id)
    sending.send_in_conversation(offer_id, conversation_id, acting_user())
    return beside(conversation_id)


@blueprint.post(ONE + "/pausas")
@requires(Permission.DEBTS_VIEW)
def pause(conversation_id: int) -> str:
    """A promise or a dispute."""
    _found(conversation_id)
    until = _day(request.form.get("ate", ""))
    kind, note = request.form.get("tipo", ""), request.form.get("nota", "")
    acting.pause(conversation_id, kind, until, note, acting_user())
    return beside(conversation_id)


@blueprint.delete(ONE + "/pausas/<int:pause_id>")
@requires(Permission.DEBTS_VIEW)
def end_pause(conversation_id: int, pause_id: int) -> str:
    """It holds no longer."""
    _found(conversation_id)
    acting.end_pause(conversation_id, pause_id, acting_user())
    return beside(conversation_id)


def _found(conversation_id: int) -> Conversation:
    return conversations.find(acting_user(), conversation_id)


def _document(conversation: Conversation) -> str:
    """What was typed, a key to look up; else what the contact is known by."""
    typed = request.form.get("documento", "").strip()
    if typed:
        return lookups.normalised(typed)
    if conversation.contact.cpf:
        return str(conversation.contact.cpf)
    raise Conflict(_("Digite o CPF ou o CNPJ do titular para procurar no Sienge."))


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
