"""What a company sets up before it talks: labels, teams, ready texts, fields, reasons to close."""

from dataclasses import dataclass

from app.accounts.models import User
from app.closing_reasons import service as closing_reasons
from app.company import service as company
from app.contacts.custom_fields import service as fields
from app.contacts.models import Contact
from app.conversations.closing import ENDING, REASON
from app.labels import service as labels
from app.quick_replies import service as quick_replies
from app.quick_replies.service import Wording
from app.teams import service as teams

LABELS = {
    "Boleto": "amber",
    "Assistência técnica": "blue",
    "Contrato": "indigo",
    "Obra e chaves": "teal",
    "Visita e compra": "green",
    "Cadastro": "grey",
    "Reclamação": "red",
    "Renegociação": "orange",
    "Fornecedor": "grey",
}
TEAMS = (
    ("Atendimento", "teal", ("atendente", "atendente2", "gestor")),
    ("Assistência técnica", "blue", ("atendente2", "gestor")),
    ("Vendas", "green", ("atendente", "gestor")),
)
TEXTS = (
    (
        "Saudação",
        "oi",
        "Geral",
        "{{saudacao}}, {{primeiro_nome}}! Aqui é {{atendente}}, da {{empresa}}. Como posso ajudar?",
    ),
    (
        "Um instante",
        "instante",
        "Geral",
        "Só um instante, {{primeiro_nome}}, já confirmo isso para você.",
    ),
    (
        "Despedida",
        "tchau",
        "Geral",
        "Obrigada pelo contato, {{primeiro_nome}}! Se precisar, é só chamar por aqui.",
    ),
    (
        "Segunda via",
        "boleto",
        "Financeiro",
        "{{primeiro_nome}}, segue a segunda via. Antes de pagar, confira o nome e o CNPJ do "
        "beneficiário.",
    ),
    (
        "Pix",
        "pix",
        "Financeiro",
        "A chave Pix da {{empresa}} é o nosso CNPJ. Confira o nome do favorecido antes de "
        "confirmar.",
    ),
    (
        "Vistoria",
        "vistoria",
        "Assistência técnica",
        "{{primeiro_nome}}, a vistoria leva cerca de uma hora. Precisamos de alguém maior de 18 "
        "anos na unidade.",
    ),
    (
        "Visita à obra",
        "visita",
        "Vendas",
        "A visita é no plantão da obra, das 9h ao meio-dia. Sapato fechado e documento com foto, "
        "por favor.",
    ),
)


REASONS = (
    *("Resolvido", "Chamado aberto", "Visita marcada", "Encaminhado ao financeiro"),
    *("Sem interesse", "Não era para nós"),
)


@dataclass(frozen=True, slots=True)
class Furniture:
    """The ids of what was set up, by name."""

    labels: dict[str, int]
    fields: dict[str, int]
    reasons: dict[str, int]


def furnish(staff: dict[str, User]) -> Furniture:
    """Set it all up."""
    manager, admin = staff["gestor"], staff["admin"]
    made = {name: labels.create(manager, name, colour).id for name, colour in LABELS.items()}
    for number, (name, colour, members) in enumerate(TEAMS):
        team = teams.create(admin, name, colour, is_default=number == 0)
        teams.set_members(admin, team.id, [staff[member].id for member in members])
    for title, shortcut, folder, body in TEXTS:
        quick_replies.create(manager, Wording(title, shortcut, body, folder, True))
    wanted = (("Empreendimento", "text"), ("Unidade", "text"), ("Cliente desde", "date"))
    made_fields = {
        name: fields.create(admin, name, kind, (), required=False, in_pane=True).id
        for name, kind in wanted
    }
    reasons = {name: closing_reasons.create(manager, name).id for name in REASONS}
    present = {name: str(value) for name, value in company.present(ENDING).items()}
    company.change(manager, ENDING.key, present | {REASON.key: "optional"})
    return Furniture(made, made_fields, reasons)


def describe(contact: Contact, known: dict[str, str], made_fields: dict[str, int]) -> None:
    """Fill the fields of a contact, by the fields' names."""
    contact.fields = {str(made_fields[name]): value for name, value in known.items() if value}
