"""A book of any size whose delinquency on its day is that of a real back office."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from portfolio import names
from portfolio.book import Book, Instalment, Person, Receipt, Sale
from portfolio.dates import month_of, on
from portfolio.documents import cnpj, cpf
from portfolio.indexes import series
from portfolio.people import PROJECTS

SEED = 20_261_120
DUE_DAYS = {5: 18, 10: 34, 15: 17, 20: 15, 25: 10, 28: 2, 29: 1, 30: 2, 31: 1}
# Share of contracts by the days of their oldest delay; the rest is up to date. Under a week a
# holiday may still excuse it.
BANDS = (
    (7, 30, 0.090),
    (31, 60, 0.035),
    (61, 90, 0.020),
    (91, 180, 0.030),
    (181, 360, 0.0175),
    (361, 640, 0.0125),
)
PRESETS = {"tiny": (12, 12), "demo": (400, 460)}  # customers, contracts


@dataclass(frozen=True, slots=True)
class Product:
    """What is sold: its share, price (median, spread, least, most), monthlies, terms."""

    name: str
    share: float
    price: tuple[int, float, int, int]
    monthly: tuple[int, int]
    months: tuple[int, int]
    index: str
    plan_rate: str
    half_yearly: int  # a balloon every so many months, 0 for none


PRODUCTS = (
    Product("MCMV", 0.52, (235, 0.18, 160, 400), (450, 1300), (30, 48), "INCC-DI", "0", 12),
    Product("médio", 0.26, (560, 0.30, 350, 1100), (1400, 4500), (30, 42), "INCC-DI", "0", 6),
    Product("alto", 0.05, (1900, 0.40, 1100, 8000), (6000, 30000), (24, 36), "IGP-M", "0.01", 6),
    Product("lote", 0.15, (105, 0.35, 45, 350), (600, 1900), (84, 120), "IPCA", "0.005", 0),
    Product("sala", 0.02, (290, 0.45, 25, 1500), (900, 5000), (30, 42), "INCC-DI", "0", 6),
)


def generated(today: date, preset: str = "demo", seed: int = SEED) -> Book:
    """The same book for the same day, preset and seed; delays are of that day, never ageing."""
    chance = Random(seed)  # noqa: S311 - invented people, no secrets
    customers, contracts = PRESETS[preset]
    people = tuple(_people(chance, customers))
    plan = _plan(chance, contracts)
    sales = tuple(
        _sale(chance, today, 20_000 + place, people[place % customers].id, band, product)
        for place, (band, product) in enumerate(plan)
    )
    return Book(today, people, PROJECTS, sales, series(today))


def _people(chance: Random, many: int) -> Iterator[Person]:
    for number in range(many):
        business = number % 25 == 7
        document = (
            cnpj(f"{60_000_000 + number * 13}") if business else cpf(800_000_000 + number * 7919)
        )
        yield Person(
            30_000 + number,
            names.company(chance) if business else names.person(chance),
            document,
            f"55009{82_000_000 + number:08d}",
            f"pessoa{number}@exemplo.com.br",
            None if business else date(1955 + number % 50, number % 12 + 1, number % 28 + 1),
        )


def _oldest_delays(contracts: int) -> Iterator[tuple[int, int] | None]:
    """How many contracts lie in each band: shares are kept, not drawn."""
    made = 0
    for low, high, part in BANDS:
        many = math.floor(part * contracts + 0.5)
        made += many
        for _ in range(many):
            yield low, high
    for _ in range(contracts - made):
        yield None


# Few expensive contracts are late, or they alone would make the overdue sum: so many in 460.
DEAR_AND_LATE = {(7, 30): 2, (31, 60): 1, (91, 180): 1}


def _plan(chance: Random, contracts: int) -> list[tuple[tuple[int, int] | None, Product]]:
    """The band and the product of every contract, in a shuffled order."""
    dear = next(one for one in PRODUCTS if one.name == "alto")
    others = [one for one in PRODUCTS if one is not dear]
    weights = [one.share for one in others]
    bands = list(_oldest_delays(contracts))
    left = {band: round(many * contracts / 460) for band, many in DEAR_AND_LATE.items()}
    well = round(dear.share * contracts) - sum(left.values())
    plan: list[tuple[tuple[int, int] | None, Product]] = []
    for band in bands:
        product = chance.choices(others, weights)[0]
        if band is None and well > 0:
            product, well = dear, well - 1
        elif band is not None and left.get(band, 0):
            product, left[band] = dear, left[band] - 1
        plan.append((band, product))
    chance.shuffle(plan)
    return plan


def _price(chance: Random, product: Product) -> int:
    median, spread, least, most = product.price
    thousands = median * math.exp(chance.gauss(0, spread))
    return round(min(max(thousands, least), most)) * 1000_00


def _oldest(chance: Random, today: date, band: tuple[int, int]) -> date:
    """A due date in the band, on one of the usual days where the band has one."""
    days = [today - timedelta(days=n) for n in range(band[0], band[1] + 1)]
    wanted = chance.choices(list(DUE_DAYS), [*DUE_DAYS.values()])[0]
    usual = [one for one in days if one.day == wanted] or [
        one for one in days if one.day in DUE_DAYS
    ]
    return chance.choice(usual)


def _sale(
    chance: Random,
    today: date,
    number: int,
    buyer: int,
    band: tuple[int, int] | None,
    product: Product,
) -> Sale:
    day = chance.choices(list(DUE_DAYS), [*DUE_DAYS.values()])[0]
    oldest = _oldest(chance, today, band) if band else None
    day = oldest.day if oldest else day
    months = chance.randint(*product.months)
    past = chance.randint(months // 2, months * 9 // 10)
    if band and band[1] > 360:
        past = max(past, (today - (oldest or today)).days // 30 + 3)
    first = month_of(today) - past
    least, most = product.monthly
    most = min(most, 2 * least) if band else most
    value = chance.randint(least, most) * 100 + chance.randint(0, 99)
    balloon = bool(oldest) and product.half_yearly > 0 and chance.random() < 0.4
    made = list(_instalments(chance, today, first, months, day, value, product, oldest, balloon))
    if not band and chance.random() < 0.06:
        made += _residues(chance, today, len(made))
    signed = on(first - 1, 15)
    sale = Sale(
        id=number,
        case=0,
        title="",
        project=chance.choice(PROJECTS),
        unit=f"Bloco {chance.choice('ABCD')} · Apto {chance.randint(1, 24)}0{chance.randint(1, 8)}",
        buyers=(buyer,),
        signed=signed,
        price=_price(chance, product),
        term=months,
        instalments=tuple(sorted(made, key=lambda one: (one.due, one.id))),
        index=product.index,
        plan_rate=Decimal(product.plan_rate),
    )
    return _with_agreements(chance, sale)


def _instalments(
    chance: Random,
    today: date,
    first: int,
    months: int,
    day: int,
    value: int,
    product: Product,
    oldest: date | None,
    balloon: bool,
) -> Iterator[Instalment]:
    """Monthlies and balloons; from `oldest` on nothing was paid, or only the balloon was not."""
    for place in range(months):
        due = on(first + place, day)
        late = oldest is not None and not balloon and oldest <= due <= today
        yield _instalment(chance, today, place + 1, f"{place + 1}/{months}", due, value, "PM", late)
        if product.half_yearly and place % product.half_yearly == product.half_yearly - 1:
            large = value * chance.randint(2, 4)
            number = 500 + place
            yield _instalment(chance, today, number, f"I{place + 1}", due, large, "PI", late)
    if balloon and oldest is not None:
        large = value * chance.randint(6, 9)
        yield _instalment(chance, today, 900, "I0", oldest, large, "PI", True)


def _instalment(
    chance: Random,
    today: date,
    number: int,
    name: str,
    due: date,
    value: int,
    kind: str,
    late: bool,
) -> Instalment:
    one = Instalment(number, name, due, value, kind, boleto=(due - today).days < 30)
    if due > today:
        return one
    if late:
        if chance.random() < 0.03 and (today - due).days > 12:
            part = Receipt(due + timedelta(days=10), value * 2 // 5)
            return replace(one, receipts=(part,))
        return one
    paid = due + timedelta(days=chance.choice((-3, -2, -1, 0, 0, 0, 1)))
    return replace(one, receipts=(Receipt(min(paid, today), value),), settled=True)


def _residues(chance: Random, today: date, many: int) -> list[Instalment]:
    """Cents that a correction left, due with the next boletos."""
    return [
        Instalment(
            800 + n, f"R{n}", today + timedelta(days=10 + 30 * n), chance.randint(1, 4800), "RE"
        )
        for n in range(chance.randint(1, 4))
    ]


def _with_agreements(chance: Random, sale: Sale) -> Sale:
    """4 % had one agreement, 1 % two, 0.3 % three: each closed an instalment without money."""
    many = chance.choices((0, 1, 2, 3), (94.7, 4, 1, 0.3))[0]
    rows, done = list(sale.instalments), 0
    for place, one in enumerate(rows):
        if done < many and one.settled:
            closed = Receipt(one.due + timedelta(days=40 + done), 0, "Reparcelamento")
            rows[place] = replace(one, receipts=(closed,))
            done += 1
    return replace(sale, instalments=tuple(rows))
