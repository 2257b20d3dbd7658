"""How the audit log reads: actions, fields and values in the staff's language.

Features add theirs to ACTIONS, ENTITIES, FIELDS and VALUES; what has no words is shown as it is
kept.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from app import clock
from app.words import N_, said

ACTIONS = {
    "session.started": N_("Entrou"),
    "session.ended": N_("Saiu"),
    "user.invited": N_("Convidou para a equipe"),
    "user.created": N_("Criou a pessoa"),
    "user.edited": N_("Mudou a própria conta"),
    "user.roles_changed": N_("Mudou os papéis"),
    "user.approval_changed": N_("Mudou a alçada"),
    "user.deactivated": N_("Desativou"),
    "user.reactivated": N_("Reativou"),
    "user.link_issued": N_("Gerou um link de senha"),
    "user.password_set": N_("Definiu a senha pelo link"),
    "user.password_changed": N_("Trocou a própria senha"),
    "second_factor.enabled": N_("Ligou as duas etapas"),
    "second_factor.disabled": N_("Desligou as duas etapas"),
    "second_factor.codes_renewed": N_("Gerou novos códigos de recuperação"),
    "second_factor.recovery_code_used": N_("Entrou com código de recuperação"),
    "token.created": N_("Criou um token"),
    "token.revoked": N_("Revogou um token"),
    "audit.exported": N_("Exportou a auditoria"),
}
FIELDS = {
    "name": N_("nome"),
    "email": N_("e-mail"),
    "roles": N_("papéis"),
    "active": N_("em uso"),
    "approval_level": N_("alçada"),
    "legal": N_("jurídico"),
    "locale": N_("idioma"),
    "undo_send_seconds": N_("segundos para desfazer o envio"),
    "theme": N_("tema"),
    "scopes": N_("permissões"),
    "days": N_("validade em dias"),
    "conversation": N_("conversa"),
    "left": N_("códigos restantes"),
    "purpose": N_("finalidade"),
    # The filter of an export, by the names in its address.
    "q": N_("texto"),
    "pessoa": N_("pessoa"),
    "acao": N_("ação"),
    "de": N_("de"),
    "ate": N_("até"),
}
ENTITIES = {
    "user": N_("pessoa"),
    "token": N_("token"),
    "audit": N_("auditoria"),
}
ROLES = {
    "attendant": N_("atendente"),
    "manager": N_("gestão"),
    "finance": N_("financeiro"),
    "admin": N_("administração"),
}
LEVELS = {
    "none": N_("nenhuma"),
    "operator": N_("operador"),
    "coordinator": N_("coordenador"),
    "manager": N_("gerente"),
    "director": N_("diretor"),
}
VALUES = {
    "True": N_("sim"),
    "False": N_("não"),
    "None": "",
    "auto": N_("automático"),
    "light": N_("claro"),
    "dark": N_("escuro"),
    "invitation": N_("convite"),
    "reset": N_("nova senha"),
    **ROLES,
}


# Fields that hold what people typed.
TYPED = {"name", "email", "label", "reason", "file", "filter", "team", "q"}
# Which one an entry is about, by the kind: for those whose key says nothing to people.
SUBJECTS: dict[str, Callable[[str], str]] = {"audit": lambda key: ""}

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _moment_text(text: str) -> str:
    """A day or a time as it is written here; empty when the text is neither."""
    if not _DAY.match(text):
        return ""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text).strftime("%d/%m/%Y")
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    if moment.tzinfo is not None:
        moment = moment.astimezone(clock.COMPANY_ZONE)
    return moment.strftime("%d/%m/%Y %H:%M")


def action_name(action: str) -> str:
    """What was done, in words."""
    return said(ACTIONS.get(action, action))


def actions_named(text: str) -> list[str]:
    """The codes of the actions whose words hold this text."""
    wanted = text.casefold()
    return [action for action, words in ACTIONS.items() if wanted in said(words).casefold()]


def entity_name(kind: str) -> str:
    """What an entry is about, in words."""
    return said(ENTITIES.get(kind, kind))


def role_name(role: str) -> str:
    """The role, in words."""
    return said(ROLES[role])


def field_name(name: str) -> str:
    """The field's name, in words."""
    return said(FIELDS.get(name, name))


def subject_name(kind: str, key: str) -> str:
    """What an entry is about, with which one of them: "canal 7", "configuração Canais"."""
    which = SUBJECTS[kind](key) if kind in SUBJECTS else key
    return f"{entity_name(kind)} {which}".strip()


def level_name(level: int) -> str:
    """What a person may grant, in words."""
    return said(list(LEVELS.values())[level])


def value_text(value: Any, name: str = "") -> str:
    """A value of a field as people read it: lists with commas, yes and no, days and times as they
    are written here, nothing for nothing. What people typed is never taken for one of our words.
    """
    if isinstance(value, list):
        return ", ".join(value_text(item, name) for item in value)
    if isinstance(value, dict):
        parts = (f"{field_name(key)}: {value_text(item, key)}" for key, item in value.items())
        return "; ".join(parts)
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    if isinstance(value, str) and (name in TYPED or (moment := _moment_text(value))):
        return value if name in TYPED else moment
    own = LEVELS.get(str(value)) if name == "approval_level" else None
    known = own or VALUES.get(str(value), ACTIONS.get(str(value)))
    return str(value) if known is None else said(known)
