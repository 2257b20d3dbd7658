"""States, events and ways of offers and agreements, in words for staff."""

from typing import Any

from flask_babel import gettext as _

from app.debts.agreements.lifecycle import STATE_NAMES, State
from app.debts.agreements.models import AgreementEvent
from app.debts.engine.statement.contract import BLOCK_WORDS, Block
from app.words import N_, said

COLOURS = {
    "accepted": "yellow", "effective": "blue", "fulfilled": "green", "refused": "secondary",
    "expired": "secondary", "cancelled": "secondary", "broken": "red",
}  # fmt: skip
CHECKS = {
    "pending": N_("Conferindo a dívida no Sienge"),
    "confirmed": N_("Dívida conferida no Sienge"),
    "changed": N_("A dívida mudou no Sienge"),
}
TICKS = {
    "queued": N_("Na fila"),
    "sending": N_("Enviando"),
    "uncertain": N_("Envio incerto"),
    "sent": N_("Enviada"),
    "delivered": N_("Entregue"),
    "read": N_("Lida"),
    "failed": N_("Não enviada"),
}
SENDINGS = {
    "queued": N_("Na fila"),
    "sending": N_("Enviando"),
    "sent": N_("Enviada"),
    "failed": N_("Não enviada"),
    "uncertain": N_("Envio incerto"),
}
SENDING_COLOURS = {
    "queued": "yellow", "sending": "yellow", "sent": "green", "failed": "red", "uncertain": "orange"
}  # fmt: skip
WAYS = {
    "conversation": N_("pela conversa"),
    "octadesk": N_("pelo Octadesk"),
    "message": N_("por mensagem"),
    "page": N_("pela página da proposta"),
    "staff": N_("registrado pela equipe"),
    "erp": N_("lido no Sienge"),
}
EVENTS = {
    "accepted": N_("O cliente aceitou"),
    "confirmed": N_("Dívida conferida no Sienge: é a mesma"),
    "check_waits": N_("O Sienge não respondeu: a conferência espera"),
    "term_issued": N_("Termo emitido"),
    "told": N_("Confirmação enviada ao cliente"),
    "effective": N_("Efetivado: a entrada foi paga"),
    "fulfilled": N_("Cumprido: tudo foi pago"),
    "refused": N_("Recusado: a dívida mudou"),
    "expired": N_("Expirado: a entrada não foi paga"),
    "cancelled": N_("Cancelado"),
    "broken": N_("Quebrado: as parcelas originais voltam"),
    "paid": N_("Pagamento registrado"),
    "document": N_("Documento de pagamento anexado"),
    "document_not_told": N_("O cliente não pôde ser avisado do documento"),
    "reminded": N_("Lembrete enviado"),
    "reminded_not_sent": N_("Lembrete não enviado"),
    "chased": N_("Perguntamos pelo pagamento"),
    "chased_not_sent": N_("Não foi possível perguntar pelo pagamento"),
    "noticed": N_("Aviso de quebra enviado"),
    "noticed_not_sent": N_("Aviso de quebra não enviado: avise por outro meio"),
    "review_asked": N_("O cliente pediu para rever"),
    "viewed": N_("O cliente abriu a página"),
    "task_done_launch": N_("Lançado no Sienge"),
    "task_open_launch": N_("Lançamento no Sienge reaberto"),
    "task_done_undo": N_("Desfeito no Sienge"),
    "task_open_undo": N_("Desfazer no Sienge: reaberto"),
    "task_done_review": N_("Revisão feita"),
    "task_open_review": N_("Revisão reaberta"),
}


def state_name(state: str) -> str:
    """Where an agreement stands."""
    return said(STATE_NAMES[State(state)])


def event_name(event: AgreementEvent) -> str:
    """What happened."""
    return said(EVENTS.get(event.kind, event.kind))


def event_detail(event: AgreementEvent) -> str:
    """The particulars of it, in a line."""
    told = event.details
    parts = []
    if event.kind == "accepted" and told.get("option"):
        parts.append(_("opção %(letter)s", letter=told["option"]))
    if isinstance(told.get("number"), int):
        parts.append(payment_name(int(told["number"])))
    if told.get("amount"):
        parts.append(f"R$ {told['amount']}")
    if told.get("on"):
        parts.append(str(told["on"]))
    if told.get("reason"):
        parts.append(said(str(told["reason"])))
    if told.get("bill"):
        parts.append(_("título %(bill)s", bill=told["bill"]))
    if event.way in WAYS:
        parts.append(said(WAYS[event.way]))
    return " · ".join(parts)


def payment_name(number: int) -> str:
    """`Entrada`, `Parcela 3`."""
    return _("Entrada") if number == 0 else _("Parcela %(n)s", n=number)


def block_reason(block: Block) -> str:
    """Why nothing can be proposed over a contract."""
    return said(BLOCK_WORDS[block].reason)


def message_tick(status: str) -> str:
    """How far a message is, as a marked text; nothing where there is none."""
    return TICKS.get(status, "")


def pause_name(kind: str) -> str:
    """Why nothing is written."""
    names = {
        "promise": _("Prometeu pagar"),
        "dispute": _("Contestou a dívida"),
        "not_holder": _("Disse que não é o titular"),
    }
    return names[kind]


def timeline(kind: str) -> Any:
    """How a conversation's timeline says one of our events."""

    def words(name: str, payload: dict[str, Any]) -> str:
        return _timeline(kind, name, payload)

    return words


def _timeline(kind: str, name: str, payload: dict[str, Any]) -> str:
    letter, until = payload.get("option", ""), payload.get("until", "")
    who = name or _("O sistema")
    sentences = {
        "offer_sent": _("%(name)s enviou as propostas", name=who),
        "offer_accepted": _("O cliente aceitou a opção %(letter)s", letter=letter),
        "offer_declined": _("O cliente recusou as propostas"),
        "agreement_confirmed": _("Acordo %(number)s confirmado", number=payload.get("number", "")),
        "agreement_refused": _("O aceite não vale: a dívida mudou desde a proposta"),
        "identity_asked": _("%(name)s pediu a confirmação da identidade", name=who),
        "identity_confirmed": _("O cliente confirmou a identidade"),
        "identity_failed": _("Três tentativas sem confirmar a identidade"),
        "not_the_holder": _("Quem responde não é o titular da dívida"),
        "answer_not_proven": _("Resposta por endereço sem autenticação: não vale como aceite"),
        "debt_promise": _("%(name)s anotou: prometeu pagar até %(day)s", name=who, day=until),
        "debt_dispute": _("%(name)s anotou: o cliente contesta a dívida", name=who),
    }
    return sentences[kind]


TIMELINE = (
    "offer_sent", "offer_accepted", "offer_declined", "agreement_confirmed", "agreement_refused",
    "identity_asked", "identity_confirmed", "identity_failed", "not_the_holder",
    "answer_not_proven", "debt_promise", "debt_dispute",
)  # fmt: skip
