"""The fields of a policy as a page shows them: words, kinds of values, and what the law says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.debts.engine.faults import DebtFault
from app.debts.engine.money import to_reais
from app.debts.engine.plans import MOST_INSTALMENTS
from app.debts.engine.policies import Policy
from app.debts.engine.writing import brl, number
from app.debts.simulations.inputs import percent, reais, whole
from app.words import N_


@dataclass(frozen=True, slots=True)
class PolicyField:
    """One value: `name` is its path in the policy, `law` a marked text of what cannot be passed."""

    name: str
    label: str
    kind: str  # percent, reais, count, method, mode or switch
    law: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together."""

    title: str
    fields: tuple[PolicyField, ...]


_FINE = N_("Lei: no máximo 2% (CDC art. 52 §1)")
_RATE = N_("Lei: no máximo 1% ao mês (Decreto 22.626)")
_FIXED = N_("No máximo 12: além disso, a parcela fixa pediria índice")

GROUPS = (
    Group(
        N_("Geral"),
        (
            PolicyField("multa", N_("Multa por atraso"), "percent", _FINE),
            PolicyField("mora_mes", N_("Juros de mora ao mês"), "percent", _RATE),
            PolicyField("parcela_minima", N_("Parcela mínima"), "reais"),
            PolicyField(
                "parcela_minima_reduzida", N_("Parcela mínima em dívidas pequenas"), "reais"
            ),
            PolicyField("adicional_minimo", N_("Mínimo por mensal ao diluir"), "reais"),
            PolicyField("valor_irrisorio", N_("Valor irrisório"), "reais"),
            PolicyField(
                "validade_dias_uteis", N_("Validade da oferta em dias úteis"), "count",
                N_("Lei: nunca menos de dois dias (CDC art. 54-B)"),
            ),
            PolicyField(
                "comprometimento_renda", N_("Parte da renda que se compromete"), "percent"
            ),
            PolicyField(
                "permitir_price", N_("Permitir a Tabela Price"), "switch",
                N_("Só quem responde pelo jurídico libera"),
            ),
        ),
    ),
    Group(
        N_("A · À vista"),
        (
            PolicyField("A.desc_multa", N_("Desconto na multa"), "percent"),
            PolicyField("A.desc_juros", N_("Desconto nos juros de mora"), "percent"),
            PolicyField("A.desc_principal", N_("Desconto no principal"), "percent"),
        ),
    ),
    Group(
        N_("B · Curto prazo"),
        (
            PolicyField("B.desc_multa", N_("Desconto na multa"), "percent"),
            PolicyField("B.desc_juros", N_("Desconto nos juros de mora"), "percent"),
            PolicyField("B.entrada", N_("Entrada"), "percent"),
            PolicyField("B.entrada_por_quebra", N_("Entrada a mais por acordo quebrado"),
                        "percent"),
            PolicyField("B.entrada_max", N_("Entrada máxima"), "percent"),
            PolicyField("B.n_alvo", N_("Parcelas, alvo"), "count"),
            PolicyField("B.n_max", N_("Parcelas, máximo"), "count", _FIXED),
            PolicyField("B.juros", N_("Juros ao mês"), "percent", _RATE),
            PolicyField("B.comprometimento", N_("Parte da mensal que a parcela pode ter"),
                        "percent"),
        ),
    ),
    Group(
        N_("C · Longo prazo"),
        (
            PolicyField("C.desc_multa", N_("Desconto na multa"), "percent"),
            PolicyField("C.desc_juros", N_("Desconto nos juros de mora"), "percent"),
            PolicyField("C.entrada", N_("Entrada"), "percent"),
            PolicyField("C.taxa_mes", N_("Juros ao mês"), "percent", _RATE),
            PolicyField("C.metodo", N_("Amortização"), "method",
                        N_("Juros só sobre o principal, nunca sobre encargos")),
            PolicyField("C.modo", N_("Forma"), "mode"),
            PolicyField("C.n_alvo", N_("Parcelas, alvo"), "count"),
            PolicyField("C.n_max", N_("Parcelas, máximo"), "count"),
            PolicyField("C.prazo_extra", N_("Meses além do fim do contrato"), "count"),
            PolicyField("C.n_max_sem_prazo", N_("Máximo quando resta pouco contrato"), "count"),
            PolicyField("C.comprometimento", N_("Parte da mensal que a parcela pode ter"),
                        "percent"),
        ),
    ),
)  # fmt: skip
FIELDS = {one.name: one for group in GROUPS for one in group.fields}


def value_of(policy: Policy, name: str) -> Any:
    """The value at a path."""
    found: Any = policy
    for part in name.split("."):
        found = getattr(found, part)
    return found


def typed(policy: Policy) -> dict[str, str]:
    """Every field as a form has it."""
    return {name: _typed(one.kind, value_of(policy, name)) for name, one in FIELDS.items()}


def _typed(kind: str, value: Any) -> str:
    if kind == "percent":
        return number(Decimal(value) * 100)
    if kind == "reais":
        return brl(value)
    if kind == "switch":
        return "1" if value else ""
    return str(value)


def shown(field: PolicyField, policy: Policy) -> str:
    """A value as it is read; methods and modes by their code, which the page says."""
    text = _typed(field.kind, value_of(policy, field.name))
    if field.kind == "percent":
        return f"{text}%"
    return f"R$\u00a0{text}" if field.kind == "reais" else text


def read(form: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, DebtFault]]:
    """What the engine's `read_policy` takes, from a whole form; and what cannot be, by field."""
    readers: dict[str, Callable[[str], object]] = {
        "percent": lambda text: str(percent(text)),
        "reais": lambda text: str(to_reais(reais(text))),
        "count": lambda text: whole(text, MOST_INSTALMENTS * 10),
        "switch": bool,
    }
    values: dict[str, Any] = {}
    faults: dict[str, DebtFault] = {}
    for name, one in FIELDS.items():
        text = form.get(name, "").strip()
        try:
            if not text and one.kind != "switch":
                raise DebtFault(N_("falta este campo"))
            value = readers.get(one.kind, str)(text)
        except DebtFault as fault:
            faults[name] = fault
            continue
        part, dot, key = name.partition(".")
        if dot:
            values.setdefault(part, {})[key] = value
        else:
            values[name] = value
    return values, faults
