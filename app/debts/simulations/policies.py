"""Versions of policies: which one is in force, and making the next. The law's limits stay."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.debts.engine.charges import FINE_CEILING, INTEREST_CEILING
from app.debts.engine.faults import DebtFault
from app.debts.engine.money import from_number
from app.debts.engine.plans import MOST_INSTALMENTS, Method
from app.debts.engine.policies import GUICHE, Policy, read_policy, written_policy
from app.debts.engine.writing import number
from app.debts.simulations import live
from app.debts.simulations.models import DebtPolicy
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import db
from app.transactions import atomic, on_commit
from app.words import N_

COMPANY = ""
LONGEST_NOTE = 500
_LOCK = 7_301_016


@dataclass(frozen=True, slots=True)
class InForce:
    """A policy with the row it comes from; the engine's own has none."""

    policy: Policy
    id: int | None = None
    project: str = COMPANY
    price_signed: bool = False
    made_by: str = ""
    made_at: datetime | None = None
    note: str = ""

    @property
    def label(self) -> str:
        """`guiche 3`, and for a project `guiche 3 · 1201`."""
        return f"{self.policy.label} · {self.project}" if self.project else self.policy.label


BUILT_IN = InForce(GUICHE)


def read(row: DebtPolicy) -> InForce:
    """A stored version; its maker has to be loaded."""
    policy = replace(read_policy(row.content), name=row.name, version=str(row.version))
    return InForce(
        policy,
        row.id,
        row.project,
        row.price_signed_by_id is not None,
        row.made_by.name,
        row.made_at,
        row.note,
    )


def of(policy_id: int | None) -> InForce:
    """The version with this id, or the engine's own. Raises NotFound."""
    if policy_id is None:
        return BUILT_IN
    found = db.session.get(DebtPolicy, policy_id, options=[joinedload(DebtPolicy.made_by)])
    if found is None:
        raise NotFound(_("Esta versão da política não existe."))
    return read(found)


def choosable(project: str = COMPANY) -> list[InForce]:
    """What a simulation of this project may be made under: its own, the company's; newest first."""
    newest = (
        select(DebtPolicy.name, DebtPolicy.project, func.max(DebtPolicy.version).label("version"))
        .where(or_(DebtPolicy.project == project, DebtPolicy.project == COMPANY))
        .group_by(DebtPolicy.name, DebtPolicy.project)
        .subquery()
    )
    same = (
        DebtPolicy.name == newest.c.name,
        DebtPolicy.project == newest.c.project,
        DebtPolicy.version == newest.c.version,
    )
    query = select(DebtPolicy).join(newest, same[0] & same[1] & same[2])
    rows = list(db.session.scalars(query.options(joinedload(DebtPolicy.made_by))))
    found = sorted(map(read, rows), key=lambda one: (not one.project, one.policy.name))
    ours = any(one.policy.name == GUICHE.name and not one.project for one in found)
    return found if ours else [*found, BUILT_IN]


def in_force(project: str = COMPANY) -> InForce:
    """What holds unless somebody chooses: the project's own, else the company's `guiche`."""
    found = choosable(project)
    own = next((one for one in found if one.project == project), None)
    usual = next(one for one in found if one.policy.name == GUICHE.name and not one.project)
    return own or usual


def versions(name: str = GUICHE.name, project: str = COMPANY) -> list[InForce]:
    """Every version, newest first."""
    query = (
        select(DebtPolicy)
        .where(DebtPolicy.name == name, DebtPolicy.project == project)
        .options(joinedload(DebtPolicy.made_by))
        .order_by(DebtPolicy.version.desc())
    )
    built_in = name == GUICHE.name and project == COMPANY
    return [*map(read, db.session.scalars(query)), *([BUILT_IN] if built_in else [])]


def projects() -> list[str]:
    """The projects that have policies of their own."""
    query = select(DebtPolicy.project).where(DebtPolicy.project != COMPANY).distinct()
    return list(db.session.scalars(query.order_by(DebtPolicy.project)))


def page_version() -> str:
    """The version of the page of policies."""
    return db.session.scalar(live.policies()) or ""


def save(
    actor: User,
    given: Mapping[str, Any],
    *,
    name: str = GUICHE.name,
    project: str = COMPANY,
    note: str = "",
    after: str = "",
) -> InForce:
    """The next version with these values. `after` is the version that the editor looked at.

    Raises DebtFault with the field for what cannot be, Conflict when somebody was faster.
    """
    with atomic():
        db.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        known = versions(name, project)
        before = known[0] if known else in_force(project)
        if after and known and before.policy.version != after:
            raise Conflict(
                _(
                    "%(name)s acabou de salvar a versão %(version)s. Veja o que mudou e edite "
                    "a partir dela.",
                    name=before.made_by or _("Alguém"),
                    version=before.policy.version,
                )
            )
        policy = within_the_law(read_policy(given, before.policy))
        if known and policy == before.policy:
            raise GuicheError(_("Nada mudou nesta política."), 422)
        signed = _signature(actor, policy, before)
        row = DebtPolicy(
            name=name,
            project=project,
            version=int(before.policy.version) + 1 if known else 1,
            content=_content(policy),
            note=_note(note),
            price_signed_by_id=signed,
            made_by_id=actor.id,
            made_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        audit.record(
            actor, "debt_policy.changed", "debt_policy", f"{project or name} {row.version}",
            _flat(written_policy(before.policy)), _flat(_content(policy)),
        )  # fmt: skip
        on_commit(live.policies_changed)
        row.made_by = actor
    return read(row)


def _signature(actor: User, policy: Policy, before: InForce) -> int | None:
    """Who answers for Price: whoever holds the legal permission and switches it on, or did."""
    if not policy.permitir_price:
        return None
    if before.policy.permitir_price and before.id is not None:
        return db.session.scalar(
            select(DebtPolicy.price_signed_by_id).where(DebtPolicy.id == before.id)
        )
    if not actor.legal:
        raise DebtFault(N_("só quem responde pelo jurídico libera"), field="permitir_price")
    return actor.id


def within_the_law(policy: Policy) -> Policy:
    """The policy as it is. Raises DebtFault where it would grant what the law does not."""
    limits = (
        ("multa", policy.multa, FINE_CEILING),
        ("mora_mes", policy.mora_mes, INTEREST_CEILING),
        ("C.taxa_mes", policy.C.taxa_mes, INTEREST_CEILING),
        ("B.juros", policy.B.juros, INTEREST_CEILING),
    )
    for name, value, most in limits:
        if value > most:
            raise DebtFault(N_("passa do limite da lei"), field=name, value=_percent(value))
    _sensible(policy)
    if policy.C.metodo == Method.PRICE and not policy.permitir_price:
        raise DebtFault(N_("a Tabela Price pede o parecer do jurídico"), field="C.metodo")
    return policy


def _sensible(policy: Policy) -> None:
    counts = (
        ("B.n_max", policy.B.n_max, 12),  # beyond, fixed instalments would need an index
        ("C.n_max", policy.C.n_max, MOST_INSTALMENTS),
        ("C.n_max_sem_prazo", policy.C.n_max_sem_prazo, MOST_INSTALMENTS),
        ("validade_dias_uteis", policy.validade_dias_uteis, 60),
    )
    for name, value, most in counts:
        if not 1 <= value <= most:
            raise DebtFault(N_("vai de 1 a %(most)s"), field=name, most=most, value=value)
    for name, target, most in (
        ("B.n_alvo", policy.B.n_alvo, policy.B.n_max),
        ("C.n_alvo", policy.C.n_alvo, policy.C.n_max),
    ):
        if not 1 <= target <= most:
            raise DebtFault(N_("vai de 1 a %(most)s"), field=name, most=most, value=target)


def _content(policy: Policy) -> dict[str, Any]:
    whole = dict(written_policy(policy))
    del whole["name"], whole["version"]  # the row says them
    return whole


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{name}.")
        elif name not in ("name", "version"):
            found[prefix + name] = _bare(value)
    return found


def _bare(value: Any) -> Any:
    """`0.80` and `0.8` are the same."""
    if not isinstance(value, str):
        return value
    try:
        return number(from_number(value))
    except DebtFault:
        return value


def _percent(value: Decimal) -> str:
    return f"{(value * 100).normalize():f}%".replace(".", ",")


def _note(text: str) -> str:
    note = text.replace("\0", "").strip()
    if len(note) > LONGEST_NOTE:
        raise GuicheError(_("O texto tem até %(most)s letras.", most=LONGEST_NOTE), 422)
    return note
