"""What follows from an acceptance that the ERP bears out: the term, the task, the confirmation."""

import hashlib
from io import BytesIO

from flask_babel import gettext as _

from app import clock
from app.company import service as company
from app.conversations import service as desk
from app.conversations.models import Conversation, Message
from app.conversations.service import Author
from app.conversations.threads import note_event
from app.debts.agreements import accepting, recording, texts, tokens
from app.debts.agreements.figures import Figures, Option
from app.debts.agreements.models import Agreement, AgreementDocument, DebtPause
from app.debts.agreements.saying import composing, papers, sentences, wording
from app.debts.engine.writing import brl, day
from app.errors import Conflict
from app.extensions import current_settings, db
from app.media import service as media
from app.transactions import atomic
from app.words import N_


def confirm(agreement_id: int, snapshot_id: int) -> None:
    """The debt is the same: issue everything, once. The paper is set before anything is locked."""
    agreement = db.session.get_one(Agreement, agreement_id)
    figures, option = accepting.figures(agreement)
    now = clock.now()
    term = papers.term_paper(
        figures, option, facts_of(agreement), agreement.number, current_settings().company_name, now
    )
    conversation_id = agreement.conversation_id
    name = f"termo-{agreement.number}.pdf"
    kept = media.keep(BytesIO(term), name, "application/pdf", None) if conversation_id else None
    with atomic():
        if conversation_id is not None:
            desk.lock_contact_of(conversation_id)
            desk.locked(conversation_id)
        agreement = recording.locked(agreement_id)
        if agreement.check_state != "pending":
            return
        agreement.check_state, agreement.checked_at, agreement.check_error = "confirmed", now, None
        agreement.lease_until, agreement.next_check_at = None, None
        recording.happened(agreement, "confirmed", snapshot=snapshot_id)
        add_document(agreement, "term", name, term)
        recording.happened(agreement, "term_issued", sha256=hashlib.sha256(term).hexdigest())
        recording.open_task(
            "launch", _("Lançar no Sienge"), launch_figures(agreement, figures, option), agreement
        )
        if conversation_id is not None:
            _tell(agreement, figures, option, kept.id if kept else None)


def _tell(agreement: Agreement, figures: Figures, option: Option, term_id: int | None) -> None:
    """Confirm back what was understood, with the term behind it."""
    conversation = desk.locked(agreement.conversation_id or 0)
    values = composing.acceptance_values(
        figures, option, agreement.number, agreement.accepted_at,
        tokens.address_of(agreement.offer_id),
    )  # fmt: skip
    text = texts.fill(company.get(wording.ACCEPTANCE), values)
    message = say(conversation, text, "confirmation", f"agreement-{agreement.id}")
    if message is None:
        return
    if term_id is not None:
        author = Author(rule="confirmation", owner_version=conversation.owner_version)
        desk.send_kept(conversation.id, author, term_id, f"agreement-{agreement.id}-term")
    note_event(conversation, "agreement_confirmed", number=agreement.number)
    sha = hashlib.sha256(text.encode()).hexdigest()
    recording.happened(
        agreement, "told", way="conversation", message_id=message.id, text_hash=sha
    )  # fmt: skip


def say(
    conversation: Conversation, text: str, rule: str, client_key: str | None = None
) -> Message | None:
    """Tell the customer of a locked conversation by a rule; None when nothing may be said there."""
    author = Author(rule=rule, owner_version=conversation.owner_version)
    try:
        with atomic():
            return desk.reply(conversation.id, author, text, client_key=client_key)
    except Conflict:
        return None  # closed, or they asked not to be written to: the page says it all


def facts_of(agreement: Agreement) -> dict[str, str]:
    """How it was accepted, in words, for the term."""
    local = agreement.accepted_at.astimezone(clock.COMPANY_ZONE)
    proof = agreement.evidence
    facts = {
        "Aceito por": str(proof.get("name") or sentences.HOLDER),
        "Em": sentences.zones(f"{local:%d/%m/%Y %H:%M:%S}", f"{agreement.accepted_at:%H:%M:%S}"),
        "Por": sentences.HOW[agreement.how],
        "Identidade": str(proof.get("identity") or ""),
        "Texto do aceite": str(proof.get("text") or ""),
        "Mensagem": str(proof.get("message") or ""),
    }
    return {name: value for name, value in facts.items() if value}


def add_document(
    agreement: Agreement,
    kind: str,
    name: str,
    content: bytes,
    *,
    payment_number: int | None = None,
    line: str = "",
    by_id: int | None = None,
) -> AgreementDocument:
    """Keep a paper of a locked agreement with its hash."""
    made = AgreementDocument(
        agreement_id=agreement.id, kind=kind, name=name, payment_number=payment_number, line=line,
        size=len(content), sha256=hashlib.sha256(content).hexdigest(), content=content,
        made_by_id=by_id, made_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def launch_figures(agreement: Agreement, figures: Figures, option: Option) -> list[list[str]]:
    """Everything that finance types into the ERP, in its order."""
    one = option.proposal
    rows = [
        [N_("Acordo"), agreement.number],
        [N_("Cliente"), figures.customer],
        [N_("Contrato / título"), figures.bill],
        [N_("Unidade"), figures.place],
        [N_("Credora"),
         f"{figures.creditor.name} · {composing.shown_cnpj(figures.creditor.cnpj)}"],
        [N_("Opção"), f"{one.letter} · {composing.plan_words(option) or sentences.CASH}"],
        [N_("Parcelas substituídas"),
         ", ".join(f"{line.instalment} (R$ {brl(line.total)})" for line in figures.debt.lines)],
        [N_("Principal corrigido"), f"R$ {brl(figures.debt.principal)}"],
        [N_("Multa"), f"R$ {brl(figures.debt.fine)}, desconto R$ {brl(one.fine_discount)}"],
        [N_("Juros de mora"),
         f"R$ {brl(figures.debt.interest)}, desconto R$ {brl(one.interest_discount)}"],
    ]  # fmt: skip
    if one.principal_discount:
        rows.append([N_("Desconto no principal"), f"R$ {brl(one.principal_discount)}"])
    for payment in option.payments:
        name = "Entrada" if payment.number == 0 else f"Parcela {payment.number}"
        rows.append([name, f"R$ {brl(payment.amount)} · vence {day(payment.due)}"])
    rows.append([N_("Total"), f"R$ {brl(one.total)}"])
    return rows


def end_promises(agreement: Agreement) -> None:
    """What was promised before is replaced by the agreement."""
    if agreement.contact_id is None:
        return
    for pause in db.session.query(DebtPause).filter_by(
        contact_id=agreement.contact_id, kind="promise", ended_at=None
    ):
        pause.ended_at = clock.now()
