"""How the audit log reads: actions, fields and values in the staff's language.

Features add theirs to ACTIONS, ENTITIES, FIELDS and VALUES; what has no words is shown as it is
kept.
"""

from typing import Any

from app.words import N_, said

ACTIONS = {
    "session.started": N_("Entrou"),
    "session.ended": N_("Saiu"),
    "user.invited": N_("Convidou para a equipe"),
    "user.created": N_("Criou a pessoa"),
    "user.edited": N_("Mudou a própria conta"),
    "user.roles_changed": N_("Mudou os papéis"),
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
    "locale": N_("idioma"),
    "undo_send_seconds": N_("segundos para desfazer o envio"),
    "theme": N_("tema"),
    "scopes": N_("permissões"),
    "days": N_("validade em dias"),
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


def value_text(value: Any) -> str:
    """A value as people read it: lists with commas, yes and no, nothing for nothing."""
    if isinstance(value, list):
        return ", ".join(value_text(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{field_name(name)}: {value_text(item)}" for name, item in value.items())
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    known = VALUES.get(str(value), ACTIONS.get(str(value)))
    return str(value) if known is None else said(known)
