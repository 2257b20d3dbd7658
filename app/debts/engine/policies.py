"""Policies as versioned data: what a company grants, under the law's ceilings (§6.0).

`GUICHE` is the default. A stored policy is a mapping with the words of finance staff; `read_policy`
checks every value, and the fingerprint tells any two contents apart.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from app.debts.engine.faults import DebtFault
from app.debts.engine.money import from_number, money, rate, to_reais
from app.debts.engine.plans import MOST_INSTALMENTS, Method
from app.words import N_


class Mode(StrEnum):
    """What a proposal does with the debt."""

    CASH = "a_vista"
    NEW_PLAN = "novo_plano"
    SPREAD = "diluir"
    SINGLE = "pagamento_unico_30_dias"


@dataclass(frozen=True)
class CashTerms:
    """Proposal A: discounts as fractions of fine, interest and principal."""

    desc_multa: Decimal
    desc_juros: Decimal
    desc_principal: Decimal = Decimal(0)


@dataclass(frozen=True)
class ShortTerms:
    """Proposal B. `entrada*` are fractions of the base, `comprometimento` of today's monthly."""

    desc_multa: Decimal
    desc_juros: Decimal
    entrada: Decimal
    entrada_por_quebra: Decimal
    entrada_max: Decimal
    n_alvo: int
    n_max: int
    comprometimento: Decimal
    juros: Decimal = Decimal(0)


@dataclass(frozen=True)
class LongTerms:
    """Proposal C. `prazo_extra` and `n_max_sem_prazo` are months."""

    desc_multa: Decimal
    desc_juros: Decimal
    entrada: Decimal
    taxa_mes: Decimal
    metodo: Method
    n_alvo: int
    n_max: int
    prazo_extra: int
    n_max_sem_prazo: int
    comprometimento: Decimal
    juros_sobre: str = "principal"
    modo: Mode = Mode.NEW_PLAN


@dataclass(frozen=True)
class Policy:
    """What is granted. Money in cents, rates as fractions a month."""

    name: str
    version: str
    multa: Decimal
    mora_mes: Decimal
    parcela_minima: int
    parcela_minima_reduzida: int
    adicional_minimo: int
    valor_irrisorio: int
    validade_dias_uteis: int
    comprometimento_renda: Decimal
    A: CashTerms
    B: ShortTerms
    C: LongTerms
    permitir_price: bool = False

    @cached_property
    def fingerprint(self) -> str:
        """Twelve characters that change with any value."""
        text = json.dumps(written_policy(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def label(self) -> str:
        """`guiche 1`: what is printed beside a result."""
        return f"{self.name} {self.version}"


GUICHE = Policy(
    name="guiche",
    version="1",
    multa=Decimal("0.02"),
    mora_mes=Decimal("0.01"),
    parcela_minima=100_00,
    parcela_minima_reduzida=30_00,
    adicional_minimo=10_00,
    valor_irrisorio=10_00,
    validade_dias_uteis=5,
    comprometimento_renda=Decimal("0.30"),
    A=CashTerms(Decimal("0.80"), Decimal("0.80"), Decimal(0)),
    B=ShortTerms(
        desc_multa=Decimal("0.50"),
        desc_juros=Decimal("0.50"),
        entrada=Decimal("0.20"),
        entrada_por_quebra=Decimal("0.10"),
        entrada_max=Decimal("0.50"),
        n_alvo=6,
        n_max=12,
        comprometimento=Decimal("1.00"),
    ),
    C=LongTerms(
        desc_multa=Decimal(0),
        desc_juros=Decimal(0),
        entrada=Decimal("0.05"),
        taxa_mes=Decimal("0.01"),
        metodo=Method.SAC,
        n_alvo=36,
        n_max=60,
        prazo_extra=12,
        n_max_sem_prazo=24,
        comprometimento=Decimal("0.50"),
    ),
)

_MONEY = ("parcela_minima", "parcela_minima_reduzida", "adicional_minimo", "valor_irrisorio")
_POSITIVE = ("parcela_minima", "parcela_minima_reduzida", "adicional_minimo")


def written_policy(policy: Policy) -> dict[str, object]:
    """A policy as JSON values: money and rates as decimal text."""

    def plain(name: str, value: object) -> object:
        if isinstance(value, dict):
            return {key: plain(key, inner) for key, inner in value.items()}
        if name in _MONEY and isinstance(value, int):
            return str(to_reais(value))
        return str(value) if isinstance(value, (Decimal, StrEnum)) else value

    return {name: plain(name, value) for name, value in asdict(policy).items()}


def read_policy(given: Mapping[str, object], base: Policy = GUICHE) -> Policy:
    """A policy from a mapping; what it leaves out is `base`'s. Raises DebtFault with the field."""
    found: dict[str, Any] = {
        name: _read(name, value, getattr(base, name)) for name, value in _known(given, base)
    }
    policy = replace(base, **found)
    for name in _POSITIVE:
        if getattr(policy, name) <= 0:
            raise DebtFault(N_("tem de ser maior que zero"), field=name)
    return policy


def _known(given: Mapping[str, object], base: object) -> list[tuple[str, object]]:
    unknown = [str(name) for name in given if not hasattr(base, str(name))]
    if unknown:
        raise DebtFault(N_("não existe na política"), field=unknown[0])
    return list(given.items())


def _read(name: str, value: object, like: object) -> object:
    try:
        return _read_value(name, value, like)
    except DebtFault as fault:
        raise fault.at(field=name) from None


def _read_value(name: str, value: object, like: object) -> object:
    if isinstance(like, (CashTerms, ShortTerms, LongTerms)):
        if not isinstance(value, Mapping):
            raise DebtFault(N_("não tem os campos esperados"), value=value)
        inner: dict[str, Any] = {
            key: _read(key, one, getattr(like, key)) for key, one in _known(value, like)
        }
        return replace(like, **inner)
    if name == "juros_sobre":
        if value != "principal":  # G4: charges never earn interest
            raise DebtFault(N_("os juros do plano só correm sobre o principal"), value=value)
        return value
    if isinstance(like, (Method, Mode)):
        return _choice(type(like), value)
    if isinstance(like, (bool, str)):
        return _same_type(value, like)
    if name in _MONEY:
        return money(value)
    return _count(value) if isinstance(like, int) else rate(value)


def _choice(kind: type[Method] | type[Mode], value: object) -> object:
    try:
        return kind(str(value))
    except ValueError:
        raise DebtFault(
            N_("não é uma das opções: %(options)s"), options=", ".join(kind), value=value
        ) from None


def _same_type(value: object, like: object) -> object:
    if type(value) is not type(like):
        raise DebtFault(N_("não é o tipo de valor esperado"), value=value)
    return value


def _count(value: object) -> int:
    number = from_number(value)
    if number != int(number) or not 0 <= number <= MOST_INSTALMENTS * 10:
        raise DebtFault(N_("não é um número inteiro possível"), value=value)
    return int(number)
