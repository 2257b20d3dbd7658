"""How the audit log reads: actions, fields and values in the staff's language.

Features add theirs to ACTIONS, ENTITIES, FIELDS and VALUES; what has no words is shown as it is
kept.
"""

from typing import Any

ACTIONS = {
    "session.started": "Entrou",
    "session.ended": "Saiu",
    "user.invited": "Convidou para a equipe",
    "user.created": "Criou a pessoa",
    "user.edited": "Mudou a própria conta",
    "user.roles_changed": "Mudou os papéis",
    "user.deactivated": "Desativou",
    "user.reactivated": "Reativou",
    "user.link_issued": "Gerou um link de senha",
    "user.password_set": "Definiu a senha pelo link",
    "user.password_changed": "Trocou a própria senha",
    "second_factor.enabled": "Ligou as duas etapas",
    "second_factor.disabled": "Desligou as duas etapas",
    "second_factor.codes_renewed": "Gerou novos códigos de recuperação",
    "second_factor.recovery_code_used": "Entrou com código de recuperação",
    "token.created": "Criou um token",
    "token.revoked": "Revogou um token",
    "audit.exported": "Exportou a auditoria",
}
FIELDS = {
    "name": "nome",
    "email": "e-mail",
    "roles": "papéis",
    "active": "em uso",
    "locale": "idioma",
    "theme": "tema",
    "scopes": "permissões",
    "days": "validade em dias",
    "left": "códigos restantes",
    "purpose": "finalidade",
    # The filter of an export, by the names in its address.
    "q": "texto",
    "pessoa": "pessoa",
    "acao": "ação",
    "de": "de",
    "ate": "até",
}
ENTITIES = {
    "user": "pessoa",
    "token": "token",
    "audit": "auditoria",
}
ROLES = {
    "attendant": "atendente",
    "manager": "gestão",
    "finance": "financeiro",
    "admin": "administração",
}
VALUES = {
    "True": "sim",
    "False": "não",
    "None": "",
    "auto": "automático",
    "light": "claro",
    "dark": "escuro",
    "invitation": "convite",
    "reset": "nova senha",
    **ROLES,
}


def action_name(action: str) -> str:
    """What was done, in words."""
    return ACTIONS.get(action, action)


def actions_named(text: str) -> list[str]:
    """The codes of the actions whose words hold this text."""
    wanted = text.casefold()
    return [action for action, words in ACTIONS.items() if wanted in words.casefold()]


def entity_name(kind: str) -> str:
    """What an entry is about, in words."""
    return ENTITIES.get(kind, kind)


def role_name(role: str) -> str:
    """The role, in words."""
    return ROLES[role]


def field_name(name: str) -> str:
    """The field's name, in words."""
    return FIELDS.get(name, name)


def value_text(value: Any) -> str:
    """A value as people read it: lists with commas, yes and no, nothing for nothing."""
    if isinstance(value, list):
        return ", ".join(value_text(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{field_name(name)}: {value_text(item)}" for name, item in value.items())
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return VALUES.get(str(value), ACTIONS.get(str(value), str(value)))
