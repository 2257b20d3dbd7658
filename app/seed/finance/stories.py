"""What finance lived through in the demo: who owes, what was tried, offered, accepted and paid."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from app.debts.simulations.inputs import Override

Granted = Mapping[str, Override]  # by the letter of the proposal

PART = Decimal("0.01")  # a hundredth: `3 * PART` is 3 %


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided over an offer, and why."""

    by: str
    approves: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the customer accepted, and what became of it.

    `paid` are payments by number (0 is the entry), `launched` says that finance entered it into
    the ERP, `paper` that the first boleto was attached.
    """

    letter: str
    words: str
    paid: tuple[int, ...] = ()
    launched: bool = False
    paper: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """One contract of a case of the book, `ago` being when it began.

    `asks` opens the customer's conversation; without it nobody wrote. `tries` are simulations by
    name, of which the first one is offered, where `offered`.
    """

    case: int
    ago: timedelta
    by: str = "financeiro"
    contract: int = 0  # of the customer's contracts, in the book's order
    asks: str = ""
    attended: str = "gestor"
    tries: tuple[tuple[str, Granted], ...] = ()
    offered: bool = False
    reply: str = ""  # what the attendant says when it is being looked at
    note: str = ""
    decision: Decision | None = None
    sent: bool = True  # to whom wrote
    answer: Answer | None = None
    silent: int = 0  # days after which a conversation that nobody answers is closed


def _minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def _days(number: int) -> timedelta:
    return timedelta(days=number)


USUAL: Granted = {}
LIGHTER: Granted = {"B": Override(count=10), "C": Override(count=18)}

# From the oldest to the newest, so that the numbers of agreements follow the time.
STORIES = (
    Story(
        27, _days(80), asks="Bom dia, quero resolver uma parcela que ficou para trás.",
        tries=(("Parcela de fevereiro em 6 vezes", USUAL),), offered=True,
        answer=Answer("B", "Aceito a opção B", paid=(0,), launched=True),
    ),
    Story(
        28, _days(58), asks="Bom dia! Ainda consigo pagar à vista com desconto?",
        tries=(("À vista", USUAL),), offered=True,
        answer=Answer("A", "Fico com a opção A", paid=(0,), launched=True),
    ),
    Story(
        5, _days(52), asks="Oi, preciso de um acordo que caiba no meu bolso.",
        tries=(("Todas as vencidas, prazo curto", USUAL), ("Parcela menor", LIGHTER)),
        offered=True, attended="atendente",
        answer=Answer("B", "Quero a opção B", paid=(0, 1), launched=True),
    ),
    Story(
        2, _days(24), contract=2, asks="Bom dia, sobre o lote 03: posso parcelar o atraso?",
        tries=(("Lote 03 em 6 vezes", USUAL), ("Lote 03 em 10 vezes", LIGHTER)), offered=True,
        answer=Answer("B", "Opção B, por favor", paid=(0,), launched=True, paper=True),
    ),
    Story(
        11, _days(13), asks="Boa tarde, recebi o aviso do atraso. Quais são as opções?",
        tries=(("Proposta no vencimento", USUAL),), offered=True, silent=10,
    ),
    Story(
        26, _days(9), asks="Oi, quero renegociar as duas parcelas em aberto.",
        tries=(("Duas parcelas em 6 vezes", USUAL),), offered=True,
        answer=Answer("B", "Aceito a opção B", launched=True),
    ),
    Story(
        19, _days(3), tries=(("8% a menos no principal", {"A": Override(principal=8 * PART)}),),
        offered=True, note="Cliente pede abatimento no principal para quitar à vista.",
        decision=Decision(
            "admin", False,
            "Sem abatimento no principal: o contrato tem alienação fiduciária. Refaça só com "
            "desconto nos encargos.",
        ),
    ),
    Story(4, _days(2)),
    Story(14, _days(1)),
    Story(16, _days(1)),
    Story(36, _minutes(300)),
    Story(15, _minutes(280)),
    Story(
        24, _minutes(260),
        tries=(("Parcelas menores", LIGHTER), ("Como a política manda", USUAL)),
    ),
    Story(
        9, _minutes(210), tries=(("Intermediária de agosto", USUAL),), offered=True,
        note="Valor alto: precisa da diretoria. O cliente espera a proposta até sexta.",
    ),
    Story(
        30, _minutes(150),
        tries=(("Intermediária com 3% de abatimento", {"A": Override(principal=3 * PART)}),),
        offered=True, note="Paga à vista nesta semana se houver 3% de abatimento.",
    ),
    Story(
        12, _minutes(120), asks="Bom dia! Conseguem uma condição para eu quitar à vista?",
        tries=(("À vista com 4% de abatimento", {"A": Override(principal=4 * PART)}),),
        offered=True, note="Quita nesta semana.", sent=False,
        reply="Obrigada, Marcelo! Pedi a aprovação do desconto e mando a proposta por aqui.",
        decision=Decision("gestor", True, "De acordo: o cliente sempre pagou em dia."),
    ),
    Story(
        1, _minutes(75), asks="Bom dia, quero colocar as duas parcelas em dia.",
        tries=(("Duas vencidas, política padrão", USUAL), ("Entrada menor", LIGHTER)),
        offered=True, answer=Answer("B", "Aceito a B"),
    ),
    Story(
        10, _minutes(35), asks="Oi! Paguei uma parte da parcela. Como fica o resto?",
        tries=(("Saldo da parcela e a de novembro", USUAL),), offered=True, attended="atendente",
    ),
)  # fmt: skip
