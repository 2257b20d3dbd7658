"""The words with which customers ask us to stop, or to go on. Pure.

The whole message has to be such a request: "não quero esse boleto" is about a boleto.
"""

import re

from app.contacts.custom_fields.values import fold

_POLITE = r"(?: (?:por favor|pf|pfv|obrigad[oa]|agora|ja))*"
_MESSAGES = (
    r"(?:(?:as |suas |essas |estas |mais )*(?:mensage(?:m|ns)|msgs?|avisos?|contatos?|nada))?"
)
_REFUSAL = re.compile(
    r"(?:(?:por favor|pf|pfv|oi|ola) )?(?:"
    r"parar?(?: de (?:mandar|enviar|receber)(?: " + _MESSAGES + r")?)?"
    r"|pare(?:m)?(?: de (?:me )?(?:mandar|enviar)(?: " + _MESSAGES + r")?)?"
    r"|sair(?: da lista)?|stop|unsubscribe|descadastrar|me descadastr\w+"
    r"|(?:eu )?nao quero(?: mais)?(?: (?:receber|contato)(?: mais)?(?: " + _MESSAGES + r")?)?"
    r"|nao (?:me )?(?:mand(?:e|em|ar)|envi(?:e|em|ar))(?: mais)?(?: " + _MESSAGES + r")?"
    r"|(?:me )?(?:tir|remov|exclu)\w+ (?:me )?(?:o meu numero |meu numero )?d(?:a|essa|esta) lista"
    r")" + _POLITE
)  # fmt: skip
_RETURN = re.compile(r"(?:quero )?voltar?(?: a receber(?: " + _MESSAGES + r")?)?" + _POLITE)
LONGEST = 80  # letters of a message that could be one of these


def is_refusal(text: str) -> bool:
    """Whether the message asks us to write no more: PARAR, SAIR, NÃO QUERO, any clear refusal."""
    return _says(_REFUSAL, text)


def is_return(text: str) -> bool:
    """Whether the message takes a refusal back: VOLTAR."""
    return _says(_RETURN, text)


def _says(pattern: re.Pattern[str], text: str) -> bool:
    if len(text) > LONGEST:
        return False
    words = " ".join(re.findall(r"\w+", fold(text)))
    return pattern.fullmatch(words) is not None
