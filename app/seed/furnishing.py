"""What a company sets up before it talks: labels, teams, ready texts, fields of contacts."""

from app.accounts.models import User
from app.contacts.custom_fields import service as fields
from app.contacts.models import Contact
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


def furnish(staff: dict[str, User]) -> tuple[dict[str, int], dict[str, int]]:
    """Set it all up; the ids of the labels by name and of the fields of contacts by name."""
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
    return made, made_fields


def describe(contact: Contact, known: dict[str, str], made_fields: dict[str, int]) -> None:
    """Fill the fields of a contact, by the fields' names."""
    contact.fields = {str(made_fields[name]): value for name, value in known.items() if value}
