"""What customers are told unless the company says it otherwise."""

from app.words import N_

ENTERED = N_(
    "Todos os nossos consultores estão atendendo. Você é o número {posicao} da fila; a espera "
    "deve ser de {espera}. Assim que alguém ficar livre, falamos por aqui."
)
MOVED = N_("A fila andou: agora você é o número {posicao}. A espera deve ser de {espera}.")
HANDED = N_("Quem vai atender você é {consultor}. Seu protocolo é {protocolo}.")
