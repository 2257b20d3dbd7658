"""What staff do with agreements and tasks by hand, each with its trace."""

from datetime import date

from flask_babel import gettext as _

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.conversations import service as desk
from app.conversations.threads import note_event
from app.debts.agreements import accepting, following, issuing, live, recording, tokens
from app.debts.agreements.accepting import Acceptance
from app.debts.agreements.lifecycle import ACTIVE, State
from app.debts.agreements.models import Agreement, DebtPause, FinanceTask
from app.debts.agreements.payments import payments_of
from app.debts.agreements.saying import sentences
from app.debts.engine.money import typed_by_people
from app.debts.engine.writing import brl
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import db
from app.transactions import atomic, on_commit

LARGEST_PAPER = 5 * 1024 * 1024


def accept_for_customer(offer_id: int, letter: str, note: str, by: User) -> Agreement:
    """The customer accepted in another way (a call, at the counter), and a person says which."""
    if len(note.strip()) < 10:
        raise GuicheError(
            _("Conte como o cliente aceitou: por onde, quando e como você conferiu."), 422
        )
    proof = {"note": " ".join(note.split())[:500], "identity": sentences.BY_STAFF}
    return accepting.accept(offer_id, Acceptance(letter, "staff", proof, by=by))


def record_payment(agreement_id: int, number: int, on: date, amount: str, by: User) -> Agreement:
    """A payment that the ERP does not show (yet), by somebody who saw it."""
    cents = typed_by_people(amount)
    if on > following.local_today():
        raise GuicheError(_("A data do pagamento ainda não chegou."), 422)
    with atomic():
        agreement = _active(agreement_id)
        payment = next((one for one in payments_of(agreement_id) if one.number == number), None)
        if payment is None:
            raise NotFound
        if payment.paid_on is not None:
            raise Conflict(_("Este pagamento já está registrado."))
        if cents < payment.amount:
            raise GuicheError(
                _("O valor pago é menor que R$ %(amount)s.", amount=brl(payment.amount)), 422
            )
        following.keep_payment(agreement, payment, on, cents, "staff", by)
        told = {"number": number, "amount": cents}
        audit.record(by, "agreement.paid", "agreement", agreement.id, None, told)
    following.move_on(agreement_id)
    return agreement


def cancel(agreement_id: int, reason: str, by: User) -> Agreement:
    """Undo an agreement by hand, saying why."""
    words = " ".join(reason.split())
    if len(words) < 5:
        raise GuicheError(_("Diga por que o acordo é cancelado."), 422)
    with atomic():
        agreement = _active(agreement_id)
        recording.become(agreement, State.CANCELLED, by, reason=words[:500])
        audit.record(by, "agreement.cancelled", "agreement", agreement.id, None, {"reason": words})
        following.undo(agreement, _("Desfazer o acordo no Sienge: cancelado"))
    return agreement


def attach(
    agreement_id: int, number: int, name: str, content: bytes, line: str, by: User, tell: bool
) -> Agreement:
    """A boleto or a Pix for one payment: a PDF, its digits, or both; and tell the customer."""
    digits = " ".join(line.split())[:600]
    if not content and not digits:
        raise GuicheError(_("Anexe o PDF ou cole a linha digitável ou o Pix copia e cola."), 422)
    if content and (not content.startswith(b"%PDF-") or len(content) > LARGEST_PAPER):
        raise GuicheError(_("Anexe um PDF de até 5 MB."), 422)
    with atomic():
        found = db.session.get(Agreement, agreement_id)
        if found is None:
            raise NotFound
        if found.conversation_id is not None:
            desk.lock_contact_of(found.conversation_id)
            desk.locked(found.conversation_id)
        agreement = _active(agreement_id)
        if agreement.check_state != "confirmed":
            raise Conflict(_("A dívida ainda está sendo conferida no Sienge."))
        payment = next((one for one in payments_of(agreement_id) if one.number == number), None)
        if payment is None:
            raise NotFound
        made = issuing.add_document(
            agreement, "payment", name[:120] or "pagamento.pdf", content,
            payment_number=number, line=digits, by_id=by.id,
        )  # fmt: skip
        recording.happened(agreement, "document", by, number=number, sha256=made.sha256)
        audit.record(by, "agreement.document", "agreement", agreement.id, None, {"number": number})
        if tell and agreement.conversation_id is not None:
            _tell_payment(agreement, number, payment.amount)
    return agreement


def _tell_payment(agreement: Agreement, number: int, amount: int) -> None:
    conversation = desk.locked(agreement.conversation_id or 0)
    link = tokens.address_of(agreement.offer_id)
    text = sentences.payment_document(number, agreement.number, brl(amount), link)
    if issuing.say(conversation, text, "proposal") is None:
        recording.happened(agreement, "document_not_told", number=number)


def launch(task_id: int, erp_bill: str, by: User) -> FinanceTask:
    """A task is done; of a launch, under which title its instalments now are in the ERP."""
    bill = "".join(erp_bill.split())
    if bill and (not bill.isdecimal() or len(bill) > 12):
        raise GuicheError(_("O título no Sienge é um número."), 422)
    with atomic():
        task = _task(task_id)
        if task.done_at is not None:
            return task
        task.done_at, task.done_by_id = clock.now(), by.id
        task.version += 1
        if task.agreement_id is not None:
            agreement = recording.locked(task.agreement_id)
            if task.kind == "launch" and bill:
                agreement.erp_bill = bill
            agreement.looked_at = None  # its payments are read anew
            recording.happened(agreement, f"task_done_{task.kind}", by, bill=bill)
        audit.record(by, "finance_task.done", "finance_task", task.id, None, {"bill": bill})
        on_commit(live.tasks_changed, once="finance tasks")
    return task


def reopen(task_id: int, by: User) -> FinanceTask:
    """It was not done after all."""
    with atomic():
        task = _task(task_id)
        if task.done_at is None:
            return task
        task.done_at = task.done_by_id = None
        task.version += 1
        if task.agreement_id is not None:
            recording.happened(recording.locked(task.agreement_id), f"task_open_{task.kind}", by)
        audit.record(by, "finance_task.reopened", "finance_task", task.id)
        on_commit(live.tasks_changed, once="finance tasks")
    return task


def pause(conversation_id: int, kind: str, until: date | None, note: str, by: User) -> None:
    """Keep a promise or a dispute: nothing is written about the debt meanwhile."""
    if kind not in ("promise", "dispute"):
        raise NotFound
    if kind == "promise" and (until is None or until < following.local_today()):
        raise GuicheError(_("Escolha até quando o cliente prometeu pagar."), 422)
    with atomic():
        desk.lock_contact_of(conversation_id)
        conversation = desk.locked(conversation_id)
        db.session.add(
            DebtPause(
                contact_id=conversation.contact_id, kind=kind, until=until,
                note=" ".join(note.split())[:300], made_by_id=by.id, made_at=clock.now(),
            )
        )  # fmt: skip
        when = f"{until:%d/%m/%Y}" if until else ""
        note_event(conversation, f"debt_{kind}", by, until=when)
        told = {"kind": kind, "until": when}
        audit.record(by, "debts.paused", "conversation", conversation_id, None, told)
        on_commit(lambda: live.conversation_changed(conversation_id))


def end_pause(conversation_id: int, pause_id: int, by: User) -> None:
    """It holds no longer."""
    with atomic():
        desk.lock_contact_of(conversation_id)
        conversation = desk.locked(conversation_id)
        found = db.session.get(DebtPause, pause_id)
        if found is None or found.contact_id != conversation.contact_id:
            raise NotFound
        if found.ended_at is None:
            found.ended_at = clock.now()
            audit.record(by, "debts.pause_ended", "conversation", conversation_id)
            on_commit(lambda: live.conversation_changed(conversation_id))


def _task(task_id: int) -> FinanceTask:
    found = db.session.get(FinanceTask, task_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def _active(agreement_id: int) -> Agreement:
    agreement = recording.locked(agreement_id)
    if State(agreement.state) not in ACTIVE:
        raise Conflict(_("O acordo não está mais em andamento."))
    return agreement
