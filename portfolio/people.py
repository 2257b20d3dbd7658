"""Invented buyers and projects."""

from datetime import date

from portfolio.book import Person, Project
from portfolio.documents import cnpj, cpf

_PROJECTS = (
    ("Residencial Jardim das Aroeiras", "Goiânia"),
    ("Parque dos Ipês", "Campinas"),
    ("Edifício Solar do Cerrado", "Uberlândia"),
    ("Reserva Mirante do Lago", "Londrina"),
    ("Loteamento Campo Verde", "Cuiabá"),
    ("Torres do Horizonte", "Joinville"),
)
PROJECTS = tuple(
    Project(
        number,
        name,
        f"{name} Empreendimento Imobiliário SPE Ltda.",
        cnpj(f"{90_000_000 + number * 1117}"),
        city,
        number % 4 != 0,
    )
    for number, (name, city) in enumerate(_PROJECTS, 31)
)

_NAMES = (
    *("Mariana Duarte Lima", "Carlos Eduardo Nunes", "Patrícia Gomes de Almeida"),
    *("João Batista Rocha", "Ana Beatriz Ferraz", "Sebastião Moreira Filho"),
    *("Larissa Teixeira", "Otávio Ramos"),
    *("Helena Cavalcanti de Albuquerque Montenegro e Mello", "ROBERTO CARDOSO DIAS"),
    *("Cíntia Vasconcelos", "Marcelo D'Ávila", "Fernanda Souza Prado", "Luiz Henrique Barros"),
    *("Regina Célia Antunes", "Ary Fontoura Lopes", "Beatriz Sant'Anna", "Gustavo Peixoto"),
    *("Simone Farias", "Wagner Luz", "Tatiane Cordeiro", "Rogério Mattos Neto"),
    *("Elisa Brandão", "Daniela e Silva Porto", "Aroeira Comércio de Tintas Ltda."),
    *("Vanessa Quintela", "Ivo Carvalhal", "Jéssica Paz", "Norberto Guimarães", "Sônia Mercês"),
    *("Edson Pacheco", "Priscila Amaral", "Caio Fontes", "Débora Nogueira"),
    *("José Carlos Pereira", "", "Rafaela Couto", "Milton Saraiva"),
)
FIRST = 5001


def buyer(case: int, **changed: object) -> Person:
    """The main buyer of a mandatory case, with an id that never changes."""
    known: dict[str, object] = {
        "name": _NAMES[case - 1],
        "document": cpf(700_000_000 + case * 37),
        "phone": f"55009{81_000_000 + case:08d}",
        "email": f"cliente{case}@exemplo.com.br",
        "birth": date(1960 + case, case % 12 + 1, case % 28 + 1),
    }
    return Person(FIRST - 1 + case, **{**known, **changed})  # type: ignore[arg-type]
