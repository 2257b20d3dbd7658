"""The cases that every set of sample data has, under ids that never change."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from portfolio.book import Book, Instalment, Person, Receipt, Sale
from portfolio.dates import last_due, month_of, on
from portfolio.documents import cnpj
from portfolio.indexes import series
from portfolio.people import PROJECTS, buyer

Made = Iterator[Person | Sale]
NOT_FOUND = "39053344705"  # case 36: a valid CPF that nobody in the book has
DUE_DAY = 10


def monthlies(
    today: date, late: int, coming: int, paid: int = 12, value: int = 1_250_00, day: int = DUE_DAY
) -> tuple[Instalment, ...]:
    """`paid` settled monthlies, `late` overdue ones and `coming` ones to come."""
    last = last_due(today, day)
    now = last + 1 if on(last + 1, day) > today else last + 2
    months = [*range(last - late - paid + 1, last - late + 1)]
    total = paid + late + coming
    made: list[Instalment] = []
    for month in [*months, *range(last - late + 1, last + 1), *range(now, now + coming)]:
        due, settled = on(month, day), month <= last - late
        receipts = (Receipt(due - timedelta(days=2), value),) if settled else ()
        number = f"{len(made) + 1}/{total}"
        made.append(
            Instalment(len(made) + 1, number, due, value, "PM", receipts, settled, month <= now)
        )
    return tuple(made)


def sale(case: int, today: date, instalments: tuple[Instalment, ...], **changed: object) -> Sale:
    """A contract of a case; signed two months before its first instalment."""
    first = min(one.due for one in instalments)
    number = int(changed.pop("nth", 0))  # type: ignore[call-overload]
    known: dict[str, object] = {
        "title": "",
        "project": PROJECTS[case % len(PROJECTS)],
        "unit": f"Bloco {'ABCD'[case % 4]} · Apto {case % 20 + 1}0{case % 8 + 1}",
        "buyers": (5000 + case,),
        "signed": on(month_of(first) - 2, 15),
        "price": 235_000_00,
        "term": 48,
    }
    made = {**known, **changed}
    return Sale(id=1000 + case * 10 + number, case=case, instalments=instalments, **made)  # type: ignore[arg-type]


def _extra(
    base: tuple[Instalment, ...], due: date, value: int, kind: str
) -> tuple[Instalment, ...]:
    more = Instalment(len(base) + 1, f"{len(base) + 1}", due, value, kind)
    return (*base, more)


def _plain(case: int, late: int = 2, coming: int = 24, **changed: object) -> Callable[[date], Made]:
    """One buyer with one contract and so many overdue monthlies."""

    def made(today: date) -> Made:
        yield buyer(case)
        yield sale(case, today, monthlies(today, late, coming), **changed)

    return made


def _two_creditors(today: date) -> Made:
    yield buyer(2)
    for nth, (project, late) in enumerate(((0, 2), (0, 0), (3, 4))):
        yield sale(2, today, monthlies(today, late, 24), nth=nth, project=PROJECTS[project],
                   unit=f"Quadra 12 · Lote 0{nth + 1}")  # fmt: skip


def _all_paid(today: date) -> Made:
    yield buyer(3)
    yield sale(3, today, monthlies(today, 0, 0, paid=36))


def _term_ended(today: date) -> Made:
    yield buyer(5)
    yield sale(5, today, monthlies(today, 14, 0))


def _small(case: int, value: int, kind: str = "PM") -> Callable[[date], Made]:
    def made(today: date) -> Made:
        yield buyer(case)
        due = on(last_due(today, DUE_DAY), DUE_DAY)
        coming = 12 if case == 7 else 0
        yield sale(case, today, _extra(monthlies(today, 0, coming), due, value, kind), index="")

    return made


def _high(today: date) -> Made:
    yield buyer(9)
    due = today - timedelta(days=90)
    base = monthlies(today, 0, 24, value=25_000_00)
    yield sale(9, today, _extra(base, due, 1_900_000_00, "PI"), price=2_400_000_00, index="")


def _part_paid(today: date) -> Made:
    yield buyer(10)
    base = list(monthlies(today, 2, 24))
    open_one = next(one for one in base if not one.settled)
    days = (5, 12, 20)
    receipts = tuple(Receipt(open_one.due + timedelta(days=n), 200_00) for n in days)
    base[base.index(open_one)] = replace(open_one, receipts=receipts)
    yield sale(10, today, tuple(base))


def _tail(today: date) -> Made:
    """Signed 20 months ago, real instalments for 35 months, then one of R$ 50 at month 37."""
    yield buyer(13)
    base = monthlies(today, 1, 14, paid=18, value=6_500_00)
    first = month_of(base[0].due)
    signed = on(first - 1, 15)
    tail = on(month_of(signed) + 37, DUE_DAY)
    yield sale(13, today, _extra(base, tail, 50_00, "PM"), signed=signed, term=37)


def _deceased(today: date) -> Made:
    yield buyer(16, deceased=True, administrator="Teresa Antunes Lopes")
    yield sale(16, today, monthlies(today, 3, 24), blocks=("FALECIDO",))


def _assigned_contract(today: date) -> Made:
    yield buyer(17)
    yield replace(buyer(17), id=5117, name="Noemi Prates", document="12345678909", phone="")
    yield sale(17, today, monthlies(today, 2, 24), blocks=("CONTRATO_CEDIDO",))


def _two_broken(today: date) -> Made:
    yield buyer(20)
    late = list(monthlies(today, 0, 20))
    last = last_due(today, DUE_DAY)
    for nth, back in enumerate((16, 8)):
        closed = Receipt(on(last - back, 20), 0, "Reparcelamento")
        kind = "PM" if nth == 0 else "RN"
        late.append(Instalment(90 + nth, f"R{nth + 1}", on(last - back - 1, DUE_DAY), 1_250_00,
                               kind, (closed,), settled=True))  # fmt: skip
    late.append(Instalment(95, "R3", on(last - 2, DUE_DAY), 2_600_00, "RN"))
    yield sale(20, today, tuple(late))


def _with_agreement(case: int, word: str, days: int) -> Callable[[date], Made]:
    def made(today: date) -> Made:
        yield buyer(case)
        yield sale(case, today, monthlies(today, 2, 24), agreement=word,
                   agreement_day=today + timedelta(days=days))  # fmt: skip

    return made


def _co_buyers(today: date) -> Made:
    yield buyer(24)
    yield replace(buyer(24), id=5124, name="Paulo e Silva Porto", document="52998224725",
                  phone="5500981009924", blocked_phone=True)  # fmt: skip
    yield sale(24, today, monthlies(today, 2, 24), buyers=(5024, 5124))


def _company(today: date) -> Made:
    yield buyer(25, document=cnpj("12ABC345", "01DE"), birth=None)
    yield sale(25, today, monthlies(today, 2, 24), unit="Loja 03")


def _carnival(today: date) -> Made:
    """Overdue since the newest carnival Monday that is more than a fortnight past."""
    yield buyer(27)
    year = (
        today.year if today >= _carnival_monday(today.year) + timedelta(days=14) else today.year - 1
    )
    due = _carnival_monday(year)
    yield sale(27, today, _extra(monthlies(today, 0, 24), due, 1_250_00, "PM"))


def _carnival_monday(year: int) -> date:
    """48 days before Easter (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + k - 7 * ((a + 11 * h + 22 * k) // 451) + 114, 31)
    return date(year, month, day + 1) - timedelta(days=48)


def _black_awareness_day(today: date) -> Made:
    yield buyer(28)
    due = date(today.year, 11, 20)
    if (today - due).days < 14:
        due = date(today.year - 1, 11, 20)
    yield sale(28, today, _extra(monthlies(today, 0, 24), due, 1_250_00, "PM"))


def _one_late(case: int, kind: str, value: int) -> Callable[[date], Made]:
    def made(today: date) -> Made:
        yield buyer(case)
        due = on(last_due(today, DUE_DAY) - 1, DUE_DAY)
        yield sale(case, today, _extra(monthlies(today, 0, 24), due, value, kind))

    return made


def _duplicate(today: date) -> Made:
    yield buyer(34)
    yield replace(buyer(34), id=5134, name="DEBORA NOGUEIRA", duplicate_of=5034)
    yield sale(34, today, monthlies(today, 2, 24), buyers=(5034,))
    yield sale(34, today, monthlies(today, 1, 24), buyers=(5134,), nth=1)


def _homonyms(today: date) -> Made:
    yield buyer(35)
    yield replace(buyer(35), id=5135, document="11144477735", phone="5500981009935")
    yield sale(35, today, monthlies(today, 2, 24), buyers=(5035,))
    yield sale(35, today, monthlies(today, 0, 24), buyers=(5135,), nth=1)


def _opted_out(today: date) -> Made:
    yield buyer(37, opted_out=True)
    yield sale(37, today, monthlies(today, 2, 24))


def _no_phone(today: date) -> Made:
    yield buyer(38, phone="")
    yield sale(38, today, monthlies(today, 2, 24))


def _due_day_31(today: date) -> Made:
    yield buyer(26)
    yield sale(26, today, monthlies(today, 2, 24, day=31))


CASES: dict[int, tuple[str, Callable[[date], Made]]] = {
    1: ("uma unidade, duas vencidas", _plain(1)),
    2: ("três unidades em dois empreendimentos", _two_creditors),
    3: ("tudo pago", _all_paid),
    4: ("nada vencido", _plain(4, late=0)),
    5: ("tudo vencido, prazo encerrado", _term_ended),
    6: ("só resíduo de R$ 0,37", _small(6, 37, "RE")),
    7: ("dívida pequena de R$ 185", _small(7, 185_00)),
    8: ("dívida abaixo de R$ 10", _small(8, 9_00)),
    9: ("R$ 1,9 milhão há 90 dias", _high),
    10: ("parcialmente paga em três vezes", _part_paid),
    11: ("IGP-M com deflação no período", _plain(11, index="IGP-M")),
    12: ("contrato de 30 meses, correção anual", _plain(12, term=30)),
    13: ("37 meses com parcela de fachada", _tail),
    14: ("subjudice", _plain(14, late=3, blocks=("SUBJUDICE",))),
    15: ("notificado, prazo de 15 dias", _plain(15, late=4, blocks=("NOTIFICADO",))),
    16: ("comprador falecido, com inventariante", _deceased),
    17: ("contrato cedido no ano passado", _assigned_contract),
    18: ("crédito cedido à securitizadora", _plain(18, blocks=("CREDITO_CEDIDO",))),
    19: ("alienação fiduciária", _plain(19, fiduciary=True)),
    20: ("dois acordos quebrados", _two_broken),
    21: ("acordo vigente", _with_agreement(21, "vigente", -40)),
    22: ("acordo quebrado ontem", _with_agreement(22, "quebrado", -1)),
    23: ("proposta que vence hoje", _with_agreement(23, "proposta", 0)),
    24: ("dois compradores, um número bloqueado", _co_buyers),
    25: ("empresa com CNPJ alfanumérico", _company),
    26: ("vencimento no dia 31", _due_day_31),
    27: ("vencida na segunda de Carnaval", _carnival),
    28: ("vencida em 20 de novembro", _black_awareness_day),
    29: ("chaves vencidas", _one_late(29, "CH", 18_000_00)),
    30: ("intermediária vencida, mensais pagas", _one_late(30, "PI", 9_500_00)),
    31: ("mora composta no cadastro", _plain(31, compound=True)),
    32: ("multa de 10% no cadastro", _plain(32, fine=Decimal("0.10"))),
    33: ("mora em reais por dia", _plain(33, interest=None, daily=Decimal("1.50"))),
    34: ("cadastro duplicado", _duplicate),
    35: ("homônimos", _homonyms),
    36: ("CPF que não se encontra", lambda today: iter(())),
    37: ("pediu para não receber WhatsApp", _opted_out),
    38: ("sem telefone", _no_phone),
}


def mandatory(today: date) -> Book:
    """The book of the 38 cases on a day."""
    people: dict[int, Person] = {}
    sales: list[Sale] = []
    for title, make in CASES.values():
        for one in make(today):
            if isinstance(one, Person):
                people[one.id] = one
            else:
                sales.append(replace(one, title=title))
    return Book(today, tuple(people.values()), PROJECTS, tuple(sales), series(today))
