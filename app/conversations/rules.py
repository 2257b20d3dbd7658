"""What the system may say to customers by itself."""

from app.words import N_

# All that the system may say by itself, whoever owns the conversation; each message keeps its rule.
SYSTEM_MAY = {
    "line": N_("Lugar na fila"),
    "protocol": N_("Protocolo"),
    "closing": N_("Encerramento"),
    "proposal": N_("Proposta"),
    "confirmation": N_("Confirmação"),
    "reminder": N_("Lembrete"),
    "survey": N_("Pesquisa"),
    "hours": N_("Fora do horário"),
}
# What it may still say when the conversation is closed.
AFTER_CLOSING = frozenset({"survey", "reminder"})
