"""What the bot says: plain rules over one message and where the talk stands. No I/O, no model."""

import re
import unicodedata
from dataclasses import dataclass

TOPICS = {
    "boletos e pagamentos": (
        r"boleto|cobranca|parcela|pagament|pagar|paguei|pix|segunda via|2a? via|debito|fatura"
        r"|atras|renegoci|acordo"
    ),
    "contrato e documentos": (
        r"contrato|document|escritura|distrato|cpf|cadastro|comprovante|extrato"
    ),
    "obra e entrega das chaves": (
        r"\bobras?\b|chave|entrega|vistoria|assistencia|manutenc|vazamento|reparo"
    ),
    "visita ou compra": (
        r"comprar|compra\b|visita|apartamento|imovel|\blotes?\b|preco|valor|simula|interesse|plantao"
    ),
}
BY_NUMBER = dict(zip("1234", TOPICS, strict=True))
PERSON = r"atendente|humano|pessoa|alguem|consultor|gerente|falar com|reclama|5\b"
HOURS = r"horario|que horas|aberto|funciona|expediente"
THANKS = r"^(muito )?(obrigad[oa]|valeu|grat[oa]|ok|certo|beleza|tudo bem|perfeito)\b"
GREETING = (
    r"^(oi+|ola|bom dia|boa tarde|boa noite|alo|e ai|opa|hello|hi)\b"
    r"[\s!.,?]*(tudo bem|td bem)?[\s!.,?]*$"
)
MENU = (
    "Sobre o que você quer falar?\n\n"
    "1. Boletos e pagamentos\n2. Contrato e documentos\n3. Obra e entrega das chaves\n"
    "4. Visita ou compra\n5. Falar com uma pessoa"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing to say and what is remembered after it; `hand_over` is why people are called."""

    text: str
    step: str
    misunderstandings: int = 0
    topic: str | None = None
    hand_over: str | None = None


def respond(
    step: str, misunderstandings: int, kind: str, body: str, name: str, company: str
) -> Turn:
    """What to answer to one customer message.

    `step` is "greeting" before the first answer and "topic" afterwards; `kind` as messages have it.
    """
    hello = _hello(name, company) if step == "greeting" else ""
    if kind not in {"text", "buttons", "list"}:
        text = "Recebi, obrigado! Vou chamar uma pessoa da equipe para ver o que você enviou."
        return Turn(hello + text, "done", hand_over="o cliente enviou algo que o robô não lê")
    said = fold(body)
    if re.search(PERSON, said):
        text = "Claro! Vou chamar uma pessoa da equipe. Você será atendido por aqui mesmo."
        return Turn(hello + text, "done", hand_over="o cliente pediu uma pessoa")
    topic = BY_NUMBER.get(said.strip(" .)")) or _topic(said)
    if topic is not None:
        text = (
            f"Entendi, é sobre {topic}. Vou chamar quem cuida disso; aguarde um instante por aqui."
        )
        return Turn(hello + text, "done", topic=topic, hand_over=f"assunto: {topic}")
    if re.search(HOURS, said):
        text = "Atendemos de segunda a sexta, das 8h às 18h. Posso ajudar em algo mais?"
        return Turn(hello + text, "topic", topic="horário")
    if step == "greeting":
        return Turn(hello + MENU, "topic")
    if re.search(THANKS, said):
        return Turn("Por nada! Se precisar de algo mais, é só escrever.", "topic")
    if re.search(GREETING, said):
        return Turn(f"Olá! {MENU}", "topic", misunderstandings)
    if misunderstandings == 0:
        return Turn(f"Desculpe, não entendi bem. {MENU}", "topic", 1)
    text = "Desculpe, ainda não entendi. Vou chamar uma pessoa da equipe para ajudar você."
    return Turn(text, "done", 2, hand_over="o robô não entendeu duas vezes")


def fold(text: str) -> str:
    """Lower case, without accents, spaces collapsed."""
    plain = unicodedata.normalize("NFD", text.lower())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def _topic(said: str) -> str | None:
    found = [name for name, pattern in TOPICS.items() if re.search(pattern, said)]
    return found[0] if found else None


def _hello(name: str, company: str) -> str:
    first = name.split()[0] if name and name[0].isalpha() else ""
    who = f"Olá, {first}!" if first else "Olá!"
    return f"{who} Eu sou o assistente virtual da {company}.\n\n"
