"""A file of cases: read, recomputed, compared."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from app.debts.audit import overdue, plans, proposals
from app.debts.audit.comparison import Difference, differences
from app.debts.audit.overdue import Found
from app.debts.audit.reading import Inputs
from app.debts.engine.faults import DebtFault
from app.debts.engine.plans import Method
from app.words import N_

LARGEST = 20_000_000  # bytes of a file

CATEGORIES: dict[str, Callable[[Inputs], Found]] = {
    "mora_multa": overdue.late,
    "mora_multa_soma": overdue.late_sum,
    "mora_judicial": overdue.judicial,
    "tetos_legais": overdue.ceilings,
    "mora_diaria_valor": overdue.daily_amount,
    "pagamento_parcial": overdue.part_payment,
    "price": plans.table(Method.PRICE),
    "sac": plans.table(Method.SAC),
    "gauss": plans.table(Method.GAUSS),
    "parcelas_iguais": plans.equal,
    "vencimentos": plans.due_dates,
    "dias_uteis": plans.business_days,
    "primeira_parcela": plans.first_instalment,
    "correcao": overdue.correction,
    "correcao_periodicidade": overdue.periodic_correction,
    "correcao_mais_mora": overdue.corrected_late,
    "taxa_legal": overdue.legal_rate,
    "cet": plans.cost,
    "cet_datas": plans.cost_by_dates,
    "quitacao_antecipada": overdue.early,
    "cpf": plans.cpf,
    "cnpj": plans.cnpj,
    "tres_propostas": proposals.three,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one case: nothing to say when it is right."""

    case: str
    differences: tuple[Difference, ...] = ()
    fault: DebtFault | None = None

    @property
    def right(self) -> bool:
        """Whether every stated figure is ours too."""
        return not self.differences and self.fault is None


def _refuse(text: str) -> NoReturn:
    raise DebtFault(N_("não é um número"), value=text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise DebtFault(N_("esta chave aparece duas vezes"), field=twice)
    return found


def read_cases(path: Path) -> list[object]:
    """The cases of a file. Raises DebtFault with what is wrong with it as a whole."""
    try:
        if path.stat().st_size > LARGEST:
            raise DebtFault(N_("o arquivo passa de 20 MB"))
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise DebtFault(N_("o arquivo não é texto em UTF-8")) from None
    except OSError as error:
        raise DebtFault(N_("não foi possível ler o arquivo"), value=error.strerror) from None
    try:
        given = json.loads(
            text, parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_once
        )
    except json.JSONDecodeError as error:
        raise DebtFault(N_("o arquivo não é JSON: linha %(line)s"), line=error.lineno) from None
    except (RecursionError, ValueError) as error:
        if isinstance(error, DebtFault):
            raise
        raise DebtFault(N_("o arquivo não é JSON que se possa ler")) from None
    cases = given.get("cases") if isinstance(given, Mapping) else None
    if not isinstance(cases, list) or not cases:
        raise DebtFault(N_("o arquivo não tem a lista de casos"), field="cases")
    return cases


def verdicts(cases: list[object]) -> Iterator[Verdict]:
    """Each case recomputed and compared; one that cannot be read does not stop the others."""
    for position, case in enumerate(cases, 1):
        name = _name(case) or f"#{position}"
        try:
            yield Verdict(name, _compared(case))
        except DebtFault as fault:
            yield Verdict(name, fault=fault)


def _name(case: object) -> str:
    """The case's id, without what a terminal would obey."""
    given = str(case.get("id") or "") if isinstance(case, Mapping) else ""
    return "".join(one for one in given[:80] if one.isprintable())


def _compared(case: object) -> tuple[Difference, ...]:
    if not isinstance(case, Mapping):
        raise DebtFault(N_("não tem os campos esperados"), field="cases", value=case)
    category = case.get("category")
    compute = CATEGORIES.get(category) if isinstance(category, str) else None
    if compute is None:
        raise DebtFault(N_("esta categoria não existe"), field="category", value=category)
    expected = case.get("expected")
    if not isinstance(expected, Mapping) or not expected:
        raise DebtFault(N_("não diz o que se espera"), field="expected")
    inputs = Inputs(case.get("inputs"))
    found = compute(inputs)
    if unread := inputs.leftover():
        raise DebtFault(N_("esta chave não existe na categoria"), field=unread[0])
    return tuple(differences(expected, found))
