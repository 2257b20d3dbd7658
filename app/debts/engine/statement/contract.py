"""What is known of a contract: its instalments, receipts, terms and blocks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.debts.engine.charges import LateTerms
from app.debts.engine.correction import Index, Regime
from app.debts.engine.settlement import Discounting
from app.words import N_


class Category(StrEnum):
    """What an instalment is for."""

    DEPOSIT = "ato"
    MONTHLY = "mensal"
    HALF_YEARLY = "semestral"
    YEARLY = "anual"
    BALLOON = "intermediaria"
    KEYS = "chaves"
    RESIDUE = "residuo"
    AGREEMENT = "renegociacao"
    SINGLE = "unica"
    BANK = "repasse"


CATEGORY_NAMES = {
    Category.DEPOSIT: N_("Ato ou sinal"),
    Category.MONTHLY: N_("Mensal"),
    Category.HALF_YEARLY: N_("Semestral"),
    Category.YEARLY: N_("Anual"),
    Category.BALLOON: N_("Intermediária"),
    Category.KEYS: N_("Chaves"),
    Category.RESIDUE: N_("Resíduo"),
    Category.AGREEMENT: N_("Renegociação"),
    Category.SINGLE: N_("Única"),
    Category.BANK: N_("Repasse ou financiamento"),
}

# Codes are each company's own; these are the usual ones.
USUAL_CODES: Mapping[str, Category] = {
    "AT": Category.DEPOSIT,
    "S": Category.DEPOSIT,
    "PM": Category.MONTHLY,
    "PS": Category.HALF_YEARLY,
    "AN": Category.YEARLY,
    "PI": Category.BALLOON,
    "CH": Category.KEYS,
    "RE": Category.RESIDUE,
    "RN": Category.AGREEMENT,
    "UN": Category.SINGLE,
    "FI": Category.BANK,
    "FG": Category.BANK,
}


class Block(StrEnum):
    """What stops proposals (§7)."""

    LITIGATION = "SUBJUDICE"
    NOTIFIED = "NOTIFICADO"
    AUCTION = "LEILAO"
    TERMINATION = "DISTRATO"
    CANCELLED = "CANCELADO"
    RECEIVABLE_ASSIGNED = "CREDITO_CEDIDO"
    CONTRACT_ASSIGNED = "CONTRATO_CEDIDO"
    DECEASED = "FALECIDO"
    INCAPABLE = "INCAPAZ"
    RECOVERY = "RECUPERACAO_JUDICIAL"


@dataclass(frozen=True, slots=True)
class BlockWords:
    """Why it stops, who is responsible, and whether the legal role may go on (marked texts)."""

    reason: str
    area: str
    legal_may: bool = True


_LEGAL = N_("Jurídico")
_FINANCE = N_("Financeiro")

BLOCK_WORDS = {
    Block.LITIGATION: BlockWords(N_("O contrato está em litígio (subjudice)."), _LEGAL, False),
    Block.NOTIFIED: BlockWords(N_("Há notificação em curso: só o jurídico propõe."), _LEGAL),
    Block.AUCTION: BlockWords(N_("A unidade está em leilão."), _LEGAL, False),
    Block.TERMINATION: BlockWords(N_("Há um distrato em andamento."), _LEGAL, False),
    Block.CANCELLED: BlockWords(N_("O contrato foi cancelado."), _FINANCE, False),
    Block.RECEIVABLE_ASSIGNED: BlockWords(
        N_("O crédito foi cedido: quem recebe é a securitizadora."), _FINANCE, False
    ),
    Block.CONTRACT_ASSIGNED: BlockWords(
        N_("O contrato passou a outro comprador: a dívida anterior segue a escritura."), _LEGAL
    ),
    Block.DECEASED: BlockWords(
        N_("O titular faleceu: fale com o inventariante e confira o seguro."), _LEGAL
    ),
    Block.INCAPABLE: BlockWords(N_("O titular é menor ou interditado."), _LEGAL),
    Block.RECOVERY: BlockWords(N_("A empresa está em recuperação judicial."), _LEGAL),
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """A row of receipts: money where `cash`, else what closed an instalment without any (cents)."""

    day: date
    value: int
    discount: int = 0
    kind: str = "Recebimento"

    @property
    def cash(self) -> bool:
        """Whether money came; rescheduling and termination only close instalments."""
        return self.kind.strip().casefold() in {"", "recebimento", "pagamento"}


@dataclass(frozen=True, slots=True)
class Instalment:
    """One instalment as the ERP tells it. Money in cents; None is not told.

    `index_base` and `index_now` are the ERP's own index numbers; `erp_*` are its figures for the
    day of the look-up; `settled` is its word on whether anything is open.
    """

    id: str
    due: date
    original: int
    category: Category = Category.MONTHLY
    number: str = ""
    base_month: int | None = None
    receipts: tuple[Receipt, ...] = ()
    settled: bool | None = None
    part_received: bool = False
    index_base: Decimal | None = None
    index_now: Decimal | None = None
    erp_corrected: int | None = None
    erp_total: int | None = None
    boleto: bool = False


@dataclass(frozen=True, slots=True)
class Contract:
    """What one contract says. `price` in cents, `plan_rate` is the interest inside instalments."""

    id: str
    creditor: str = ""
    price: int | None = None
    signed: date | None = None
    term_months: int | None = None
    late: LateTerms = field(default_factory=LateTerms)
    index: Index | None = None
    regime: Regime | None = None
    plan_rate: Decimal = Decimal(0)
    plan_regime: Discounting = Discounting.COMPOUND
    blocks: frozenset[Block] = frozenset()
    fiduciary: bool = False
    pro_rata: bool = False
    broken_agreements: int = 0
    legal_rates: Mapping[int, Decimal] | None = None
    selic_rates: Mapping[int, Decimal] | None = None

    @property
    def correction(self) -> Regime:
        """The regime, or the one that the law gives to its term."""
        return self.regime or Regime.of_term(self.term_months)
