"""How receipts read: their states and the providers' names of things, in the staff's language."""

from flask_babel import gettext as _

from app.intake.models import Receipt
from app.words import N_

STATES = {
    "received": N_("Recebido"),
    "processed": N_("Processado"),
    "ignored": N_("Sem ação"),
    "quarantined": N_("Em quarentena"),
    "rejected": N_("Recusado"),
    "failed": N_("Falhou"),
}


PROOFS = {
    "secret_address": N_("Endereço secreto"),
    "previous_secret_address": N_("Endereço secreto anterior"),
    "open_address": N_("Nada: endereço aberto"),
    "bearer_token": N_("Token do aviso"),
}


def proof_label(proof: str) -> str:
    """What proved the sender, in words; another feature's proof by its own name."""
    return str(_(PROOFS[proof])) if proof in PROOFS else proof


def state_label(state: str) -> str:
    """A receipt's state in words."""
    return str(_(STATES[state]))


def type_label(receipt: Receipt) -> str:
    """What the provider told us, in words; the name it has there is beside it."""
    if not receipt.event_type:
        return _("sem tipo")
    kind, status = receipt.event_type.lower(), receipt.provider_status.upper()
    if kind == "messagestatuscallback":
        return _statuses().get(status, _("Situação de mensagem"))
    return {
        "receivedcallback": _("Mensagem"),
        "deliverycallback": _("Entrega ao WhatsApp"),
        "connectedcallback": _("Canal conectado"),
        "disconnectedcallback": _("Canal desconectado"),
        "presencechatcallback": _("Presença na conversa"),
    }.get(kind, _("Outro aviso"))


def _statuses() -> dict[str, str]:
    return {
        "SENT": _("Mensagem enviada"),
        "RECEIVED": _("Mensagem entregue"),
        "READ": _("Mensagem lida"),
        "READ_BY_ME": _("Mensagem lida por nós"),
        "PLAYED": _("Áudio ouvido"),
    }
