"""What the bot says: plain rules over one message and where the talk stands. No I/O, no model."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from flask_babel import gettext as _

from app.words import N_

TOPICS = {
    N_("boletos e pagamentos"): (
        r"boleto|cobranca|parcela|pagament|pagar|paguei|pix|segunda via|2a? via|debito|fatura"
        r"|atras|renegoci|acordo"
    ),
    N_("contrato e documentos"): (
        r"contrato|document|escritura|distrato|cpf|cadastro|comprovante|extrato"
    ),
    N_("obra e entrega das chaves"): (
        r"\bobras?\b|chave|entrega|vistoria|assistencia|manutenc|vazamento|reparo"
    ),
    N_("visita ou compra"): (
        r"comprar|compra\b|visita|apartamento|imovel|\blotes?\b|preco|valor|simula|interesse|plantao"
    ),
}
BY_NUMBER = dict(zip("1234", TOPICS, strict=True))
PERSON_NUMBER = "5"
PERSON = r"atendente|humano|\bpessoas?\b|alguem|consultor|gerente|falar com|reclama"
# "Open" and "works" ask about hours only when they speak of us, or open the question.
_PLACE = r"\b(?:voces|vcs|escritorio|loja|atendimento|stand|empresa|central)\b"
_IS_OPEN = r"(?:abert[oa]s?|abrem?|(?<!nao )funcionam?)\b"
HOURS = (
    r"horario|que horas|expediente"
    rf"|{_PLACE}[^.!]{{0,30}}\b{_IS_OPEN}"
    rf"|^(?:(?:ja|ainda|hoje) )?(?:(?:esta|estao|ta|tao) )?{_IS_OPEN}"
)
THANKS = r"^(muito )?(obrigad[oa]|valeu|grat[oa]|ok|certo|beleza|tudo bem|perfeito)\b"
GREETING = (
    r"^(oi+|ola|bom dia|boa tarde|boa noite|alo|e ai|opa|hello|hi)\b"
    r"[\s!.,?]*(?:(?:tudo|td) bem[\s!.,?]*)?$"
)
MENU = N_(
    "Sobre o que você quer falar?\n\n"
    "1. Boletos e pagamentos\n2. Contrato e documentos\n3. Obra e entrega das chaves\n"
    "4. Visita ou compra\n5. Falar com uma pessoa"
)
ABOUT = N_("assunto")
READABLE = {"text", "buttons", "list"}
READS = 500  # characters of a message; what it is about is said before that


class Meaning(IntEnum):
    """What one message is about; of several, the greatest is answered."""

    OTHER = 0
    HOURS = 1
    TOPIC = 2
    UNREADABLE = 3
    PERSON = 4


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing to say and what is remembered after it; `hand_over` is why people are called."""

    text: str
    step: str
    misunderstandings: int = 0
    topic: str | None = None
    hand_over: str | None = None


def respond(
    step: str,
    misunderstandings: int,
    kind: str,
    body: str,
    name: str,
    company: str,
    hours: str = "",
) -> Turn:
    """What to answer to one customer message.

    `step` is "greeting" before the first answer and "topic" afterwards; `kind` as messages have it;
    `hours` those of the week in words, where the company keeps any.
    """
    hello = greeting_of(name, company) if step == "greeting" else ""
    meaning, said = weigh(kind, body), _read(body)
    if meaning is Meaning.UNREADABLE:
        text = _("Recebi, obrigado! Vou chamar uma pessoa da equipe para ver o que você enviou.")
        return Turn(hello + text, "done", hand_over=N_("o cliente enviou algo que o robô não lê"))
    if meaning is Meaning.PERSON:
        text = _("Claro! Vou chamar uma pessoa da equipe. Você será atendido por aqui mesmo.")
        return Turn(hello + text, "done", hand_over=N_("o cliente pediu uma pessoa"))
    if meaning is Meaning.TOPIC:
        topic = topic_of(said) or ""
        text = _(
            "Entendi, é sobre %(topic)s. Vou chamar quem cuida disso; "
            "aguarde um instante por aqui.",
            topic=_(topic),
        )
        return Turn(hello + text, "done", topic=topic, hand_over=f"{ABOUT}: {topic}")
    if meaning is Meaning.HOURS:
        text = _("Atendemos de segunda a sexta, das 8h às 18h. Posso ajudar em algo mais?")
        if hours:
            text = _("Nosso horário: %(hours)s. Posso ajudar em algo mais?", hours=hours)
        return Turn(hello + text, "topic", topic=N_("horário"))
    if step == "greeting":
        return Turn(hello + _(MENU), "topic")
    if re.search(THANKS, said):
        return Turn(_("Por nada! Se precisar de algo mais, é só escrever."), "topic")
    if re.search(GREETING, said):
        return Turn(_("Olá!") + " " + _(MENU), "topic", misunderstandings)
    if misunderstandings == 0:
        return Turn(_("Desculpe, não entendi bem.") + " " + _(MENU), "topic", 1)
    text = _("Desculpe, ainda não entendi. Vou chamar uma pessoa da equipe para ajudar você.")
    return Turn(text, "done", 2, hand_over=N_("o robô não entendeu duas vezes"))


def weigh(kind: str, body: str) -> Meaning:
    """What a message is about; `kind` as messages have it."""
    if kind not in READABLE:
        return Meaning.UNREADABLE
    said = _read(body)
    if _number(said) == PERSON_NUMBER or re.search(PERSON, said):
        return Meaning.PERSON
    if topic_of(said) is not None:
        return Meaning.TOPIC
    return Meaning.HOURS if re.search(HOURS, said) else Meaning.OTHER


def weightiest(said: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Which of several messages to answer, each a kind and a body, the oldest first.

    Whoever asks for a person and then "are you there?" still wants a person.
    """
    return max(reversed(said), key=lambda message: weigh(*message))


def fold(text: str) -> str:
    """Lower case, without accents, spaces collapsed."""
    plain = unicodedata.normalize("NFD", text.lower())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def _read(body: str) -> str:
    return fold(body[:READS])


def _number(said: str) -> str:
    return said.strip(" .)")


def topic_of(body: str) -> str | None:
    """What a message is about: a topic, by its number in the menu or by its words."""
    said = _read(body)
    if (chosen := BY_NUMBER.get(_number(said))) is not None:
        return chosen
    found = [name for name, pattern in TOPICS.items() if re.search(pattern, said)]
    return found[0] if found else None


def greeting_of(name: str, company: str) -> str:
    """Hello, and who speaks."""
    first = name.split()[0] if name and name[0].isalpha() else ""
    who = _("Olá, %(name)s!", name=first) if first else _("Olá!")
    me = _("Eu sou o assistente virtual da %(company)s.", company=company)
    return f"{who} {me}\n\n"
