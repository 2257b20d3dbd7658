"""The one table of who may do what."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is in the company; several at once are allowed."""

    ATTENDANT = "attendant"
    MANAGER = "manager"
    FINANCE = "finance"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing that may be done. Every route names one, or stands on the public list."""

    OWN_ACCOUNT = "own_account"
    CONVERSATIONS_VIEW = "conversations.view"
    CONVERSATIONS_WORK = "conversations.work"
    CONVERSATIONS_VIEW_ALL = "conversations.view_all"
    CONVERSATIONS_TAKE_FROM_OTHERS = "conversations.take_from_others"
    LABELS_MANAGE = "labels.manage"
    VIEWS_SHARE = "views.share"
    QUICK_REPLIES_MANAGE = "quick_replies.manage"
    CONTACTS_EDIT = "contacts.edit"
    CONTACTS_MERGE = "contacts.merge"
    CPF_REVEAL = "contacts.reveal_cpf"
    CONTACT_FIELDS_MANAGE = "contacts.manage_fields"
    CONTACTS_IMPORT = "contacts.import"
    CONTACTS_EXPORT = "contacts.export"
    PROTOCOLS_VIEW = "protocols.view"
    PROTOCOLS_EDIT = "protocols.edit"
    PROTOCOLS_EXPORT = "protocols.export"
    CRM_MANAGE = "crm.manage"
    DEBTS_VIEW = "debts.view"
    DEBTS_SIMULATE = "debts.simulate"
    DEBTS_POLICIES = "debts.policies"
    DEBTS_PORTFOLIO = "debts.portfolio"
    CHANNELS_VIEW = "channels.view"
    CHANNELS_MANAGE = "channels.manage"
    RECEIPTS_VIEW = "receipts.view"
    RECEIPTS_REPLAY = "receipts.replay"
    TEAMS_MANAGE = "teams.manage"
    COMPANY_MANAGE = "company.manage"
    ERP_MANAGE = "erp.manage"
    CONSULTANTS_VIEW = "consultants.view"
    CONSULTANTS_MANAGE = "consultants.manage"
    TURN_HAND_OUT = "turn.hand_out"
    STAFF_MANAGE = "staff.manage"
    TOKENS_MANAGE = "tokens.manage"
    AUDIT_VIEW = "audit.view"
    METRICS_VIEW = "metrics.view"
    DOCS_VIEW = "docs.view"


class Scope(StrEnum):
    """What an API token may be used for."""

    METRICS_READ = "metrics:read"
    AUDIT_READ = "audit:read"
    DOCS_READ = "docs:read"
    CONSULTANTS_READ = "consultants:read"
    CONSULTANTS_WRITE = "consultants:write"
    DEBTS_CONSULT = "debts:consult"


_DESK = {
    Permission.CONVERSATIONS_VIEW,
    Permission.CONVERSATIONS_WORK,
    Permission.CONTACTS_EDIT,
    Permission.CPF_REVEAL,
    Permission.PROTOCOLS_VIEW,
    Permission.PROTOCOLS_EDIT,
    Permission.CONSULTANTS_VIEW,
    Permission.TURN_HAND_OUT,
}

_FINANCE = {
    Permission.DEBTS_VIEW,
    Permission.DEBTS_SIMULATE,
    Permission.DEBTS_PORTFOLIO,
    Permission.CPF_REVEAL,
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ATTENDANT: frozenset({Permission.OWN_ACCOUNT, *_DESK}),
    Role.MANAGER: frozenset(
        {
            Permission.OWN_ACCOUNT,
            *_DESK,
            Permission.CONVERSATIONS_VIEW_ALL,
            Permission.CONVERSATIONS_TAKE_FROM_OTHERS,
            Permission.QUICK_REPLIES_MANAGE,
            Permission.LABELS_MANAGE,
            Permission.VIEWS_SHARE,
            Permission.CONTACTS_MERGE,
            Permission.CONTACTS_IMPORT,
            Permission.CONTACTS_EXPORT,
            Permission.PROTOCOLS_EXPORT,
            Permission.CRM_MANAGE,
            Permission.CHANNELS_VIEW,
            Permission.TEAMS_MANAGE,
            Permission.COMPANY_MANAGE,
            Permission.CONSULTANTS_MANAGE,
            *_FINANCE,
            Permission.DEBTS_POLICIES,
        }
    ),
    Role.FINANCE: frozenset({Permission.OWN_ACCOUNT, *_FINANCE}),
    Role.ADMIN: frozenset(Permission),
}


# What staff need to reach with their session what a program reaches with a scope.
SCOPE_PERMISSIONS: dict[Scope, Permission] = {
    Scope.METRICS_READ: Permission.METRICS_VIEW,
    Scope.AUDIT_READ: Permission.AUDIT_VIEW,
    Scope.DOCS_READ: Permission.DOCS_VIEW,
}


def permissions_of(roles: list[str]) -> frozenset[Permission]:
    """Everything that somebody with these roles may do."""
    return frozenset().union(*(ROLE_PERMISSIONS[Role(role)] for role in roles))
